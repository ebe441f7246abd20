"""A process that sends, and kills itself at a step between claim, send and settle.

The process is the real dispatcher with the real Telegram channel; only the database is wrapped,
to notice which transaction it is, and the channel, to notice where a request begins and ends.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from channels.base import Sent
from channels.telegram.channel import TelegramChannel
from conversation.events import Inbound
from conversation.replies import Reply
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from storage import deliveries
from storage.database import Connection, Database, Row
from storage.opening import open_database
from tests.support.bot_fork import FORKS
from tests.support.telegram_server import TOKEN

WORKER = "the killed one"


@dataclass
class Fate:
    """Kills at the ``count``-th time that ``step`` is reached."""

    step: str
    count: int

    def reached(self, step: str) -> None:
        if step == self.step:
            self.count -= 1
            if not self.count:
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class _Watched(Connection):
    """``does`` is what this transaction is about."""

    inner: Connection
    does: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.engine = self.inner.engine

    async def execute(self, sql: str, *args: Any) -> None:
        if sql == deliveries._POSTPONE:
            self.does.add("put back")
        await self.inner.execute(sql, *args)

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        if sql == deliveries._SETTLE_SENT:
            self.does.add("settle")
        await self.inner.executemany(sql, rows)

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        rows = await self.inner.fetch(sql, *args)
        if rows and "SET status = 'sending'" in sql:
            self.does.add("claim")
        return rows

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        return await self.inner.fetchrow(sql, *args)


@dataclass
class _Storage(Database):
    inner: Database
    fate: Fate

    def __post_init__(self) -> None:
        self.engine = self.inner.engine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self.inner.transaction() as connection:
            watched = _Watched(connection)
            yield watched
            for what in watched.does:
                self.fate.reached(f"{what}, not committed")
        for what in watched.does:
            self.fate.reached(f"{what}, committed")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        async with self.inner.read() as connection:
            yield connection

    async def close(self) -> None:
        await self.inner.close()


class _Telegram(TelegramChannel):
    fate: Fate

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        self.fate.reached("before the request")
        sent = await super().send(address, replies, replaces=replaces, delivery=delivery)
        self.fate.reached("answered")
        return sent


def telegram(api_url: str) -> TelegramChannel:
    return _Telegram(token=TOKEN, api_url=api_url, draw=lambda *_: b"PNG", sends_per_second=0)


def start(url: str, api_url: str, step: str, count: int) -> "multiprocessing.process.BaseProcess":
    """Such a process, sweeping all the time until it is killed."""
    process = FORKS.Process(target=_run, args=(url, api_url, step, count), daemon=True)
    process.start()
    return process


def _run(url: str, api_url: str, step: str, count: int) -> None:
    asyncio.run(_send(url, api_url, Fate(step, count)))


async def _send(url: str, api_url: str, fate: Fate) -> None:
    channel = telegram(api_url)
    assert isinstance(channel, _Telegram)
    channel.fate = fate
    await channel.start(_nobody)
    dispatcher = Dispatcher(
        database=_Storage(await open_database(url), fate),
        channels={channel.name: channel},
        worker=WORKER,
        now=lambda: datetime.now(UTC),
        backoff=Backoff(lambda: 1.0),
        senders=4,
    )
    await dispatcher.start()
    while True:
        await dispatcher.sweep()
        await asyncio.sleep(0.02)


async def _nobody(inbound: Inbound) -> None:
    raise AssertionError(inbound)
