import asyncio
from datetime import datetime, timedelta

import pytest

from storage import addresses, claimed_deliveries, deliveries, workers
from storage.database import Connection, Database
from storage.deliveries import Delivery
from tests.support.databases import fresh_database

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


async def an_address(connection: Connection, now: datetime, name: str = "chat") -> int:
    address, _ = await addresses.load(connection, "telegram", name, now)
    return address.id


async def waiting(
    connection: Connection, address: int, due_at: datetime, *, priority: int = 0, reply: str = "{}"
) -> int:
    number, claimed = await deliveries.add(
        connection, address, reply, priority=priority, due_at=due_at, now=due_at
    )
    assert claimed is False
    return number


async def claim(
    connection: Connection, now: datetime, worker: str = "w1", limit: int = 10
) -> list[int]:
    rows = await deliveries.claim(connection, worker, ["telegram", "web"], now, limit)
    return [row.id for row in rows]


async def status(connection: Connection, number: int) -> tuple[str, ...]:
    row = await connection.fetchrow(
        "SELECT status, reply, claimed_by, error FROM delivery WHERE id = $1", number
    )
    assert row is not None
    return tuple(row)


async def test_a_claimed_delivery_holds_all_that_sending_needs(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        number, claimed = await deliveries.add(
            connection,
            address,
            '{"a":1}',
            priority=2,
            replaces="77",
            due_at=now,
            expires_at=now + DAY,
            now=now - SECOND,
        )
        (row,) = await deliveries.claim(connection, "w1", ["telegram"], now, 10)

    assert claimed is False
    assert row == Delivery(
        id=number,
        address_id=address,
        channel="telegram",
        address="chat",
        priority=2,
        reply='{"a":1}',
        replaces="77",
        status="sending",
        due_at=now,
        tries=0,
        error="",
        created_at=now - SECOND,
        expires_at=now + DAY,
        last_heard=now,
    )


async def test_replies_of_a_turn_are_claimed_by_its_worker_at_once(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        claims = [
            (
                await deliveries.add(
                    connection, address, "{}", priority=0, due_at=now, worker="w1", now=now
                )
            )[1]
            for _ in range(3)
        ]
        left = await claim(connection, now, "w2")

    assert (claims, left) == ([True, True, True], [])


@pytest.mark.parametrize(
    ("earlier", "claimed"),
    [
        ("waiting", False),
        ("of another worker", False),
        ("more urgent", False),
        ("less urgent", True),
        ("sent", True),
    ],
)
async def test_a_new_reply_does_not_overtake_one_that_has_not_gone_out(
    database: Database, now: datetime, earlier: str, claimed: bool
) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        worker = {"of another worker": "w2", "sent": "w1"}.get(earlier, "")
        number, _ = await deliveries.add(
            connection,
            address,
            "{}",
            priority={"more urgent": 0, "less urgent": 20}.get(earlier, 10),
            due_at=now,
            worker=worker,
            now=now,
        )
        if earlier == "sent":
            await deliveries.settle_sent(connection, [number])
        _, held = await deliveries.add(
            connection, address, "{}", priority=10, due_at=now, worker="w1", now=now
        )

    assert held is claimed


async def test_the_most_urgent_and_longest_due_go_first(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        chats = [await an_address(connection, now, f"chat-{n}") for n in range(5)]
        late = await waiting(connection, chats[0], now - SECOND, priority=1)
        reminder = await waiting(connection, chats[1], now - DAY, priority=2)
        early = await waiting(connection, chats[2], now - 2 * SECOND, priority=1)
        urgent = await waiting(connection, chats[3], now, priority=0)
        await waiting(connection, chats[4], now + SECOND, priority=0)
        first = await claim(connection, now, limit=2)
        rest = await claim(connection, now)

    assert (first, rest) == ([urgent, early], [late, reminder])


async def test_a_claim_in_sqlite_reads_what_is_due_and_not_what_waits() -> None:
    async with fresh_database("sqlite") as database, database.transaction() as connection:
        explain = f"EXPLAIN QUERY PLAN {deliveries.claim_sql('sqlite', 1)}"
        plan = [row[3] for row in await connection.fetch(explain, "w1", 0, 10, 99, "web")]

    assert [step for step in plan if step.startswith("SEARCH d USING INDEX")] == [
        "SEARCH d USING INDEX delivery_waiting (priority=? AND due_at<?)",
        "SEARCH d USING INDEX delivery_waiting (priority>?)",
    ]
    assert [step for step in plan if step.startswith(("SCAN d", "USE TEMP"))] == []


async def test_an_address_gets_what_is_most_urgent_whole_and_in_order_before_the_rest(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        reminder = await waiting(connection, address, now - DAY, priority=deliveries.REMINDER)
        first = await waiting(connection, address, now)
        # Due earlier, and still not sent before the one written before it.
        second = await waiting(connection, address, now - SECOND)
        not_yet = await waiting(connection, address, now + DAY)
        behind = await waiting(connection, address, now)
        taken = [await claim(connection, now), await claim(connection, now, "w2")]
        for number in (first, second):
            await deliveries.postpone(connection, number, now + SECOND, "unavailable")
        taken.append(await claim(connection, now))
        taken.append(await claim(connection, now + SECOND))
        await deliveries.settle_sent(connection, [first, second])
        taken.append(await claim(connection, now + SECOND))
        taken.append(await claim(connection, now + DAY))
        await deliveries.settle_sent(connection, [not_yet, behind])
        taken.append(await claim(connection, now + DAY))

    assert taken == [[first, second], [], [], [first, second], [], [not_yet, behind], [reminder]]


async def test_only_open_channels_and_addresses_that_can_be_reached_are_claimed(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        chat = await an_address(connection, now)
        stopped = await an_address(connection, now, "stopped")
        await addresses.stop(connection, stopped, now)
        await waiting(connection, stopped, now)
        number = await waiting(connection, chat, now)
        none_open = await deliveries.claim(connection, "w1", [], now, 10)
        other_open = await deliveries.claim(connection, "w1", ["web", "zalo"], now, 10)
        open_ = await deliveries.claim(connection, "w1", ["web", "telegram"], now, 10)

    assert (none_open, other_open, [row.id for row in open_]) == ([], [], [number])


async def test_workers_that_claim_at_once_never_take_the_same_row(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        numbers = [
            await waiting(connection, await an_address(connection, now, f"chat-{n}"), now)
            for n in range(40)
        ]

    async def take(worker: str) -> list[int]:
        async with database.transaction() as connection:
            return await claim(connection, now, worker, limit=15)

    taken = await asyncio.gather(*(take(f"w{n}") for n in range(4)))
    async with database.transaction() as connection:
        taken.append(await claim(connection, now, limit=40))

    assert sorted(number for rows in taken for number in rows) == numbers


async def test_a_sent_delivery_is_gone(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        sent = await waiting(connection, address, now, reply="Dạ chào bác")
        other = await waiting(connection, address, now)
        await claim(connection, now)
        await deliveries.settle_sent(connection, [sent])
        left = [row[0] for row in await connection.fetch("SELECT id FROM delivery")]

    assert left == [other]


async def test_nothing_sent_settles_nothing(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        await deliveries.settle_sent(connection, [])

        assert await deliveries.counts(connection) == {"waiting": 0, "sending": 0, "failed": 0}


async def test_a_postponed_delivery_counts_its_tries_and_why(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        number = await waiting(connection, await an_address(connection, now), now, reply="r")
        await claim(connection, now)
        await deliveries.postpone(connection, number, now + SECOND, "unavailable")
        between = await status(connection, number)
        (again,) = await deliveries.claim(connection, "w2", ["telegram"], now + SECOND, 10)

    assert between == ("waiting", "r", "", "unavailable")
    assert (again.tries, again.error, again.due_at) == (1, "unavailable", now + SECOND)


async def test_a_failed_delivery_is_set_aside_and_lets_the_next_pass(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        first = await waiting(connection, address, now)
        await claim(connection, now)
        second = await waiting(connection, address, now)
        await deliveries.fail(connection, first, "rejected", now)
        after = await status(connection, first)
        following = await claim(connection, now)

    assert after == ("failed", "", "", "rejected")
    assert following == [second]


async def test_what_was_cancelled_while_it_was_sent_is_not_postponed_but_may_be_sent(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await an_address(connection, now)
        number = await waiting(connection, address, now)
        await claim(connection, now)
        await deliveries.cancel_for_address(connection, address, now)
        await deliveries.postpone(connection, number, now, "unavailable")
        await deliveries.fail(connection, number, "rejected", now)
        cancelled = await status(connection, number)
        await deliveries.settle_sent(connection, [number])
        left = await connection.fetch("SELECT id FROM delivery")

    assert (cancelled[0], left) == ("cancelled", [])


async def test_claims_of_dead_unknown_and_departed_workers_are_freed(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        for worker, beat in (("alive", now), ("dead", now - DAY), ("gone", now)):
            await workers.beat(connection, worker, beat)
        await workers.leave(connection, "gone")
        numbers = {}
        for worker in ("alive", "dead", "gone", "unknown"):
            await waiting(connection, await an_address(connection, now, worker), now)
            (numbers[worker],) = await claim(connection, now, worker)
        freed = await claimed_deliveries.release_dead(connection, now, now - SECOND)
        again = await claim(connection, now, "w9")
        known = [row[0] for row in await connection.fetch("SELECT id FROM worker")]

    assert freed == 3
    assert again == [numbers["dead"], numbers["gone"], numbers["unknown"]]
    assert known == ["alive"]


async def test_a_worker_that_beats_again_is_alive(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        await workers.beat(connection, "w1", now - DAY)
        await waiting(connection, await an_address(connection, now), now)
        await claim(connection, now)
        await workers.beat(connection, "w1", now)

        assert await claimed_deliveries.release_dead(connection, now, now - SECOND) == 0


async def test_the_outbox_is_counted(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        chats = [await an_address(connection, now, f"chat-{n}") for n in range(4)]
        await waiting(connection, chats[0], now + DAY)
        await waiting(connection, chats[1], now + SECOND)
        failed = await waiting(connection, chats[2], now - SECOND)
        await waiting(connection, chats[3], now)
        await claim(connection, now)
        await deliveries.fail(connection, failed, "rejected", now)

        assert await deliveries.counts(connection) == {"waiting": 2, "sending": 1, "failed": 1}


async def test_old_settled_deliveries_are_forgotten_and_open_ones_never(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        long_ago = now - 30 * DAY
        address = await an_address(connection, long_ago)
        old = await waiting(connection, address, long_ago)
        await deliveries.fail(connection, old, "rejected", long_ago)
        recent = await waiting(connection, address, long_ago)
        await deliveries.fail(connection, recent, "rejected", now)
        open_ = await waiting(connection, address, long_ago)
        await deliveries.forget_settled_before(connection, now - DAY)
        left = [row[0] for row in await connection.fetch("SELECT id FROM delivery ORDER BY id")]

    assert left == [recent, open_]
