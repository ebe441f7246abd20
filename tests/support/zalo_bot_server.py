"""A strict Zalo Bot API on loopback, for tests and benchmarks.

``async with ZaloBotServer() as zalo:`` and give ``zalo.url`` as the API's address. It
keeps what it was asked in ``requests``, and what a phone would show in ``lines``. Where
Zalo's own pages say how it behaves, it does so; where only a few people have seen it,
there is a switch for both. All of this is our reading, not Zalo's promise.
``python -m tests.support.zalo_bot_server PORT [DELAY_MS]`` runs it alone.
"""

import asyncio
import sys
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from channels.split import utf16_units

TOKEN = "4242:test-token_of.nobody"
BOT_ID = "bot0fedcba9876543"
SECRET_HEADER = "X-Bot-Api-Secret-Token"
TEXT_LIMIT = 2000
Payload = dict[str, Any]

_METHODS = frozenset(
    [
        "getMe",
        "getUpdates",
        "setWebhook",
        "deleteWebhook",
        "getWebhookInfo",
        "testWebhook",
        "sendMessage",
        "sendPhoto",
        "sendSticker",
        "sendVoice",
        "sendChatAction",
    ]
)
# What each call takes, and which of it must be there. Anything else is refused: a parameter
# that Zalo does not document is one that somebody invented.
_PARAMETERS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "getMe": (frozenset(), frozenset()),
    "getUpdates": (frozenset(), frozenset({"timeout"})),
    "setWebhook": (frozenset({"url", "secret_token"}), frozenset()),
    "deleteWebhook": (frozenset(), frozenset()),
    "getWebhookInfo": (frozenset(), frozenset()),
    "testWebhook": (frozenset(), frozenset()),
    "sendMessage": (frozenset({"chat_id", "text"}), frozenset({"parse_mode", "text_styles"})),
    "sendPhoto": (frozenset({"chat_id", "photo"}), frozenset({"caption"})),
    "sendSticker": (frozenset({"chat_id", "sticker"}), frozenset()),
    "sendVoice": (frozenset({"chat_id", "voice_url"}), frozenset()),
    "sendChatAction": (frozenset({"chat_id", "action"}), frozenset()),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that reached the server."""

    method: str
    parameters: Payload


class Line(Enum):
    """What becomes of the line a call came on."""

    DROPPED = "cut before anything is read of it"
    DROPPED_AFTER = "cut after the call is done"
    SLOW = "the call is done, and the answer never comes"


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call goes wrong: Zalo's own error, or an answer that is not Zalo's at all."""

    code: int = 0
    description: str = ""
    # Under which name Zalo puts the code.
    key: str = "error_code"
    # Of an answer without the envelope.
    status: int = 0
    body: str = ""


# No fault at all: lets one call through before the next fault.
FINE = Fault()
# Zalo's descriptions quote what was asked, for all we know: so these do.
BAD = Fault(400, "Bad request: text «chào bác» of 4242:test-token_of.nobody")
UNAUTHORIZED = Fault(401, "Unauthorized 4242:test-token_of.nobody")
INTERNAL = Fault(403, "Internal server error")
NOT_FOUND = Fault(404, "Invalid request")
LATE = Fault(408, "Request timeout")
QUOTA = Fault(429, "Quota exceeded")
CAMEL = Fault(429, "Quota exceeded", key="errorCode")
SERVER_ERROR = Fault(500, "Oops")
GATEWAY = Fault(status=502, body="<html>Bad Gateway</html>")
GATEWAY_TIMEOUT = Fault(status=504, body="<html>Gateway Timeout</html>")
PORTAL = Fault(status=200, body="<html>Mời đăng nhập Wi-Fi</html>")
ELSEWHERE = Fault(status=404, body="404 page not found")


@dataclass
class ZaloBotServer:
    """``delay`` is how many seconds every send takes. ``statuses`` gives real HTTP statuses with
    refusals instead of 200; ``wrapped`` is how a webhook's body is sent; ``fetch`` has the
    pictures that are sent fetched, as Zalo does, as often as this. ``probe`` is in Zalo's words.
    """

    token: str = TOKEN
    delay: float = 0.0
    keep: bool = True
    statuses: bool = False
    wrapped: bool = True
    fetch: int = 0
    probe: str = "webhook.ok"  # what comes of trying a webhook's address
    idle: float = 0.0  # seconds that an idle poll is held at most; 0: as long as asked
    url: str = ""
    requests: list[Asked] = field(default_factory=list)
    events: deque[Payload] = field(default_factory=deque)
    webhook: Payload | None = None
    fetched: list[tuple[int, bytes]] = field(default_factory=list)
    faults: defaultdict[str, deque[Fault | Line]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _next_line: int = 0
    _closing: bool = False
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _runner: web.AppRunner | None = None
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        host, taken = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{taken}"
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        self._closing = True
        async with self._changed:
            self._changed.notify_all()
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    def fail(self, method: str, *faults: Fault | Line) -> None:
        """Let the next calls of a method go wrong, in this order."""
        self.faults[method].extend(faults)

    def asked(self, *methods: str) -> list[Asked]:
        """The calls of these methods so far, in order."""
        return [request for request in self.requests if request.method in methods]

    def lines(self, chat: str) -> list[str]:
        """What this chat was sent: texts, and pictures with their captions."""
        return [
            request.parameters.get("text")
            or f"({request.parameters['photo']}) {request.parameters.get('caption', '')}"
            for request in self.asked("sendMessage", "sendPhoto")
            if request.parameters["chat_id"] == chat
        ]

    async def until(self, method: str, count: int = 1) -> list[Asked]:
        """Wait for that many calls of a method; a test that hangs here has failed."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self.asked(method)) >= count)
        return self.asked(method)

    async def push(self, *events: Payload) -> None:
        """Let events wait for ``getUpdates``."""
        async with self._changed:
            self.events.extend(events)
            self._changed.notify_all()

    async def post(self, event: Payload, *, secret: str | None = None) -> int:
        """Post an event to the webhook that was set. Returns the status it answers."""
        assert self._session is not None
        assert self.webhook is not None, "no webhook is set"
        headers = {
            SECRET_HEADER: self.webhook["secret_token"] if secret is None else secret,
            "User-Agent": "Java/1.8.0_192",
        }
        body = {"ok": True, "result": event} if self.wrapped else event
        async with self._session.post(self.webhook["url"], json=body, headers=headers) as answer:
            return answer.status

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        parameters = await _parameters(request)
        fault = self._fault(request, method)
        if fault is Line.DROPPED:
            return _cut(request)
        if self.keep:
            async with self._changed:
                self.requests.append(Asked(method, parameters))
                self._changed.notify_all()
        if isinstance(fault, Fault) and fault.status:
            return web.Response(status=fault.status, text=fault.body, content_type="text/html")
        if isinstance(fault, Fault) and fault != FINE:
            return self._refusal(fault)
        why_not = _why_not(method, parameters)
        if why_not:
            return self._refusal(Fault(400, why_not))
        if self.delay and method.startswith("send"):
            await asyncio.sleep(self.delay)
        result = await self._result(method, parameters)
        if fault is Line.DROPPED_AFTER:
            return _cut(request)
        if fault is Line.SLOW:
            await self._until_closing()
        if isinstance(result, Fault):
            return self._refusal(result)
        return web.json_response({"ok": True} if result is None else {"ok": True, "result": result})

    def _fault(self, request: web.Request, method: str) -> Fault | Line | None:
        if request.match_info["token"] != self.token:
            return UNAUTHORIZED
        if method not in _METHODS:
            return NOT_FOUND
        if request.method == "POST" and request.content_type != "application/json":
            # Zalo takes more than this; nobody of ours has a reason to send it.
            return Fault(400, f"not JSON but {request.content_type}")
        faults = self.faults.get(method)
        return faults.popleft() if faults else None

    def _refusal(self, fault: Fault) -> web.Response:
        body = {"ok": False, fault.key: fault.code, "description": fault.description}
        return web.json_response(body, status=fault.code if self.statuses else 200)

    async def _result(self, method: str, parameters: Payload) -> Any:
        match method:
            case "getMe":
                return {
                    "id": BOT_ID,
                    "account_name": "bot.HocSo",
                    "account_type": "BASIC",
                    "can_join_groups": True,
                }
            case "getUpdates":
                return await self._next_event(float(parameters.get("timeout", 30)))
            case "setWebhook":
                self.webhook = parameters
                return {
                    "url": parameters["url"],
                    "updated_at": 1_795_420_800_123,
                    "verification": {
                        "ok": self.probe == "webhook.ok",
                        "url": parameters["url"],
                        "outcome": self.probe,
                        "hint": "",
                    },
                }
            case "deleteWebhook":
                self.webhook = {"url": ""}
                return {"url": "", "updated_at": 1_795_420_800_123}
            case "getWebhookInfo":
                if self.webhook is None:
                    return Fault(404, "Webhook not found")
                return {"url": self.webhook["url"], "updated_at": 1_795_420_800_123}
            case "sendChatAction":
                return None
            case "testWebhook":
                return {"ok": True, "outcome": "webhook.ok", "hint": ""}
        if method == "sendPhoto" and self.fetch:
            await self._fetch(parameters["photo"])
        self._next_line += 1
        return {"message_id": f"line{self._next_line:06x}", "date": 1_795_420_800_123}

    async def _fetch(self, url: str) -> None:
        """Zalo gets the picture itself, and has been seen to get it more than once."""
        assert self._session is not None
        for _ in range(self.fetch):
            async with self._session.get(url) as answer:
                self.fetched.append((answer.status, await answer.read()))

    async def _next_event(self, hold: float) -> Payload | Fault:
        if self.webhook is not None and self.webhook["url"]:
            return Fault(400, "Bad request: webhook is set")
        async with self._changed:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.idle or hold):
                    await self._changed.wait_for(lambda: self.events or self._closing)
        # What is handed over is gone.
        return self.events.popleft() if self.events else LATE

    async def _until_closing(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._closing)


def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def _parameters(request: web.Request) -> Payload:
    if request.content_type == "application/json" and request.can_read_body:
        said = await request.json()
        return dict(said) if isinstance(said, dict) else {}
    return dict(request.query)


def why_refused(method: str, parameters: Payload) -> str:
    """Why Zalo would refuse this call; "" when it would not."""
    return _why_not(method, parameters)


def _why_not(method: str, parameters: Payload) -> str:
    needed, optional = _PARAMETERS[method]
    if missing := needed - parameters.keys():
        return f"missing {sorted(missing)}"
    if odd := parameters.keys() - needed - optional:
        return f"not documented: {sorted(odd)}"
    for name in ("chat_id", "text", "caption", "photo", "url", "secret_token"):
        if name in parameters and not isinstance(parameters[name], str):
            return f"{name} is no text"
    if "chat_id" in needed and not parameters["chat_id"]:
        return "chat_id is empty"
    for name in ("text", "caption"):
        # Zalo says "1–2000 characters", and not which.
        if name in parameters and not 1 <= utf16_units(parameters[name]) <= TEXT_LIMIT:
            return f"{name} is not 1 to {TEXT_LIMIT} characters long"
        if name in parameters and not parameters[name].strip():
            return f"{name} is blank"
    if method == "sendPhoto" and urlsplit(parameters["photo"]).scheme not in ("http", "https"):
        return "photo is no address"
    if method == "setWebhook" and not 8 <= len(parameters["secret_token"]) <= 256:
        return "secret_token is not 8 to 256 characters long"
    if method == "sendChatAction" and parameters["action"] != "typing":
        return "no such action"
    return ""


async def _serve(port: int, delay_ms: float) -> None:
    server = ZaloBotServer(delay=delay_ms / 1000, keep=False)
    await server.start(port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float((sys.argv[2:] or ["0"])[0])))
