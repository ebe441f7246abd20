import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import addresses, deliveries, learners, progress, public_pictures
from storage.addresses import Address
from storage.database import Connection, Database
from storage.learners import Learner
from storage.public_pictures import PublicPicture

MINUTE = timedelta(minutes=1)


async def arrive(
    connection: Connection, event: str, now: datetime, chat: str = "chat-1"
) -> tuple[Address, Learner] | None:
    return await addresses.arrive(
        connection, channel="telegram", external_id=chat, event_id=event, now=now
    )


async def known(
    connection: Connection, event: str, now: datetime, chat: str = "chat-1"
) -> tuple[Address, Learner]:
    arrived = await arrive(connection, event, now, chat)
    assert arrived is not None
    return arrived


async def test_a_first_event_makes_the_address_and_its_learner(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, learner = await known(connection, "u1", now)

    assert address == Address(
        id=address.id,
        learner_id=learner.id,
        channel="telegram",
        external_id="chat-1",
        asked="",
        misses=0,
        last_tap="",
        last_at=now,
        stopped_at=None,
    )
    assert learner == Learner(learner.id, "", None, "", now)


async def test_a_returning_learner_is_found_as_they_were_left(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, learner = await known(connection, "u1", now)
        await learners.set_term(connection, learner.id, "ong")
        await learners.give_consent(connection, learner.id, "2026-11", now)
        await addresses.save_asked(
            connection, address.id, asked='{"a": 1}', misses=2, last_tap="7|next", now=now
        )
    async with database.transaction() as connection:
        found = await known(connection, "u2", now + MINUTE)

    assert found == (
        Address(
            id=address.id,
            learner_id=learner.id,
            channel="telegram",
            external_id="chat-1",
            asked='{"a": 1}',
            misses=2,
            last_tap="7|next",
            last_at=now,
            stopped_at=None,
        ),
        Learner(learner.id, "ong", now, "2026-11", now),
    )


async def test_the_same_event_again_is_told_apart_for_old_and_new_addresses(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        first = await arrive(connection, "u1", now)
        again = await arrive(connection, "u1", now)
    async with database.transaction() as connection:
        later = await arrive(connection, "u1", now)
        elsewhere = await arrive(connection, "u1", now, chat="chat-2")
        count = await connection.fetchval("SELECT COUNT(*) FROM address")

    assert (first is None, again, later, elsewhere, count) == (False, None, None, None, 1)


async def test_an_event_that_was_rolled_back_was_not_seen(
    database: Database, now: datetime
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await known(connection, "u1", now)
            raise ZeroDivisionError
    async with database.transaction() as connection:
        assert await arrive(connection, "u1", now) is not None


async def test_turns_of_one_address_follow_each_other_each_seeing_what_the_last_left(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        _, learner = await known(connection, "u0", now)

    async def turn(number: int) -> None:
        async with database.transaction() as connection:
            address, learner = await known(connection, f"u{number}", now)
            await addresses.save_asked(
                connection, address.id, asked="", misses=address.misses + 1, last_tap="", now=now
            )
            await learners.set_term(connection, learner.id, f"{learner.term}x")

    await asyncio.gather(*(turn(number) for number in range(1, 11)))
    async with database.transaction() as connection:
        address, learner = await known(connection, "u11", now)

    assert (address.misses, learner.term) == (10, "x" * 10)


async def test_a_newcomer_whose_events_come_at_once_is_one_learner(
    database: Database, now: datetime
) -> None:
    async def turn(number: int) -> tuple[Address, Learner]:
        async with database.transaction() as connection:
            return await known(connection, f"u{number}", now)

    met = await asyncio.gather(*(turn(number) for number in range(8)))
    async with database.read() as connection:
        learners_there = await connection.fetchval("SELECT COUNT(*) FROM learner")

    assert len({(address.id, learner.id) for address, learner in met}) == 1
    assert learners_there == 1


async def test_load_makes_an_address_once_and_find_makes_none(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        before = await addresses.find(connection, "web", "page")
        made, _ = await addresses.load(connection, "web", "page", now)
        again, _ = await addresses.load(connection, "web", "page", now + MINUTE)
        found = await addresses.find(connection, "web", "page")

    assert (before, again, found) == (None, made, made)


async def statuses(connection: Connection) -> list[Any]:
    return [row[0] for row in await connection.fetch("SELECT status FROM delivery ORDER BY id")]


async def test_a_stopped_address_has_its_deliveries_cancelled_and_can_come_back(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, _ = await addresses.load(connection, "web", "page", now)
        other, _ = await addresses.load(connection, "web", "other", now)
        for to, worker in ((address, "w1"), (address, ""), (other, "")):
            await deliveries.add(
                connection, to.id, "{}", priority=0, due_at=now, worker=worker, now=now
            )
        await addresses.stop(connection, address.id, now)
        await addresses.stop(connection, address.id, now + MINUTE)
        stopped = await addresses.find(connection, "web", "page")
        await addresses.resume(connection, address.id)
        back = await addresses.find(connection, "web", "page")

        assert stopped is not None
        assert stopped.stopped_at == now
        assert back == address
        assert await statuses(connection) == ["cancelled", "cancelled", "waiting"]


async def test_a_chat_that_parts_begins_anew_and_leaves_what_was_learnt(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        chat, keeper = await addresses.load(connection, "telegram", "chat", now)
        page, _ = await addresses.load(connection, "web", "page", now)
        await addresses.join(connection, page.id, keeper.id)
        await progress.reach(connection, keeper.id, "otp", 3, now)
        await addresses.save_asked(
            connection, page.id, asked="{}", misses=1, last_tap="1|next", now=now
        )
        picture = PublicPicture("path", "{}", now + timedelta(days=1))
        await public_pictures.keep(connection, "a-name", page.id, picture)
        for to in (chat, page):
            await deliveries.add(connection, to.id, "{}", priority=0, due_at=now, now=now)
        newcomer = await addresses.part(connection, page.id, now + MINUTE)
        parted, learner = await addresses.load(connection, "web", "page", now)

        assert learner == newcomer == Learner(newcomer.id, "", None, "", now + MINUTE)
        assert (parted.id, parted.asked, parted.misses, parted.last_tap) == (page.id, "", 0, "")
        assert await progress.of_learner(connection, newcomer.id) == {}
        assert list(await progress.of_learner(connection, keeper.id)) == ["otp"]
        assert await addresses.of_learner(connection, keeper.id) == [chat]
        assert await public_pictures.get(connection, "a-name", now) is None
        assert await statuses(connection) == ["waiting", "cancelled"]


async def test_a_farewell_is_forgotten_once_its_words_are_out(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await addresses.farewell(connection, channel="web", external_id="page", now=now)
        sent, _ = await deliveries.add(
            connection, address.id, "{}", priority=0, due_at=now, worker="w1", now=now
        )
        shown = await addresses.find(connection, "web", "page")
        await deliveries.settle_sent(connection, [sent])
        left = [
            await connection.fetchval(f"SELECT COUNT(*) FROM {table}")
            for table in ("learner", "address", "delivery")
        ]

    assert shown is None
    assert left == [0, 0, 0]


async def test_a_farewell_waits_for_the_last_of_its_words(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await addresses.farewell(connection, channel="web", external_id="page", now=now)
        first, _ = await deliveries.add(
            connection, address.id, "{}", priority=0, due_at=now, worker="w1", now=now
        )
        second, _ = await deliveries.add(
            connection, address.id, "{}", priority=0, due_at=now, worker="w1", now=now
        )
        await deliveries.settle_sent(connection, [first])
        between = await connection.fetchval("SELECT COUNT(*) FROM address")
        await deliveries.fail(connection, second, "rejected", now)
        after = await connection.fetchval("SELECT COUNT(*) FROM address")

    assert (between, after) == (1, 0)


async def test_who_comes_back_before_the_last_words_is_met_anew(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address = await addresses.farewell(
            connection, channel="telegram", external_id="chat-1", now=now
        )
        sent, _ = await deliveries.add(
            connection, address.id, "{}", priority=0, due_at=now, worker="w1", now=now
        )
        back, learner = await known(connection, "u1", now)
        await deliveries.settle_sent(connection, [sent])

        assert (back.id, learner.consented_at) == (address.id, None)
        assert await addresses.find(connection, "telegram", "chat-1") == back
