"""The one door for what is said unasked: hours, days, and how much on one day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from conversation.door import knock
from conversation.manners import VIET_NAM, Manners
from storage import addresses
from storage.database import Database
from tests.support.databases import ENGINES, fresh_database

MANNERS = Manners()
NOON = datetime(2026, 11, 23, 12, tzinfo=VIET_NAM)
MORNING_AFTER = datetime(2026, 11, 24, 7, tzinfo=VIET_NAM)
DAY = timedelta(days=1)


@pytest.fixture(params=ENGINES)
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    async with fresh_database(request.param) as database:
        yield database


async def newcomer(database: Database) -> int:
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "plain", "7", NOON)
        return learner.id


async def at_door(
    database: Database, learner: int, now: datetime, *, zone: str = "", **how: bool
) -> datetime | None:
    async with database.transaction() as connection:
        return await knock(connection, MANNERS, learner, zone, now, **how)


async def test_three_lines_a_day_and_then_the_next_morning(either: Database) -> None:
    learner = await newcomer(either)

    answers = [await at_door(either, learner, NOON + timedelta(hours=n)) for n in range(4)]

    assert answers == [None, None, None, MORNING_AFTER]
    assert await at_door(either, learner, NOON + DAY) is None


async def test_one_reminder_a_day_beside_other_lines(either: Database) -> None:
    learner = await newcomer(either)

    assert await at_door(either, learner, NOON, is_reminder=True) is None
    assert await at_door(either, learner, NOON, is_reminder=True) == MORNING_AFTER
    assert await at_door(either, learner, NOON) is None
    assert await at_door(either, learner, NOON + DAY, is_reminder=True) is None


async def test_what_is_urgent_passes_the_limit_but_not_the_night(either: Database) -> None:
    learner = await newcomer(either)
    for _ in range(3):
        await at_door(either, learner, NOON)

    assert await at_door(either, learner, NOON, is_urgent=True) is None
    night = NOON.replace(hour=23)
    assert await at_door(either, learner, night, is_urgent=True) == MORNING_AFTER


async def test_of_many_at_once_three_come_in(either: Database) -> None:
    learner = await newcomer(either)

    answers = await asyncio.gather(*(at_door(either, learner, NOON) for _ in range(8)))

    assert answers.count(None) == 3


async def test_day_is_the_learners_own(either: Database) -> None:
    learner = await newcomer(either)
    evening = NOON.replace(hour=20)  # two in the afternoon in Berlin
    for _ in range(3):
        assert await at_door(either, learner, evening, zone="Europe/Berlin") is None

    opens = await at_door(either, learner, evening, zone="Europe/Berlin")

    assert opens == datetime(2026, 11, 24, 13, tzinfo=VIET_NAM)


@pytest.mark.parametrize(
    ("days", "refused"),
    [(-1, True), (1, False), (-300, False)],
    ids=["put back over midnight", "tomorrow", "put back from a year that was a mistake"],
)
async def test_clock_put_back_gives_no_second_day_but_a_mistake_does_no_harm(
    database: Database, days: int, refused: bool
) -> None:
    learner = await newcomer(database)
    for _ in range(3):
        await at_door(database, learner, NOON)

    assert (await at_door(database, learner, NOON + days * DAY) is not None) is refused


async def test_refused_lines_are_not_counted(database: Database) -> None:
    learner = await newcomer(database)
    await at_door(database, learner, NOON.replace(hour=22))

    answers = [await at_door(database, learner, NOON) for _ in range(3)]

    assert answers == [None, None, None]
