"""Fairs and live rounds: a person is counted once, and erasing them leaves the counts true."""

from datetime import datetime, timedelta

from places.model import Place
from storage import addresses, fairs, learners, live_questions, merging, privacy, progress, screens
from storage.database import Connection, Database

LESSON = "gia-cong-an"


async def somebody(connection: Connection, name: str, now: datetime) -> int:
    _, learner = await addresses.load(connection, "web", name, now)
    await learners.give_consent(connection, learner.id, "test", now)
    return learner.id


async def a_fair(connection: Connection, now: datetime) -> tuple[int, int]:
    """A fair, and its screen."""
    owner = await somebody(connection, "owner", now)
    fair = await fairs.add(
        connection,
        "K7M2XD",
        "Ngày hội",
        owner,
        Place("28696"),
        day=now.date(),
        lesson=LESSON,
        opens_at=now,
        ends_at=now + timedelta(hours=9),
        now=now,
    )
    assert fair is not None
    return fair, (await screens.for_fair(connection, fair, LESSON, now)).id


async def test_an_erased_visitor_stays_one_of_the_count(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        fair, screen = await a_fair(connection, now)
        asked = await live_questions.open_one(connection, screen, LESSON, "q", now)
        for name, given in (("a", "0"), ("b", "1"), ("c", "1")):
            one = await somebody(connection, name, now)
            assert await fairs.come(connection, fair, one, 8, now)
            assert await live_questions.answer(connection, asked, one, given, now)
            await progress.finish(connection, one, LESSON, now + timedelta(minutes=9))
        await privacy.erase(connection, one)

        crowd = await fairs.crowd(connection, fair)
        assert (dict(crowd.by_hour), crowd.lessons) == ({8: 3}, 3)
        assert await live_questions.counts(connection, asked) == {"0": 1, "1": 2}

        assert await fairs.close(connection, fair, now + timedelta(hours=8))
        assert not await fairs.close(connection, fair, now + timedelta(hours=8))
        assert await fairs.crowd(connection, fair) == crowd


async def test_two_chats_of_one_person_are_one_visitor_and_one_answer(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        fair, screen = await a_fair(connection, now)
        asked = await live_questions.open_one(connection, screen, LESSON, "q", now)
        first, second = [await somebody(connection, name, now) for name in ("page", "chat")]
        for one, given in ((first, "0"), (second, "1")):
            await fairs.come(connection, fair, one, 8, now)
            await live_questions.take_seat(connection, screen, one, now)
            await live_questions.answer(connection, asked, one, given, now)
        await merging.unite(connection, first, second)

        assert (await fairs.crowd(connection, fair)).people == 1
        assert await live_questions.counts(connection, asked) == {"1": 1}
        assert await live_questions.seats(connection, screen, now) == 1


async def test_a_lesson_finished_before_the_gate_or_after_the_day_is_not_the_fairs(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        fair, _ = await a_fair(connection, now)
        one = await somebody(connection, "a", now)
        await progress.finish(connection, one, "before", now - timedelta(hours=1))
        await fairs.come(connection, fair, one, 8, now)
        await progress.finish(connection, one, "there", now + timedelta(hours=1))
        await progress.finish(connection, one, "after", now + timedelta(hours=9))

        assert (await fairs.crowd(connection, fair)).lessons == 1


async def test_an_answer_after_the_right_one_was_shown_counts_for_nothing(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        _, screen = await a_fair(connection, now)
        one = await somebody(connection, "a", now)
        asked = await live_questions.open_one(connection, screen, LESSON, "q", now)
        assert await live_questions.close_open(connection, screen, now)

        assert not await live_questions.answer(connection, asked, one, "0", now)
        assert await live_questions.counts(connection, asked) == {}
        assert not await live_questions.close_open(connection, screen, now)


async def test_a_code_of_a_class_is_no_fairs(database: Database, now: datetime) -> None:
    from storage import cohorts

    async with database.transaction() as connection:
        owner = await somebody(connection, "owner", now)
        cohort = await cohorts.add(connection, "Lớp", owner, Place("28696"), now)
        await cohorts.set_code(connection, cohort, "K7M2XD", now, now + timedelta(days=1))
        made = await fairs.add(
            connection,
            "K7M2XD",
            "Ngày hội",
            owner,
            Place("28696"),
            day=now.date(),
            lesson=LESSON,
            opens_at=now,
            ends_at=now,
            now=now,
        )

        assert made is None
