"""Cohorts (lớp): learners taught together, and the codes by which they join."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """``name`` is "" when whoever named it had everything of theirs erased. ``owner_id`` is
    ``None`` while nobody leads it. ``course`` is a course's slug or "" for any; ``seats``
    ``None`` for as many as come. ``code`` is the one that joins it now.
    """

    id: int
    name: str
    owner_id: int | None
    place: Place
    course: str
    seats: int | None
    created_at: datetime
    closed_at: datetime | None
    code: str
    code_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Through:
    """What a code leads to; ``replaced`` when the class has a newer one."""

    cohort: Cohort
    replaced: bool
    expires_at: datetime


_COLUMNS = (
    "cohort.id, cohort.name, cohort.owner_id, cohort.commune, cohort.hamlet_id, cohort.course, "
    "cohort.seats, cohort.created_at, cohort.closed_at, now.code, now.expires_at"
)
_FROM = """
    FROM cohort JOIN cohort_code AS now ON now.cohort_id = cohort.id AND now.replaced_at IS NULL
"""
_ADD = """
    INSERT INTO cohort (name, owner_id, commune, hamlet_id, created_at)
    VALUES ($1, $2, $3, $4, $5) RETURNING id
"""


async def add(connection: Connection, name: str, owner_id: int, place: Place, now: datetime) -> int:
    """A class without a code yet: ``set_code`` comes right after, in the same transaction."""
    number = await connection.fetchval(
        _ADD, name, owner_id, place.commune, place.hamlet or None, to_ms(now)
    )
    return int(number)


_KNOWN_CODE = "SELECT 1 FROM cohort_code WHERE code = $1"
_REPLACE = "UPDATE cohort_code SET replaced_at = $2 WHERE cohort_id = $1 AND replaced_at IS NULL"
_ADD_CODE = """
    INSERT INTO cohort_code (code, cohort_id, created_at, expires_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING 1
"""


async def set_code(
    connection: Connection, cohort_id: int, code: str, now: datetime, expires_at: datetime
) -> bool:
    """The code that joins from now on; false when it was ever given out, and nothing changed."""
    if await connection.fetchval(_KNOWN_CODE, code) is not None:
        return False
    await connection.execute(_REPLACE, cohort_id, to_ms(now))
    added = await connection.fetchval(_ADD_CODE, code, cohort_id, to_ms(now), to_ms(expires_at))
    return added is not None


_EXTEND = "UPDATE cohort_code SET expires_at = $2 WHERE cohort_id = $1 AND replaced_at IS NULL"


async def extend_code(connection: Connection, cohort_id: int, expires_at: datetime) -> None:
    """The same code for longer: the poster on the wall stays true."""
    await connection.execute(_EXTEND, cohort_id, to_ms(expires_at))


_BY_ID = f"SELECT {_COLUMNS} {_FROM} WHERE cohort.id = $1"


async def by_id(connection: Connection, cohort_id: int) -> Cohort | None:
    row = await connection.fetchrow(_BY_ID, cohort_id)
    return None if row is None else _cohort(tuple(row))


_THROUGH = f"""
    SELECT typed.replaced_at, typed.expires_at, {_COLUMNS} {_FROM}
    JOIN cohort_code AS typed ON typed.cohort_id = cohort.id WHERE typed.code = $1
"""


async def through(connection: Connection, code: str) -> Through | None:
    """The class that a code, now or once, leads to."""
    row = await connection.fetchrow(_THROUGH, code)
    if row is None:
        return None
    replaced_at, expires_at, *cohort = tuple(row)
    return Through(_cohort(cohort), replaced_at is not None, from_ms(expires_at))


# The last seat goes to one of two who tap at once (NO KEY: enrolments still refer to it).
_HOLD = "SELECT 1 FROM cohort WHERE id = $1 FOR NO KEY UPDATE"


async def hold(connection: Connection, cohort_id: int) -> None:
    """Nobody else joins or changes it before this transaction ends. SQLite has one writer."""
    if connection.engine == "postgresql":
        await connection.execute(_HOLD, cohort_id)


_LED_BY = f"""
    SELECT {_COLUMNS} {_FROM} WHERE cohort.owner_id = $1 AND cohort.closed_at IS NULL
    ORDER BY cohort.id DESC
"""


async def led_by(connection: Connection, learner_id: int) -> list[Cohort]:
    """The open classes this person leads, the newest first."""
    return [_cohort(tuple(row)) for row in await connection.fetch(_LED_BY, learner_id)]


_OF_LEARNER = f"""
    SELECT {_COLUMNS} {_FROM} JOIN enrolment ON enrolment.cohort_id = cohort.id
    WHERE enrolment.learner_id = $1 ORDER BY enrolment.joined_at, cohort.id
"""


async def of_learner(connection: Connection, learner_id: int) -> list[Cohort]:
    """The classes this person is in, closed ones too, in the order of joining."""
    return [_cohort(tuple(row)) for row in await connection.fetch(_OF_LEARNER, learner_id)]


# Those of the hamlets in it are the commune's too.
_IN_COMMUNE = f"""
    SELECT {_COLUMNS} {_FROM} WHERE cohort.commune = $1 AND cohort.closed_at IS NULL
    ORDER BY cohort.id DESC LIMIT $2 OFFSET $3
"""
_IN_HAMLET = f"""
    SELECT {_COLUMNS} {_FROM}
    WHERE cohort.commune = $1 AND cohort.hamlet_id = $4 AND cohort.closed_at IS NULL
    ORDER BY cohort.id DESC LIMIT $2 OFFSET $3
"""


async def at(connection: Connection, place: Place, limit: int, offset: int = 0) -> list[Cohort]:
    """The open classes of a commune or a hamlet, the newest first."""
    if place.hamlet:
        rows = await connection.fetch(_IN_HAMLET, place.commune, limit, offset, place.hamlet)
    else:
        rows = await connection.fetch(_IN_COMMUNE, place.commune, limit, offset)
    return [_cohort(tuple(row)) for row in rows]


_RENAME = "UPDATE cohort SET name = $2 WHERE id = $1"
_SET_SEATS = "UPDATE cohort SET seats = $2 WHERE id = $1"
_SET_COURSE = "UPDATE cohort SET course = $2 WHERE id = $1"
_SET_OWNER = "UPDATE cohort SET owner_id = $2 WHERE id = $1"
_CLOSE = "UPDATE cohort SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL"
_REOPEN = "UPDATE cohort SET closed_at = NULL WHERE id = $1"


async def rename(connection: Connection, cohort_id: int, name: str) -> None:
    await connection.execute(_RENAME, cohort_id, name)


async def set_seats(connection: Connection, cohort_id: int, seats: int | None) -> None:
    await connection.execute(_SET_SEATS, cohort_id, seats)


async def set_course(connection: Connection, cohort_id: int, course: str) -> None:
    await connection.execute(_SET_COURSE, cohort_id, course)


async def set_owner(connection: Connection, cohort_id: int, owner_id: int) -> None:
    await connection.execute(_SET_OWNER, cohort_id, owner_id)


async def close(connection: Connection, cohort_id: int, now: datetime) -> None:
    """Nobody joins any more; who is in it stays until they leave."""
    await connection.execute(_CLOSE, cohort_id, to_ms(now))


async def reopen(connection: Connection, cohort_id: int) -> None:
    await connection.execute(_REOPEN, cohort_id)


def _cohort(row: Sequence[Any]) -> Cohort:
    number, name, owner, commune, hamlet, course, seats, created, closed, code, expires = row
    return Cohort(
        id=number,
        name=name,
        owner_id=owner,
        place=Place(commune, hamlet or 0),
        course=course,
        seats=seats,
        created_at=from_ms(created),
        closed_at=from_ms(closed),
        code=code,
        code_expires_at=from_ms(expires),
    )
