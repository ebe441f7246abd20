"""Errands: learners whom the team is asked to remind in person, because the tutor may not write.

An address has one at most, however many reminders it missed. It is over when somebody says
so, or when the learner writes again.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Errand:
    """``reason`` is why the tutor may not write, in the words of the channel."""

    address_id: int
    learner_id: int
    channel: str
    reason: str
    created_at: datetime


# Of somebody who was erased meanwhile there is nothing to ask; one that is over begins anew.
_ADD = """
    INSERT INTO errand (address_id, reason, created_at)
    SELECT id, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM address WHERE id = $1
    ON CONFLICT (address_id) DO UPDATE SET reason = excluded.reason, created_at = excluded.created_at
    WHERE EXISTS (
        SELECT 1 FROM address AS a
        WHERE a.id = errand.address_id AND a.last_at > errand.created_at
    )
"""


async def add(connection: Connection, address_id: int, reason: str, now: datetime) -> None:
    """Ask for it; once is enough until the learner has written again."""
    await connection.execute(_ADD, address_id, reason, to_ms(now))


_OPEN = """
    SELECT e.address_id, a.learner_id, a.channel, e.reason, e.created_at
    FROM errand AS e JOIN address AS a ON a.id = e.address_id
    WHERE a.last_at IS NULL OR a.last_at <= e.created_at
    ORDER BY e.created_at, e.address_id LIMIT $1
"""


async def open_ones(connection: Connection, limit: int) -> list[Errand]:
    """The oldest first; none of a learner who has written since."""
    rows = await connection.fetch(_OPEN, limit)
    return [
        Errand(address_id, learner_id, channel, reason, from_ms(at))
        for address_id, learner_id, channel, reason, at in rows
    ]


_COUNT = """
    SELECT COUNT(*) FROM errand AS e JOIN address AS a ON a.id = e.address_id
    WHERE a.last_at IS NULL OR a.last_at <= e.created_at
"""


async def count(connection: Connection) -> int:
    """How many wait for somebody; tidying keeps the table small."""
    return int(await connection.fetchval(_COUNT))


_DONE = "DELETE FROM errand WHERE address_id = $1"


async def done(connection: Connection, address_id: int) -> None:
    await connection.execute(_DONE, address_id)


_FORGET = """
    DELETE FROM errand WHERE address_id IN (
        SELECT e.address_id FROM errand AS e JOIN address AS a ON a.id = e.address_id
        WHERE a.last_at > e.created_at OR e.created_at < $1
    )
"""


async def forget_before(connection: Connection, moment: datetime) -> None:
    """Drop what is over because the learner has written since, or older than that moment."""
    await connection.execute(_FORGET, to_ms(moment))
