"""Watchwords: what a visitor says first, so that a learner can tell that they are the right one.

A thing everybody knows and a number of two digits; easy to say, to hear and to remember, and
nothing like an OTP. One guess in some two thousand would be right, and a stranger has one.
"""

from collections.abc import Callable
from typing import Final

_THINGS: Final = (
    "bông sen",
    "trái xoài",
    "cây dừa",
    "con cò",
    "chiếc ghe",
    "bông lúa",
    "trái mít",
    "cá lóc",
    "nón lá",
    "khăn rằn",
    "cầu khỉ",
    "con trâu",
    "bông súng",
    "trái bưởi",
    "bụi tre",
    "cá linh",
    "bông điên điển",
    "trái ổi",
    "con vịt",
    "lá chuối",
    "bến đò",
    "trái thơm",
    "ly trà",
    "bông mai",
)
_FEWEST, _NUMBERS = 10, 90


def make(seed: Callable[[], int]) -> str:
    """As in "bông sen 47"; ``seed()`` gives unforeseeable numbers below 2**31."""
    thing, number = divmod(seed() % (len(_THINGS) * _NUMBERS), _NUMBERS)
    return f"{_THINGS[thing]} {_FEWEST + number}"
