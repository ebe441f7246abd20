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

    assert (found, elsewhere) == (Poll("chat", '["a:2"]'), None)


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
        assert await polls.find(connection, "telegram", "recent") == Poll("chat", "[]")
