"""Whose row it is: processes that die, sleep, forget, and share."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from channels.base import Capabilities, Limits, Rate
from storage import workers
from storage.database import Database
from tests.support.databases import ENGINES, fresh_database
from tests.support.outbox import Scripted, outbox
from tests.support.talk import Clock

SECOND = timedelta(seconds=1)


@pytest.fixture(params=ENGINES)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    async with fresh_database(request.param) as opened:
        yield opened


async def test_what_a_killed_process_held_is_sent_by_the_next_after_eight_seconds(
    database: Database,
) -> None:
    telegram, clock = Scripted(), Clock()
    async with outbox(database, telegram, clock=clock) as next_one:
        async with database.transaction() as connection:
            await connection.execute(
                "INSERT INTO worker (id, beat_at) VALUES ('killed', $1)",
                int(clock().timestamp() * 1000),
            )
        next_one.worker = "killed"
        await next_one.add("ba", "một", "hai")
        await next_one.later(seconds=8)
        early = list(telegram.got)
        await next_one.later(seconds=1)

    assert (early, telegram.to("ba")) == ([], ["một", "hai"])


async def test_a_claim_that_this_process_forgot_is_found_within_ten_seconds(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The task that should have woken the dispatcher died after the commit."""
    telegram = Scripted()
    async with outbox(database, telegram) as box:
        await box.add("ba", "một")
        held = []
        for _ in range(12):
            await box.later(seconds=1)
            held.append(len(telegram.got))

    assert held == [0] * 9 + [1] * 3
    assert "found 1 deliveries that nobody was sending" in caplog.text


async def test_a_sender_that_dies_leaves_its_rows_to_the_next_look(database: Database) -> None:
    telegram = Scripted()
    telegram.faults["ba"].append(asyncio.CancelledError())
    async with outbox(database, telegram) as box:
        await box.say("ba", "một", "hai")
        await box.dispatcher.drain()
        for _ in range(11):
            await box.later(seconds=1)

    assert telegram.to("ba") == ["một", "hai"]


async def test_what_is_slow_is_not_taken_for_forgotten(database: Database) -> None:
    telegram = Scripted(gates={"ba": asyncio.Event()})
    async with outbox(database, telegram) as box:
        await box.say("ba", "một", "hai")
        for _ in range(15):
            box.clock.passes(SECOND)
            await box.dispatcher.sweep()
        telegram.gates["ba"].set()
        await box.dispatcher.drain()

    assert (telegram.asked, telegram.to("ba")) == ([("ba", "một"), ("ba", "hai")], ["một", "hai"])


async def test_a_process_that_slept_sends_nothing_that_another_took_over(
    database: Database,
) -> None:
    sleeper, other, clock = Scripted(gates={"ba": asyncio.Event()}), Scripted(), Clock()
    async with (
        outbox(database, sleeper, clock=clock) as asleep,
        outbox(database, other, worker="two", clock=clock) as awake,
    ):
        await asleep.say("ba", "một", "hai")
        await sleeper.until(lambda: bool(sleeper.asked))
        await awake.later(seconds=9)
        sleeper.gates["ba"].set()
        await asleep.dispatcher.drain()

    # The one that was under way when it fell asleep cannot be called back.
    assert (sleeper.to("ba"), other.to("ba")) == (["một"], ["một", "hai"])


async def test_two_processes_share_the_work_and_no_row_goes_out_twice(database: Database) -> None:
    clock, one, two = Clock(), Scripted(), Scripted()
    people = [f"người-{n}" for n in range(40)]
    async with (
        outbox(database, one, clock=clock) as first,
        outbox(database, two, worker="two", clock=clock) as second,
    ):
        for box in (first, second):
            for who in people:
                await box.say(who, f"của {box.worker}")
        for _ in range(3):
            await asyncio.gather(first.later(seconds=1), second.later(seconds=1))
        rows = await first.rows()

    assert sorted(one.got + two.got) == sorted(
        (who, f"của {worker}") for who in people for worker in ("one", "two")
    )
    assert rows == []


async def test_two_processes_share_reminders_and_answers_of_the_same_people(
    database: Database,
) -> None:
    """Whoever holds an address keeps it until all that is more urgent is out, whoever wrote it."""
    clock, one, two = Clock(), Scripted(), Scripted()
    people = [f"người-{n}" for n in range(20)]
    async with (
        outbox(database, one, clock=clock) as first,
        outbox(database, two, worker="two", clock=clock) as second,
    ):
        for who in people:
            await first.add_unasked(who, "nhắc 1", "nhắc 2")
        await asyncio.gather(first.later(seconds=0), second.later(seconds=0))
        for who in people:
            await second.say(who, "trả lời 1", "trả lời 2")
        for _ in range(3):
            await asyncio.gather(first.later(seconds=1), second.later(seconds=1))
        rows = await first.rows()

    got = one.got + two.got
    assert rows == []
    assert sorted(got) == sorted(
        (who, text) for who in people for text in ("nhắc 1", "nhắc 2", "trả lời 1", "trả lời 2")
    )
    assert all(one.to(who)[:1] != ["nhắc 2"] and two.to(who)[:1] != ["nhắc 2"] for who in people)


async def test_processes_know_how_many_of_them_live(database: Database) -> None:
    clock, telegram = Clock(), Scripted()
    async with outbox(database, telegram, clock=clock) as first:
        alone = first.dispatcher._claims.living
        async with outbox(database, telegram, worker="two", clock=clock) as second:
            await first.later(seconds=1)
            both = (first.dispatcher._claims.living, second.dispatcher._claims.living)
        await first.later(seconds=1)
        left = first.dispatcher._claims.living

    assert (alone, both, left) == (1, (2, 2), 1)


@pytest.mark.parametrize(
    ("seconds_ago", "waits"),
    [(None, False), (1, True), (7, True), (30, False)],
)
async def test_beside_one_that_sent_a_moment_ago_the_first_second_is_left_out(
    database: Database, seconds_ago: int | None, waits: bool
) -> None:
    """The platform has not forgotten yet what a killed process sent."""
    clock = Clock()
    if seconds_ago is not None:
        async with database.transaction() as connection:
            await workers.beat(connection, "killed", clock() - seconds_ago * SECOND)
    capabilities = Capabilities(text_limit=4096, buttons=True, limits=Limits(overall=Rate(30)))
    async with outbox(database, Scripted(capabilities=capabilities), clock=clock) as box:
        now = asyncio.get_running_loop().time()
        opens = box.dispatcher._turns["telegram"]._pace.opens(now)

    assert (opens > now) is waits
