"""A strict Bot API server on loopback, for tests and benchmarks.

``async with TelegramServer() as telegram:`` and give ``telegram.url`` as the API's
address. It keeps what it was asked in ``requests`` and refuses what Telegram would
refuse. ``python -m tests.support.telegram_server PORT [DELAY_MS]`` runs it alone.
"""

import asyncio
import sys
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from tests.support.telegram_rules import METHODS, Refused, check, read
from tests.support.telegram_updates import BOT, DATE, Payload

TOKEN = "4242:test-token_of-nobody"
_SENDS = frozenset({"sendMessage", "sendPoll", "sendPhoto", "sendDocument", "editMessageText"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that reached the server; files are their bytes."""

    method: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How a call goes wrong: an HTTP status with Telegram's description, or a dropped line."""

    status: int = 0
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


DROPPED = Fault()
# No fault at all: lets one call through before the next fault.
FINE = Fault(status=200)
SERVER_ERROR = Fault(status=500, description="Internal Server Error")
BAD_GATEWAY = Fault(status=502, description="Bad Gateway")
UNAUTHORIZED = Fault(status=401, description="Unauthorized")
BLOCKED = Fault(status=403, description="Forbidden: bot was blocked by the user")
DEACTIVATED = Fault(status=403, description="Forbidden: user is deactivated")
NO_CHAT = Fault(status=400, description="Bad Request: chat not found")
NO_LINE = Fault(status=400, description="Bad Request: message to edit not found")
SAME_LINE = Fault(
    status=400,
    description="Bad Request: message is not modified: specified new message content and reply "
    "markup are exactly the same as a current content and reply markup of the message",
)
CONFLICT = Fault(
    status=409,
    description="Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
)
NO_RIGHTS = Fault(
    status=400,
    description="Bad Request: not enough rights to send text messages to the chat",
)
NO_PHOTOS = Fault(
    status=400, description="Bad Request: not enough rights to send photos to the chat"
)
KICKED = Fault(status=403, description="Forbidden: bot was kicked from the supergroup chat")
MIGRATED = Fault(
    status=400,
    description="Bad Request: group chat was upgraded to a supergroup chat",
    parameters={"migrate_to_chat_id": -100777},
)


def throttled(seconds: int) -> Fault:
    return Fault(
        status=429,
        description=f"Too Many Requests: retry after {seconds}",
        parameters={"retry_after": seconds},
    )


class TelegramServer:
    """``delay`` is how many seconds every send takes."""

    def __init__(self, *, token: str = TOKEN, delay: float = 0.0, keep: bool = True) -> None:
        self.token = token
        self.delay = delay
        self.url = ""
        self.requests: list[Asked] = []
        self.updates: deque[Payload] = deque()
        self.webhook: dict[str, Any] = {"url": ""}
        self.shown: dict[str, Any] = {
            "MyCommands": [],
            "MyDescription": {"description": ""},
            "MyShortDescription": {"short_description": ""},
            "MyCommandsall_group_chats": [],
            "ChatMenuButton": {"type": "commands"},
        }
        # Who runs every group.
        self.admins: list[int] = []
        self.confirmed = 0
        self._keep = keep
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._next_update = 1000
        self._next_line = 100
        self._changed = asyncio.Condition()
        self._polls = 0
        self._closing = False
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
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

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method go wrong, in this order."""
        self._faults[method].extend(faults)

    def asked(self, *methods: str) -> list[Asked]:
        """The calls of these methods so far, in order."""
        return [request for request in self.requests if request.method in methods]

    async def until(self, method: str, count: int = 1) -> list[Asked]:
        """Wait for that many calls of a method; a test that hangs here has failed."""
        return await self.until_any((method,), count)

    async def until_any(self, methods: Sequence[str], count: int) -> list[Asked]:
        """Wait for that many calls of these methods together."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self.asked(*methods)) >= count)
        return self.asked(*methods)

    async def push(self, *payloads: Payload) -> list[int]:
        """Let updates wait for ``getUpdates``. Returns their ids."""
        ids = []
        async with self._changed:
            for payload in payloads:
                self._next_update += 1
                ids.append(self._next_update)
                self.updates.append({"update_id": self._next_update, **payload})
            self._changed.notify_all()
        return ids

    async def until_confirmed(self, update_id: int) -> None:
        """Wait until an update was acknowledged by a later offset."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: self.confirmed > update_id)

    async def post(self, payload: Payload, *, update_id: int = 0) -> int:
        """Post an update to the webhook that was set. Returns the status it answers."""
        assert self._session is not None
        if not update_id:
            self._next_update += 1
        body = {"update_id": update_id or self._next_update, **payload}
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        async with self._session.post(self.webhook["url"], json=body, headers=headers) as response:
            if response.content_type == "application/json":
                await self._take_answer(await response.json())
            return response.status

    async def _take_answer(self, asked: dict[str, Any]) -> None:
        """A call that came as the answer to a post."""
        method = asked.pop("method")
        check(method, asked)
        async with self._changed:
            self.requests.append(Asked(method, asked))
            self._changed.notify_all()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if method not in METHODS:
            return _refusal(Fault(status=404, description="Not Found"))
        parameters = read(await _fields(request))
        if self._keep:
            async with self._changed:
                self.requests.append(Asked(method, parameters))
                self._changed.notify_all()
        faults = self._faults.get(method)
        fault = faults.popleft() if faults else None
        if request.match_info["token"] != self.token:
            fault = UNAUTHORIZED
        if fault == DROPPED:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if fault and fault != FINE:
            return _refusal(fault)
        if self.delay and method in _SENDS:
            await asyncio.sleep(self.delay)
        try:
            check(method, parameters)
            result = await self._result(method, parameters)
        except Refused as refused:
            return _refusal(Fault(status=400, description=f"Bad Request: {refused}"))
        if isinstance(result, Fault):
            return _refusal(result)
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, parameters: dict[str, Any]) -> Any:
        if method == "getMe":
            return {**BOT, "can_join_groups": True}
        if method == "getUpdates":
            return await self._get_updates(parameters)
        if method in ("setWebhook", "deleteWebhook"):
            self.webhook = parameters if method == "setWebhook" else {"url": ""}
            return True
        if method == "getWebhookInfo":
            return {"pending_update_count": len(self.updates), **self.webhook}
        if method in _SENDS:
            return self._line(method, parameters)
        if method == "getChatAdministrators":
            return [{"status": "administrator", "user": {"id": who}} for who in self.admins]
        scope = parameters.get("scope", {}).get("type", "")
        if method.startswith("get"):
            return self.shown[method.removeprefix("get") + scope]
        if method.startswith("set"):
            (value,) = (given for name, given in parameters.items() if name != "scope")
            noun = method.removeprefix("set") + scope
            self.shown[noun] = parameters if noun.endswith("Description") else value
        return True

    def _line(self, method: str, parameters: dict[str, Any]) -> Payload:
        self._next_line += 1
        line: Payload = {
            "message_id": int(parameters.get("message_id", self._next_line)),
            "date": DATE,
            "chat": {"id": int(parameters["chat_id"]), "type": "private"},
            "from": BOT,
        }
        if method == "sendPoll":
            line["poll"] = {"id": f"poll-{line['message_id']}", "question": parameters["question"]}
        else:
            line["text"] = parameters.get("text", "")
        return line

    async def _get_updates(self, parameters: dict[str, Any]) -> list[Payload] | Fault:
        if self.webhook["url"]:
            return Fault(
                status=409,
                description="Conflict: can't use getUpdates method while webhook is active",
            )
        offset = int(parameters.get("offset", 0))
        self._polls += 1
        mine = self._polls
        async with self._changed:
            self.confirmed = max(self.confirmed, offset)
            while self.updates and self.updates[0]["update_id"] < offset:
                self.updates.popleft()
            self._changed.notify_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(float(parameters.get("timeout", 0))):
                    await self._changed.wait_for(
                        lambda: self.updates or self._closing or mine != self._polls
                    )
        if mine != self._polls:
            return CONFLICT
        return list(self.updates)[: int(parameters.get("limit", 100))]


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    if request.content_type == "multipart/form-data":
        form = await request.post()
        return {
            name: value.file.read() if isinstance(value, web.FileField) else value
            for name, value in form.items()
        }
    return dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))


def _refusal(fault: Fault) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": fault.status,
        "description": fault.description,
    }
    if fault.parameters:
        body["parameters"] = dict(fault.parameters)
    return web.json_response(body, status=fault.status)


async def _serve(port: int, delay_ms: float) -> None:
    server = TelegramServer(delay=delay_ms / 1000, keep=False)
    await server.start(port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float((sys.argv[2:] or ["0"])[0])))
