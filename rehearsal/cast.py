"""Who lives in the commune: made up, and called so that nobody takes them for somebody."""

from dataclasses import dataclass
from random import Random

from rehearsal.phone import Manner

_MANNERS: tuple[Manner, ...] = ("taps", "numbers", "words")
TERMS = ("Bác", "Ông", "Bà", "Cô", "Chú", "Dì")
_FLOWERS = ("Sen", "Lài", "Mai", "Cúc", "Hồng", "Quỳnh", "Thiên Lý", "Điên Điển", "Súng", "Bần")
# A name says of itself that it is a sample.
_NAME = "{} {} mẫu {}"
CLASS = "Lớp tập dượt {}"
FAIR = "Ngày hội tập dượt"
GROUP = "Nhóm mẫu {}"
HOME = "Nhà mẫu {}"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a commune, and for how many days."""

    learners: int = 300
    hamlets: int = 4
    members: int = 8
    ambassadors: int = 2
    households: int = 40
    assisted: int = 25
    visits: int = 120
    days: int = 30


def scaled(learners: int, days: int) -> Size:
    """The usual commune, with everything in proportion to its learners and its days."""
    usual = Size()
    share, time = learners / usual.learners, days / usual.days
    hamlets = max(2, round(usual.hamlets * min(1, share)))
    return Size(
        learners=learners,
        hamlets=hamlets,
        members=2 * hamlets,
        households=max(2, round(usual.households * share)),
        assisted=max(2, round(usual.assisted * share)),
        visits=max(4, round(usual.visits * share * time)),
        days=days,
    )


def name_of(number: int, term: str) -> str:
    return _NAME.format(term.lower(), _FLOWERS[number % len(_FLOWERS)], number)


def manner_of(dice: Random) -> Manner:
    """Six in ten tap, some type the number, a few the words without their marks."""
    return dice.choices(_MANNERS, (60, 28, 12))[0]
