"""Counts that are typed on the way: "2=3, 4=1" says three of the second and one of the fourth."""

import re

MOST_PEOPLE = 500

_PAIR = re.compile(r"(\d{1,2})\s*[=:x]\s*(\d{1,3})")
_BETWEEN = re.compile(r"[\s,;.]*(?:và\s*)?")


def read_pairs(typed: str, most: int) -> dict[int, int] | None:
    """By its number in the list, how many; ``None`` when the words are anything else.

    Of a number said twice the last counts; a number above ``most``, or none, is no number of
    the list.
    """
    found: dict[int, int] = {}
    at = 0
    text = typed.strip().lower()
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            return None
        number, count = int(pair[1]), int(pair[2])
        if not 1 <= number <= most or count > MOST_PEOPLE:
            return None
        found[number] = count
        between = _BETWEEN.match(text, pair.end())
        at = between.end() if between else pair.end()
    return found or None
