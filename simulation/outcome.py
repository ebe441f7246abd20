"""Several plans for the same made-up learners, and what came of each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import mean, quantiles

from lessons.catalogue import Catalogue
from quizzes.review import Spacing
from simulation.learners import Person, population
from simulation.life import Life, Plan, live

# So many looks make a smooth line.
_LOOKS = 45
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """Share still known of what was learnt so far, by day: of all learners together, and of the
    tenth of them who know the least and the most. None before anybody has learnt any.
    """

    mean: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``known`` of all questions and ``known_safety`` of those of safety courses.

    ``learnt`` is questions a learner; ``asked_a_week`` review questions a learner and week;
    ``most_a_day`` the most that anybody was asked in a day; ``late`` the share of safety
    questions, from 0 to 1, that somebody's had to wait longer than the plan's safety limit.
    """

    plan: Plan
    known: Line
    known_safety: Line
    learnt: float
    asked_a_week: float
    most_a_day: int
    late: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``trial`` is the outcome of other settings, None when only the present ones were asked."""

    learners: int
    days: range
    nothing: Outcome
    refreshers: Outcome
    reviews: Outcome
    now: Outcome
    trial: Outcome | None

    @property
    def last_day(self) -> int:
        return self.days[-1]


def compare(
    catalogue: Catalogue,
    now: Spacing,
    trial: Spacing | None,
    *,
    learners: int,
    days: int,
    seed: int,
) -> Comparison:
    """The same people, days and luck under each plan; the same again for the same ``seed``."""
    step = max(1, days // _LOOKS)
    # The last day is one of those looked at.
    looked = range(days % step, days + 1, step)
    people = population(learners, days, seed)

    def outcome(plan: Plan) -> Outcome:
        lives = [live(person, plan, catalogue, looked, seed) for person in people]
        return _outcome(plan, people, lives, days)

    return Comparison(
        learners=learners,
        days=looked,
        nothing=outcome(Plan(spacing=now, reviews=False, refreshers=False)),
        refreshers=outcome(Plan(spacing=now, reviews=False)),
        reviews=outcome(Plan(spacing=now, refreshers=False)),
        now=outcome(Plan(spacing=now)),
        trial=None if trial is None else outcome(Plan(spacing=trial)),
    )


def _outcome(plan: Plan, people: Sequence[Person], lives: Sequence[Life], days: int) -> Outcome:
    asked = [tuple(life.asked.values()) for life in lives]
    safety = sum(life.safety for life in lives)
    return Outcome(
        plan=plan,
        known=_line([life.known for life in lives]),
        known_safety=_line([life.known_safety for life in lives]),
        learnt=mean(life.learnt for life in lives),
        asked_a_week=sum(map(sum, asked)) / len(people) / days * 7,
        most_a_day=max(chain.from_iterable(asked), default=0),
        late=sum(life.late for life in lives) / safety if safety else 0.0,
    )


def _line(lives: Sequence[Sequence[float | None]]) -> Line:
    days = [
        sorted(share for share in shares if share is not None)
        for shares in zip(*lives, strict=True)
    ]
    tenths = [
        quantiles(day, n=_TENTHS, method="inclusive") if len(day) > 1 else day for day in days
    ]
    return Line(
        mean=tuple(mean(day) if day else None for day in days),
        low=tuple(tenth[0] if tenth else None for tenth in tenths),
        high=tuple(tenth[-1] if tenth else None for tenth in tenths),
    )
