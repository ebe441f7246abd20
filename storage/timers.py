"""Timers: what the tutor will do of its own accord, one row for each address, kind and subject.

A timer rings once. Whoever rings takes it out of the table in the transaction of the turn
that follows, so it rings for one process only, and the turn sets the next one if it wants.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Timer:
    """``kind`` says what for, ``subject`` which one of them; ``channel`` and ``address`` for whom."""

    id: int
    channel: str
    address: str
    kind: str
    subject: str
    due_at: datetime
    address_id: int = 0


_SET = """
    INSERT INTO timer (address_id, kind, subject, due_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (address_id, kind, subject) DO UPDATE SET due_at = excluded.due_at
"""


async def set_for(
    connection: Connection, address_id: int, kind: str, due_at: datetime, *, subject: str = ""
) -> None:
    """Let it ring at ``due_at``, and not at any other time it was set to before."""
    await connection.execute(_SET, address_id, kind, subject, to_ms(due_at))


_CANCEL = "DELETE FROM timer WHERE address_id = $1 AND kind = $2 AND subject = $3"


async def cancel(connection: Connection, address_id: int, kind: str, subject: str = "") -> None:
    await connection.execute(_CANCEL, address_id, kind, subject)


_CANCEL_FOR_LEARNER = """
    DELETE FROM timer
    WHERE kind = $2 AND address_id IN (SELECT id FROM address WHERE learner_id = $1)
"""


async def cancel_for_learner(connection: Connection, learner_id: int, kind: str) -> None:
    """None of this kind rings any more, at whatever address of the learner's it was set."""
    await connection.execute(_CANCEL_FOR_LEARNER, learner_id, kind)


_WHEN = "SELECT due_at FROM timer WHERE address_id = $1 AND kind = $2 AND subject = $3"


async def when(
    connection: Connection, address_id: int, kind: str, subject: str = ""
) -> datetime | None:
    """When it rings next; ``None`` when it is not set."""
    due_at: int | None = await connection.fetchval(_WHEN, address_id, kind, subject)
    return from_ms(due_at)


# CROSS JOIN makes SQLite begin with the few that are due.
_DUE = """
    SELECT t.id, a.channel, a.external_id, t.kind, t.subject, t.due_at, a.id
    FROM timer AS t CROSS JOIN address AS a
    WHERE t.parked = 0 AND t.due_at <= $1 AND a.id = t.address_id
    ORDER BY t.due_at, t.id LIMIT $2
"""


def due_sql() -> str:
    """The statement that looks for what is due. Its parameters are the time and the limit."""
    return _DUE


async def due(connection: Connection, now: datetime, limit: int) -> Sequence[Timer]:
    """Up to ``limit`` that should ring, the longest overdue first; none of a stopped address."""
    return [_of_row(tuple(row)) for row in await connection.fetch(_DUE, to_ms(now), limit)]


_NEXT_DUE = "SELECT due_at FROM timer WHERE parked = 0 ORDER BY due_at, id LIMIT 1"


async def next_due(connection: Connection) -> datetime | None:
    """When the next one rings; ``None`` when none is set."""
    due_at: int | None = await connection.fetchval(_NEXT_DUE)
    return from_ms(due_at)


_TAKE = "DELETE FROM timer WHERE id = $1 AND due_at = $2 AND parked = 0 RETURNING id"


async def take(connection: Connection, timer_id: int, due_at: datetime) -> bool:
    """Take it out to ring. False when somebody else did, or it was set to another time since."""
    return await connection.fetchval(_TAKE, timer_id, to_ms(due_at)) is not None


_HAND_ON = """
    UPDATE timer SET parked = 0, address_id = (
        SELECT other.id FROM address AS other
        JOIN address AS mine ON mine.learner_id = other.learner_id
        WHERE mine.id = $1 AND other.stopped_at IS NULL AND other.leaving = 0
        ORDER BY other.last_at DESC, other.id DESC LIMIT 1
    )
    WHERE address_id = $1 AND kind = $2 AND EXISTS (
        SELECT 1 FROM address AS other
        JOIN address AS mine ON mine.learner_id = other.learner_id
        WHERE mine.id = $1 AND other.stopped_at IS NULL AND other.leaving = 0
            AND NOT EXISTS (
                SELECT 1 FROM timer AS theirs WHERE theirs.address_id = other.id AND theirs.kind = $2
            )
    )
"""


async def hand_on(connection: Connection, address_id: int, kind: str) -> None:
    """Those of this kind ring at another address of the learner's, if there is one that can be
    reached and has none.
    """
    await connection.execute(_HAND_ON, address_id, kind)


_PARK = "UPDATE timer SET parked = $2 WHERE address_id = $1"


async def park(connection: Connection, address_id: int) -> None:
    """Nothing can be sent there: no timer of this address rings."""
    await connection.execute(_PARK, address_id, 1)


async def unpark(connection: Connection, address_id: int) -> None:
    """They ring again; those whose time went by meanwhile, at once."""
    await connection.execute(_PARK, address_id, 0)


def _of_row(row: Sequence[Any]) -> Timer:
    number, channel, address, kind, subject, due_at, address_id = row
    return Timer(number, channel, address, kind, subject, from_ms(due_at), address_id)
