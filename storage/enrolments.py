"""Enrolments: a learner's place in a cohort, and what they agreed that its teachers may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from storage.database import Connection, Row
from storage.times import from_ms, to_ms
from vietnamese import fold

# "" lets the teachers see nothing but that one more is in the class.
Scope: TypeAlias = Literal["", "progress"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """``name`` is what the learner wants to be called there, "" when they do not say."""

    cohort_id: int
    learner_id: int
    name: str
    scope: Scope
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Size:
    """How many are in a class, and how many of them let their progress be seen."""

    members: int
    seen: int


_COLUMNS = "cohort_id, learner_id, name, scope, joined_at"
_FIND = f"SELECT {_COLUMNS} FROM enrolment WHERE cohort_id = $1 AND learner_id = $2"


async def find(connection: Connection, cohort_id: int, learner_id: int) -> Enrolment | None:
    row = await connection.fetchrow(_FIND, cohort_id, learner_id)
    return None if row is None else _enrolment(row)


_OF_LEARNER = (
    f"SELECT {_COLUMNS} FROM enrolment WHERE learner_id = $1 ORDER BY joined_at, cohort_id"
)


async def of_learner(connection: Connection, learner_id: int) -> list[Enrolment]:
    return [_enrolment(row) for row in await connection.fetch(_OF_LEARNER, learner_id)]


_SEEN_IN = f"""
    SELECT {_COLUMNS} FROM enrolment WHERE cohort_id = $1 AND scope = 'progress'
    ORDER BY joined_at, learner_id
"""


async def seen_in(connection: Connection, cohort_id: int) -> list[Enrolment]:
    """Those of a class who agreed to be seen. Whoever looks writes it down: ``handlers.people.seeing``."""
    return [_enrolment(row) for row in await connection.fetch(_SEEN_IN, cohort_id)]


_SIZE = """
    SELECT COUNT(*), COALESCE(SUM(CASE WHEN scope = 'progress' THEN 1 ELSE 0 END), 0)
    FROM enrolment WHERE cohort_id = $1
"""


async def size(connection: Connection, cohort_id: int) -> Size:
    row = await connection.fetchrow(_SIZE, cohort_id)
    members, seen = row if row is not None else (0, 0)
    return Size(int(members), int(seen))


_JOIN = f"""
    INSERT INTO enrolment ({_COLUMNS}, scope_at) VALUES ($1, $2, '', $3, $4, $4)
    ON CONFLICT (cohort_id, learner_id) DO UPDATE SET
        scope = excluded.scope, scope_at = excluded.scope_at
"""


async def join(
    connection: Connection, cohort_id: int, learner_id: int, scope: Scope, now: datetime
) -> None:
    """Be in the class from now on; who is in it already only changes what may be seen."""
    await connection.execute(_JOIN, cohort_id, learner_id, scope, to_ms(now))


_NAME = "UPDATE enrolment SET name = $3, folded = $4 WHERE cohort_id = $1 AND learner_id = $2"


async def set_name(connection: Connection, cohort_id: int, learner_id: int, name: str) -> None:
    """``folded`` beside it is what a search compares."""
    await connection.execute(_NAME, cohort_id, learner_id, name, fold(name))


_LEAVE = "DELETE FROM enrolment WHERE cohort_id = $1 AND learner_id = $2"


async def leave(connection: Connection, cohort_id: int, learner_id: int) -> None:
    """Nothing of it is kept: not the name, and not the consent to be seen."""
    await connection.execute(_LEAVE, cohort_id, learner_id)


def _enrolment(row: Row) -> Enrolment:
    cohort_id, learner_id, name, scope, joined_at = row
    return Enrolment(cohort_id, learner_id, name, scope, from_ms(joined_at))
