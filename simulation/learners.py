"""Made-up learners: how fast each forgets, and on which days each shows up. Pure.

No number here was measured. They are drawn wide, so that a setting is judged by what it does for
many kinds of people and not for an average one.
"""

from dataclasses import dataclass
from random import Random

# FSRS's weights come from students with flash cards; older learners are taken to forget somewhat
# faster in the middle, and very differently from one another.
_SPEED, _SPEED_SPREAD = 1.25, 0.4
# How many of a lesson's questions are right at the first answer, from the least to the most.
_FIRST_RIGHT = (0.6, 0.95)
# About three days a week, from hardly ever to nearly daily.
_SHOWS_UP = (2.0, 3.0)
_LEARNS = 0.7
# Times away: none, once, twice; each of one to six weeks.
_ABSENCES, _ABSENCE_DAYS = (0.4, 0.4, 0.2), (7, 42)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """``speed`` is days of forgetting in one day: 2 forgets in a week what 1 does in two.

    ``first_right`` is the chance to be right at a first answer, from 0 to 1. ``visits`` are the
    days with the tutor, counted from 0; a new lesson is read on those of ``lesson_days``.
    """

    number: int
    speed: float
    first_right: float
    visits: frozenset[int]
    lesson_days: frozenset[int]


def population(how_many: int, days: int, seed: int) -> tuple[Person, ...]:
    """The same people for the same ``seed``; the first ones stay when there are to be more."""
    return tuple(_person(number, days, seed) for number in range(how_many))


def _person(number: int, days: int, seed: int) -> Person:
    draw = Random(f"{seed}:{number}")  # noqa: S311 - a model's dice, no secret
    speed = _SPEED * draw.lognormvariate(0, _SPEED_SPREAD)
    first_right = draw.uniform(*_FIRST_RIGHT)
    shows_up = draw.betavariate(*_SHOWS_UP)
    away: set[int] = set()
    for _ in range(draw.choices(range(len(_ABSENCES)), _ABSENCES)[0]):
        start = draw.randrange(1, max(days, 2))
        away.update(range(start, start + draw.randint(*_ABSENCE_DAYS)))
    # Everybody is there on the first day; it is what day 0 means.
    visits = [day for day in range(days + 1) if day == 0 or draw.random() < shows_up]
    kept = [day for day in visits if day not in away]
    return Person(
        number=number,
        speed=speed,
        first_right=first_right,
        visits=frozenset(kept),
        lesson_days=frozenset(day for day in kept if day == 0 or draw.random() < _LEARNS),
    )
