from itertools import pairwise

from simulation.learners import population


def test_the_same_seed_makes_the_same_people_however_many_more_there_are() -> None:
    assert population(9, 180, 4)[:3] == population(3, 180, 4)
    assert population(3, 180, 5) != population(3, 180, 4)


def test_people_differ_in_forgetting_in_coming_and_in_weeks_away() -> None:
    people = population(200, 180, 1)
    speeds = sorted(person.speed for person in people)
    visits = sorted(len(person.visits) for person in people)

    assert speeds[20] * 2 < speeds[-20]
    assert visits[20] * 4 < visits[-20]
    assert all(person.lesson_days <= person.visits <= set(range(181)) for person in people)
    assert all(0 in person.lesson_days for person in people)
    assert {max(_gaps(person.visits)) >= 14 for person in people if len(person.visits) > 60} == {
        True,
        False,
    }


def _gaps(visits: frozenset[int]) -> list[int]:
    days = sorted(visits)
    return [after - before for before, after in pairwise(days)]
