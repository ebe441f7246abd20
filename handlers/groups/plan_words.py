"""Days, an hour and a course in one typed line: "tối thứ 2, 4, 6 lúc 19:30, khóa An toàn trên mạng"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from conversation.when import bits, parse
from lessons.model import Course
from vietnamese import fold

_WORD = re.compile(r"\w+")
# "thứ 2-4-6" lists days; "2-6" alone may be anything.
_LISTED = re.compile(r"\b[2-7](?:\s*[-–]\s*[2-7]){2,5}\b")
# What is said of plans, and means no time.
_AROUND = frozenset((
    "lich", "gui", "dat", "hen", "khoa", "hoc", "bai", "cho", "nhom", "lop",
))  # fmt: skip
# An evening without an hour, as everywhere with us.
_EVENING = 19 * 60 + 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said so far: the course's slug or "", ISO weekdays, and the minutes after midnight
    that it can be: none, one, or two to choose from.
    """

    course: str = ""
    days: frozenset[int] = frozenset()
    minutes: tuple[int, ...] = ()


def read_plan(text: str, courses: Sequence[Course]) -> Wanted:
    """What the line says. Of words that speak of more than times and a course, only the course."""
    named = [(course, span) for course in courses if (span := _span(text, course.title))]
    course = named[0][0].slug if len(named) == 1 else ""
    for _, (start, end) in sorted(named, key=lambda found: found[1], reverse=True):
        text = f"{text[:start]} {text[end:]}"
    when = parse(_about_time(text))
    if when is None:
        return Wanted(course)
    minutes = when.minutes or ((_EVENING,) if when.is_evening else ())
    return Wanted(course, frozenset(day + 1 for day in bits(when.days or 0)), minutes)


def _span(text: str, title: str) -> tuple[int, int] | None:
    """Where the title stands in the text, with marks or without."""
    words = list(_WORD.finditer(text))
    typed, wanted = [fold(word[0]) for word in words], fold(title).split()
    for at in range(len(typed) - len(wanted) + 1):
        if typed[at : at + len(wanted)] == wanted:
            return words[at].start(), words[at + len(wanted) - 1].end()
    return None


def _about_time(text: str) -> str:
    """Without the words that plans are spoken of with; the signs between numbers stay."""
    text = _LISTED.sub(lambda days: re.sub(r"\s*[-–]\s*", " ", days[0]), text)
    kept = [part for part in text.split() if fold(part) not in _AROUND]
    return " ".join(kept).strip(" ,.;")
