"""One made-up learner's days with the tutor, under the tutor's own rules. Pure.

What the tutor believes of a memory (``quizzes.review``) and what the learner really still knows
are kept apart: both follow FSRS, but the learner's days of forgetting run at a speed of their
own, which the tutor cannot know. That is the model, and all that is modelled.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import floor, log10
from random import Random

from lessons.catalogue import Catalogue
from quizzes.due import LAST_CALL, pick
from quizzes.review import ReviewItem, Spacing, after_answer, recall
from simulation.learners import Person

# Half past seven in the evening in Viet Nam; which day it is makes no difference.
_START = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
_UNHELD = Spacing(maximum_interval_days=36_500, safety_interval_days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``reviews``: what was learnt comes back as FSRS says. ``refreshers``: what was learnt
    against scams comes back within ``spacing.safety_interval_days``, whatever else happens.
    """

    spacing: Spacing
    reviews: bool = True
    refreshers: bool = True

    def limits(self) -> Spacing:
        """The limits as this plan has them: without refreshers, safety is like the rest."""
        if self.refreshers:
            return self.spacing
        return replace(self.spacing, safety_interval_days=self.spacing.maximum_interval_days)


@dataclass(slots=True)
class Life:
    """What became of one learner under one plan.

    ``known`` and ``known_safety`` hold, for each looked-at day, the mean chance from 0 to 1 that
    a question learnt so far is still known; None before the first. ``asked`` is how many
    questions each day's review had; ``late`` of ``safety`` questions learnt had to wait longer
    than the plan's safety limit.
    """

    known: list[float | None] = field(default_factory=list)
    known_safety: list[float | None] = field(default_factory=list)
    asked: dict[int, int] = field(default_factory=dict)
    learnt: int = 0
    safety: int = 0
    late: int = 0


def live(person: Person, plan: Plan, catalogue: Catalogue, days: range, dice_seed: int) -> Life:
    """The life of ``person`` until the last of ``days``, on which to look at what is known.

    Chance falls alike in every plan: the same question on the same day for the same person.
    """
    life = _Living(person, plan, catalogue, dice_seed)
    for day in range(days[-1] + 1):
        if day in person.visits:
            life.visit(day)
        if day in days:
            life.look(day)
    return life.ended(days[-1])


class _Living:
    def __init__(self, person: Person, plan: Plan, catalogue: Catalogue, dice_seed: int) -> None:
        self._person, self._plan, self._catalogue = person, plan, catalogue
        self._spacing, self._dice_seed = plan.limits(), dice_seed
        self._believed: dict[str, ReviewItem] = {}
        self._memory: dict[str, ReviewItem] = {}
        self._told: dict[str, int] = {}
        self._done: set[str] = set()
        self._late: set[str] = set()
        self._life = Life()

    def visit(self, day: int) -> None:
        """As on the real "Học tiếp": the day's review first, and then a lesson."""
        self._review(day)
        if day not in self._person.lesson_days:
            return
        lesson = self._catalogue.next_lesson(self._done)
        quiz = None if lesson is None else self._catalogue.quiz(lesson.slug)
        if lesson is None or quiz is None:
            return
        self._done.add(lesson.slug)
        for question in quiz.questions:
            self._answer(question.id, day, self._person.first_right)

    def look(self, day: int) -> None:
        chances = {name: self._chance(name, day) for name in self._memory}
        safety = [chance for name, chance in chances.items() if self._believed[name].is_safety]
        self._life.known.append(_mean(list(chances.values())))
        self._life.known_safety.append(_mean(safety))

    def ended(self, last: int) -> Life:
        for item in self._believed.values():
            self._note_wait(item, last)
        self._life.learnt = len(self._believed)
        self._life.safety = sum(item.is_safety for item in self._believed.values())
        self._life.late = len(self._late)
        return self._life

    def _review(self, day: int) -> None:
        now = _moment(day)
        items = self._waiting()
        if not any(item.due_at <= now for item in items):
            return
        new = self._catalogue.new_drills(self._believed.keys())
        picked = pick(self._spacing, items, now, self._catalogue.drills, new)
        for item in picked.moved:
            self._believed[item.question] = item
        for name in picked.questions:
            known = name in self._memory
            self._answer(name, day, self._chance(name, day) if known else self._person.first_right)
        self._life.asked[day] = len(picked.questions)

    def _waiting(self) -> list[ReviewItem]:
        """What may come back under the plan."""
        if self._plan.reviews:
            return list(self._believed.values())
        if not self._plan.refreshers:
            return []
        spacing = self._spacing
        return [
            replace(item, due_at=spacing.start_of(spacing.last_day(item) - LAST_CALL))
            for item in self._believed.values()
            if item.is_safety
        ]

    def _answer(self, name: str, day: int, chance: float) -> None:
        """One answer: the tutor learns what it can see of it, the learner what really happened."""
        dice = Random(f"{self._dice_seed}:{self._person.number}:{day}:{name}")  # noqa: S311
        is_right = dice.random() < chance
        # Who only just knows it answers with help, or for the wrong reason.
        is_firm = dice.random() < chance
        now, before = _moment(day), self._believed.get(name)
        if before is not None:
            self._note_wait(before, day)
        is_safety = self._catalogue.is_safety(name)
        self._believed[name] = after_answer(
            self._spacing,
            name,
            before,
            now,
            is_right=is_right,
            is_firm=is_firm,
            is_safety=is_safety,
            busy=self._busy(name, now),
        )
        self._memory[name] = after_answer(
            _UNHELD,
            name,
            self._memory.get(name),
            _moment(self._own_day(day)),
            is_right=is_right,
            is_firm=is_firm,
            is_safety=is_safety,
            busy={},
        )
        self._told[name] = self._own_day(day)

    def _busy(self, but: str, now: datetime) -> dict[date, int]:
        ahead = Counter(
            item.due_at
            for name, item in self._believed.items()
            if item.due_at > now and name != but
        )
        return {self._spacing.day(moment): count for moment, count in ahead.items()}

    def _note_wait(self, item: ReviewItem, day: int) -> None:
        spacing = self._plan.spacing
        waited = (spacing.day(_moment(day)) - spacing.day(item.reviewed_at)).days
        if item.is_safety and waited > spacing.longest(is_safety=True):
            self._late.add(item.question)

    def _own_day(self, day: int) -> int:
        """The day as this learner's forgetting counts it."""
        return int(day * self._person.speed)

    def _chance(self, name: str, day: int) -> float:
        elapsed = self._own_day(day) - self._told[name]
        return _known(_rounded(self._memory[name].stability), elapsed)


@cache
def _known(stability: float, days: int) -> float:
    """The chance after so many days, by the rule the tutor itself foretells it with."""
    item = ReviewItem(
        question="",
        stability=stability,
        difficulty=5.0,
        reviewed_at=_START,
        due_at=_START,
        is_safety=False,
        was_right=True,
    )
    return recall(_UNHELD, item, _moment(days))


def _rounded(stability: float) -> float:
    """To three digits: nobody sees the difference, and most chances are then reckoned already."""
    return round(stability, 2 - floor(log10(stability)))


def _moment(day: int) -> datetime:
    return _START + timedelta(days=day)


def _mean(numbers: list[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None
