"""Who is asked for help with a case, one rung after the other; pure rules.

The teacher of a class in which the learner lets their progress be seen, the team of the hamlet,
the ambassadors of the commune, the administrators. A rung on which nobody is, is passed over.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum

from people.roles import Grant, may, may_anywhere
from places.model import Place


class Rung(IntEnum):
    TEACHER = 0
    TEAM = 1
    AMBASSADORS = 2
    ADMINISTRATORS = 3


TOP = Rung.ADMINISTRATORS


def rung_at(place: Place) -> Rung:
    """On which rung somebody stands who may take the cases of this place."""
    if place.hamlet:
        return Rung.TEAM
    return Rung.AMBASSADORS if place.commune else Rung.ADMINISTRATORS


def may_take(
    grants: Iterable[Grant],
    mine: int,
    *,
    learner_id: int,
    owner_id: int | None,
    place: Place,
    now: datetime,
) -> bool:
    """Whether the person ``mine`` may take, or keep, a case of ``learner_id`` at that place;
    ``owner_id`` leads the class it came from. Nobody takes their own.
    """
    grants = tuple(grants)
    if mine == learner_id:
        return False
    if mine == owner_id and may_anywhere(grants, "take_cases", now):
        return True
    return may(grants, "take_cases", place, now)
