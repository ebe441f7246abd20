"""Cards that were given to somebody to paste into a group, and whether that was done."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Paste:
    """``is_planned`` says that the plan gave it, and not that somebody asked for it."""

    id: int
    group_id: int
    lesson: str
    is_planned: bool
    given_at: datetime
    pasted_at: datetime | None


_GIVE = """
    INSERT INTO paste (group_id, lesson, is_planned, given_at) VALUES ($1, $2, $3, $4) RETURNING id
"""


async def give(
    connection: Connection, group_id: int, lesson: str, *, is_planned: bool, now: datetime
) -> int:
    number: int = await connection.fetchval(_GIVE, group_id, lesson, int(is_planned), to_ms(now))
    return number


_COLUMNS = "id, group_id, lesson, is_planned, given_at, pasted_at"
_BY_ID = f"SELECT {_COLUMNS} FROM paste WHERE id = $1"
_LAST = f"SELECT {_COLUMNS} FROM paste WHERE group_id = $1 ORDER BY id DESC LIMIT 1"


async def by_id(connection: Connection, paste_id: int) -> Paste | None:
    row = await connection.fetchrow(_BY_ID, paste_id)
    return None if row is None else _of_row(tuple(row))


async def last_of(connection: Connection, group_id: int) -> Paste | None:
    row = await connection.fetchrow(_LAST, group_id)
    return None if row is None else _of_row(tuple(row))


_PASTED = "UPDATE paste SET pasted_at = COALESCE(pasted_at, $2) WHERE id = $1"


async def pasted(connection: Connection, paste_id: int, now: datetime) -> None:
    """It stands in the group; the first time it is said counts."""
    await connection.execute(_PASTED, paste_id, to_ms(now))


_FORGET = "DELETE FROM paste WHERE given_at < $1"


async def forget_before(connection: Connection, moment: datetime) -> None:
    await connection.execute(_FORGET, to_ms(moment))


def _of_row(row: tuple[int, int, str, int, int, int | None]) -> Paste:
    number, group_id, lesson, is_planned, given_at, pasted_at = row
    return Paste(number, group_id, lesson, bool(is_planned), from_ms(given_at), from_ms(pasted_at))
