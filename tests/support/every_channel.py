"""Every channel there is, started and with an address to write to: what a contract is tried on.

Whoever adds a channel adds a ``Platform`` here, and the contract's tests run on it.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from channels.base import Channel, SendError
from channels.web.render import draw_line
from storage import addresses, web_lines
from storage.database import Database
from tests.support import (
    telegram_running,
    telegram_server,
    zalo_bot_running,
    zalo_bot_server,
    zalo_oa_running,
    zalo_oa_server,
)
from tests.support.telegram_server import TelegramServer
from tests.support.web_page import NOW, Site
from tests.support.zalo_bot_server import ZaloBotServer

SECRETS = (
    telegram_server.TOKEN.partition(":")[2],
    zalo_bot_server.TOKEN.partition(":")[2],
    zalo_oa_server.APP_SECRET,
    "access-1-of-nobody",
)


@dataclass(frozen=True, slots=True)
class Open:
    """A started channel. ``shown`` is everything the address was sent, as one text; ``fail`` lets
    the next request go wrong.
    """

    channel: Channel
    address: str
    shown: Callable[[], Awaitable[str]]
    fail: Callable[[Any], None]


Opening: TypeAlias = Callable[[Database], AbstractAsyncContextManager[Open]]


@dataclass(frozen=True, slots=True)
class Platform:
    """``faults`` are by name what the platform may do to a request, and the error it must become."""

    opening: Opening
    faults: Mapping[str, tuple[Any, str]]


@asynccontextmanager
async def _web(database: Database) -> AsyncIterator[Open]:
    async with database.transaction() as connection:
        row, _ = await addresses.load(connection, "web", "page", NOW)

    async def shown() -> str:
        async with database.read() as connection:
            lines = await web_lines.latest(connection, row.id, 50)
        return json.dumps([draw_line(line) for line in lines], ensure_ascii=False)

    async with Site(database) as site:
        yield Open(site.channel, "page", shown, lambda fault: None)


@asynccontextmanager
async def _telegram(database: Database) -> AsyncIterator[Open]:
    async with TelegramServer() as server:

        async def shown() -> str:
            asked = [one.parameters for one in server.asked(*_TELEGRAM_SENDS)]
            return json.dumps(asked, ensure_ascii=False, default=lambda b: b.decode())

        def fail(fault: Any) -> None:
            for method in _TELEGRAM_SENDS:
                server.fail(method, fault)

        async with telegram_running.running(server, telegram_running.Tutor()) as channel:
            yield Open(channel, "7", shown, fail)


@asynccontextmanager
async def _zalo_bot(database: Database) -> AsyncIterator[Open]:
    async with ZaloBotServer(idle=0.01) as server:

        async def shown() -> str:
            return json.dumps(server.lines("ab12"), ensure_ascii=False)

        receive = telegram_running.Tutor().receive
        async with zalo_bot_running.running(
            server, database, receive, publish=zalo_bot_running.Pictures()
        ) as channel:
            yield Open(channel, "ab12", shown, lambda fault: server.fail("sendMessage", fault))


@asynccontextmanager
async def _zalo_oa(database: Database) -> AsyncIterator[Open]:
    clock = zalo_oa_running.Clock()
    async with zalo_oa_running.fake(clock) as server:

        async def shown() -> str:
            return json.dumps(server.lines(), ensure_ascii=False)

        def fail(fault: Any) -> None:
            server.fail(_O.SEND, fault)

        receive = telegram_running.Tutor().receive
        async with zalo_oa_running.running(
            server, database, clock, receive, publish=zalo_bot_running.Pictures()
        ) as channel:
            yield Open(channel, _O.USER, shown, fail)


_TELEGRAM_SENDS = ("sendMessage", "sendPoll", "sendPhoto", "sendDocument", "editMessageText")
_T, _Z, _O = telegram_server, zalo_bot_server, zalo_oa_server
EVERY: Mapping[str, Platform] = {
    "web": Platform(_web, {}),
    "telegram": Platform(
        _telegram,
        {
            "too fast": (_T.throttled(3), "Throttled"),
            "server error": (_T.SERVER_ERROR, "Unavailable"),
            "bad gateway": (_T.BAD_GATEWAY, "Unavailable"),
            "dropped": (_T.DROPPED, "Unavailable"),
            "blocked": (_T.BLOCKED, "Unreachable"),
            "deactivated": (_T.DEACTIVATED, "Unreachable"),
            "no chat": (_T.NO_CHAT, "Unreachable"),
            "kicked": (_T.KICKED, "Unreachable"),
            "muted": (_T.NO_RIGHTS, "Unreachable"),
            "refused": (_T.Fault(status=400, description="Bad Request: no"), "Rejected"),
            "token": (_T.UNAUTHORIZED, "Misconfigured"),
        },
    ),
    "zalo_bot": Platform(
        _zalo_bot,
        {
            "quota": (_Z.QUOTA, "Throttled"),
            "quota, the other spelling": (_Z.CAMEL, "Throttled"),
            "internal": (_Z.INTERNAL, "Unavailable"),
            "server error": (_Z.SERVER_ERROR, "Unavailable"),
            "bad gateway": (_Z.GATEWAY, "Unavailable"),
            "late": (_Z.LATE, "Uncertain"),
            "gateway timeout": (_Z.GATEWAY_TIMEOUT, "Uncertain"),
            "dropped": (_Z.Line.DROPPED, "Uncertain"),
            "dropped after": (_Z.Line.DROPPED_AFTER, "Uncertain"),
            "refused": (_Z.BAD, "Rejected"),
            "not found": (_Z.NOT_FOUND, "Rejected"),
            "token": (_Z.UNAUTHORIZED, "Misconfigured"),
            "not Zalo": (_Z.PORTAL, "Misconfigured"),
        },
    ),
    "zalo_oa": Platform(
        _zalo_oa,
        {
            "too fast": (_O.Fault(-32), "Throttled"),
            "at night": (_O.Fault(-234), "Unavailable"),
            "window closed": (_O.Fault(-230), "Rejected"),
            "never spoken to": (_O.Fault(-232), "Rejected"),
            "unfollowed": (_O.Fault(-213), "Unreachable"),
            "restricted": (_O.Fault(-244), "Unreachable"),
            "too long": (_O.Fault(-210), "Rejected"),
            "no money": (_O.Fault(-211), "Misconfigured"),
            "not verified": (_O.Fault(-221), "Misconfigured"),
            "server error": (_O.SERVER_ERROR, "Unavailable"),
            "gateway timeout": (_O.GATEWAY_TIMEOUT, "Uncertain"),
            "dropped": (_O.Line.DROPPED, "Uncertain"),
            "dropped after": (_O.Line.DROPPED_AFTER, "Uncertain"),
            "not Zalo": (_O.PORTAL, "Misconfigured"),
        },
    ),
}
ERRORS = {error.__name__: error for error in SendError.__subclasses__()}
