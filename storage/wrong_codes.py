"""How often a learner typed a code that leads nowhere: guessing is slowed down."""

from datetime import datetime, timedelta

from storage.database import Connection
from storage.times import to_ms

_HOUR = timedelta(hours=1)
_COUNT = "SELECT COALESCE(SUM(tries), 0) FROM wrong_code WHERE learner_id = $1 AND tried_at >= $2"


async def count(connection: Connection, learner_id: int, now: datetime) -> int:
    """In this hour of the clock."""
    return int(await connection.fetchval(_COUNT, learner_id, to_ms(_hour(now))))


_ADD = """
    INSERT INTO wrong_code (learner_id, tried_at, tries) VALUES ($1, $2, 1)
    ON CONFLICT (learner_id, tried_at) DO UPDATE SET tries = wrong_code.tries + 1
"""


async def add(connection: Connection, learner_id: int, now: datetime) -> None:
    await connection.execute(_ADD, learner_id, to_ms(_hour(now)))


_FORGET = "DELETE FROM wrong_code WHERE tried_at < $1"


async def forget(connection: Connection, now: datetime) -> None:
    """Drop what counts no more."""
    await connection.execute(_FORGET, to_ms(_hour(now) - _HOUR))


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
