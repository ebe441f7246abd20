"""Fairs (ngày hội): one day on which a place learns together, and who came to it.

While a fair is open each visitor is a row, so that nobody is counted twice. Once it is closed
only counts are left, and the same is left at once of a visitor who is erased.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Fair:
    """``name`` is "" when whoever named it had everything of theirs erased. ``partner`` is who
    helped, or "". It takes visitors from ``opens_at`` to ``ends_at``, and not once closed.
    """

    id: int
    code: str
    name: str
    owner_id: int | None
    place: Place
    partner: str
    day: date
    lesson: str
    opens_at: datetime
    ends_at: datetime
    created_at: datetime
    closed_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        return self.closed_at is not None or now >= self.ends_at

    def is_on(self, now: datetime) -> bool:
        return not self.is_over(now) and now >= self.opens_at


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people came, by the hour of the day, and how many lessons they finished since."""

    by_hour: Mapping[int, int]
    lessons: int

    @property
    def people(self) -> int:
        return sum(self.by_hour.values())


_COLUMNS = (
    "id, code, name, owner_id, commune, hamlet_id, partner, day, lesson, opens_at, ends_at, "
    "created_at, closed_at"
)
_KNOWN = "SELECT 1 FROM cohort_code WHERE code = $1"
_ADD = """
    INSERT INTO fair (
        code, name, owner_id, commune, hamlet_id, day, lesson, opens_at, ends_at, created_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id
"""


async def add(
    connection: Connection,
    code: str,
    name: str,
    owner_id: int,
    place: Place,
    *,
    day: date,
    lesson: str,
    opens_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> int | None:
    """A new one; ``None`` when the code was ever a class's or another fair's."""
    if await connection.fetchval(_KNOWN, code) is not None:
        return None
    number = await connection.fetchval(
        _ADD,
        code,
        name,
        owner_id,
        place.commune,
        place.hamlet or None,
        day.isoformat(),
        lesson,
        to_ms(opens_at),
        to_ms(ends_at),
        to_ms(now),
    )
    return None if number is None else int(number)


_BY_ID = f"SELECT {_COLUMNS} FROM fair WHERE id = $1"
_BY_CODE = f"SELECT {_COLUMNS} FROM fair WHERE code = $1"
_OWNED = f"SELECT {_COLUMNS} FROM fair WHERE owner_id = $1 ORDER BY id DESC LIMIT $2"


async def by_id(connection: Connection, number: int) -> Fair | None:
    row = await connection.fetchrow(_BY_ID, number)
    return None if row is None else _fair(tuple(row))


async def by_code(connection: Connection, code: str) -> Fair | None:
    row = await connection.fetchrow(_BY_CODE, code)
    return None if row is None else _fair(tuple(row))


async def owned(connection: Connection, learner_id: int, limit: int) -> list[Fair]:
    """Theirs, the latest first."""
    return [_fair(tuple(row)) for row in await connection.fetch(_OWNED, learner_id, limit)]


_SET_DAY = (
    "UPDATE fair SET day = $2, opens_at = $3, ends_at = $4 WHERE id = $1 AND closed_at IS NULL"
)
_SET_PARTNER = "UPDATE fair SET partner = $2 WHERE id = $1"


async def set_day(
    connection: Connection, number: int, day: date, opens_at: datetime, ends_at: datetime
) -> None:
    await connection.execute(_SET_DAY, number, day.isoformat(), to_ms(opens_at), to_ms(ends_at))


async def set_partner(connection: Connection, number: int, partner: str) -> None:
    await connection.execute(_SET_PARTNER, number, partner)


_COME = """
    INSERT INTO attendance (fair_id, learner_id, hour, came_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING 1
"""


async def come(
    connection: Connection, number: int, learner_id: int, hour: int, now: datetime
) -> bool:
    """That learner came, at that hour of the fair's day. False when they had come before."""
    came = await connection.fetchval(_COME, number, learner_id, hour, to_ms(now))
    return came is not None


_HOURS = """
    SELECT hour, SUM(people) FROM (
        SELECT hour, COUNT(*) AS people FROM attendance WHERE fair_id = $1 GROUP BY hour
        UNION ALL SELECT hour, people FROM fair_hour WHERE fair_id = $1
    ) AS both_kinds GROUP BY hour ORDER BY hour
"""
# What they finish after the day is theirs, and not the fair's.
_LESSONS = """
    SELECT f.lessons + (
        SELECT COUNT(*) FROM attendance AS a JOIN lesson_progress AS p ON p.learner_id = a.learner_id
        WHERE a.fair_id = f.id AND p.done_at >= a.came_at AND p.done_at < f.ends_at
    ) FROM fair AS f WHERE f.id = $1
"""


async def crowd(connection: Connection, number: int) -> Crowd:
    rows = await connection.fetch(_HOURS, number)
    lessons = await connection.fetchval(_LESSONS, number)
    return Crowd({int(hour): int(people) for hour, people in rows}, int(lessons or 0))


_CLOSE = "UPDATE fair SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL RETURNING id"
_DUE = "SELECT id FROM fair WHERE closed_at IS NULL AND ends_at <= $1"
_KEEP_LESSONS = """
    UPDATE fair SET lessons = lessons + (
        SELECT COUNT(*) FROM attendance AS a JOIN lesson_progress AS p ON p.learner_id = a.learner_id
        WHERE a.fair_id = fair.id AND p.done_at >= a.came_at AND p.done_at < fair.ends_at
    ) WHERE id = $1
"""
_KEEP_HOURS = """
    INSERT INTO fair_hour (fair_id, hour, people)
    SELECT fair_id, hour, COUNT(*) FROM attendance WHERE fair_id = $1 GROUP BY fair_id, hour
    ON CONFLICT (fair_id, hour) DO UPDATE SET people = fair_hour.people + excluded.people
"""
_DROP = "DELETE FROM attendance WHERE fair_id = $1"


async def close(connection: Connection, number: int, now: datetime) -> bool:
    """Nobody comes any more, and who came is forgotten. False when it was closed before."""
    if await connection.fetchval(_CLOSE, number, to_ms(now)) is None:
        return False
    await connection.execute(_KEEP_LESSONS, number)
    await connection.execute(_KEEP_HOURS, number)
    await connection.execute(_DROP, number)
    return True


async def due(connection: Connection, now: datetime) -> list[int]:
    """Those whose day is over and that nobody closed."""
    return [int(row[0]) for row in await connection.fetch(_DUE, to_ms(now))]


def _fair(row: Sequence[Any]) -> Fair:
    (
        number, code, name, owner_id, commune, hamlet_id, partner, day, lesson,
        opens_at, ends_at, created_at, closed_at,
    ) = row  # fmt: skip
    return Fair(
        id=number,
        code=code,
        name=name,
        owner_id=owner_id,
        place=Place(commune, hamlet_id or 0),
        partner=partner,
        day=date.fromisoformat(day),
        lesson=lesson,
        opens_at=from_ms(opens_at),
        ends_at=from_ms(ends_at),
        created_at=from_ms(created_at),
        closed_at=from_ms(closed_at),
    )


# What an erased visitor leaves of an open fair: one person at an hour, and their lessons.
COUNT_LESSONS_OF = """
    UPDATE fair SET lessons = lessons + (
        SELECT COUNT(*) FROM attendance AS a JOIN lesson_progress AS p ON p.learner_id = a.learner_id
        WHERE a.learner_id = $1 AND a.fair_id = fair.id
            AND p.done_at >= a.came_at AND p.done_at < fair.ends_at
    ) WHERE id IN (SELECT fair_id FROM attendance WHERE learner_id = $1)
"""
COUNT_VISITS_OF = """
    INSERT INTO fair_hour (fair_id, hour, people)
    SELECT fair_id, hour, COUNT(*) FROM attendance WHERE learner_id = $1 GROUP BY fair_id, hour
    ON CONFLICT (fair_id, hour) DO UPDATE SET people = fair_hour.people + excluded.people
"""
ERASE_EMPTY_OF = """
    DELETE FROM fair WHERE owner_id = $1
    AND NOT EXISTS (SELECT 1 FROM attendance WHERE fair_id = fair.id AND learner_id <> $1)
    AND NOT EXISTS (SELECT 1 FROM fair_hour WHERE fair_id = fair.id)
"""
UNNAME_OF = "UPDATE fair SET name = '', partner = '' WHERE owner_id = $1"
