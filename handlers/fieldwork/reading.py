"""How many, as it is typed: "4", "4 người", "chừng mười lăm bà con"."""

import re

from conversation.numbers import number_at
from conversation.typed import tokens
from vietnamese import fold

# What is said around a number of people or things, folded.
_AROUND = frozenset((
    "nguoi", "co", "chu", "bac", "ho", "vu", "luot", "khoang", "chung", "gan", "duoc", "da", "la",
    "so", "thoi", "a", "nha", "ca",
))  # fmt: skip
# Without marks it would be a three.
_PEOPLE = re.compile(r"(?i)\b(bà|ba) con\b")
_MOST_DIGITS = 7
# "Mười lăm" is how fifteen is said; elsewhere five is "năm".
_FIFTEEN = re.compile(r"(?i)\b(mười|muoi) (lăm|lam|nhăm)\b")
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")


def read_count(typed: str) -> int | None:
    """The one number that the words say; ``None`` when they say none, or something else as well."""
    found = []
    plain = _PEOPLE.sub("người", _THOUSANDS.sub("", typed))
    words = tokens(_FIFTEEN.sub("mười năm", plain))
    at = 0
    while at < len(words):
        word = words[at]
        value, size = number_at(words, at)
        if word.is_number and len(word.bare) <= _MOST_DIGITS:
            found.append(int(word.bare))
            at += 1
        elif size:
            found.append(value)
            at += size
        elif fold(word.bare) in _AROUND:
            at += 1
        else:
            return None
    return found[0] if len(found) == 1 else None
