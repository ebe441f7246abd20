"""Lines of the web page: what it paints again after a reload."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection, Row
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class WebLine:
    """``side`` is "learner" or "tutor"; ``content`` is the page's own JSON."""

    id: int
    side: str
    content: str
    created_at: datetime


_ADD = """
    INSERT INTO web_line (address_id, side, content, delivery_id, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (delivery_id) DO NOTHING RETURNING id
"""
_OF_DELIVERY = "SELECT id FROM web_line WHERE delivery_id = $1"


async def add(
    connection: Connection,
    address_id: int,
    side: str,
    content: str,
    delivery_id: int | None,
    now: datetime,
) -> int:
    """Keep a line; returns its id. The same delivery again changes nothing: the first id."""
    line = await connection.fetchval(_ADD, address_id, side, content, delivery_id, to_ms(now))
    if line is None:
        line = await connection.fetchval(_OF_DELIVERY, delivery_id)
    return int(line)


_AFTER = """
    SELECT id, side, content, created_at FROM web_line
    WHERE address_id = $1 AND id > $2 ORDER BY id LIMIT $3
"""


async def after(connection: Connection, address_id: int, line_id: int, limit: int) -> list[WebLine]:
    """The first ``limit`` lines that follow ``line_id``, oldest first."""
    return [_line(row) for row in await connection.fetch(_AFTER, address_id, line_id, limit)]


_LATEST = """
    SELECT id, side, content, created_at FROM web_line
    WHERE address_id = $1 ORDER BY id DESC LIMIT $2
"""


async def latest(connection: Connection, address_id: int, limit: int) -> list[WebLine]:
    """The last ``limit`` lines, oldest first."""
    rows = await connection.fetch(_LATEST, address_id, limit)
    return [_line(row) for row in reversed(rows)]


_CALLING = """
    SELECT w.id, w.side, w.content, w.created_at
    FROM address AS a CROSS JOIN web_line AS w
    WHERE a.channel = $1 AND a.chat = $2 AND a.chat <> '' AND w.address_id = a.id
        AND w.id > $3 AND w.side = 'tutor' AND w.content LIKE $4
    ORDER BY w.id {order} LIMIT $5
"""


async def calling(
    connection: Connection,
    channel: str,
    chat: str,
    mark: str,
    limit: int,
    *,
    after_line: int | None = None,
) -> list[WebLine]:
    """Of the lines of those who rest on this page, those whose content holds ``mark``: the last,
    or the first that follow a line; oldest first.
    """
    sql = _CALLING.format(order="DESC" if after_line is None else "ASC")
    rows = await connection.fetch(sql, channel, chat, after_line or 0, f"%{mark}%", limit)
    return sorted(map(_line, rows), key=lambda line: line.id)


_REPLACE = "UPDATE web_line SET content = $3 WHERE id = $2 AND address_id = $1"


async def replace(connection: Connection, address_id: int, line_id: int, content: str) -> None:
    """Draw over one line of this address."""
    await connection.execute(_REPLACE, address_id, line_id, content)


_TRIM = """
    DELETE FROM web_line WHERE address_id = $1 AND id <= (
        SELECT id FROM web_line WHERE address_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2
    )
"""


async def trim(connection: Connection, address_id: int, keep: int) -> None:
    """Forget all but the last ``keep`` lines."""
    await connection.execute(_TRIM, address_id, keep)


def _line(row: Row) -> WebLine:
    number, side, content, created_at = row
    return WebLine(number, side, content, from_ms(created_at))
