"""Exports: the same readings as the pages', as a spreadsheet, as text, or on one printed page."""

import asyncio
import re
from datetime import datetime
from functools import partial

from aiohttp import web

from dashboard import indicators, tables
from dashboard.answers import Missing, file
from dashboard.parts import Parts
from dashboard.reading import looked, one_class, overview
from dashboard.scope import scope_of
from dashboard.tables import Table
from dashboard.views import course_of
from dashboard.visitor import Visitor
from dashboard.words import figure

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAME = re.compile(r"(?P<what>noi|chi-tieu|lop-(?P<lop>[0-9]{1,15}))\.(?P<ending>xlsx|csv|pdf)")


async def give(
    parts: Parts, request: web.Request, visitor: Visitor, kept: indicators.Tables
) -> web.StreamResponse:
    """``GET /bang/tai/noi.xlsx`` of a place, ``chi-tieu.xlsx`` its indicators, ``lop-7.csv`` a class;
    all but a class as PDF too.
    """
    asked = _NAME.fullmatch(request.match_info["tep"])
    if asked is None:
        raise Missing
    printed: tuple[Table, ...] | None = None
    counted_at: datetime | None = None
    day = f"{parts.now().astimezone(parts.zone):%Y-%m-%d}"
    async with parts.database.read() as connection:
        if asked["lop"]:
            read = await one_class(parts, connection, visitor, asked["lop"])
            found = tables.of_class(read, parts.catalogue)
            shown = [(read.cohort.id, one.learner_id) for one in read.report.learners]
            name = f"lop-{read.cohort.id}-{day}"
        elif asked["what"] == "chi-tieu":
            reading = await indicators.read(parts, connection, request, visitor, kept)
            found, shown = indicators.as_tables(reading), []
            printed = indicators.as_printed(reading)
            title, counted_at = f"Chỉ tiêu: {reading.scope.title}", reading.counted_at
            start, end = reading.span.period.start, reading.span.period.end
            name = f"chi-tieu-{reading.scope.token or 'chung'}-{start}-{end}"
        else:
            scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
            place = await overview(parts, connection, visitor, scope, course_of(parts, request))
            found, shown = tables.of_place(place), []
            title, counted_at = place.scope.title, place.counted_at
            name = f"bang-so-{scope.token or 'chung'}-{day}"
    await looked(parts, visitor, shown)
    match asked["ending"]:
        case "csv":
            return file(tables.as_csv(found), "text/csv", f"{name}.csv")
        case "xlsx":
            return file(await asyncio.to_thread(tables.as_xlsx, found), _XLSX, f"{name}.xlsx")
    if asked["lop"]:
        raise Missing
    drawn = await asyncio.to_thread(
        partial(parts.draw, "report", _report(parts, title, printed or found, counted_at))
    )
    return file(drawn, "application/pdf", f"{name}.pdf")


def _report(
    parts: Parts, title: str, found: tuple[Table, ...], counted_at: datetime | None
) -> dict[str, object]:
    said = None if counted_at is None else counted_at.astimezone(parts.zone)
    return {
        "title": title,
        "when": "Chưa đếm lần nào" if said is None else f"Số liệu lúc {said:%H:%M ngày %d/%m/%Y}",
        "tables": [
            {
                "title": table.title,
                "head": list(table.head),
                "rows": [[_said(cell) for cell in row] for row in table.rows],
            }
            for table in found
        ],
    }


def _said(cell: tables.Cell) -> str:
    if cell is None:
        return ""
    return figure(cell) if isinstance(cell, int) else f"{cell}"
