"""A fast Bot API server on loopback: one desk for each bot, and no checking at all.

``tests/support/telegram_server.py`` is the strict one; this one only has to be quicker than
every bot. It takes a request apart as far as the load needs: to which chat, and with which
buttons or poll under it. Source of the shapes: https://core.telegram.org/bots/api
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

import aiohttp
from aiohttp import web

BOT = {"id": 4242, "is_bot": True, "first_name": "Học Số", "username": "hocso_bot"}
# As many posts at once as Telegram makes to a webhook by default.
_WEBHOOK_CONNECTIONS = 40
_SENDS = frozenset({"sendMessage", "sendPoll", "sendPhoto", "sendDocument", "editMessageText"})
_WANTED = frozenset(
    {"chat_id", "message_id", "reply_markup", "options", "url", "secret_token"}
    | {"offset", "limit", "timeout", "text"}
)
# What Telegram's answer to a send repeats of it, at the length of one of the tutor's lines.
TEXT = json.dumps("Quét mã xong, đọc to tên người nhận và số tiền rồi mới bấm. " * 4)
_DATE = 1_790_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """What a bot sent: ``actions`` are the callback data of the buttons in ``markup`` (JSON),
    ``options`` is the size of a poll.
    """

    chat: int
    id: int
    method: str
    actions: tuple[str, ...] = ()
    poll: str = ""
    options: int = 0
    markup: str = ""


class Meter:
    """Refuses what is more than ``allowed`` in any second, and all that comes in the next.

    A second is the one before each request, wherever it begins, and there is no burst: nobody is
    stricter. ``refused`` counts the 429s, at the moments ``refused_at``; ``passed`` are the moments
    of what went through.
    """

    PENALTY = 1  # seconds

    def __init__(self, allowed: int) -> None:
        self.refused = 0
        self.refused_at: list[float] = []
        self.passed: list[float] = []
        self._allowed = allowed
        self._closed_until = 0.0

    def refuses(self, now: float) -> bool:
        passed = self.passed
        full = len(passed) >= self._allowed and now - passed[-self._allowed] < 1.0
        if full:
            self._closed_until = now + self.PENALTY
        if full or now < self._closed_until:
            self.refused += 1
            self.refused_at.append(now)
            return True
        passed.append(now)
        return False


def _nobody_asked(_chat: int, _at: float) -> None: ...


def _nobody_reads(_line: Line, _at: float) -> None: ...


@dataclass(slots=True)
class Desk:
    """One bot's side of the server.

    ``delay`` is how long each of its requests takes, in seconds. ``on_asked`` is told the
    moment a send arrives, ``on_line`` the moment it is done and the learner may see it.
    ``meter`` says which sends are too many.
    """

    token: str
    delay: float = 0.0
    on_asked: Callable[[int, float], None] = _nobody_asked
    on_line: Callable[[Line, float], None] = _nobody_reads
    meter: Meter | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    webhook: str = ""
    secret: str = ""
    requests: int = 0
    refused: int = 0
    lines: int = 0
    _waiting: deque[tuple[int, str]] = field(default_factory=deque)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _last_update: int = 0
    _session: aiohttp.ClientSession | None = None
    _posts: set[asyncio.Task[None]] = field(default_factory=set)

    def offer(self, content: str) -> None:
        """Let an update reach the bot: ``content`` is its JSON without id and outer braces."""
        self._last_update += 1
        update, headers = self.wire(content)
        if self.webhook:
            task = asyncio.ensure_future(self._post(update, headers))
            self._posts.add(task)
            task.add_done_callback(self._posts.discard)
        else:
            self._waiting.append((self._last_update, update))
            self._woken.set()

    def wire(self, content: str) -> tuple[str, dict[str, str]]:
        """The update that was just counted as it travels, and the headers of its post."""
        update = f'{{"update_id":{self._last_update},{content}}}'
        return update, {"X-Telegram-Bot-Api-Secret-Token": self.secret}

    async def take_time(self) -> None:
        """As long as each request of this bot takes."""
        if self.delay:
            await asyncio.sleep(self.delay)

    async def close(self) -> None:
        for task in self._posts:
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def _post(self, update: str, headers: dict[str, str]) -> None:
        if self._session is None:
            limit = aiohttp.TCPConnector(limit=_WEBHOOK_CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=limit)
        headers = {"Content-Type": "application/json", **headers}
        try:
            async with self._session.post(self.webhook, data=update, headers=headers) as response:
                self.refused += response.status != 200
        except aiohttp.ClientError:
            self.refused += 1

    async def answer(self, method: str, fields: dict[str, str]) -> str:
        """The JSON of a call's ``result``."""
        self.requests += 1
        if method == "getUpdates":
            return await self._updates(fields)
        if method in _SENDS:
            self.on_asked(int(fields["chat_id"]), time.perf_counter())
        await self.take_time()
        if method in _SENDS:
            return self._sent(method, fields)
        if method in ("setWebhook", "deleteWebhook"):
            self.webhook = fields.get("url", "")
            self.secret = fields.get("secret_token", "")
            if self.webhook:
                self.ready.set()
            return "true"
        if method == "getMe":
            return json.dumps(
                {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}
                | {"supports_inline_queries": False}
            )
        return _EMPTY.get(method, "true")

    async def _updates(self, fields: dict[str, str]) -> str:
        offset, limit = int(fields.get("offset", 0)), int(fields.get("limit", 100))
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        self.ready.set()
        if not self._waiting:
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(float(fields.get("timeout", 0))):
                    await self._woken.wait()
        taken = [update for _, update in list(self._waiting)[:limit]]
        return f"[{','.join(taken)}]"

    def _sent(self, method: str, fields: dict[str, str]) -> str:
        self.lines += 1
        chat, number = int(fields["chat_id"]), int(fields.get("message_id", 0)) or self.lines
        markup = fields.get("reply_markup", "")
        poll, options = "", 0
        if method == "sendPoll":
            poll, options = f"poll{number}", len(json.loads(fields["options"]))
        line = Line(chat, number, method, _actions(markup), poll, options, markup)
        self.on_line(line, time.perf_counter())
        under = f',"reply_markup":{markup}' if markup else ""
        # Whatever it was, in the shape that every library can read.
        held = f',"poll":{_poll(poll, options)}' if poll else f',"text":{TEXT}'
        return (
            f'{{"message_id":{number},"date":{_DATE},"from":{_BOT_JSON},'
            f'"chat":{{"id":{chat},"type":"private","first_name":"Năm"}}{held}{under}}}'
        )


_TOO_MANY = {
    "ok": False,
    "error_code": 429,
    "description": f"Too Many Requests: retry after {Meter.PENALTY}",
    "parameters": {"retry_after": Meter.PENALTY},
}
_BOT_JSON = json.dumps(BOT)
_EMPTY = {
    "getMyCommands": "[]",
    "getMyDescription": '{"description":""}',
    "getMyShortDescription": '{"short_description":""}',
    "getChatMenuButton": '{"type":"default"}',
    "getWebhookInfo": '{"url":"","has_custom_certificate":false,"pending_update_count":0}',
}


def _poll(poll: str, options: int) -> str:
    shown = [{"text": str(place), "voter_count": 0} for place in range(options)]
    return json.dumps({"id": poll, "question": "?", "options": shown, "type": "quiz"})


def _actions(markup: str) -> tuple[str, ...]:
    if not markup:
        return ()
    rows = json.loads(markup).get("inline_keyboard", [])
    return tuple(key["callback_data"] for row in rows for key in row)


class FakeTelegram:
    """Serves any number of desks on one port of loopback."""

    def __init__(self) -> None:
        self.desks: dict[str, Desk] = {}
        self.url = ""
        self._server: asyncio.Server | None = None
        self._protocol = web.Server(self._answer, access_log=None)

    def desk(self, token: str, kind: type[Desk] = Desk) -> Desk:
        """The desk for one more bot."""
        self.desks[token] = kind(token)
        return self.desks[token]

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", 0, backlog=1024)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        for desk in self.desks.values():
            await desk.close()
        if self._server is not None:
            self._server.close()
        await self._protocol.shutdown(0.2)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        token, _, method = request.path.removeprefix("/bot").partition("/")
        desk = self.desks.get(token)
        if desk is None:
            refusal = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return web.json_response(refusal, status=401)
        if desk.meter and method in _SENDS and desk.meter.refuses(time.perf_counter()):
            await request.read()
            return web.json_response(_TOO_MANY, status=429)
        result = await desk.answer(method, fields(request.content_type, await request.read()))
        return web.Response(
            body=f'{{"ok":true,"result":{result}}}'.encode(), content_type="application/json"
        )


def fields(content_type: str, body: bytes) -> dict[str, str]:
    """The few fields that matter here, from any of the three forms the Bot API takes."""
    if content_type == "application/json":
        return {name: _text(value) for name, value in json.loads(body).items() if name in _WANTED}
    if content_type == "multipart/form-data":
        return _of_parts(body)
    found = {}
    for piece in body.split(b"&"):
        name, _, value = piece.partition(b"=")
        if name.decode() in _WANTED:
            found[name.decode()] = unquote_plus(value.decode())
    return found


def _of_parts(body: bytes) -> dict[str, str]:
    boundary = body[: body.find(b"\r\n")]
    found = {}
    for part in body.split(boundary):
        head, _, value = part.partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        if name in _WANTED:
            found[name] = value.removesuffix(b"\r\n").decode()
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
