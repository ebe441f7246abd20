"""What somebody of the team saw with their own eyes: a task done, a confirmation on a screen.

Apart from what learners say of themselves and from quizzes. The tutor itself never writes either.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from people.roles import Role
from places.model import Place
from storage.database import Connection, Row
from storage.times import from_ms, to_ms

# "declared" by the learner; or seen by somebody, in VNeID or on the national platform.
HowSeen: TypeAlias = Literal["declared", "vneid", "platform"]


@dataclass(frozen=True, slots=True)
class Witnessed:
    """``witness_id`` is ``None`` once that person is erased. ``objected_at`` is when the learner
    said that it was not so: then it counts for nothing.
    """

    learner_id: int
    lesson: str
    witness_id: int | None
    acted_as: Role
    place: Place
    seen_at: datetime
    objected_at: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That the state confirmed the learner's skills, as told or as seen; no number, no picture."""

    learner_id: int
    how_seen: HowSeen
    witness_id: int | None
    acted_as: Role | Literal[""]
    place: Place
    confirmed_at: datetime
    objected_at: datetime | None


_COLUMNS = "learner_id, lesson, witness_id, acted_as, commune, hamlet_id, seen_at, objected_at"
# What was seen first stays; only what the learner objected to may be seen again.
_SEE = """
    INSERT INTO witness (learner_id, lesson, witness_id, acted_as, commune, hamlet_id, seen_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (learner_id, lesson) DO UPDATE SET
        witness_id = excluded.witness_id, acted_as = excluded.acted_as,
        commune = excluded.commune, hamlet_id = excluded.hamlet_id,
        seen_at = excluded.seen_at, objected_at = NULL
    WHERE witness.objected_at IS NOT NULL
    RETURNING lesson
"""


async def see(
    connection: Connection,
    learner_id: int,
    lesson: str,
    *,
    witness_id: int,
    acted_as: Role,
    place: Place,
    now: datetime,
) -> bool:
    """The task of this lesson was done before this person's eyes. False when it was seen before.

    Raises ``ValueError`` for who would witness their own.
    """
    if learner_id == witness_id:
        raise ValueError("nobody witnesses their own task")
    row = await connection.fetchval(
        _SEE,
        learner_id,
        lesson,
        witness_id,
        acted_as,
        place.commune,
        place.hamlet or None,
        to_ms(now),
    )
    return row is not None


_OF_LEARNER = f"SELECT {_COLUMNS} FROM witness WHERE learner_id = $1 ORDER BY seen_at, lesson"


async def of_learner(connection: Connection, learner_id: int) -> list[Witnessed]:
    """All of it, also what the learner objected to, the earliest first."""
    return [_witnessed(row) for row in await connection.fetch(_OF_LEARNER, learner_id)]


_OBJECT = """
    UPDATE witness SET objected_at = $3
    WHERE learner_id = $1 AND lesson = $2 AND objected_at IS NULL RETURNING lesson
"""


async def object_to(connection: Connection, learner_id: int, lesson: str, now: datetime) -> bool:
    """The learner says that it was not so. False when there is nothing to object to."""
    return await connection.fetchval(_OBJECT, learner_id, lesson, to_ms(now)) is not None


_CONFIRMED = "how_seen, witness_id, acted_as, commune, hamlet_id, confirmed_at, objected_at"
# What somebody saw is better than what was only told, and is not told away again.
_CONFIRM = f"""
    INSERT INTO official_confirmation (learner_id, {_CONFIRMED})
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
    ON CONFLICT (learner_id) DO UPDATE SET
        how_seen = excluded.how_seen, witness_id = excluded.witness_id,
        acted_as = excluded.acted_as, commune = excluded.commune,
        hamlet_id = excluded.hamlet_id, confirmed_at = excluded.confirmed_at, objected_at = NULL
    WHERE official_confirmation.objected_at IS NOT NULL
        OR official_confirmation.how_seen = 'declared'
    RETURNING learner_id
"""


async def confirm(
    connection: Connection,
    learner_id: int,
    how_seen: HowSeen,
    *,
    witness_id: int | None,
    acted_as: Role | Literal[""] = "",
    place: Place = Place(),  # noqa: B008 - frozen
    now: datetime,
) -> bool:
    """The learner declares it (then ``witness_id`` is ``None``), or somebody saw it. Whether it
    is noted now; what was seen before stays.
    """
    if (how_seen == "declared") != (witness_id is None) or witness_id == learner_id:
        raise ValueError("either the learner declares it, or another saw it")
    row = await connection.fetchval(
        _CONFIRM,
        learner_id,
        how_seen,
        witness_id,
        acted_as,
        place.commune,
        place.hamlet or None,
        to_ms(now),
    )
    return row is not None


_CONFIRMATION = f"""
    SELECT learner_id, {_CONFIRMED} FROM official_confirmation WHERE learner_id = $1
"""


async def confirmation(connection: Connection, learner_id: int) -> Confirmation | None:
    row = await connection.fetchrow(_CONFIRMATION, learner_id)
    return None if row is None else _confirmation(row)


_OBJECT_CONFIRMED = """
    UPDATE official_confirmation SET objected_at = $2
    WHERE learner_id = $1 AND objected_at IS NULL RETURNING learner_id
"""


async def object_to_confirmation(connection: Connection, learner_id: int, now: datetime) -> bool:
    return await connection.fetchval(_OBJECT_CONFIRMED, learner_id, to_ms(now)) is not None


def _witnessed(row: Row) -> Witnessed:
    learner_id, lesson, witness_id, acted_as, commune, hamlet_id, seen_at, objected_at = row
    return Witnessed(
        learner_id,
        lesson,
        witness_id,
        acted_as,
        Place(commune, hamlet_id or 0),
        from_ms(seen_at),
        from_ms(objected_at),
    )


def _confirmation(row: Row) -> Confirmation:
    learner_id, how, witness_id, acted_as, commune, hamlet_id, confirmed_at, objected_at = row
    return Confirmation(
        learner_id,
        how,
        witness_id,
        acted_as,
        Place(commune, hamlet_id or 0),
        from_ms(confirmed_at),
        from_ms(objected_at),
    )
