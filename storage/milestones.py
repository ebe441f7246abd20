"""Milestones: what a learner has reached in digital life; said and witnessed kept apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Reached:
    """``declared_at`` is when the learner said so, ``witnessed_at`` when somebody of the team saw
    it done; ``witnessed_by`` is that person's id, ``None`` when they have left. One of the two
    times is there.
    """

    slug: str
    declared_at: datetime | None
    witnessed_at: datetime | None
    witnessed_by: int | None


_COLUMNS = "slug, declared_at, witnessed_at, witnessed_by"
_OF_LEARNER = f"SELECT {_COLUMNS} FROM milestone WHERE learner_id = $1"


async def of_learner(connection: Connection, learner_id: int) -> dict[str, Reached]:
    """By slug; what is not there has not been reached, or nobody said so yet."""
    rows = await connection.fetch(_OF_LEARNER, learner_id)
    return {row[0]: _reached(tuple(row)) for row in rows}


_DECLARE = """
    INSERT INTO milestone (learner_id, slug, declared_at) VALUES ($1, $2, $3)
    ON CONFLICT (learner_id, slug) DO UPDATE SET
        declared_at = COALESCE(milestone.declared_at, excluded.declared_at)
"""


async def declare(
    connection: Connection, learner_id: int, slugs: Iterable[str], now: datetime
) -> None:
    """The learner says that they have these. The first time is the one kept."""
    moment = to_ms(now)
    await connection.executemany(_DECLARE, [(learner_id, slug, moment) for slug in slugs])


_UNDECLARE = """
    DELETE FROM milestone WHERE learner_id = $1 AND slug = $2 AND witnessed_at IS NULL
"""
_UNDECLARE_WITNESSED = "UPDATE milestone SET declared_at = NULL WHERE learner_id = $1 AND slug = $2"


async def undeclare(connection: Connection, learner_id: int, slug: str) -> None:
    """Not so after all. What somebody witnessed stays witnessed."""
    await connection.execute(_UNDECLARE, learner_id, slug)
    await connection.execute(_UNDECLARE_WITNESSED, learner_id, slug)


_WITNESS = """
    INSERT INTO milestone (learner_id, slug, witnessed_at, witnessed_by) VALUES ($1, $2, $3, $4)
    ON CONFLICT (learner_id, slug) DO UPDATE SET
        witnessed_at = excluded.witnessed_at, witnessed_by = excluded.witnessed_by
    WHERE milestone.witnessed_at IS NULL
"""


async def witness(
    connection: Connection, learner_id: int, slugs: Iterable[str], witness_id: int, now: datetime
) -> None:
    """Somebody of the team saw it. The first who did is the one kept.

    Nobody witnesses their own: the caller sees to it.
    """
    moment = to_ms(now)
    rows = [(learner_id, slug, moment, witness_id) for slug in slugs]
    await connection.executemany(_WITNESS, rows)


_UNWITNESS = """
    DELETE FROM milestone
    WHERE learner_id = $1 AND slug = $2 AND witnessed_by = $3 AND declared_at IS NULL
"""
_UNWITNESS_DECLARED = """
    UPDATE milestone SET witnessed_at = NULL, witnessed_by = NULL
    WHERE learner_id = $1 AND slug = $2 AND witnessed_by = $3
"""


async def unwitness(connection: Connection, learner_id: int, slug: str, witness_id: int) -> None:
    """Taken back by who witnessed it, and nobody else. What the learner said stays said."""
    await connection.execute(_UNWITNESS, learner_id, slug, witness_id)
    await connection.execute(_UNWITNESS_DECLARED, learner_id, slug, witness_id)


def _reached(row: Sequence[Any]) -> Reached:
    slug, declared_at, witnessed_at, witnessed_by = row
    return Reached(slug, from_ms(declared_at), from_ms(witnessed_at), witnessed_by)
