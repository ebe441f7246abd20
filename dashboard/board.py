"""The dashboard's routes, each behind the same door: whoever comes has a sitting and a role."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

from aiohttp import web

from dashboard import asking, downloads, entering, graphs, homes, indicators, views
from dashboard.answers import Refused, html
from dashboard.everything import Everything
from dashboard.graphs import Drawings
from dashboard.parts import Parts
from dashboard.visitor import Visitor, take_cookie, visitor_of
from storage.errors import StorageError

log = logging.getLogger(__name__)

Open: TypeAlias = Callable[[Parts, web.Request], Awaitable[web.StreamResponse]]
View: TypeAlias = Callable[[Parts, web.Request, Visitor], Awaitable[web.StreamResponse]]

_SHEET = Path(__file__).parent / "page" / "board.css"
_SECRET = "{secret:[A-Za-z0-9_-]{1,100}}"  # noqa: S105 - a part of a path


def routes(parts: Parts, everything: Everything | None = None) -> tuple[web.RouteDef, ...]:
    """Everything under /bang; ``everything`` is what a job counts for it. Raises ``OSError`` when the style sheet is missing."""
    drawings = Drawings()
    everything = everything or Everything(parts)
    tables, counts = everything.tables, everything.households

    async def chart(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return await graphs.show(parts, request, visitor, drawings)

    async def figures(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return await indicators.show(parts, request, visitor, tables)

    async def families(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return await homes.show(parts, request, visitor, counts)

    async def export(parts: Parts, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return await downloads.give(parts, request, visitor, tables)

    return (
        web.get(f"{entering.ENTER}/{_SECRET}", _open(parts, entering.show_link)),
        web.post(entering.ENTER, _open(parts, entering.enter)),
        web.post("/bang/ra", _behind(parts, entering.leave)),
        web.get("/bang", _behind(parts, views.show_overview)),
        web.get("/bang/lop", _behind(parts, views.show_classes)),
        web.get("/bang/lop/{lop}", _behind(parts, views.show_class)),
        web.get("/bang/nguoi", _behind(parts, views.show_people)),
        web.get("/bang/nguoi/{lop}/{nguoi}", _behind(parts, views.show_person)),
        web.get("/bang/nhom", _behind(parts, views.show_groups)),
        web.get("/bang/that-lua", _behind(parts, views.show_drills)),
        web.get("/bang/chi-tieu", _behind(parts, figures)),
        web.get("/bang/ca", _behind(parts, asking.show)),
        web.get("/bang/ho", _behind(parts, families)),
        web.get("/bang/hinh/{hinh}", _behind(parts, chart)),
        web.get("/bang/tai/{tep}", _behind(parts, export)),
        web.get("/bang/board.css", _style()),
    )


def _style() -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The only part that is the same for everybody, so it may be kept."""
    content = _SHEET.read_bytes()
    tag = hashlib.sha256(content).hexdigest()[:16]
    headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}

    async def serve(request: web.Request) -> web.StreamResponse:
        if any(known.value == tag for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=content, content_type="text/css", charset="utf-8", headers=headers)

    return serve


def _open(parts: Parts, view: Open) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        return await _answered(parts, request, view(parts, request))

    return serve


def _behind(parts: Parts, view: View) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def let_in(request: web.Request) -> web.StreamResponse:
        return await view(parts, request, await visitor_of(parts, request))

    async def serve(request: web.Request) -> web.StreamResponse:
        return await _answered(parts, request, let_in(request))

    return serve


async def _answered(
    parts: Parts, request: web.Request, answer: Awaitable[web.StreamResponse]
) -> web.StreamResponse:
    """Its answer, or the page that says kindly why there is none."""
    try:
        if parts.knock(request):
            return _refusal(parts, request, Refused(429, "too_fast"))
        return await answer
    except Refused as refused:
        return _refusal(parts, request, refused)
    except StorageError as error:
        log.warning("a page could not be read: %s", type(error).__name__)
        return _refusal(parts, request, Refused(503, "busy"))
    finally:
        if hasattr(answer, "close"):
            answer.close()  # one that was never begun


def _refusal(parts: Parts, request: web.Request, refused: Refused) -> web.Response:
    text = parts.templates.render("refused", title="Bảng số", reason=refused.reason)
    response = html(text, refused.status)
    if refused.status in (429, 503):
        response.headers["Retry-After"] = "10"
    if refused.reason in ("over", "no_role", "not_in"):
        take_cookie(response, secure=parts.is_secure(request))
    return response
