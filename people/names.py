"""Names that people give: to themselves in a class, to a class, to a hamlet."""

import re
import unicodedata
from typing import Literal, TypeAlias

from people.links import has_link
from vietnamese import fold

MOST_OF_A_NAME = 40
MOST_OF_A_CLASS = 60

Fault: TypeAlias = Literal["empty", "long", "digits", "signs"]

# Four digits in a row may be a year or a number of anything; nine are a phone or an identity.
_MOST_DIGITS = 4
_ALLOWED = re.compile(r"[\w .,'’()&/+–-]+")
_DIGITS = re.compile(r"\d")
# What is said to a question of yes or no, and by who would rather go: nobody is called so.
_NO_NAMES = frozenset(
    {"dong y", "khong", "khong dong y", "vang", "da", "u", "ok", "thoi", "duoc", "hoc tiep", "huy"}
)


class Unfit(Exception):
    """No name; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


def clean(typed: str, most: int = MOST_OF_A_NAME) -> str:
    """The name as it is kept and shown. Raises ``Unfit``.

    Composed, on one line, single spaces; invisible letters and marks of direction are taken
    out; letters, digits, spaces and a few plain signs remain. Digits that could be a telephone
    or an identity number are refused, however they are spaced; and so is what a chat makes a link of.
    """
    composed = unicodedata.normalize("NFC", typed)
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in composed
        if unicodedata.category(letter) not in ("Cf", "Cc", "Cs", "Co", "Cn") or letter.isspace()
    )
    name = " ".join(visible.split())
    if not any(letter.isalpha() for letter in name):
        raise Unfit("digits" if _DIGITS.search(name) else "empty")
    if fold(name) in _NO_NAMES:
        raise Unfit("empty")
    if len(name) > most:
        raise Unfit("long")
    if len(_DIGITS.findall(name)) > _MOST_DIGITS:
        raise Unfit("digits")
    # A name stands in what others are written, where a chat would make a link of it.
    if not _ALLOWED.fullmatch(name) or has_link(name):
        raise Unfit("signs")
    return name
