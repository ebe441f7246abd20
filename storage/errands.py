"""Errands: learners whom the team is asked to remind in person, because the tutor may not write.

An address has one at most, however many reminders it missed. It is over when somebody says
so, or when the learner writes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from places.model import Place
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


@dataclass(frozen=True, slots=True)
class NamedErrand:
    """One whose learner agreed to be seen in a class; ``name`` is what they are called there."""

    address_id: int
    learner_id: int
    cohort_id: int
    class_name: str
    name: str
    reason: str
    created_at: datetime


_IS_OPEN = "(a.last_at IS NULL OR a.last_at <= e.created_at)"
_NEAR = f"""
    FROM errand AS e JOIN address AS a ON a.id = e.address_id
    JOIN enrolment AS n ON n.learner_id = a.learner_id
    JOIN cohort AS c ON c.id = n.cohort_id
    WHERE {_IS_OPEN} AND a.learner_id <> $1
"""


def _where(places: Sequence[Place], first: int) -> tuple[str, list[Any]]:
    """Classes that $1 leads, or at one of the places; the parameters are numbered from ``first``."""
    parts, values = ["c.owner_id = $1"], list[Any]()
    for place in places:
        at = first + len(values)
        if place.hamlet:
            parts.append(f"(c.commune = ${at} AND c.hamlet_id = ${at + 1})")
            values += [place.commune, place.hamlet]
        elif place.commune:
            parts.append(f"c.commune = ${at}")
            values.append(place.commune)
        else:
            parts.append("TRUE")
    return f" AND ({' OR '.join(parts)})", values


async def named_near(
    connection: Connection, learner_id: int, places: Sequence[Place], limit: int
) -> list[NamedErrand]:
    """Those of classes that this person leads or that are at these places, of who agreed to be
    seen there; each once, the oldest first.
    """
    where, values = _where(places, 3)
    rows = await connection.fetch(
        f"""
        SELECT e.address_id, a.learner_id, MIN(n.cohort_id), MIN(c.name), MAX(n.name), e.reason,
            e.created_at
        {_NEAR} AND n.scope = 'progress' {where}
        GROUP BY e.address_id, a.learner_id, e.reason, e.created_at
        ORDER BY e.created_at, e.address_id LIMIT $2
        """,
        learner_id,
        limit,
        *values,
    )
    return [
        NamedErrand(address_id, learner, cohort_id, title, name, reason, from_ms(created_at))
        for address_id, learner, cohort_id, title, name, reason, created_at in rows
    ]


async def count_near(connection: Connection, learner_id: int, places: Sequence[Place]) -> int:
    """How many there are, of who agreed to be seen and of who did not."""
    where, values = _where(places, 2)
    sql = f"SELECT COUNT(DISTINCT e.address_id) {_NEAR} {where}"
    return int(await connection.fetchval(sql, learner_id, *values))


async def is_near(
    connection: Connection, address_id: int, learner_id: int, places: Sequence[Place]
) -> bool:
    """Whether that one is shown to this person by name."""
    where, values = _where(places, 3)
    sql = f"SELECT 1 {_NEAR} AND e.address_id = $2 AND n.scope = 'progress' {where} LIMIT 1"
    return await connection.fetchval(sql, learner_id, address_id, *values) is not None


_OPEN_ONE = f"""
    SELECT 1 FROM errand AS e JOIN address AS a ON a.id = e.address_id
    WHERE e.address_id = $1 AND {_IS_OPEN}
"""


async def is_open(connection: Connection, address_id: int) -> bool:
    return await connection.fetchval(_OPEN_ONE, address_id) is not None


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
