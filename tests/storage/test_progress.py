from datetime import datetime, timedelta

from storage import addresses, progress
from storage.database import Connection, Database
from storage.progress import LessonProgress

DAY = timedelta(days=1)


async def a_learner(connection: Connection, now: datetime) -> int:
    _, learner = await addresses.load(connection, "web", "page", now)
    return learner.id


async def test_a_lesson_is_left_on_the_card_last_shown(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        await progress.reach(connection, learner, "otp", 0, now)
        await progress.reach(connection, learner, "otp", 3, now + DAY)
        await progress.reach(connection, learner, "otp", 2, now + 2 * DAY)
        learnt = await progress.of_learner(connection, learner)

    assert learnt == {"otp": LessonProgress("otp", 2, now, now + 2 * DAY, None, "", None)}


async def test_a_finished_lesson_stays_finished_when_read_again(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        await progress.reach(connection, learner, "otp", 4, now)
        await progress.finish(connection, learner, "otp", now + DAY)
        await progress.reach(connection, learner, "otp", 0, now + 2 * DAY)
        await progress.finish(connection, learner, "otp", now + 3 * DAY)
        learnt = await progress.of_learner(connection, learner)

    assert learnt == {"otp": LessonProgress("otp", 0, now, now + 3 * DAY, now + DAY, "", None)}


async def test_a_task_can_be_marked_again_and_before_anything_was_read(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        await progress.mark_practice(connection, learner, "otp", "stuck", now)
        await progress.mark_practice(connection, learner, "otp", "done", now + DAY)
        learnt = await progress.of_learner(connection, learner)

    assert learnt == {"otp": LessonProgress("otp", 0, now, now + DAY, None, "done", now + DAY)}


async def test_lessons_come_in_the_order_in_which_they_were_begun(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        await progress.reach(connection, learner, "qr", 0, now + DAY)
        await progress.finish(connection, learner, "otp", now)
        _, other = await addresses.load(connection, "web", "other", now)
        await progress.reach(connection, other.id, "vneid", 0, now)

        assert list(await progress.of_learner(connection, learner)) == ["otp", "qr"]
        assert await progress.of_learner(connection, 4711) == {}
