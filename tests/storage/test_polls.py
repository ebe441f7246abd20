from datetime import datetime, timedelta

from storage import addresses, polls
from storage.database import Database
from storage.polls import Poll


async def test_a_poll_is_found_with_what_its_options_mean(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, _ = await addresses.load(connection, "telegram", "chat", now)
        await polls.remember(connection, "telegram", "p1", address.id, '["a:1"]', now)
        await polls.remember(connection, "telegram", "p1", address.id, '["a:2"]', now)
        found = await polls.find(connection, "telegram", "p1")
        elsewhere = await polls.find(connection, "web", "p1")

    assert (found, elsewhere) == (Poll("chat", '["a:2"]', in_group=False), None)


async def test_a_poll_of_an_address_that_was_erased_is_not_kept(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        await polls.remember(connection, "telegram", "p1", 4711, "[]", now)

        assert await polls.find(connection, "telegram", "p1") is None


async def test_old_polls_are_forgotten(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        address, _ = await addresses.load(connection, "telegram", "chat", now)
        await polls.remember(
            connection, "telegram", "old", address.id, "[]", now - timedelta(days=400)
        )
        await polls.remember(connection, "telegram", "recent", address.id, "[]", now)
        await polls.forget_before(connection, now - timedelta(days=365))

        assert await polls.find(connection, "telegram", "old") is None
        assert await polls.find(connection, "telegram", "recent") == Poll(
            "chat", "[]", in_group=False
        )


async def test_a_groups_poll_is_known_as_one_and_the_most_answered_counts(
    database: Database, now: datetime
) -> None:
    earlier = now - timedelta(days=1)
    async with database.transaction() as connection:
        arrived = await addresses.arrive(
            connection,
            channel="telegram",
            external_id="-5",
            event_id="1",
            now=now,
            is_group=True,
        )
        assert arrived is not None
        group = arrived[0].id
        nobody_yet = await polls.most_voters(connection, group, now)
        for poll, made in (("yesterday", earlier), ("first", now), ("second", now), ("third", now)):
            await polls.remember(connection, "telegram", poll, group, "[]", made)
        await polls.count(connection, "telegram", "yesterday", 40)
        await polls.count(connection, "telegram", "first", 9)
        await polls.count(connection, "telegram", "first", 8)
        await polls.count_one(connection, "telegram", "second")
        await polls.count_one(connection, "telegram", "second")
        await polls.count(connection, "telegram", "of-nobody", 99)
        found = await polls.find(connection, "telegram", "first")
        most = await polls.most_voters(connection, group, now)

    assert (nobody_yet, most) == (0, 8)
    assert found == Poll("-5", "[]", in_group=True)
