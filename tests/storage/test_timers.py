"""Timers: each rings once, for one process, and not while nothing can be sent."""

from datetime import datetime, timedelta

import pytest

from storage import addresses, timers
from storage.addresses import Address
from storage.database import Connection, Database

SOON = timedelta(minutes=5)


async def an_address(connection: Connection, now: datetime, name: str = "7") -> Address:
    address, _ = await addresses.load(connection, "plain", name, now)
    return address


async def due(connection: Connection, now: datetime, limit: int = 10) -> list[tuple[str, str, str]]:
    found = await timers.due(connection, now, limit)
    return [(timer.address, timer.kind, timer.subject) for timer in found]


async def test_timer_is_due_from_its_time_on(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        await timers.set_for(connection, address.id, "remind", now + SOON, subject="x")

        assert await due(connection, now + SOON - timedelta(milliseconds=1)) == []
        assert await due(connection, now + SOON) == [("7", "remind", "x")]


async def test_the_next_one_is_the_first_that_can_ring(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        assert await timers.next_due(connection) is None

        first, second = await an_address(connection, now), await an_address(connection, now, "8")
        await timers.set_for(connection, first.id, "remind", now + SOON)
        await timers.set_for(connection, second.id, "remind", now + 2 * SOON)
        assert await timers.next_due(connection) == now + SOON

        await timers.park(connection, first.id)
        assert await timers.next_due(connection) == now + 2 * SOON


async def test_timer_set_again_has_one_time(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        await timers.set_for(connection, address.id, "remind", now)
        await timers.set_for(connection, address.id, "remind", now + SOON)

        assert await due(connection, now) == []
        assert await timers.when(connection, address.id, "remind") == now + SOON


async def test_longest_overdue_comes_first_and_no_more_than_asked(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        for name, late in (("1", 1), ("2", 3), ("3", 2)):
            address = await an_address(connection, now, name)
            await timers.set_for(connection, address.id, "remind", now - late * SOON)

        assert await due(connection, now, 2) == [("2", "remind", ""), ("3", "remind", "")]


async def test_timer_is_taken_once(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        await timers.set_for(connection, address.id, "remind", now)
        (timer,) = await timers.due(connection, now, 1)

        first = await timers.take(connection, timer.id, timer.due_at)
        again = await timers.take(connection, timer.id, timer.due_at)

        assert (first, again) == (True, False)


async def test_timer_that_was_moved_since_is_not_taken(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        await timers.set_for(connection, address.id, "remind", now)
        (timer,) = await timers.due(connection, now, 1)
        await timers.set_for(connection, address.id, "remind", now + SOON)

        assert not await timers.take(connection, timer.id, timer.due_at)
        assert await timers.when(connection, address.id, "remind") == now + SOON


@pytest.mark.parametrize(("back", "rings"), [(False, []), (True, [("7", "remind", "")])])
async def test_no_timer_rings_where_nothing_can_be_sent(
    database: Database, now: datetime, back: bool, rings: list[tuple[str, str, str]]
) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        await timers.set_for(connection, address.id, "remind", now)
        await addresses.stop(connection, address.id, now)
        if back:
            await addresses.resume(connection, address.id)

        assert await due(connection, now) == rings


async def test_cancelled_timer_never_rings(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        await timers.set_for(connection, address.id, "remind", now, subject="a")
        await timers.set_for(connection, address.id, "remind", now, subject="b")
        await timers.cancel(connection, address.id, "remind", "a")

        assert await due(connection, now) == [("7", "remind", "b")]


async def test_the_look_for_what_is_due_reads_no_more_than_that(
    database: Database, now: datetime
) -> None:
    if database.engine != "sqlite":
        pytest.skip("SQLite says how it will look")
    async with database.transaction() as connection:
        plan = await connection.fetch(f"EXPLAIN QUERY PLAN {timers._DUE}", 0, 1)

        assert [row["detail"] for row in plan] == [
            "SEARCH t USING INDEX timer_due (due_at<?)",
            "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)",
        ]
