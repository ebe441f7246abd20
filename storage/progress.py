"""Progress: how far a learner has read each lesson, and the task that goes with it."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """``card`` is the card last shown, from zero. ``practice`` is "", "done", "not_yet" or
    "stuck".
    """

    lesson: str
    card: int
    started_at: datetime
    updated_at: datetime
    done_at: datetime | None
    practice: str
    practice_at: datetime | None


_OF_LEARNER = """
    SELECT lesson, card, started_at, updated_at, done_at, practice, practice_at
    FROM lesson_progress WHERE learner_id = $1 ORDER BY started_at, lesson
"""


async def of_learner(connection: Connection, learner_id: int) -> dict[str, LessonProgress]:
    """By lesson, in the order in which they were begun."""
    progress = {}
    for row in await connection.fetch(_OF_LEARNER, learner_id):
        lesson, card, started_at, updated_at, done_at, practice, practice_at = row
        progress[lesson] = LessonProgress(
            lesson=lesson,
            card=card,
            started_at=from_ms(started_at),
            updated_at=from_ms(updated_at),
            done_at=from_ms(done_at),
            practice=practice,
            practice_at=from_ms(practice_at),
        )
    return progress


_REACH = """
    INSERT INTO lesson_progress (learner_id, lesson, card, started_at, updated_at)
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT (learner_id, lesson)
    DO UPDATE SET card = excluded.card, updated_at = excluded.updated_at
"""


async def reach(
    connection: Connection, learner_id: int, lesson: str, card: int, now: datetime
) -> None:
    """This card is the one shown now. A lesson that was done stays done."""
    await connection.execute(_REACH, learner_id, lesson, card, to_ms(now))


_FINISH = """
    INSERT INTO lesson_progress (learner_id, lesson, started_at, updated_at, done_at)
    VALUES ($1, $2, $3, $3, $3)
    ON CONFLICT (learner_id, lesson) DO UPDATE SET
        done_at = COALESCE(lesson_progress.done_at, excluded.done_at),
        updated_at = excluded.updated_at
"""


async def finish(connection: Connection, learner_id: int, lesson: str, now: datetime) -> None:
    """Read to the end; the first time is the one kept."""
    await connection.execute(_FINISH, learner_id, lesson, to_ms(now))


_MARK_PRACTICE = """
    INSERT INTO lesson_progress
        (learner_id, lesson, started_at, updated_at, practice, practice_at)
    VALUES ($1, $2, $4, $4, $3, $4)
    ON CONFLICT (learner_id, lesson) DO UPDATE SET
        practice = excluded.practice,
        practice_at = excluded.practice_at,
        updated_at = excluded.updated_at
"""


async def mark_practice(
    connection: Connection, learner_id: int, lesson: str, practice: str, now: datetime
) -> None:
    """What the learner says of the task: "done", "not_yet" or "stuck"."""
    await connection.execute(_MARK_PRACTICE, learner_id, lesson, practice, to_ms(now))
