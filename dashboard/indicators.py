"""The page of indicators R01 to R18, and its export: the numbers of ``/baocao`` in chat, from the
same ``storage.reports.indicators.table``.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from aiohttp import web

from dashboard.parts import Parts
from dashboard.province import Province
from dashboard.scope import Scope, one_place, titles_of, token_of
from dashboard.spans import Span, choices, span_of
from dashboard.tables import Cell, Table
from dashboard.views import page
from dashboard.visitor import Visitor
from dashboard.words import figure, standing
from fieldwork.indicators import BY_NAME, LINES, Line
from people.roles import EVERYWHERE
from places.model import Place
from storage.database import Connection
from storage.reports import indicators
from storage.reports.area import Area
from storage.reports.few import Figure
from storage.reports.indicators import Row
from storage.reports.told import NOTHING, Told, told

Tables: TypeAlias = Province[indicators.Table]
UNKNOWN = "chưa có số liệu"
# The line that the parts are compared by, unless another is asked for.
_COMPARED = "R04"


@dataclass(frozen=True, slots=True)
class Part:
    """``token`` leads there, "" for what is the commune's own."""

    title: str
    token: str
    row: Row
    told: Mapping[str, Told]

    def of(self, name: str) -> Told:
        return self.told.get(name, NOTHING)


@dataclass(frozen=True, slots=True)
class Reading:
    scope: Scope
    span: Span
    approved_only: bool
    table: indicators.Table
    total: Mapping[str, Told]
    parts: tuple[Part, ...]
    counted_at: datetime

    @property
    def lines(self) -> list[tuple[Line, Told]]:
        return [(line, self.total.get(line.name, NOTHING)) for line in LINES]

    @property
    def kind(self) -> str:
        """What sort of numbers these are, in the words that go with them everywhere."""
        if self.approved_only:
            return "chỉ số đã duyệt"
        return "đã duyệt" if self.table.total.is_approved else "số đang đếm, chưa duyệt hết"


async def read(
    parts: Parts, connection: Connection, request: web.Request, visitor: Visitor, tables: Tables
) -> Reading:
    """Raises ``Missing``."""
    scope, place = await one_place(parts, connection, visitor, request.query.get("noi", ""))
    now = parts.now()
    span = span_of(request, now.astimezone(parts.zone).date())
    approved_only = request.query.get("so") == "duyet"
    asked, around = (span.period, approved_only), None
    if place == EVERYWHERE:
        kept = await tables.of(asked, everywhere(parts, span, approved_only=approved_only))
        table, now = kept.value, kept.counted_at
    else:
        table = await _count(parts, connection, place, span, approved_only=approved_only)
    if place.hamlet:
        whole = Place(place.commune)
        around = await _count(parts, connection, whole, span, approved_only=approved_only)
    elif EVERYWHERE in visitor.places and place != EVERYWHERE:
        # To count everything takes seconds, and what nobody was told yet is taken from nothing.
        around = tables.kept(asked)
    titles = await titles_of(parts, connection, [row.place for row in table.parts])
    said = told(table, around)
    return Reading(
        scope,
        span,
        approved_only,
        table,
        said.total,
        tuple(
            Part(
                _title(row.place, place, titles),
                token_of(row.place) if row.place != place else "",
                row,
                figures,
            )
            for row, figures in zip(table.parts, said.parts, strict=True)
        ),
        now,
    )


def everywhere(
    parts: Parts, span: Span, *, approved_only: bool
) -> Callable[[], Awaitable[indicators.Table]]:
    """What counts it for all places at once, on a reading of its own."""

    async def count() -> indicators.Table:
        async with parts.database.read() as connection:
            return await _count(parts, connection, EVERYWHERE, span, approved_only=approved_only)

    return count


async def _count(
    parts: Parts, connection: Connection, place: Place, span: Span, *, approved_only: bool
) -> indicators.Table:
    return await indicators.table(
        connection,
        Area(place),
        span.period,
        now=parts.now(),
        zone=parts.zone,
        basics=parts.basics,
        share=parts.share,
        approved_only=approved_only,
    )


def _title(part: Place, whole: Place, titles: Mapping[Place, str]) -> str:
    if part == whole:
        return "chung cả xã, phường"
    return titles[part].partition(",")[0] if part.hamlet else titles[part]


async def show(
    parts: Parts, request: web.Request, visitor: Visitor, tables: Tables
) -> web.StreamResponse:
    async with parts.database.read() as connection:
        reading = await read(parts, connection, request, visitor, tables)
        own = await titles_of(parts, connection, visitor.places)
    asked = request.query.get("ct", _COMPARED)
    compared = BY_NAME.get(asked, BY_NAME[_COMPARED])
    return page(
        parts,
        visitor,
        "indicators",
        title="Chỉ tiêu",
        scope=reading.scope,
        read=reading,
        choices=[(token_of(place), title) for place, title in own.items()],
        spans=choices(reading.span, parts.now().astimezone(parts.zone).date()),
        compared=compared,
        all_lines=LINES,
        unknown=UNKNOWN,
    )


_HEAD = ("Lượt ghi được", "Học Số biết", "Tổ đã thấy", "Báo cáo nhập")


def as_tables(reading: Reading) -> tuple[Table, ...]:
    """The place itself, how far the reports of its parts are, and every number of each part."""
    whole = Table(
        "Chỉ tiêu",
        (f"{reading.span.period.label}, {reading.kind}", "Đơn vị", *_HEAD),
        tuple((_called(line), line.unit, *_cells(one)) for line, one in reading.lines),
    )
    if not reading.parts:
        return (whole,)
    reports = Table(
        "Báo cáo từng nơi",
        ("Nơi", "Báo cáo", "Số đã duyệt"),
        tuple(
            (part.title, standing(part.row.standing), "rồi" if part.row.is_approved else "chưa")
            for part in reading.parts
        ),
    )
    each = Table(
        "Từng nơi",
        ("Nơi", "Chỉ tiêu", "Đơn vị", *_HEAD),
        tuple(
            (part.title, _called(line), line.unit, *_cells(part.of(line.name)))
            for part in reading.parts
            for line in LINES
        ),
    )
    return whole, reports, each


def as_printed(reading: Reading) -> tuple[Table, ...]:
    """What one page has room for: the place itself, and how far its parts are."""
    whole, *others = as_tables(reading)
    rows = tuple((row[0], row[2], row[3], row[5]) for row in whole.rows)
    head = (whole.head[0], whole.head[2], whole.head[3], whole.head[5])
    return (Table(whole.title, head, rows), *others[:1])


def _called(line: Line) -> str:
    return f"{line.name.partition('.')[0]} {line.label}"


def _cells(one: Told) -> Sequence[Cell]:
    """A line of which nobody knows anything says so once, in words: an empty cell reads as 0."""
    if one == NOTHING:
        return UNKNOWN, "", "", ""
    return _cell(one.acts), _cell(one.people), _cell(one.seen), _cell(one.entered)


def _cell(number: Figure | None) -> Cell:
    if number is None:
        return ""
    return figure(number) if isinstance(number, str) else number
