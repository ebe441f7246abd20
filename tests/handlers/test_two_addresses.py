"""One learner with two addresses, in PostgreSQL: no turn waits for one that waits for it."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from conversation.events import Due, Inbound
from storage import addresses, timers
from storage.database import Database
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
