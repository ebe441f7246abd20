"""Who lives in the commune: made up, and called so that nobody takes them for somebody."""

from dataclasses import dataclass
from random import Random

TERMS = ("Bác", "Ông", "Bà", "Cô", "Chú", "Dì")
_FLOWERS = ("Sen", "Lài", "Mai", "Cúc", "Hồng", "Quỳnh", "Thiên Lý", "Điên Điển", "Súng", "Bần")
# A name says of itself that it is a sample.
_NAME = "{} {} mẫu {}"
CLASS = "Lớp tập dượt {}"
FAIR = "Ngày hội tập dượt"
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


def name_of(number: int, term: str) -> str:
    return _NAME.format(term.lower(), _FLOWERS[number % len(_FLOWERS)], number)


def manner_of(dice: Random) -> str:
    """Six in ten tap, some type the number, a few the words without their marks."""
    return dice.choices(("taps", "numbers", "words"), (60, 28, 12))[0]
