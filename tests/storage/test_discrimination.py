from datetime import datetime

import pytest

from storage import addresses, attempts
from storage.attempts import Answer
from storage.database import Connection, Database
from storage.discrimination import Discrimination, discrimination, total


async def answered(
    connection: Connection, page: str, verdicts: list[tuple[int, str]], now: datetime
) -> int:
    """A learner who gave these verdicts, each in its round, in one review."""
    _, learner = await addresses.load(connection, "web", page, now)
    review = await attempts.start_review(connection, learner.id, "review", ("a",), 1, now)
    for place, (round_, verdict) in enumerate(verdicts):
        answer = Answer(f"cau-{place}", round_, "scam", verdict, True, now)
        await attempts.record(connection, review, answer)
    return learner.id


async def test_hits_and_false_alarms_are_counted_apart_and_first_askings_only(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        wary = await answered(
            connection,
            "wary",
            [(0, "hit"), (0, "hit"), (0, "miss"), (0, "false_alarm"), (1, "hit"), (0, "")],
            now,
        )
        calm = await answered(
            connection,
            "calm",
            [(0, "hit"), (0, "correct_rejection"), (0, "correct_rejection")],
            now,
        )
        none = await answered(connection, "none", [(0, "")], now)
        await answered(connection, "other", [(0, "miss")], now)
        counts = await discrimination(connection, [wary, calm, none])

    assert counts == {
        wary: Discrimination(hits=2, misses=1, false_alarms=1),
        calm: Discrimination(hits=1, correct_rejections=2),
    }
    assert total(list(counts.values())) == Discrimination(
        hits=3, misses=1, false_alarms=1, correct_rejections=2
    )


async def test_many_learners_are_asked_about_in_parts(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner = await answered(connection, "one", [(0, "hit")], now)
        counts = await discrimination(connection, [*range(learner + 1, learner + 1201), learner])
        nobody = await discrimination(connection, [])

    assert (counts, nobody) == ({learner: Discrimination(hits=1)}, {})


@pytest.mark.parametrize(
    ("counted", "score"),
    [
        (Discrimination(hits=4, correct_rejections=4), 1.0),
        (Discrimination(hits=4, false_alarms=4), 0.0),
        (Discrimination(hits=3, misses=1, false_alarms=1, correct_rejections=3), 0.5),
        (Discrimination(hits=4), None),
        (Discrimination(), None),
    ],
)
def test_calling_everything_a_scam_is_no_better_than_guessing(
    counted: Discrimination, score: float | None
) -> None:
    assert counted.score == score
