"""Who of a hamlet's classes is stuck where, for the visit sheet.

The caller shows only those who agreed to be seen, and writes the look into the audit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from places.model import Place
from storage.database import Connection
from storage.times import to_ms

# Long enough to be no pause, and not so long that they are somewhere else by now.
SILENT = timedelta(days=3)
RECENT = timedelta(days=60)
_MOST = 300


@dataclass(frozen=True, slots=True)
class Stuck:
    """``name`` is what they want to be called in class, or "". ``card`` counts from 0;
    ``in_practice`` says that they read it all and could not do the task. ``is_seen`` tells whether
    they agreed to be seen.
    """

    learner_id: int
    name: str
    is_seen: bool
    lesson: str
    card: int
    in_practice: bool


_AT = """
    SELECT enrolment.learner_id, enrolment.name, enrolment.scope, lesson_progress.lesson,
        lesson_progress.card, lesson_progress.done_at
    FROM cohort
    JOIN enrolment ON enrolment.cohort_id = cohort.id
    JOIN lesson_progress ON lesson_progress.learner_id = enrolment.learner_id
    WHERE cohort.commune = $1 AND cohort.hamlet_id = $2 AND cohort.closed_at IS NULL
        AND lesson_progress.updated_at >= $3 AND lesson_progress.practice <> 'done'
        AND (lesson_progress.practice = 'stuck'
            OR (lesson_progress.done_at IS NULL AND lesson_progress.updated_at < $4))
        AND enrolment.learner_id <> $5
    ORDER BY lesson_progress.updated_at DESC, enrolment.learner_id, enrolment.scope DESC
    LIMIT $6
"""


async def at(connection: Connection, place: Place, looker_id: int, now: datetime) -> list[Stuck]:
    """Each person of the hamlet's open classes once, where they got stuck last, the latest first."""
    rows = await connection.fetch(
        _AT,
        place.commune,
        place.hamlet,
        to_ms(now - RECENT),
        to_ms(now - SILENT),
        looker_id,
        _MOST,
    )
    found: dict[int, Stuck] = {}
    for learner_id, name, scope, lesson, card, done_at in rows:
        seen = scope == "progress"
        one = Stuck(learner_id, name if seen else "", seen, lesson, card, done_at is not None)
        # Seen in one of two classes is seen.
        if learner_id not in found or (seen and not found[learner_id].is_seen):
            found[learner_id] = one
    return list(found.values())
