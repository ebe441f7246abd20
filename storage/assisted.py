"""Learners without a telephone: a name, a place, who looks after their notebook, and before whom
they agreed to it.
"""

from dataclasses import dataclass
from datetime import datetime

from places.model import Place
from storage.database import Connection, Row
from storage.times import from_ms, to_ms
from vietnamese import fold


@dataclass(frozen=True, slots=True)
class Assisted:
    """``helper_id`` is ``None`` when whoever looked after the notebook is gone."""

    learner_id: int
    name: str
    place: Place
    helper_id: int | None
    agreed_at: datetime


_COLUMNS = "learner_id, name, commune, hamlet_id, helper_id, agreed_at"
_NOTE = """
    INSERT INTO assisted (
        learner_id, name, folded, commune, hamlet_id, helper_id, agreed_before_id, agreed_at
    ) VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
"""


async def note(
    connection: Connection,
    learner_id: int,
    name: str,
    place: Place,
    *,
    helper_id: int,
    now: datetime,
) -> None:
    """This learner said before the helper that they agree, and the helper keeps their notebook."""
    await connection.execute(
        _NOTE,
        learner_id,
        name,
        fold(name),
        place.commune,
        place.hamlet or None,
        helper_id,
        to_ms(now),
    )


_BY_ID = f"SELECT {_COLUMNS} FROM assisted WHERE learner_id = $1"


async def by_id(connection: Connection, learner_id: int) -> Assisted | None:
    row = await connection.fetchrow(_BY_ID, learner_id)
    return None if row is None else _assisted(row)


_OF_HELPER = f"""
    SELECT {_COLUMNS} FROM assisted WHERE helper_id = $1 AND folded LIKE $2
    ORDER BY folded, learner_id LIMIT $3 OFFSET $4
"""


async def of_helper(
    connection: Connection, helper_id: int, limit: int, *, offset: int = 0, named: str = ""
) -> list[Assisted]:
    """Whose notebooks this person looks after, by name; those whose name has these words in it."""
    like = f"%{fold(named)}%"
    rows = await connection.fetch(_OF_HELPER, helper_id, like, limit, offset)
    return [_assisted(row) for row in rows]


_ALL_OF_HELPER = f"SELECT {_COLUMNS} FROM assisted WHERE helper_id = $1 ORDER BY learner_id"


async def all_of_helper(connection: Connection, helper_id: int) -> list[Assisted]:
    """Everybody whose notebook this person looks after."""
    return [_assisted(row) for row in await connection.fetch(_ALL_OF_HELPER, helper_id)]


_LEFT = f"""
    SELECT {_COLUMNS} FROM assisted
    WHERE helper_id IS NULL AND commune = $1 AND ($2 = 0 OR hamlet_id = $2)
    ORDER BY folded, learner_id LIMIT $3
"""


async def left_in(connection: Connection, place: Place, limit: int) -> list[Assisted]:
    """Those of the place whom nobody looks after any more."""
    rows = await connection.fetch(_LEFT, place.commune, place.hamlet, limit)
    return [_assisted(row) for row in rows]


_HAND_OVER = "UPDATE assisted SET helper_id = $2 WHERE learner_id = $1"


async def hand_over(connection: Connection, learner_id: int, helper_id: int | None) -> None:
    """Somebody else looks after it; with ``None`` it waits for one of the place."""
    await connection.execute(_HAND_OVER, learner_id, helper_id)


_RELEASE = "DELETE FROM assisted WHERE learner_id = $1"


async def release(connection: Connection, learner_id: int) -> None:
    """They have a telephone of their own now: the notebook is nobody else's to open."""
    await connection.execute(_RELEASE, learner_id)


def _assisted(row: Row) -> Assisted:
    learner_id, name, commune, hamlet_id, helper_id, agreed_at = row
    return Assisted(learner_id, name, Place(commune, hamlet_id or 0), helper_id, from_ms(agreed_at))
