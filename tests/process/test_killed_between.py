"""kill -9 at every step between claim, send and settle, and a second process that takes over.

Nothing is lost, and no more is sent twice than the one delivery that was in flight.
"""

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from markupsafe import Markup

from channels.telegram.channel import TelegramChannel
from conversation.events import Inbound
from conversation.replies import Say, dump_reply
from outbox.claims import DEAD_AFTER
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from storage import addresses, deliveries
from storage.database import Database
from storage.opening import open_database
from tests.support import killed_sender
from tests.support.databases import ENGINES, fresh_url
from tests.support.telegram_server import BAD_GATEWAY, TOKEN, TelegramServer

LINES = ("một", "hai", "ba")
ARRIVED = "the platform has it"  # and has not answered: only the server can tell

# Where it is killed, at which time it comes there, and what Telegram got in all.
STEPS = (
    ("claim, not committed", 1, "một hai ba"),
    ("claim, committed", 1, "một hai ba"),
    ("before the request", 1, "một hai ba"),
    ("before the request", 2, "một hai ba"),
    (ARRIVED, 1, "một một hai ba"),
    (ARRIVED, 2, "một hai hai ba"),
    (ARRIVED, 3, "một hai ba ba"),
    ("answered", 1, "một một hai ba"),
    ("answered", 3, "một hai ba ba"),
    ("settle, not committed", 1, "một một hai ba"),
    ("settle, not committed", 3, "một hai ba ba"),
    ("settle, committed", 1, "một hai ba"),
    ("settle, committed", 3, "một hai ba"),
)


class Server(TelegramServer):
    """Never answers the ``held``-th line."""

    held = 0

    async def _result(self, method: str, parameters: dict[str, Any]) -> Any:
        if self.held and len(self.asked("sendMessage")) == self.held:
            self.held = 0
            await asyncio.Event().wait()
        return await super()._result(method, parameters)


async def fill(database: Database) -> None:
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        address, _ = await addresses.load(connection, "telegram", "7", now)
        for line in LINES:
            reply = dump_reply(Say(Markup("{}").format(line)))
            await deliveries.add(connection, address.id, reply, priority=0, due_at=now, now=now)


async def die(url: str, server: Server, step: str, count: int) -> None:
    """Let a process send until it is killed at this step."""
    server.held = count if step == ARRIVED else 0
    process = killed_sender.start(url, server.url, step, count)
    if step == ARRIVED:
        await server.until("sendMessage", count)
        process.kill()
    await asyncio.to_thread(process.join, 20)
    assert process.exitcode == -signal.SIGKILL


async def take_over(database: Database, server: TelegramServer) -> None:
    """Another process, when the first has been silent for long enough."""
    channel = TelegramChannel(
        token=TOKEN, api_url=server.url, draw=lambda *_: b"PNG", sends_per_second=0
    )
    dispatcher = Dispatcher(
        database=database,
        channels={channel.name: channel},
        worker="the next one",
        now=lambda: datetime.now(UTC) + DEAD_AFTER + timedelta(seconds=30),
        backoff=Backoff(lambda: 0.0),
        senders=4,
    )
    await channel.start(nobody)
    await dispatcher.start()
    await dispatcher.sweep()
    await dispatcher.drain()
    await dispatcher.stop()
    await channel.stop()


async def nobody(inbound: Inbound) -> None:
    raise AssertionError(inbound)


@pytest.mark.parametrize(
    ("engine", "step", "count", "got"),
    # PostgreSQL once for each step, to be quick.
    [(engine, *row) for row in STEPS for engine in ENGINES if engine == "sqlite" or row[1] == 1],
)
async def test_killed_at_any_step_loses_nothing_and_repeats_what_was_in_flight(
    engine: str, step: str, count: int, got: str
) -> None:
    async with fresh_url(engine) as url, Server() as server:
        database = await open_database(url)
        await fill(database)
        await die(url, server, step, count)
        await take_over(database, server)
        async with database.read() as connection:
            left = await connection.fetchval("SELECT COUNT(*) FROM delivery")
        await database.close()

    assert [said.parameters["text"] for said in server.asked("sendMessage")] == got.split()
    assert left == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("step", ["put back, not committed", "put back, committed"])
async def test_killed_while_it_puts_back_what_failed_loses_nothing(engine: str, step: str) -> None:
    async with fresh_url(engine) as url, Server() as server:
        server.fail("sendMessage", BAD_GATEWAY)
        database = await open_database(url)
        await fill(database)
        await die(url, server, step, 1)
        await take_over(database, server)
        await database.close()

    refused, *got = [said.parameters["text"] for said in server.asked("sendMessage")]
    assert (refused, got) == ("một", ["một", "hai", "ba"])
