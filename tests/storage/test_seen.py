from datetime import datetime, timedelta

from storage import seen
from storage.database import Database


async def test_an_event_is_new_only_once(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        first = await seen.first_time(connection, "web", "e1", now)
        again = await seen.first_time(connection, "web", "e1", now)
        elsewhere = await seen.first_time(connection, "telegram", "e1", now)

    assert (first, again, elsewhere) == (True, False, True)


async def test_old_events_are_forgotten_and_recent_ones_kept(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        await seen.first_time(connection, "web", "old", now - timedelta(days=8))
        await seen.first_time(connection, "web", "recent", now)
        await seen.forget_before(connection, now - timedelta(days=7))

        assert await connection.fetch("SELECT external_id FROM seen") is not None
        rows = await connection.fetch("SELECT external_id FROM seen")

    assert [row["external_id"] for row in rows] == ["recent"]
