from datetime import datetime, timedelta

from storage import addresses, errands
from storage.database import Database
from storage.errands import Errand


async def test_an_address_is_asked_for_once_and_the_oldest_comes_first(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        later, _ = await addresses.load(connection, "zalo_oa", "b", now)
        first, learner = await addresses.load(connection, "zalo_bot", "a", now)
        await errands.add(connection, first.id, "budget", now)
        await errands.add(connection, first.id, "window", now + timedelta(days=1))
        await errands.add(connection, later.id, "window", now + timedelta(hours=1))
        found = await errands.open_ones(connection, 10)
        one = await errands.open_ones(connection, 1)

    assert [errand.address_id for errand in found] == [first.id, later.id]
    assert one == [Errand(first.id, learner.id, "zalo_bot", "budget", now)]


async def test_it_is_over_when_somebody_says_so_or_the_learner_writes_again(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        for name in ("done", "back", "waits", "old"):
            made = now - timedelta(days=90) if name == "old" else now
            address, _ = await addresses.load(connection, "zalo_bot", name, made)
            await errands.add(connection, address.id, "budget", made)
            if name == "done":
                await errands.done(connection, address.id)
            if name == "back":
                await addresses.save_asked(
                    connection,
                    address.id,
                    asked="",
                    misses=0,
                    last_tap="",
                    now=now + timedelta(seconds=1),
                )
        found = await errands.open_ones(connection, 10)
        await errands.forget_before(connection, now - timedelta(days=60))
        left = await connection.fetchval("SELECT COUNT(*) FROM errand")

    assert [errand.created_at for errand in found] == [now - timedelta(days=90), now]
    assert left == 1


async def test_one_that_is_over_begins_anew_and_of_the_erased_nothing_is_asked(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, _ = await addresses.load(connection, "zalo_bot", "a", now)
        await errands.add(connection, address.id, "budget", now)
        heard = now + timedelta(days=1)
        await addresses.save_asked(
            connection, address.id, asked="", misses=0, last_tap="", now=heard
        )
        between = await errands.open_ones(connection, 10)
        later = now + timedelta(days=9)
        await errands.add(connection, address.id, "window", later)
        await errands.add(connection, address.id + 1000, "window", later)
        found = await errands.open_ones(connection, 10)

    assert between == []
    assert [(errand.reason, errand.created_at) for errand in found] == [("window", later)]
