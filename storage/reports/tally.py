"""A tally: what was counted over some people, by measure and subject."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from storage.discrimination import Discrimination

# Of people: how many there are; how many were heard of within a week, as ``reports.classes`` has
# it; how many learnt in the week of a Monday; who finished all lessons of a course. Of a lesson: how many opened it,
# read it to its end, did its task, are stuck at its task. Of a question: how often it was asked
# the first time in a quiz or a review, and answered right. Of a week: first answers in reviews,
# and the right ones. Of a verdict on a drill: how often. And how many people
# answered a question ("answerers"), were in the reviews of a week ("reviewers"), came to a verdict
# ("judges"): one person may have answered a hundred times.
Measure: TypeAlias = Literal[
    "people",
    "active",
    "week",
    "finished",
    "opened",
    "done",
    "tried",
    "stuck",
    "asked",
    "right",
    "reviewed",
    "recalled",
    "verdict",
    "answerers",
    "reviewers",
    "judges",
]
WEEKS = 12
VERDICTS = ("hit", "miss", "false_alarm", "correct_rejection")


@dataclass(frozen=True, slots=True)
class Tally:
    """``counts`` by measure and subject ("" for people); what is not in it is 0."""

    counts: Mapping[Measure, Mapping[str, int]] = field(default_factory=dict)

    def of(self, measure: Measure, subject: str = "") -> int:
        return self.counts.get(measure, {}).get(subject, 0)

    @property
    def people(self) -> int:
        return self.of("people")

    @property
    def active(self) -> int:
        return self.of("active")

    @property
    def drills(self) -> Discrimination:
        return Discrimination(
            hits=self.of("verdict", "hit"),
            misses=self.of("verdict", "miss"),
            false_alarms=self.of("verdict", "false_alarm"),
            correct_rejections=self.of("verdict", "correct_rejection"),
        )


def tally(rows: Iterable[tuple[Measure, str, int]]) -> Tally:
    """Rows of one measure and subject are added up."""
    counts: dict[Measure, dict[str, int]] = {}
    for measure, subject, count in rows:
        subjects = counts.setdefault(measure, {})
        subjects[subject] = subjects.get(subject, 0) + count
    return Tally(counts)


@dataclass(frozen=True, slots=True)
class Placed:
    """A tally of a place; ``counted_at`` is the oldest count in it, ``None`` before the first."""

    tally: Tally
    counted_at: datetime | None


def weeks_until(today: date) -> list[date]:
    """The Mondays of the last weeks, the oldest first, this week's last."""
    monday = today - timedelta(today.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
