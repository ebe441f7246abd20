"""A running Zalo bot against the fake server, with a tutor that only writes down."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup

from channels.base import Receive
from channels.zalo.bot.budget import Standing
from channels.zalo.bot.channel import ZaloBotChannel
from channels.zalo.bot.webhook import PATH
from storage.database import Database
from tests.support.talk import WORDS
from tests.support.telegram_running import Pauses
from tests.support.zalo_bot_server import TOKEN, ZaloBotServer

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECRET = "bi-mat_cua-xa"


@dataclass
class Pictures:
    """Publishes nothing, and says under which address it would; ``where`` is all it was asked."""

    where: list[tuple[str, str]] = field(default_factory=list)
    fault: Exception | None = None
    none: bool = False

    async def __call__(self, address: str, picture: str, content: Mapping[str, Any]) -> str:
        del content
        if self.fault:
            raise self.fault
        self.where.append((address, picture))
        return "" if self.none else f"https://hoc.example.vn/p/{picture}"


def words(saying: str, standing: Standing) -> Markup:
    return WORDS.render(saying, "", standing=standing)


def channel(server: ZaloBotServer, database: Database, **changes: Any) -> ZaloBotChannel:
    values: dict[str, Any] = {
        "database": database,
        "words": words,
        "token": TOKEN,
        "api_url": server.url,
        "now": lambda: NOW,
        "pause": Pauses(),
        "jitter": lambda: 0.0,
        "sends_per_second": 0,
        **changes,
    }
    return ZaloBotChannel(**values)


@asynccontextmanager
async def running(
    server: ZaloBotServer, database: Database, receive: Receive, **changes: Any
) -> AsyncIterator[ZaloBotChannel]:
    started = channel(server, database, **changes)
    await started.start(receive)
    try:
        yield started
    finally:
        await started.stop()


@asynccontextmanager
async def listening(
    server: ZaloBotServer, database: Database, receive: Receive, **changes: Any
) -> AsyncIterator[ZaloBotChannel]:
    """In webhook mode, behind a web server of ours, and known to Zalo."""
    zalo = channel(
        server,
        database,
        **{"mode": "webhook", "secret": SECRET, "webhook_url": "https://hoc.example.vn", **changes},
    )
    async with _served(zalo.routes()) as url:
        server.webhook = {"url": url, "secret_token": SECRET}
        zalo._webhook_url = url
        await zalo.start(receive)
        try:
            yield zalo
        finally:
            await zalo.stop()


@asynccontextmanager
async def _served(routes: Sequence[web.RouteDef]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    finally:
        await runner.cleanup()
