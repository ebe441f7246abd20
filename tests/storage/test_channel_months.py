from datetime import datetime

from storage import addresses, channel_months
from storage.channel_months import Counted
from storage.database import Database


async def test_lines_are_counted_by_channel_and_month(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        for name in ("a", "b", "c"):
            await addresses.load(connection, "zalo_bot", name, now)
        await addresses.load(connection, "telegram", "a", now)

        async def add(channel: str, month: str, lines: int, most: int = 10) -> Counted:
            return await channel_months.add(connection, channel, month, lines, most_addresses=most)

        counted = [
            await add("zalo_bot", "2026-11", 2),
            await add("zalo_bot", "2026-11", 3),
            await add("zalo_bot", "2026-11", 0, most=2),
            await add("zalo_bot", "2026-12", 1),
            await add("telegram", "2026-11", 4),
            await add("web", "2026-11", 0),
        ]

    assert counted == [
        Counted(2, 3), Counted(5, 3), Counted(5, 2), Counted(1, 3), Counted(4, 1), Counted(0, 0),
    ]  # fmt: skip
