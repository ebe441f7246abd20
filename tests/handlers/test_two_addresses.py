"""One learner with two addresses, in PostgreSQL: no turn waits for one that waits for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest

from conversation.events import Due, Inbound, TextReceived
from storage import addresses, privacy, timers
from storage.database import Connection, Database
from tests.support.databases import NoPostgresql, fresh_database
from tests.support.tables import rows
from tests.support.talk import Talk

_WAITING = """
    SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """SQLite lets one transaction write at a time, and so nothing can wait in a ring there."""
    try:
        async with fresh_database("postgresql") as opened:
            yield opened
    except NoPostgresql as reason:
        pytest.skip(str(reason))


async def _waits(database: Database) -> bool:
    # A transaction of its own: one sees the same activity as long as it lasts.
    async with database.read() as connection:
        return bool(await connection.fetchval(_WAITING))


async def test_timer_and_a_turn_at_the_other_address_do_not_wait_for_each_other(
    talk: Talk, another: Callable[[str], Talk]
) -> None:
    await talk.line("/nhac 19:30 mỗi ngày")
    database, now = talk.database, talk.clock()
    async with database.transaction() as connection:
        other, _ = await addresses.load(connection, "plain", "2002", now)
        await addresses.join(connection, other.id, 1)
    (timer,) = await rows(database, "timer")
    due_at = await talk.next_ring()
    assert due_at is not None
    due = Inbound(
        channel="plain",
        address=talk.address,
        external_id="timer-1",
        received_at=due_at,
        event=Due(timer["id"], timer["kind"], timer["subject"], due_at, timer["address_id"]),
    )
    tutor, _ = another(talk.address).build("other")

    async with database.transaction() as connection:
        # What a turn at the other address does that stops the reminders.
        _, learner = await addresses.load(connection, "plain", "2002", now)
        ringing = asyncio.create_task(tutor.receive(due))
        async with asyncio.timeout(20):
            while not await _waits(database):
                assert not ringing.done()
        await timers.cancel_for_learner(connection, learner.id, timer["kind"])

    await ringing
    assert await rows(database, "timer") == []
    assert "waiting" not in {row["status"] for row in await rows(database, "delivery")}


async def _stop_there(connection: Connection, address_id: int, now: datetime) -> None:
    await addresses.stop(connection, address_id, now)


async def _erase_all(connection: Connection, _address_id: int, _now: datetime) -> None:
    await privacy.erase(connection, 1)


async def _ask_there(connection: Connection, address_id: int, now: datetime) -> None:
    await addresses.save_asked(connection, address_id, asked="", misses=0, last_tap="", now=now)


@pytest.mark.parametrize("change", [_stop_there, _erase_all, _ask_there])
async def test_who_has_the_learner_may_go_on_to_an_address_where_a_turn_waits(
    talk: Talk,
    another: Callable[[str], Talk],
    change: Callable[[Connection, int, datetime], Awaitable[None]],
) -> None:
    database, now = talk.database, talk.clock()
    async with database.transaction() as connection:
        other, _ = await addresses.load(connection, "plain", "2002", now)
        await addresses.join(connection, other.id, 1)
        here = await addresses.find(connection, "plain", talk.address)
    assert here is not None
    written = Inbound(
        channel="plain",
        address=talk.address,
        external_id="line-1",
        received_at=now,
        event=TextReceived("xin chào"),
    )
    tutor, _ = another(talk.address).build("other")

    async with database.transaction() as connection:
        await addresses.load(connection, "plain", "2002", now)
        waiting = asyncio.create_task(tutor.receive(written))
        async with asyncio.timeout(20):
            while not await _waits(database):
                assert not waiting.done()
        await change(connection, here.id, now)

    await waiting
    # Whoever was erased meanwhile is met anew.
    met = await rows(database, "address")
    assert [row["asked"] != "" for row in met if row["external_id"] == talk.address] == [True]
