"""Events seen: how a second delivery of the same update is known."""

from datetime import datetime

from storage.database import Connection
from storage.times import to_ms

ADD = """
    INSERT INTO seen (channel, external_id, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
_ADD_RETURNING = f"{ADD} RETURNING 1"


async def first_time(connection: Connection, channel: str, external_id: str, now: datetime) -> bool:
    """Remember this event. False when it was remembered already."""
    known = await connection.fetchval(_ADD_RETURNING, channel, external_id, to_ms(now))
    return known is not None


_FORGET = "DELETE FROM seen WHERE seen_at < $1"


async def forget_before(connection: Connection, moment: datetime) -> None:
    await connection.execute(_FORGET, to_ms(moment))
