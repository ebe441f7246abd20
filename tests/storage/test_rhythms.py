from dataclasses import replace
from datetime import date, datetime, timedelta

from storage import addresses, rhythms, study_weeks, timers, unasked
from storage.database import Database
from storage.rhythms import Rhythm
from storage.study_weeks import StudyWeek

DAY = date(2026, 11, 25)  # a Wednesday
MONDAY = date(2026, 11, 23)


async def test_rhythm_is_kept_as_it_is(database: Database, now: datetime) -> None:
    whole = Rhythm(
        state="asleep", days=21, sessions=3, is_free=True, minute=420, begun_at=now,
        rests_until_at=now, reminded_at=now, reminders=9, unanswered=6, is_skipping=True,
        offered_at=now, fading_at=now,
    )  # fmt: skip
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "web", "a", now)
        assert await rhythms.of_learner(connection, learner.id) is None
        await rhythms.keep(connection, learner.id, Rhythm())
        assert await rhythms.of_learner(connection, learner.id) == Rhythm()
        await rhythms.keep(connection, learner.id, whole)
        assert await rhythms.of_learner(connection, learner.id) == whole


async def test_days_of_learning_gather_in_their_week(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "web", "a", now)
        for days in (0, 0, 2, 7, -7):
            await study_weeks.note(connection, learner.id, DAY + timedelta(days))
        found = await study_weeks.since(connection, learner.id, DAY)

    assert found == [StudyWeek(MONDAY + timedelta(7), 0b100, 1), StudyWeek(MONDAY, 0b10100, 1)]
    assert [found[1].has(DAY + timedelta(days)) for days in (0, 1, 2, 7)] == [
        True,
        False,
        True,
        False,
    ]


async def test_week_knows_how_much_was_wanted_then(database: Database, now: datetime) -> None:
    three = Rhythm(state="on", sessions=3)
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "web", "a", now)
        await study_weeks.note(connection, learner.id, DAY)
        await rhythms.keep(connection, learner.id, three)
        await study_weeks.note(connection, learner.id, DAY + timedelta(7))
        await rhythms.keep(connection, learner.id, replace(three, state="off"))
        await study_weeks.note(connection, learner.id, DAY + timedelta(14))
        await study_weeks.want(connection, learner.id, DAY + timedelta(14), 2)
        found = await study_weeks.since(connection, learner.id, DAY)

    assert [week.wanted for week in found] == [2, 3, 1]


async def test_joined_learners_keep_every_day_and_one_limit(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        kept, one = await addresses.load(connection, "web", "a", now)
        left, other = await addresses.load(connection, "telegram", "b", now)
        for learner, days in ((one, (0, 7)), (other, (1, 14))):
            for later in days:
                await study_weeks.note(connection, learner.id, DAY + timedelta(later))
            await unasked.count(
                connection, learner.id, DAY, lines=1, reminders=1, most_lines=3, most_reminders=1
            )
        await rhythms.keep(connection, other.id, Rhythm(state="on"))
        await addresses.join(connection, left.id, one.id)
        weeks = await study_weeks.since(connection, one.id, DAY)
        more = [
            await unasked.count(
                connection, one.id, DAY, lines=1, reminders=0, most_lines=3, most_reminders=3
            )
            for _ in range(2)
        ]
        rhythm = await rhythms.of_learner(connection, one.id)

    assert [week.days for week in weeks] == [0b100, 0b100, 0b1100]
    assert more == [True, False]
    assert rhythm == Rhythm(state="on")
    assert kept.learner_id == one.id


async def test_reminders_go_on_at_another_chat_when_one_is_blocked(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        blocked, learner = await addresses.load(connection, "telegram", "a", now)
        other, _ = await addresses.load(connection, "web", "b", now - timedelta(days=1))
        await addresses.join(connection, other.id, learner.id)
        await timers.set_for(connection, blocked.id, rhythms.TIMER, now)
        await timers.set_for(connection, blocked.id, "another", now)
        await addresses.stop(connection, blocked.id, now)
        due = await timers.due(connection, now, 10)
        assert [(timer.kind, timer.address) for timer in due] == [(rhythms.TIMER, "b")]
        assert await addresses.last_used(connection, learner.id) == other.id
        await addresses.stop(connection, other.id, now)
        assert await timers.due(connection, now, 10) == []
        assert await addresses.last_used(connection, learner.id) is None
        await addresses.resume(connection, other.id)
        assert [timer.address for timer in await timers.due(connection, now, 10)] == ["b"]
