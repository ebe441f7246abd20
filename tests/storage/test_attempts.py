from datetime import datetime, timedelta

from storage import addresses, attempts
from storage.attempts import Answer, Attempt
from storage.database import Connection, Database

MINUTE = timedelta(minutes=1)


async def a_learner(connection: Connection, now: datetime, page: str = "page") -> int:
    _, learner = await addresses.load(connection, "web", page, now)
    return learner.id


async def finished(
    connection: Connection, learner: int, lesson: str, right: int, passed: bool, now: datetime
) -> int:
    attempt = await attempts.start(connection, learner, lesson, 1, 4, now)
    await attempts.finish(connection, attempt, right, passed, now)
    return attempt


async def test_an_attempt_is_kept_as_it_was_begun(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        number = await attempts.start(connection, learner, "otp", 2**31 - 1, 5, now)
        stored = await attempts.by_id(connection, number)

    assert stored == Attempt(number, learner, "otp", 2**31 - 1, now, None, 0, 5, False)


async def test_a_finished_attempt_cannot_be_finished_again(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        number = await attempts.start(connection, learner, "otp", 1, 5, now)
        await attempts.finish(connection, number, 4, True, now + MINUTE)
        await attempts.finish(connection, number, 0, False, now + 2 * MINUTE)
        stored = await attempts.by_id(connection, number)

    assert stored == Attempt(number, learner, "otp", 1, now, now + MINUTE, 4, 5, True)


async def test_the_latest_attempt_left_open_is_found(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        await attempts.start(connection, learner, "otp", 1, 5, now)
        otp = await attempts.start(connection, learner, "otp", 2, 5, now)
        qr = await attempts.start(connection, learner, "qr", 3, 5, now)
        await finished(connection, learner, "vneid", 5, True, now)
        other = await a_learner(connection, now, "other")
        of_otp = await attempts.unfinished(connection, learner, "otp")
        of_vneid = await attempts.unfinished(connection, learner, "vneid")
        of_any = await attempts.latest_unfinished(connection, learner)
        of_other = await attempts.latest_unfinished(connection, other)

    assert [found and found.id for found in (of_otp, of_vneid, of_any, of_other)] == [
        otp, None, qr, None,
    ]  # fmt: skip


async def test_the_first_answer_to_a_question_counts_in_each_round(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        number = await attempts.start(connection, learner, "otp", 1, 2, now)
        for answer in (
            Answer("q2", 1, "b", "wrong", False, now),
            Answer("q2", 1, "a", "right", True, now + MINUTE),
            Answer("q1", 1, "c", "right", True, now + 2 * MINUTE),
            Answer("q2", 2, "a", "right", True, now + 3 * MINUTE),
        ):
            await attempts.record(connection, number, answer)
        answers = await attempts.answers(connection, number)

    assert answers == [
        Answer("q2", 1, "b", "wrong", False, now),
        Answer("q1", 1, "c", "right", True, now + 2 * MINUTE),
        Answer("q2", 2, "a", "right", True, now + 3 * MINUTE),
    ]


async def test_results_are_the_best_finished_attempt_at_each_lesson(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await a_learner(connection, now)
        await finished(connection, learner, "otp", 2, False, now)
        best = await finished(connection, learner, "otp", 4, True, now)
        await finished(connection, learner, "otp", 3, True, now)
        await finished(connection, learner, "qr", 1, False, now)
        latest = await finished(connection, learner, "qr", 1, False, now)
        await attempts.start(connection, learner, "vneid", 1, 4, now)
        results = await attempts.results(connection, learner)

    assert {lesson: result.id for lesson, result in results.items()} == {"otp": best, "qr": latest}
