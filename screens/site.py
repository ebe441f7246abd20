"""The routes of the screens: ``/lop/<code>``, ``/ngayhoi/<code>``, and what their page asks for.

Looking takes no more than the address. Moving takes a host's cookie, which a single-use key from
the host's own chat gives.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from aiohttp import web
from aiohttp_sse import EventSourceResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from channels.limits import Pace, body_within, client_of, network_of
from channels.web.receive import Refused, require_same_site
from live import hosting
from pictures.code import svg
from screens.board import Board, Kind, Room
from screens.hall import Full, Hall
from screens.hosts import Host, Hosts
from screens.pages import Pages
from storage import kept_secrets, screens
from storage.database import Connection, Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

_CODE = r"{code:[A-Za-z0-9 -]{1,20}}"
_SCREEN = rf"/{{kind:lop|ngayhoi}}/{_CODE}"
# A village hall stands behind one address.
MOST_READS, READS_WITHIN = 600, 60.0
MOST_WRONG, WRONG_WITHIN = 40, 60.0
MOST_KEYS, KEYS_WITHIN = 10, 300.0
MOST_PRESSES, PRESSES_WITHIN = 40, 10.0
_MOST_BYTES = 1024

_TOO_FAST = "Nơi này mở trang hơi nhanh, chờ một phút rồi thử lại nha."
_NO_KEY = "Mã này không dùng được nữa, hoặc gõ chưa đúng. Vào khung chat Học Số lấy mã khác nha."
_NO_HOST = "Máy này không còn dẫn buổi này. Vào khung chat Học Số lấy mã mới nha."
_BUSY = "Chưa lưu được. Mình thử lại sau vài giây nha."
_BAD = "Trang này chưa gửi được. Mời tải lại trang nha."

Serve: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Key(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: str


class _Press(BaseModel):
    """What a host does. ``version`` is the screen's as the page knows it."""

    model_config = ConfigDict(extra="forbid")
    version: int
    go: int | None = None
    lesson: str = ""


_Model = TypeVar("_Model", _Key, _Press)


class Site:
    """``link(payload)`` makes what the QR code opens, or "". ``public_url`` is our own address."""

    def __init__(
        self,
        *,
        database: Database,
        board: Board,
        link: Callable[[str], str],
        public_url: str,
        behind_proxy: bool,
        host_hours: int,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._board = board
        self._link = link
        self._public_url = public_url
        self._behind_proxy = behind_proxy
        self._host_hours = host_hours
        self._now = now
        self._reads = Pace(MOST_READS, READS_WITHIN, monotonic)
        self._wrong = Pace(MOST_WRONG, WRONG_WITHIN, monotonic)
        self._keys = Pace(MOST_KEYS, KEYS_WITHIN, monotonic)
        self._presses = Pace(MOST_PRESSES, PRESSES_WITHIN, monotonic)
        self._hosts: Hosts | None = None
        self._pages = Pages()
        self.hall = Hall(self._look)
        self.routes: tuple[web.RouteDef, ...] = (
            web.get(_SCREEN, self._page),
            web.get(rf"{_SCREEN}/about", _answering(self._about)),
            web.get(rf"{_SCREEN}/slides", _answering(self._slides)),
            web.get(rf"{_SCREEN}/live", _answering(self._live), allow_head=False),
            web.get(rf"{_SCREEN}/qr.svg", _answering(self._qr)),
            web.post(rf"{_SCREEN}/host", _answering(self._become_host)),
            web.post(rf"{_SCREEN}/press", _answering(self._press)),
            web.get("/screen/{name}", self._pages.asset),
        )

    async def stop(self) -> None:
        """End the open streams."""
        self.hall.close()

    async def _page(self, request: web.Request) -> web.StreamResponse:
        """The page, the same for all; or a kind one for a code that leads nowhere."""
        try:
            await self._room(request)
        except Refused as refused:
            name = "busy.html" if refused.status in (429, 503) else "wrong.html"
            return self._pages.serve(request, name, status=refused.status)
        return self._pages.serve(request, "room.html")

    async def _about(self, request: web.Request) -> web.StreamResponse:
        """What stays the same while the page is open, and whether this browser is the host's."""
        room = await self._room(request)
        is_host = room.screen is not None and await self._host(request, room.screen) is not None
        link = self._link(f"song-{room.code}")
        return web.json_response(
            {
                "kind": room.kind,
                "title": room.title,
                "where": room.where,
                "code": f"{room.code[:3]} {room.code[3:]}",
                "qr": bool(link) and not room.over,
                "site": self._public_url.partition("://")[2],
                "open": room.screen is not None,
                "over": room.over,
                "host": is_host,
                "courses": self._board.lessons() if is_host else [],
            }
        )

    async def _slides(self, request: web.Request) -> web.StreamResponse:
        room = await self._room(request)
        if room.screen is None:
            raise Refused(404, _BAD)
        lesson = request.query.get("lesson", room.screen.lesson)
        is_fair = room.kind == "ngayhoi"
        shown = self._board.slides(lesson, room.screen.id, is_fair=is_fair)
        return web.json_response({"lesson": lesson, "slides": shown})

    async def _qr(self, request: web.Request) -> web.StreamResponse:
        room = await self._room(request)
        link = self._link(f"song-{room.code}")
        if not link or room.over:
            raise Refused(404, _BAD)
        return web.Response(body=svg(link), content_type="image/svg+xml")

    async def _live(self, request: web.Request) -> web.StreamResponse:
        room = await self._room(request)
        if room.screen is None:
            raise Refused(404, _BAD)
        is_host = await self._host(request, room.screen) is not None
        network = self._network(request)
        try:
            async with self.hall.watch(room.screen.id, network, is_host=is_host) as changes:
                response = EventSourceResponse(ping_interval=15)
                response.headers["Cache-Control"] = "no-store"
                await response.prepare(request)
                async with response:
                    with suppress(ConnectionResetError, TimeoutError):
                        await response.send("{}", event="hello", retry=2_000)
                        async for told in changes:
                            if not response.is_connected():
                                break
                            if told:
                                await response.send(told, event="now")
        except Full:
            raise Refused(503, _TOO_FAST, retry_after=10) from None
        return response

    async def _look(self, screen: int) -> dict[str, Any] | None:
        async with self._database.read() as connection:
            found = await screens.by_id(connection, screen)
            return None if found is None else await self._board.now(connection, found, self._now())

    async def _become_host(self, request: web.Request) -> web.StreamResponse:
        """A key of the host's chat, once, for the cookie."""
        require_same_site(request, self._public_url)
        room = await self._room(request)
        screen = room.screen
        network = self._network(request)
        if self._keys.knock(network) or self._keys.knock(f"screen {screen.id if screen else 0}"):
            raise Refused(429, _TOO_FAST, retry_after=KEYS_WITHIN)
        key = hosting.read_key((await _body(request, _Key)).key)
        if screen is None or not key:
            raise Refused(403, _NO_KEY)
        now = self._now()
        async with self._database.transaction() as connection:
            host = await hosting.take_key(connection, self._board.catalogue, screen, key, now)
        if host is None:
            raise Refused(403, _NO_KEY)
        self.hall.nudge(screen.id)
        response = web.json_response({"host": True})
        held = Host(screen.id, host)
        hosts = await self._signed()
        path = f"/{room.kind}/"
        hosts.give(response, held, path=path, secure=self._public_url.startswith("https:"))
        return response

    async def _press(self, request: web.Request) -> web.StreamResponse:
        """One press of the host's; the answer says whether it counted, and where all is now."""
        require_same_site(request, self._public_url)
        room = await self._room(request)
        screen = room.screen
        host = None if screen is None else await self._host(request, screen)
        if screen is None or host is None:
            raise Refused(403, _NO_HOST)
        if self._presses.knock(str(screen.id)):
            raise Refused(429, _TOO_FAST, retry_after=3)
        press = await _body(request, _Press)
        async with self._database.transaction() as connection:
            done = await self._do(connection, screen.id, press)
            found = await screens.by_id(connection, screen.id)
            if found is None:
                raise Refused(404, _BAD)
            told = await self._board.now(connection, found, self._now())
        self.hall.nudge(screen.id)
        return web.json_response({"done": done, "now": told})

    async def _do(self, connection: Connection, number: int, press: _Press) -> bool:
        # Read again: it may have moved since the room was looked up.
        screen = await screens.by_id(connection, number)
        if screen is None:
            return False
        catalogue, now = self._board.catalogue, self._now()
        if press.lesson:
            return await hosting.choose(
                connection, catalogue, screen, press.version, press.lesson, now
            )
        if press.go is not None:
            return await hosting.go_to(connection, catalogue, screen, press.version, press.go, now)
        return await hosting.go_on(connection, catalogue, screen, press.version, now)

    async def _host(self, request: web.Request, screen: screens.Screen) -> Host | None:
        """The host that this request is from, while they may still be one."""
        host = (await self._signed()).of(request)
        if host is None or host.screen != screen.id:
            return None
        async with self._database.read() as connection:
            may = await hosting.may_host(connection, screen, host.learner, self._now())
        return host if may else None

    async def _room(self, request: web.Request) -> Room:
        """The room of the address. Raises ``Refused`` for wrong codes, and too many of them."""
        network = self._network(request)
        if self._reads.knock(network) or self._wrong.would_wait(network):
            raise Refused(429, _TOO_FAST, retry_after=READS_WITHIN)
        kind: Kind = "lop" if request.match_info["kind"] == "lop" else "ngayhoi"
        async with self._database.read() as connection:
            room = await self._board.room(connection, kind, request.match_info["code"], self._now())
        if room is None:
            self._wrong.knock(network)
            raise Refused(404, _BAD)
        return room

    async def _signed(self) -> Hosts:
        if self._hosts is None:
            async with self._database.transaction() as connection:
                key = await kept_secrets.get_or_create(
                    connection, "screens.host", lambda: secrets.token_urlsafe(32)
                )
            self._hosts = Hosts(key, self._host_hours)
        return self._hosts

    def _network(self, request: web.Request) -> str:
        return network_of(client_of(request, behind_proxy=self._behind_proxy))


async def _body(request: web.Request, model: type[_Model]) -> _Model:
    body = await body_within(request, _MOST_BYTES)
    try:
        return model.model_validate_json(body or b"")
    except ValidationError:
        raise Refused(400, _BAD) from None


def _answering(serve: Serve) -> Serve:
    """The same, with a refusal, or a busy database, as JSON that the page can show."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await serve(request)
        except Refused as refused:
            return _refusal(refused)
        except StorageError as error:
            log.warning("a screen could not be read: %s", type(error).__name__)
            return _refusal(Refused(503, _BUSY, retry_after=3))

    return answered


def _refusal(refused: Refused) -> web.Response:
    headers: Mapping[str, str] = (
        {"Retry-After": str(int(refused.retry_after) + 1)} if refused.retry_after else {}
    )
    return web.json_response({"error": refused.sentence}, status=refused.status, headers=headers)
