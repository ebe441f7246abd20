"""Sittings: browsers in which somebody has the dashboard open. Of the cookie only a fingerprint
is kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.board_links import fingerprint
from storage.database import Connection, Row
from storage.times import from_ms, to_ms

# So seldom is it written down that somebody is still there.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sitting:
    """``browser`` is one of a few words for what kind it is, or ""."""

    id: int
    learner_id: int
    browser: str
    begun_at: datetime
    last_at: datetime
    expires_at: datetime

    def is_open(self, now: datetime, idle: timedelta) -> bool:
        return now < self.expires_at and now - self.last_at < idle


_COLUMNS = "id, learner_id, browser, begun_at, last_at, expires_at"
_BEGIN = """
    INSERT INTO sitting (fingerprint, learner_id, browser, begun_at, last_at, expires_at)
    VALUES ($1, $2, $3, $4, $4, $5)
"""


async def begin(
    connection: Connection,
    secret: str,
    learner_id: int,
    browser: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    await connection.execute(
        _BEGIN, fingerprint(secret), learner_id, browser, to_ms(now), to_ms(expires_at)
    )


_FIND = f"SELECT {_COLUMNS} FROM sitting WHERE fingerprint = $1"


async def find(connection: Connection, secret: str) -> Sitting | None:
    row = await connection.fetchrow(_FIND, fingerprint(secret))
    return None if row is None else _sitting(row)


_NOTE = "UPDATE sitting SET last_at = $2 WHERE id = $1 AND last_at < $2"


async def note(connection: Connection, sitting_id: int, now: datetime) -> None:
    """Somebody is still there."""
    await connection.execute(_NOTE, sitting_id, to_ms(now))


_OPEN_OF = f"""
    SELECT {_COLUMNS} FROM sitting WHERE learner_id = $1 AND expires_at > $2 AND last_at > $3
    ORDER BY last_at DESC, id DESC
"""


async def open_of(
    connection: Connection, learner_id: int, now: datetime, idle: timedelta
) -> list[Sitting]:
    """Where that person has it open, the latest used first."""
    rows = await connection.fetch(_OPEN_OF, learner_id, to_ms(now), to_ms(now - idle))
    return [_sitting(row) for row in rows]


_END = "DELETE FROM sitting WHERE fingerprint = $1"
_END_ALL = "DELETE FROM sitting WHERE learner_id = $1"
_FORGET = "DELETE FROM sitting WHERE expires_at < $1 OR last_at < $2"


async def end(connection: Connection, secret: str) -> None:
    await connection.execute(_END, fingerprint(secret))


async def end_all(connection: Connection, learner_id: int) -> None:
    await connection.execute(_END_ALL, learner_id)


async def forget(connection: Connection, now: datetime, idle: timedelta) -> None:
    """Those that are over anyway."""
    await connection.execute(_FORGET, to_ms(now), to_ms(now - idle))


def _sitting(row: Row) -> Sitting:
    number, learner_id, browser, begun_at, last_at, expires_at = row
    return Sitting(
        number, learner_id, browser, from_ms(begun_at), from_ms(last_at), from_ms(expires_at)
    )
