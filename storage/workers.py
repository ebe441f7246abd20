"""Workers: the processes that send, and when each last showed that it lives."""

from datetime import datetime

from storage.database import Connection
from storage.times import to_ms

_BEAT = """
    INSERT INTO worker (id, beat_at) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at
"""


async def beat(connection: Connection, worker: str, now: datetime) -> None:
    await connection.execute(_BEAT, worker, to_ms(now))


_LEAVE = "DELETE FROM worker WHERE id = $1"


async def leave(connection: Connection, worker: str) -> None:
    """Gone on purpose: what it still holds is anybody's at the next sweep."""
    await connection.execute(_LEAVE, worker)


_LIVING = "SELECT COUNT(*) FROM worker WHERE beat_at >= $1"


async def living(connection: Connection, since: datetime) -> int:
    """How many have shown themselves since then."""
    return int(await connection.fetchval(_LIVING, to_ms(since)))
