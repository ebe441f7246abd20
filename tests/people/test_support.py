"""Whom a case goes to, and the words by which the right person is known."""

from itertools import count

import pytest

from people import watchwords
from people.roles import EVERYWHERE, Grant
from people.support import Rung, may_take, rung_at
from places.model import Place
from tests.people.test_roles import (
    ADMINISTRATOR,
    AMBASSADOR,
    AP,
    ELSEWHERE,
    ME,
    NOW,
    OTHER_AP,
    SOMEBODY,
    TEAM,
    WHOLE,
    grant,
)


@pytest.mark.parametrize(
    ("place", "rung"),
    [(AP, Rung.TEAM), (WHOLE, Rung.AMBASSADORS), (EVERYWHERE, Rung.ADMINISTRATORS)],
)
def test_a_place_has_its_rung(place: Place, rung: Rung) -> None:
    assert rung_at(place) is rung


@pytest.mark.parametrize(
    ("held", "place", "owner", "learner", "allowed"),
    [
        (TEAM, AP, None, SOMEBODY, True),
        (TEAM, OTHER_AP, None, SOMEBODY, False),
        (TEAM, WHOLE, None, SOMEBODY, False),
        (AMBASSADOR, AP, None, SOMEBODY, True),
        (AMBASSADOR, ELSEWHERE, None, SOMEBODY, False),
        (ADMINISTRATOR, ELSEWHERE, None, SOMEBODY, True),
        (ADMINISTRATOR, EVERYWHERE, None, SOMEBODY, True),
        # The class's own teacher, wherever it is.
        (TEAM, ELSEWHERE, ME, SOMEBODY, True),
        (grant("team_member", AP, ended=True), AP, ME, SOMEBODY, False),
        (grant("team_member", AP, expires_in=0), AP, None, SOMEBODY, False),
        # Nobody takes their own.
        (ADMINISTRATOR, AP, ME, ME, False),
    ],
)
def test_a_case_is_taken_by_who_is_there_for_it(
    held: Grant, place: Place, owner: int | None, learner: int, allowed: bool
) -> None:
    may = may_take([held], ME, learner_id=learner, owner_id=owner, place=place, now=NOW)

    assert may is allowed


def test_watchwords_are_many_and_easy_to_say() -> None:
    seeds = count()
    made = {watchwords.make(lambda: next(seeds)) for _ in range(5_000)}

    assert len(made) == 2_160
    assert all(10 <= int(word.rsplit(" ", 1)[1]) <= 99 for word in made)
    assert max(map(len, made)) <= 20
