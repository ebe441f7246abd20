"""A running Official Account against the fake server, with a tutor that only writes down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from channels.base import Receive
from channels.zalo.oa.api import Api
from channels.zalo.oa.channel import ZaloOaChannel
from channels.zalo.oa.tokens import Tokens
from channels.zalo.oa.webhook import PATH
from storage.database import Connection, Database
from tests.support.zalo_oa_server import (
    APP_ID,
    APP_SECRET,
    FIRST_REFRESH,
    OA_ID,
    SECRET_KEY,
    USER,
    ZaloOaServer,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass
class Clock:
    """Time that passes when told to; ``sleep`` lets others run, and remembers."""

    moment: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, time: timedelta) -> None:
        self.moment += time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds >= 60:
            await asyncio.Event().wait()  # half an hour that no test waits for
        await asyncio.sleep(0.001)


@dataclass
class Bell:
    """Stands where the alarm stands: counts how often it rang."""

    rang: int = 0

    async def __call__(self, connection: Connection) -> None:
        assert await connection.fetchval("SELECT 1") == 1
        self.rang += 1


def fake(clock: Clock) -> ZaloOaServer:
    """A server on that clock, which the learner has just written to."""
    return ZaloOaServer(now=clock, heard={USER: clock()})


def tokens(
    server: ZaloOaServer, database: Database, clock: Clock, *, worker: str = "w1", **changes: Any
) -> tuple[Tokens, Api]:
    api = Api(server.url, server.url)
    values: dict[str, Any] = {
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "worker": worker,
        "on_lost": Bell(),
        "now": clock,
        "sleep": clock.sleep,
        **changes,
    }
    return Tokens(database, api, **values), api


def channel(
    server: ZaloOaServer, database: Database, clock: Clock, **changes: Any
) -> ZaloOaChannel:
    values: dict[str, Any] = {
        "database": database,
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "secret_key": SECRET_KEY,
        "oa_id": OA_ID,
        "worker": "w1",
        "on_lost": Bell(),
        "refresh_token": FIRST_REFRESH,
        "api_url": server.url,
        "oauth_url": server.url,
        "now": clock,
        "sleep": clock.sleep,
        **changes,
    }
    return ZaloOaChannel(**values)


@asynccontextmanager
async def running(
    server: ZaloOaServer, database: Database, clock: Clock, receive: Receive, **changes: Any
) -> AsyncIterator[ZaloOaChannel]:
    """Started, behind a web server of ours that the fake one posts to."""
    started = channel(server, database, clock, **changes)
    app = web.Application()
    app.router.add_routes(started.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.webhook = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    await started.start(receive)
    try:
        yield started
    finally:
        await started.stop()
        await runner.cleanup()
