"""Reports: of a place and a period, from draft to locked, with the figures only people know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from fieldwork.periods import Period
from fieldwork.reports import Reason, State
from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms

WhyBack: TypeAlias = Reason | Literal[""]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """``author_id`` wrote it, ``decided_by`` approved, sent back, locked or opened it last; either
    is ``None`` for who has left. ``reason`` says why it was sent back, else "".
    """

    id: int
    place: Place
    period: Period
    state: State
    author_id: int | None
    decided_by: int | None
    reason: WhyBack
    changed_at: datetime


_COLUMNS = (
    "id, commune, hamlet_id, starts_on, ends_on, state, author_id, decided_by, reason, changed_at"
)
_ADD = """
    INSERT INTO field_report (
        commune, hamlet_id, starts_on, ends_on, state, author_id, created_at, changed_at
    )
    VALUES ($1, $2, $3, $4, 'draft', $5, $6, $6) ON CONFLICT DO NOTHING
"""
_OF = f"""
    SELECT {_COLUMNS} FROM field_report
    WHERE commune = $1 AND COALESCE(hamlet_id, 0) = $2 AND starts_on = $3 AND ends_on = $4
"""


async def open_one(
    connection: Connection, place: Place, period: Period, author_id: int, now: datetime
) -> FieldReport:
    """The report of that place and period; a draft of this person's when there was none."""
    start, end = period.start.isoformat(), period.end.isoformat()
    await connection.execute(
        _ADD, place.commune, place.hamlet or None, start, end, author_id, to_ms(now)
    )
    row = await connection.fetchrow(_OF, place.commune, place.hamlet, start, end)
    assert row is not None  # noqa: S101 - it was there, or was made just now
    return _report(tuple(row))


_BY_ID = f"SELECT {_COLUMNS} FROM field_report WHERE id = $1"


async def by_id(connection: Connection, report_id: int) -> FieldReport | None:
    row = await connection.fetchrow(_BY_ID, report_id)
    return None if row is None else _report(tuple(row))


_OF_AUTHOR = f"""
    SELECT {_COLUMNS} FROM field_report WHERE author_id = $1
    ORDER BY changed_at DESC, id DESC LIMIT $2
"""


async def latest_of(connection: Connection, author_id: int, limit: int) -> list[FieldReport]:
    rows = await connection.fetch(_OF_AUTHOR, author_id, limit)
    return [_report(tuple(row)) for row in rows]


_IN_STATE = f"""
    SELECT {_COLUMNS} FROM field_report WHERE state = $1 AND ($2 = '' OR commune = $2)
    ORDER BY starts_on, id LIMIT $3
"""


async def in_state(
    connection: Connection, state: State, commune: str, limit: int
) -> list[FieldReport]:
    """Those of a commune, or of all when ``commune`` is "", the earliest period first."""
    rows = await connection.fetch(_IN_STATE, state, commune, limit)
    return [_report(tuple(row)) for row in rows]


# Among the visits that are held, which are few.
_WITH_LATE = f"""
    SELECT {_COLUMNS} FROM field_report
    WHERE state = $1 AND ($2 = '' OR commune = $2)
        AND id IN (SELECT held_by FROM visit WHERE held_by IS NOT NULL AND state = 'logged')
    ORDER BY starts_on, id LIMIT $3
"""


async def with_late_visits(
    connection: Connection, state: State, commune: str, limit: int
) -> list[FieldReport]:
    """Closed ones of a commune, or of all, for which visits wait that came too late."""
    rows = await connection.fetch(_WITH_LATE, state, commune, limit)
    return [_report(tuple(row)) for row in rows]


_COUNT = "SELECT COUNT(*) FROM field_report WHERE author_id = $1"


async def count_of(connection: Connection, author_id: int) -> int:
    return int(await connection.fetchval(_COUNT, author_id))


# Of the hamlet itself, and of its whole commune.
_CLOSED_FOR = f"""
    SELECT {_COLUMNS} FROM field_report
    WHERE commune = $1 AND (hamlet_id IS NULL OR hamlet_id = $2)
        AND starts_on <= $3 AND ends_on >= $3 AND state IN ('approved', 'locked')
    ORDER BY CASE state WHEN 'locked' THEN 0 ELSE 1 END, id LIMIT 1
"""


async def closed_for(connection: Connection, place: Place, day: date) -> FieldReport | None:
    """The report that is closed over that day there: a locked one first."""
    row = await connection.fetchrow(_CLOSED_FOR, place.commune, place.hamlet, day.isoformat())
    return None if row is None else _report(tuple(row))


_MOVE = """
    UPDATE field_report SET state = $3, decided_by = COALESCE($4, decided_by), reason = $5,
        changed_at = $6
    WHERE id = $1 AND state = $2 RETURNING 1
"""


async def move(
    connection: Connection,
    report: FieldReport,
    state: State,
    *,
    now: datetime,
    decided_by: int | None = None,
    reason: WhyBack = "",
) -> bool:
    """From the state it was read in; ``decided_by`` is who decided, when somebody did. Whether it
    was still in it: of two who decide at once one does.
    """
    moved = await connection.fetchval(
        _MOVE, report.id, report.state, state, decided_by, reason, to_ms(now)
    )
    return moved is not None


_TAKE_OVER = "UPDATE field_report SET author_id = $2 WHERE id = $1 AND author_id IS NULL"


async def take_over(connection: Connection, report_id: int, author_id: int) -> None:
    """Whose author has left is somebody else's to finish."""
    await connection.execute(_TAKE_OVER, report_id, author_id)


_FIGURES = "SELECT name, value FROM field_figure WHERE report_id = $1"


async def figures(connection: Connection, report_id: int) -> dict[str, int]:
    """What was entered, by the indicator's name. What is not there was not entered: that is not 0."""
    rows = await connection.fetch(_FIGURES, report_id)
    return {name: int(value) for name, value in rows}


_ENTER = """
    INSERT INTO field_figure (report_id, name, value) VALUES ($1, $2, $3)
    ON CONFLICT (report_id, name) DO UPDATE SET value = excluded.value
"""
_CLEAR = "DELETE FROM field_figure WHERE report_id = $1 AND name = $2"


async def enter(connection: Connection, report_id: int, name: str, value: int | None) -> None:
    """``None`` says that it is not known."""
    if value is None:
        await connection.execute(_CLEAR, report_id, name)
    else:
        await connection.execute(_ENTER, report_id, name, value)


def _report(row: Sequence[Any]) -> FieldReport:
    number, commune, hamlet, starts_on, ends_on, state, author, decided_by, reason, changed = row
    return FieldReport(
        id=number,
        place=Place(commune, hamlet or 0),
        period=Period(date.fromisoformat(starts_on), date.fromisoformat(ends_on)),
        state=state,
        author_id=author,
        decided_by=decided_by,
        reason=reason,
        changed_at=from_ms(changed),
    )
