"""Charts over the web: read like the page they are on, drawn off the event loop, and kept."""

import asyncio
from collections import OrderedDict

from aiohttp import web

from dashboard import chart as chart_
from dashboard.answers import HEADERS, Missing
from dashboard.chart import Chart
from dashboard.parts import Parts
from dashboard.reading import one_class, overview
from dashboard.scope import scope_of
from dashboard.views import course_of
from dashboard.visitor import Visitor

_REMEMBERED = 128
# Its own styles are inside the picture; nothing else may be.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Drawings:
    """Pictures that were drawn a while ago, by what they show; drawn one at a time, in a thread."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[Chart, bytes] = OrderedDict()
        self._drawing = asyncio.Lock()

    async def of(self, chart: Chart) -> bytes:
        async with self._drawing:
            drawn = self._drawn.get(chart)
            if drawn is None:
                drawn = await asyncio.to_thread(_draw, chart)
                self._drawn[chart] = drawn
            self._drawn.move_to_end(chart)
            while len(self._drawn) > _REMEMBERED:
                self._drawn.popitem(last=False)
        return drawn


def _draw(chart: Chart) -> bytes:
    # Nobody who looks at no chart waits for the library.
    from dashboard import charts

    return charts.draw(chart)


async def show(
    parts: Parts, request: web.Request, visitor: Visitor, drawings: Drawings
) -> web.StreamResponse:
    """``GET /bang/hinh/<name>.svg`` of a place (noi) or of a class (lop)."""
    name, dot, ending = request.match_info["hinh"].partition(".")
    if f"{dot}{ending}" != ".svg" or name not in ("pheu", "tuan", "nho", "kho", "noi"):
        raise Missing
    async with parts.database.read() as connection:
        if "lop" in request.query:
            if name == "noi":
                raise Missing
            figures = (await one_class(parts, connection, visitor, request.query["lop"])).figures
            bars = chart_.places(())
        else:
            scope = await scope_of(parts, connection, visitor, request.query.get("noi", ""))
            read = await overview(parts, connection, visitor, scope, course_of(parts, request))
            figures = read.figures
            bars = chart_.places(tuple((part.title, part.people) for part in read.parts))
    match name:
        case "pheu":
            chart: Chart = chart_.funnel(figures)
        case "tuan":
            chart = chart_.weekly(figures)
        case "nho":
            chart = chart_.recall(figures)
        case "kho":
            chart = chart_.hardest(figures)
        case _:
            chart = bars
    return web.Response(
        body=await drawings.of(chart),
        content_type="image/svg+xml",
        headers={**HEADERS, "Content-Security-Policy": _POLICY},
    )
