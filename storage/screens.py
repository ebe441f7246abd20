"""Screens: what a whole room looks at, where its host is, and who may become its host."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The screen of a class or of a fair: one of both ids is set.

    ``place`` counts the slides of ``lesson`` from zero. ``version`` grows with whatever the host
    does; of the questions, only those opened since ``begun_at`` belong to this sitting.
    """

    id: int
    cohort_id: int | None
    fair_id: int | None
    lesson: str
    place: int
    version: int
    begun_at: datetime
    moved_at: datetime


_COLUMNS = "id, cohort_id, fair_id, lesson, place, version, begun_at, moved_at"
_ADD = """
    INSERT INTO screen (cohort_id, fair_id, lesson, begun_at, moved_at) VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT DO NOTHING
"""
_OF_CLASS = f"SELECT {_COLUMNS} FROM screen WHERE cohort_id = $1"
_OF_FAIR = f"SELECT {_COLUMNS} FROM screen WHERE fair_id = $1"


async def of_class(connection: Connection, cohort_id: int) -> Screen | None:
    return _screen(await connection.fetchrow(_OF_CLASS, cohort_id))


async def of_fair(connection: Connection, fair_id: int) -> Screen | None:
    return _screen(await connection.fetchrow(_OF_FAIR, fair_id))


async def for_class(connection: Connection, cohort_id: int, lesson: str, now: datetime) -> Screen:
    """The class's screen, made when there is none."""
    await connection.execute(_ADD, cohort_id, None, lesson, to_ms(now))
    found = await of_class(connection, cohort_id)
    assert found is not None  # noqa: S101 - it was made in this transaction
    return found


async def for_fair(connection: Connection, fair_id: int, lesson: str, now: datetime) -> Screen:
    """The fair's screen, made when there is none."""
    await connection.execute(_ADD, None, fair_id, lesson, to_ms(now))
    found = await of_fair(connection, fair_id)
    assert found is not None  # noqa: S101 - it was made in this transaction
    return found


_BY_ID = f"SELECT {_COLUMNS} FROM screen WHERE id = $1"


async def by_id(connection: Connection, screen_id: int) -> Screen | None:
    return _screen(await connection.fetchrow(_BY_ID, screen_id))


# Two hosts may press at once: whoever knows no newer version moves nothing.
_MOVE = """
    UPDATE screen SET place = $3, version = version + 1, moved_at = $4
    WHERE id = $1 AND version = $2 RETURNING 1
"""
_BEGIN = """
    UPDATE screen SET lesson = $3, place = $4, version = version + 1, begun_at = $5, moved_at = $5
    WHERE id = $1 AND version = $2 RETURNING 1
"""


async def move(
    connection: Connection, screen_id: int, version: int, place: int, now: datetime
) -> bool:
    """The host is now at ``place``. False when somebody did something since ``version``."""
    moved = await connection.fetchval(_MOVE, screen_id, version, place, to_ms(now))
    return moved is not None


async def begin(
    connection: Connection, screen_id: int, version: int, lesson: str, place: int, now: datetime
) -> bool:
    """A new sitting, with that lesson; questions of earlier ones are over. False as ``move``."""
    begun = await connection.fetchval(_BEGIN, screen_id, version, lesson, place, to_ms(now))
    return begun is not None


_ADD_KEY = """
    INSERT INTO host_key (fingerprint, screen_id, learner_id, expires_at) VALUES ($1, $2, $3, $4)
"""
_TAKE_KEY = """
    DELETE FROM host_key WHERE fingerprint = $1 AND screen_id = $2 AND expires_at > $3
    RETURNING learner_id
"""
_FORGET_KEYS = "DELETE FROM host_key WHERE expires_at <= $1"


async def add_key(
    connection: Connection, fingerprint: str, screen_id: int, learner_id: int, expires_at: datetime
) -> None:
    await connection.execute(_ADD_KEY, fingerprint, screen_id, learner_id, to_ms(expires_at))


async def take_key(
    connection: Connection, fingerprint: str, screen_id: int, now: datetime
) -> int | None:
    """Whose key it was; ``None`` when there is none, or not any more. It opens only once."""
    taken = await connection.fetchval(_TAKE_KEY, fingerprint, screen_id, to_ms(now))
    return None if taken is None else int(taken)


async def forget_keys(connection: Connection, now: datetime) -> None:
    await connection.execute(_FORGET_KEYS, to_ms(now))


def _screen(row: Any) -> Screen | None:
    if row is None:
        return None
    number, cohort_id, fair_id, lesson, place, version, begun_at, moved_at = tuple(row)
    return Screen(
        id=number,
        cohort_id=cohort_id,
        fair_id=fair_id,
        lesson=lesson,
        place=place,
        version=version,
        begun_at=from_ms(begun_at),
        moved_at=from_ms(moved_at),
    )
