"""Hamlets (ấp, khóm, khu phố): each commune lists its own, and the list changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from places.model import HAMLET_KINDS, HamletKind, Place
from storage.database import Connection, Row
from storage.times import to_ms
from vietnamese import fold


@dataclass(frozen=True, slots=True)
class Hamlet:
    """``commune`` is a commune's permanent code."""

    id: int
    commune: str
    kind: HamletKind
    name: str
    is_closed: bool = False

    @property
    def title(self) -> str:
        """As it is said: "ấp 3", "khóm Mỹ Tây"."""
        return f"{HAMLET_KINDS[self.kind]} {self.name}"

    @property
    def place(self) -> Place:
        return Place(self.commune, self.id)


_COLUMNS = "id, commune, kind, name, closed_at"
_OF_COMMUNE = f"""
    SELECT {_COLUMNS} FROM hamlet WHERE commune = $1 AND closed_at IS NULL ORDER BY id
"""


async def of_commune(connection: Connection, commune: str) -> list[Hamlet]:
    """Those there are now, in the order in which they were listed."""
    return [_hamlet(row) for row in await connection.fetch(_OF_COMMUNE, commune)]


_BY_ID = f"SELECT {_COLUMNS} FROM hamlet WHERE id = $1"


async def by_id(connection: Connection, hamlet_id: int) -> Hamlet | None:
    """Also one that was closed: what points at it still has a name."""
    row = await connection.fetchrow(_BY_ID, hamlet_id)
    return None if row is None else _hamlet(row)


async def by_ids(connection: Connection, hamlet_ids: Sequence[int]) -> list[Hamlet]:
    """Those of at most 99 that there are, closed ones too."""
    if not hamlet_ids:
        return []
    marks = ", ".join(f"${at}" for at in range(1, len(hamlet_ids) + 1))
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM hamlet WHERE id IN ({marks})", *hamlet_ids
    )
    return [_hamlet(row) for row in rows]


_ADD = """
    INSERT INTO hamlet (commune, kind, name, folded, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
"""


async def add(
    connection: Connection, commune: str, named: Sequence[tuple[HamletKind, str]], now: datetime
) -> None:
    """List these too; one that is listed already, with or without marks, is left as it is."""
    moment = to_ms(now)
    await connection.executemany(
        _ADD, [(commune, kind, name, fold(name), moment) for kind, name in named]
    )


_CLOSE = "UPDATE hamlet SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL"


async def close(connection: Connection, hamlet_id: int, now: datetime) -> None:
    """Take it off the list. What pointed at it keeps its name."""
    await connection.execute(_CLOSE, hamlet_id, to_ms(now))


def _hamlet(row: Row) -> Hamlet:
    number, commune, kind, name, closed_at = row
    return Hamlet(number, commune, kind, name, closed_at is not None)
