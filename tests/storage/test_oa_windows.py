"""What a Zalo Official Account may do in a chat holds for all who share it."""

from datetime import datetime, timedelta

from storage import addresses, learners, oa_windows, seats
from storage.database import Database
from storage.oa_windows import OPEN, Window


async def test_a_window_holds_whoever_takes_the_telephone(
    database: Database, now: datetime
) -> None:
    until = now + timedelta(hours=3)
    async with database.transaction() as connection:
        first, _ = await addresses.load(connection, "zalo_oa", "nha", now)
        await addresses.load(connection, "zalo_oa", "other", now)
        await seats.share(connection, first, "Ông Hai")
        ba = await learners.add(connection, "ba", "", now)
        await seats.add(connection, first, ba, "Bà Ba", now)
        await oa_windows.close(connection, "zalo_oa", "nha", now)
        _, other = await seats.of_phone(connection, first)
        await seats.sit(connection, first, other)
        after = await oa_windows.get(connection, "zalo_oa", "nha")
        await oa_windows.leave_to_person(connection, "zalo_oa", "nha", until)
        both = await oa_windows.get(connection, "zalo_oa", "nha")
        elsewhere = await oa_windows.get(connection, "zalo_oa", "other")

    assert (after, both, elsewhere) == (Window(now, None), Window(now, until), OPEN)
