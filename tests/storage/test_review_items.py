from dataclasses import replace
from datetime import datetime, timedelta

from quizzes.review import ReviewItem
from storage import addresses, attempts, review_items
from storage.attempts import Attempt
from storage.database import Connection, Database

DAY = timedelta(days=1)


async def a_learner(connection: Connection, now: datetime, page: str = "page") -> int:
    _, learner = await addresses.load(connection, "web", page, now)
    return learner.id


def an_item(question: str, due_at: datetime, now: datetime) -> ReviewItem:
    return ReviewItem(
        question=question,
        stability=2.3065,
        difficulty=2.118103970459015,
        reviewed_at=now,
        due_at=due_at,
        is_safety=True,
        was_right=False,
        meaning="1.single.0.a1b2c3",
    )


async def test_an_item_is_kept_as_it_is_and_replaced_by_the_next(
    database: Database, now: datetime
) -> None:
    first = an_item("otp", now + DAY, now)
    later = replace(
        first,
        stability=10.5,
        reviewed_at=now + DAY,
        due_at=now + 9 * DAY,
        was_right=True,
        meaning="2.single.0.a1b2c3",
    )
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        await review_items.keep(connection, learner, first)
        before = await review_items.of_learner(connection, learner)
        await review_items.keep(connection, learner, later)
        after = await review_items.of_learner(connection, learner)

    assert (before, after) == ([first], [later])


async def test_what_is_due_is_counted_for_one_learner(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner, other = await a_learner(connection, now), await a_learner(connection, now, "other")
        for name, due_at in (("a", now - DAY), ("b", now), ("c", now + DAY)):
            await review_items.keep(connection, learner, an_item(name, due_at, now))
        counts = [
            await review_items.count_due(connection, one, at)
            for one, at in ((learner, now), (learner, now + DAY), (other, now))
        ]

    assert counts == [2, 3, 0]


async def test_what_lies_ahead_is_counted_by_moment_without_the_question_itself(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        for name, due_at in (("a", now), ("b", now + DAY), ("c", now + DAY), ("d", now + 2 * DAY)):
            await review_items.keep(connection, learner, an_item(name, due_at, now))
        ahead = await review_items.ahead(connection, learner, now, "c")
        found = [await review_items.by_question(connection, learner, name) for name in "ax"]

    assert ahead == {now + DAY: 1, now + 2 * DAY: 1}
    assert found == [an_item("a", now, now), None]


async def test_moving_changes_the_day_and_nothing_else(database: Database, now: datetime) -> None:
    a, b = (an_item(name, now, now) for name in "ab")
    moved = replace(b, due_at=now + 3 * DAY, stability=99.0)
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        for item in (a, b):
            await review_items.keep(connection, learner, item)
        await review_items.move(connection, learner, [moved])
        await review_items.move(connection, learner, [])
        stored = await review_items.of_learner(connection, learner)

    assert stored == [a, replace(b, due_at=now + 3 * DAY)]


async def test_a_review_is_an_attempt_without_a_lesson_and_no_result_of_any(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        quiz = await attempts.start(connection, learner, "otp", 1, 4, now)
        early = await attempts.start_review(connection, learner, "review", ("a",), 5, now)
        review = await attempts.start_review(connection, learner, "review", ("a", "b"), 6, now)
        early_one = await attempts.start_review(connection, learner, "early", ("c",), 7, now)
        await attempts.finish(connection, early, 1, False, now)
        found = [
            await attempts.latest_review(connection, learner, kind) for kind in ("review", "early")
        ]
        open_quiz = await attempts.latest_unfinished(connection, learner)
        results = await attempts.results(connection, learner)

    assert found == [
        Attempt(review, learner, "", 6, now, None, 0, 2, False, "review", ("a", "b")),
        Attempt(early_one, learner, "", 7, now, None, 0, 1, False, "early", ("c",)),
    ]
    assert open_quiz is not None
    assert (open_quiz.id, open_quiz.kind, open_quiz.questions) == (quiz, "quiz", ())
    assert results == {}
