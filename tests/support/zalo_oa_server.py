"""A strict OpenAPI of a Zalo Official Account on loopback, for tests and benchmarks.

``async with ZaloOaServer() as zalo:`` and give ``zalo.url`` as both addresses. It keeps what
it was asked in ``requests``, and what a phone would show in ``lines``. Where Zalo's own pages
say how it behaves, it does so; the rest is our reading, not Zalo's promise.
``python -m tests.support.zalo_oa_server PORT [DELAY_MS]`` runs it alone.
"""

import asyncio
import hashlib
import json
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp import web

APP_ID = "3600000000000000001"
APP_SECRET = "ung-dung-giu-kin"
OA_ID = "2900000000000000002"
SECRET_KEY = "khoa-webhook-giu-kin"
FIRST_REFRESH = "refresh-0-of-nobody"
USER = "1234567890123456789"
SEND = "/v3.0/oa/message/cs"
REFRESH = "/v4/oa/access_token"
TEXT_LIMIT = 2000
Payload = dict[str, Any]

_PER_MINUTE = 4000
_LASTS = timedelta(hours=25)
_WINDOW = timedelta(days=7)
_FREE = timedelta(hours=48)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that reached the server."""

    path: str
    headers: dict[str, str]
    body: Payload


class Line(Enum):
    """What becomes of the line a call came on."""

    DROPPED = "cut before anything is read of it"
    DROPPED_AFTER = "cut after the call is done"


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call goes wrong: Zalo's number, or an answer that is not Zalo's at all."""

    error: int = 0
    status: int = 200
    body: str = ""


SERVER_ERROR = Fault(status=500, body="Oops")
GATEWAY_TIMEOUT = Fault(status=504, body="<html>Gateway Timeout</html>")
PORTAL = Fault(body="<html>Mời đăng nhập Wi-Fi</html>")


@dataclass
class ZaloOaServer:
    """``heard`` is when each learner last did something; nobody else may be written to.

    ``delay`` is how many seconds a send takes; ``fetch`` has pictures fetched, as often as this.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    delay: float = 0.0
    fetch: int = 0
    keep: bool = True
    url: str = ""
    webhook: str = ""
    refresh: str = FIRST_REFRESH
    access: str = ""
    access_until: datetime = _LONG_AGO
    turns: int = 0
    heard: dict[str, datetime] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    charged: int = 0
    requests: list[Asked] = field(default_factory=list)
    fetched: list[tuple[int, bytes]] = field(default_factory=list)
    faults: dict[str, deque[Fault | Line]] = field(default_factory=dict)
    hold: asyncio.Event | None = None  # refreshes answer when it is set
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _minute: tuple[str, int] = ("", 0)
    _next: int = 0
    _runner: web.AppRunner | None = None
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True).start()
        host, taken = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{taken}"
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    def fail(self, path: str, *faults: Fault | Line) -> None:
        """Let the next calls of a path go wrong, in this order."""
        self.faults.setdefault(path, deque()).extend(faults)

    def asked(self, path: str) -> list[Asked]:
        return [request for request in self.requests if request.path == path]

    async def until(self, path: str, count: int = 1) -> None:
        """Wait for that many calls of a path; a test that hangs here has failed."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self.asked(path)) >= count)

    def messages(self, user: str = USER) -> list[Payload]:
        """What was sent to this learner: Zalo's own objects."""
        return [
            one.body["message"]
            for one in self.asked(SEND)
            if one.body.get("recipient") == {"user_id": user}
        ]

    def lines(self, user: str = USER) -> list[str]:
        return [message.get("text", "") for message in self.messages(user)]

    async def post(
        self,
        event: Payload | bytes,
        *,
        sign: Callable[[bytes], str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Post an event to the webhook as Zalo does. Returns the status it answers."""
        assert self._session is not None
        body = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
        signed = (sign or signed_by)(body)
        given = {"X-ZEvent-Signature": signed} if signed else {}
        given |= {"Content-Type": "application/json", **(headers or {})}
        async with self._session.post(self.webhook, data=body, headers=given) as answer:
            return answer.status

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        fault = self.faults[path].popleft() if self.faults.get(path) else None
        if fault is Line.DROPPED:
            return _cut(request)
        body = await _body(request)
        if self.keep:
            async with self._changed:
                self.requests.append(Asked(path, dict(request.headers), body))
                self._changed.notify_all()
        if isinstance(fault, Fault):
            if fault.body:
                return web.Response(status=fault.status, text=fault.body, content_type="text/html")
            return _said(fault.error)
        if request.method != "POST":
            return _said(-201)
        match path:
            case "/v3.0/oa/message/cs":
                answer = await self._send(request, body)
            case "/v4/oa/access_token":
                answer = await self._refresh(request, body)
            case "/v2.0/oa/message":
                answer = _said(-240)
            case _:
                answer = web.Response(status=404, text="404 page not found")
        return _cut(request) if fault is Line.DROPPED_AFTER else answer

    async def _refresh(self, request: web.Request, body: Payload) -> web.Response:
        if request.content_type != "application/x-www-form-urlencoded":
            return _said(-14002)
        if request.headers.get("secret_key") != APP_SECRET or body.get("app_id") != APP_ID:
            return _said(-14004)
        if body.get("grant_type") != "refresh_token":
            return _said(-14002)
        if body.get("refresh_token") != self.refresh:
            return _said(-118)
        self.turns += 1
        self.refresh = f"refresh-{self.turns}-of-nobody"
        self.access = f"access-{self.turns}-of-nobody"
        self.access_until = self.now() + _LASTS
        if self.hold is not None:
            await self.hold.wait()
        return web.json_response(
            {
                "access_token": f"access-{self.turns}-of-nobody",
                "refresh_token": f"refresh-{self.turns}-of-nobody",
                "expires_in": "90000",
            }
        )

    async def _send(self, request: web.Request, body: Payload) -> web.Response:
        now = self.now()
        given = request.headers.get("access_token", "")
        if "Authorization" in request.headers or not given or given != self.access:
            return _said(-216)
        if now >= self.access_until:
            return _said(-220)
        minute = f"{now:%Y-%m-%d %H:%M}"
        self._minute = (minute, self._minute[1] + 1 if self._minute[0] == minute else 1)
        if self._minute[1] > _PER_MINUTE:
            return _said(-32)
        error = why_refused(request.content_type, body)
        if error:
            return _said(error)
        user = body["recipient"]["user_id"]
        if user in self.away:
            return _said(-213)
        if user not in self.heard:
            return _said(-232)
        silent = now - self.heard[user]
        if silent > _WINDOW:
            return _said(-230)
        if self.delay:
            await asyncio.sleep(self.delay)
        await self._fetch(body["message"])
        self._next += 1
        quota = {"quota_type": "reply"} if silent <= _FREE else {}
        self.charged += not quota
        said = {"message_id": f"{self._next:016x}", "user_id": user, "quota": quota}
        return web.json_response({"data": said, "error": 0, "message": "Success"})

    async def _fetch(self, message: Payload) -> None:
        """Zalo gets the picture itself, and has been seen to get it more than once."""
        elements = message.get("attachment", {}).get("payload", {}).get("elements", ())
        assert self._session is not None
        for element in elements:
            for _ in range(self.fetch):
                async with self._session.get(element["url"]) as answer:
                    self.fetched.append((answer.status, await answer.read()))


def signed_by(
    body: bytes, *, id_: str = APP_ID, key: str = SECRET_KEY, prefix: str = "mac="
) -> str:
    """The signature of a body, with the timestamp that stands in it."""
    try:
        timestamp = str(json.loads(body).get("timestamp", ""))
    except (ValueError, AttributeError):
        timestamp = ""
    return (
        prefix + hashlib.sha256(f"{id_}".encode() + body + f"{timestamp}{key}".encode()).hexdigest()
    )


def why_refused(content_type: str, body: Payload) -> int:
    """Zalo's number for what it would not take; 0 for what it would."""
    message = body.get("message")
    recipient = body.get("recipient")
    if content_type != "application/json" or set(body) != {"recipient", "message"}:
        return -201
    if not isinstance(message, dict) or not isinstance(recipient, dict):
        return -201
    if set(recipient) != {"user_id"} or not isinstance(recipient["user_id"], str):
        return -201
    if not message or set(message) - {"text", "attachment", "quote_message_id"}:
        return -201
    text = message.get("text", "")
    if not isinstance(text, str) or ("text" in message and not text.strip()):
        return -201
    if len(text) > TEXT_LIMIT:
        return -210
    return 0 if "attachment" not in message else _odd_attachment(message["attachment"])


def _odd_attachment(attachment: Any) -> int:
    if not isinstance(attachment, dict) or set(attachment) != {"type", "payload"}:
        return -201
    payload = attachment["payload"]
    if attachment["type"] != "template" or not isinstance(payload, dict):
        return -201
    if payload.get("template_type") == "media":
        elements = payload.get("elements")
        well = isinstance(elements, list) and len(elements) == 1 and _is_image(elements[0])
        return 0 if well and set(payload) == {"template_type", "elements"} else -201
    buttons = payload.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 5 or set(payload) != {"buttons"}:
        return -201
    return 0 if all(_is_button(button) for button in buttons) else -201


def _is_image(element: Payload) -> bool:
    return (
        set(element) == {"media_type", "url"}
        and element["media_type"] == "image"
        and urlsplit(element["url"]).scheme in ("http", "https")
    )


def _is_button(button: Payload) -> bool:
    return (
        set(button) == {"title", "type", "payload"}
        and button["type"] in ("oa.query.hide", "oa.query.show")
        and isinstance(button["payload"], str)
        and 1 <= len(button["payload"]) <= 1000
        and 1 <= len(button["title"]) <= 100
    )


def _said(error: int) -> web.Response:
    # Zalo's words quote what was asked, for all we know: so these do.
    words = f"error of «chào bác» with {FIRST_REFRESH} and {APP_SECRET}"
    return web.json_response({"error": error, "message": words})


def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def _body(request: web.Request) -> Payload:
    raw = await request.text()
    if request.content_type == "application/json":
        said = json.loads(raw or "{}")
        return dict(said) if isinstance(said, dict) else {}
    return dict(parse_qsl(raw))


async def _serve(port: int, delay_ms: float) -> None:
    server = ZaloOaServer(delay=delay_ms / 1000, keep=False)
    await server.start(port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float((sys.argv[2:] or ["0"])[0])))
