"""The model lives by the tutor's rules: what it asks, and when, is what ``quizzes`` says."""

from dataclasses import replace

import pytest

from lessons.catalogue import Catalogue
from quizzes.review import Spacing
from simulation.learners import Person
from simulation.life import Life, Plan, live

SPACING = Spacing()
DAYS = range(0, 181, 5)
NOTHING = Plan(spacing=SPACING, reviews=False, refreshers=False)
EVERY_DAY = frozenset(range(181))


def person(
    speed: float = 1.0, visits: frozenset[int] = EVERY_DAY, first_right: float = 0.8
) -> Person:
    return Person(number=1, speed=speed, first_right=first_right, visits=visits, lesson_days=visits)


def lived(catalogue: Catalogue, someone: Person, plan: Plan, seed: int = 1) -> Life:
    return live(someone, plan, catalogue, DAYS, seed)


def end(life: Life) -> float:
    share = life.known[-1]
    assert share is not None
    return share


def test_the_same_seed_lives_the_same_life(catalogue: Catalogue) -> None:
    plan = Plan(spacing=SPACING)

    assert lived(catalogue, person(), plan) == lived(catalogue, person(), plan)
    assert lived(catalogue, person(), plan) != lived(catalogue, person(), plan, seed=2)


def test_who_comes_daily_learns_every_question_of_the_catalogue(catalogue: Catalogue) -> None:
    quizzes = [catalogue.quiz(lesson.slug) for lesson in catalogue.lessons]
    questions = [one.id for quiz in quizzes if quiz is not None for one in quiz.questions]
    life = lived(catalogue, person(), NOTHING)

    assert (life.learnt, life.safety) == (
        len(questions),
        sum(catalogue.is_safety(name) for name in questions),
    )
    assert life.asked == {}


def test_without_reviews_what_is_known_only_falls_once_nothing_new_is_learnt(
    catalogue: Catalogue,
) -> None:
    known = [share for share in lived(catalogue, person(), NOTHING).known if share is not None]

    assert known[5:] == sorted(known[5:], reverse=True)
    assert known[-1] < known[5] < 1


def test_reviews_keep_more_and_who_forgets_fast_keeps_less(catalogue: Catalogue) -> None:
    plan = Plan(spacing=SPACING)
    slow, fast = (end(lived(catalogue, person(speed), plan)) for speed in (0.7, 2.5))

    assert end(lived(catalogue, person(0.7), NOTHING)) < slow
    assert end(lived(catalogue, person(2.5), NOTHING)) < fast < slow


@pytest.mark.parametrize("a_day", [1, 3, 6])
def test_no_day_asks_more_than_its_share(catalogue: Catalogue, a_day: int) -> None:
    life = lived(catalogue, person(), Plan(spacing=replace(SPACING, questions_a_day=a_day)))

    assert max(life.asked.values()) == a_day


def test_who_was_away_for_weeks_begins_with_two(catalogue: Catalogue) -> None:
    visits = frozenset(range(30)) | frozenset(range(80, 181))
    life = lived(catalogue, person(visits=visits), Plan(spacing=SPACING))

    assert (life.asked[29], life.asked[80], life.asked[81]) == (3, 2, 3)


def test_refreshers_keep_the_limit_where_reviews_alone_would_not(catalogue: Catalogue) -> None:
    """The first four months of a learner who remembers well and comes every day."""
    someone = person(speed=0.5, first_right=1.0)
    only = lived(catalogue, someone, Plan(spacing=SPACING, reviews=False))
    none = lived(catalogue, someone, NOTHING)
    both = lived(catalogue, someone, Plan(spacing=SPACING))

    # Three a day cannot bring back in a week what thirteen lessons taught in thirteen days.
    assert (none.late, both.late) == (none.safety, 0)
    assert only.late < none.safety / 5
    # Nothing comes back before the last week of its four months.
    assert min(only.asked) >= 120 - 7
