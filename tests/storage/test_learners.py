from datetime import datetime, timedelta

from storage import addresses, learners
from storage.database import Database
from storage.learners import Learner


async def test_a_learner_is_asked_before_anything_is_known(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "web", "page", now)
        stored = await learners.by_id(connection, learner.id)

    assert stored == learner == Learner(learner.id, "", None, "", now)


async def test_term_and_consent_are_kept(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "web", "page", now)
        await learners.set_term(connection, learner.id, "bac")
        await learners.give_consent(connection, learner.id, "2026-11", now + timedelta(minutes=1))
        stored = await learners.by_id(connection, learner.id)

    assert stored == Learner(learner.id, "bac", now + timedelta(minutes=1), "2026-11", now)


async def test_consent_can_be_withdrawn(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "web", "page", now)
        await learners.give_consent(connection, learner.id, "2026-11", now)
        await learners.withdraw_consent(connection, learner.id)
        stored = await learners.by_id(connection, learner.id)

    assert stored == Learner(learner.id, "", None, "", now)


async def test_nobody_has_an_unknown_id(database: Database) -> None:
    async with database.read() as connection:
        assert await learners.by_id(connection, 4711) is None
