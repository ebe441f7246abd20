"""How well learners tell scams from what is real: hits and false alarms, kept apart.

One share of right answers hides the difference: whoever calls everything a scam finds every scam.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrimination:
    """Verdicts on drills, in the words of signal detection: of scams ``hits`` were seen through
    and ``misses`` believed; of real ones ``correct_rejections`` were trusted and ``false_alarms``
    called a scam.
    """

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    correct_rejections: int = 0

    @property
    def score(self) -> float | None:
        """Share of hits less share of false alarms, from -1 to 1, where 0 is guessing.

        None as long as only one kind of drill was answered.
        """
        scams = self.hits + self.misses
        real = self.false_alarms + self.correct_rejections
        return self.hits / scams - self.false_alarms / real if scams and real else None


_FIELDS = {
    "hit": "hits",
    "miss": "misses",
    "false_alarm": "false_alarms",
    "correct_rejection": "correct_rejections",
}
# A statement takes 99 parameters at most (storage.sqlite).
_AT_ONCE = 90


async def discrimination(
    connection: Connection, learner_ids: Sequence[int]
) -> dict[int, Discrimination]:
    """By learner, over every drill's first asking in quizzes and reviews.

    Who has answered no drill is left out. A cohort's is the ``total`` of its learners'.
    """
    counts: dict[int, Discrimination] = {}
    for start in range(0, len(learner_ids), _AT_ONCE):
        ids = learner_ids[start : start + _AT_ONCE]
        places = ", ".join(f"${place}" for place in range(1, len(ids) + 1))
        sql = f"""
            SELECT attempt.learner_id, answer.verdict, COUNT(*)
            FROM attempt JOIN answer ON answer.attempt_id = attempt.id
            WHERE attempt.learner_id IN ({places}) AND answer.round = 0 AND answer.verdict <> ''
            GROUP BY attempt.learner_id, answer.verdict
        """
        for learner_id, verdict, count in await connection.fetch(sql, *ids):
            field = _FIELDS.get(verdict)
            if field is not None:
                before = counts.get(learner_id, Discrimination())
                counts[learner_id] = replace(before, **{field: count})
    return counts


async def of_cohorts(
    connection: Connection, cohort_ids: Sequence[int]
) -> dict[int, Discrimination]:
    """By class, over those who let their progress be seen: the ``total`` of each class, at once.

    At most ``_AT_ONCE`` classes. One in which nobody has answered a drill is left out.
    """
    if not cohort_ids:
        return {}
    places = ", ".join(f"${place}" for place in range(1, len(cohort_ids) + 1))
    sql = f"""
        SELECT enrolment.cohort_id, answer.verdict, COUNT(*)
        FROM enrolment JOIN attempt ON attempt.learner_id = enrolment.learner_id
        JOIN answer ON answer.attempt_id = attempt.id AND answer.round = 0
        WHERE enrolment.cohort_id IN ({places}) AND enrolment.scope = 'progress'
        GROUP BY enrolment.cohort_id, answer.verdict
    """
    counts: dict[int, Discrimination] = {}
    for cohort_id, verdict, count in await connection.fetch(sql, *cohort_ids):
        field = _FIELDS.get(verdict)
        if field is not None:
            before = counts.get(cohort_id, Discrimination())
            counts[cohort_id] = replace(before, **{field: count})
    return counts


def total(counts: Sequence[Discrimination]) -> Discrimination:
    """Several learners' verdicts together."""
    return Discrimination(
        hits=sum(one.hits for one in counts),
        misses=sum(one.misses for one in counts),
        false_alarms=sum(one.false_alarms for one in counts),
        correct_rejections=sum(one.correct_rejections for one in counts),
    )
