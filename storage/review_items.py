"""Review items: each question a learner has answered, and the day it is to be asked again."""

from collections.abc import Iterable
from datetime import datetime

from quizzes.review import ReviewItem
from storage.database import Connection, Row
from storage.times import from_ms, to_ms

_COLUMNS = "question, stability, difficulty, reviewed_at, due_at, is_safety, was_right, meaning"
_OF_LEARNER = f"""
    SELECT {_COLUMNS} FROM review_item WHERE learner_id = $1 ORDER BY due_at, question
"""


async def of_learner(connection: Connection, learner_id: int) -> list[ReviewItem]:
    """Every one, the first to come due before the others."""
    return [_item(row) for row in await connection.fetch(_OF_LEARNER, learner_id)]


_BY_QUESTION = f"""
    SELECT {_COLUMNS} FROM review_item WHERE learner_id = $1 AND question = $2
"""


async def by_question(connection: Connection, learner_id: int, question: str) -> ReviewItem | None:
    row = await connection.fetchrow(_BY_QUESTION, learner_id, question)
    return None if row is None else _item(row)


_AHEAD = """
    SELECT due_at, COUNT(*) FROM review_item
    WHERE learner_id = $1 AND due_at > $2 AND question <> $3 GROUP BY due_at
"""


async def ahead(
    connection: Connection, learner_id: int, now: datetime, but: str
) -> dict[datetime, int]:
    """How many come due at each later moment, ``but`` one question."""
    rows = await connection.fetch(_AHEAD, learner_id, to_ms(now), but)
    return {from_ms(due_at): count for due_at, count in rows}


_DUE = """
    SELECT COUNT(*) FROM review_item WHERE learner_id = $1 AND due_at <= $2
"""


async def count_due(connection: Connection, learner_id: int, now: datetime) -> int:
    """How many are due, those of questions taken out since among them."""
    return int(await connection.fetchval(_DUE, learner_id, to_ms(now)))


_KEEP = f"""
    INSERT INTO review_item (learner_id, {_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (learner_id, question) DO UPDATE SET
        stability = excluded.stability,
        difficulty = excluded.difficulty,
        reviewed_at = excluded.reviewed_at,
        due_at = excluded.due_at,
        is_safety = excluded.is_safety,
        was_right = excluded.was_right,
        meaning = excluded.meaning
"""


async def keep(connection: Connection, learner_id: int, item: ReviewItem) -> None:
    """Keep what is known of it now, in place of what was."""
    await connection.execute(
        _KEEP,
        learner_id,
        item.question,
        item.stability,
        item.difficulty,
        to_ms(item.reviewed_at),
        to_ms(item.due_at),
        int(item.is_safety),
        int(item.was_right),
        item.meaning,
    )


_MOVE = "UPDATE review_item SET due_at = $3 WHERE learner_id = $1 AND question = $2"


async def move(connection: Connection, learner_id: int, items: Iterable[ReviewItem]) -> None:
    """Keep the new days of these; nothing else of them changes."""
    rows = [(learner_id, item.question, to_ms(item.due_at)) for item in items]
    if rows:
        await connection.executemany(_MOVE, rows)


def _item(row: Row) -> ReviewItem:
    question, stability, difficulty, reviewed_at, due_at, is_safety, was_right, meaning = row
    return ReviewItem(
        question=question,
        stability=stability,
        difficulty=difficulty,
        reviewed_at=from_ms(reviewed_at),
        due_at=from_ms(due_at),
        is_safety=bool(is_safety),
        was_right=bool(was_right),
        meaning=meaning,
    )
