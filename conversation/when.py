"""Days and hours as people type them: "7h toi", "19:30", "tối thứ 2 4 6", "chủ nhật 8h sáng". Pure.

Every word of a line must be about time, or the polite words around it; else it is none of ours and
is read as anything else. Marks may be left out. Without them "toi" is evening and "I": it is "I"
right after the word for reminding, and evening elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from vietnamese import fold

_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "bon": 2, "nam": 3, "sau": 4, "bay": 5}
_SUNDAY = 6
_WEEKEND = 0b1100000
_WORKDAYS = 0b0011111
_ALL = 0b1111111
# The hour that is meant by a part of the day alone, in minutes; the evening is the tutor's own.
_PARTS = {"sang": 7 * 60, "trua": 11 * 60 + 30, "chieu": 16 * 60 + 30, "toi": None, "dem": None}
_NOON = 12
# Hours at which anybody can mean to be reminded, when neither morning nor evening was said.
_PLAUSIBLE = range(4, 22)

# Said around it; means nothing here.
_AROUND = frozenset((
    "luc", "vao", "cu", "thi", "la", "nha", "nhe", "nhen", "nghen", "di", "con", "chau", "em", "a",
    "da", "vang", "u", "uh", "minh", "bac", "co", "chu", "anh", "chi", "ong", "ba", "tui", "toi",
    "hoc", "on", "bai", "cho", "giup", "voi", "dum", "gium", "buoi", "khoang", "tam", "chung",
    "duoc", "dat", "gio", "roi", "hang", "moi", "ngay", "cac", "va", "muon", "xin", "nhac",
))  # fmt: skip
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?::|\.|h|g|gio|giờ)\s*(\d{2})(?!\d)\s*(?:p|ph|phut|phút)?\b"
)
_HOUR = re.compile(r"(?<!\d)(\d{1,2})\s*(?:h|g|giờ|gio)(?![\da-zà-ỹ])")
_UNIT = r"(?:buoi|bua|lan|ngay|hom|toi)"
_COUNT = r"(\d|mot|hai|ba|bon|nam|sau|bay)"
_SESSIONS = (
    re.compile(rf"\b{_COUNT} {_UNIT} (?:(?:mot|1|moi|trong|trong mot) )?tuan\b"),
    re.compile(rf"\b(?:moi |mot |1 )?tuan (?:hoc |nhac )?{_COUNT} {_UNIT}\b"),
)
_DAY = r"(?:[2-7]|hai|ba|tu|bon|nam|sau|bay)"
_DAYS = re.compile(
    rf"\b(?:thu|t) ?({_DAY}(?:(?: va)?(?: (?:thu|t))? ?{_DAY}\b(?! (?:gio|h|g|ruoi)\b))*)\b"
)
_RANGE = re.compile(rf"\b(?:tu )?thu ({_DAY}) (?:den|toi) (?:thu )?({_DAY}|chu nhat)\b")


# Where a word of time means something else: "nhắc tôi", "đổi sang", "được không".
_OPENINGS = (
    re.compile(
        r"^(?:(?:cho|con|chau|em) )*(?:nhac|hen)( nho)?( lai)?( (toi|tui|con|minh|bac|em|anh|chi|co|chu|di))?\b"
    ),
    re.compile(r"^doi (?:gio |nhac |lai )*(?:sang|thanh|qua)?\b"),
    re.compile(r"\bduoc (?:khong|hong|ko|k)\b"),
)
# "tối 2 4 6": digits alone are days only beside a part of the day, and only several together.
_BARE_DAYS = re.compile(r"\b(?:(sang|trua|chieu|toi) )([2-7](?: [2-7])+)\b")


@dataclass(frozen=True, slots=True)
class When:
    """What was said. ``days`` are bits, Monday 1 to Sunday 64, None when nothing was said of days;
    ``sessions`` is of a week, 0 when nothing was said. ``minutes`` after midnight are the hours it can
    be: none, one, or two to ask about. ``is_evening`` is "in the evening" without an hour.
    """

    days: int | None = None
    sessions: int = 0
    minutes: tuple[int, ...] = ()
    is_evening: bool = False


@dataclass
class _Reading:
    """Folded words, those that were understood taken out one after the other."""

    rest: str
    found: When = field(default_factory=When)
    part: str = ""

    def take(self, pattern: re.Pattern[str] | str) -> re.Match[str] | None:
        found = re.search(pattern, self.rest)
        if found is not None:
            self.rest = f"{self.rest[: found.start()]} | {self.rest[found.end() :]}"
        return found


def parse(text: str) -> When | None:
    """What ``text`` says of days and hours; None when it speaks of anything else as well."""
    if len(text) > 100 or re.search(r"\d\s*[/-]\s*\d", text):  # a date, a range of prices
        return None
    reading = _Reading(_normal(text))
    for opening in _OPENINGS:
        reading.rest = opening.sub("", reading.rest)
    # In this order: "3 buổi một tuần" has a number and "chủ nhật" a word that others would take.
    for read in (_sessions, _named_days, _clock, _weekdays, _part):
        read(reading)
    left = [word for word in reading.rest.replace("|", " ").split() if word not in _AROUND]
    found = _with_hours(reading)
    if left or found == When():
        return None
    return found


def _normal(text: str) -> str:
    """Folded, with hours as "7h" and "7h30", whatever stood between the numbers."""
    plain = text.lower()
    plain = _CLOCK.sub(r" \1h\2 ", plain)
    plain = _HOUR.sub(r" \1h ", plain)
    return fold(plain)


def _sessions(reading: _Reading) -> None:
    for pattern in _SESSIONS:
        found = reading.take(pattern)
        if found is not None:
            count = _number(found[1])
            if 1 <= count <= 7:
                reading.found = replace(reading.found, sessions=count)
            return


def _named_days(reading: _Reading) -> None:
    days = 0
    for pattern, bits in (
        (r"\b(?:cuoi tuan)\b", _WEEKEND),
        (r"\b(?:ngay thuong|trong tuan)\b", _WORKDAYS),
        (r"\b(?:(?:moi|hang|tat ca cac|ngay nao cung) ?ngay|ngay nao cung|hom nao cung)\b", _ALL),
    ):
        if reading.take(pattern):
            days |= bits
    if found := reading.take(r"\b(?:moi|hang) (?:buoi )?(sang|trua|chieu|toi)\b"):
        days |= _ALL
        reading.part = found[1]
    if found := reading.take(_RANGE):
        first = _weekday(found[1])
        last = _SUNDAY if found[2] == "chu nhat" else _weekday(found[2])
        days |= sum(1 << day for day in range(first, last + 1))
    if reading.take(r"\b(?:chu nhat|cn)\b"):
        days |= 1 << _SUNDAY
    _add(reading, days)


def _weekdays(reading: _Reading) -> None:
    days = 0
    while found := reading.take(_DAYS):
        for name in re.findall(rf"\b{_DAY}\b|(?<=t){_DAY}", found[1]):
            days |= 1 << _weekday(name)
    if found := reading.take(_BARE_DAYS):
        reading.part = found[1]
        days |= sum({1 << _weekday(name) for name in found[2].split()})
    _add(reading, days)


def _add(reading: _Reading, days: int) -> None:
    if days:
        reading.found = replace(reading.found, days=(reading.found.days or 0) | days)


_HALF = re.compile(r"\b(\d{1,2})h? ?(?:gio )?(ruoi)\b")
_LESS = re.compile(r"\b(\d{1,2})h? ?(?:gio )?kem (\d{1,2}|muoi lam|muoi|nam)(?: phut)?\b")
_PLAIN = re.compile(r"\b(\d{1,2})h(\d{2})?\b(?: ?phut)?")
_SPOKEN = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_SPELT = re.compile(rf"\b({_SPOKEN}) (?:gio|ruoi)\b")


def _clock(reading: _Reading) -> None:
    """The hour, as the first of the two it can be and its minutes."""
    # "bảy giờ rưỡi", "bảy rưỡi": the number as digits, and then like any other.
    reading.rest = _SPELT.sub(
        lambda found: f"{_NUMBERS[found[1]]}h{' ruoi' if found[0].endswith('ruoi') else ''}",
        reading.rest,
    )
    for pattern in (_HALF, _LESS, _PLAIN):
        found = reading.take(pattern)
        if found is None:
            continue
        hour, minute = int(found[1]), 0
        if pattern is _HALF:
            minute = 30
        elif pattern is _LESS:
            less = {"muoi lam": 15, "muoi": 10, "nam": 5}.get(found[2]) or int(found[2])
            hour, minute = hour - 1, 60 - less
        elif found[2]:
            minute = int(found[2])
        if not (0 <= hour <= 24 and 0 <= minute < 60):
            reading.rest += " ?"
            return
        reading.found = replace(reading.found, minutes=(hour % 24 * 60 + minute,))
        return


def _part(reading: _Reading) -> None:
    found = reading.take(r"\b(?:buoi )?(sang|trua|chieu|toi|dem|khuya)(?: som| muon)?\b")
    if found is not None and not reading.part:
        reading.part = "dem" if found[1] == "khuya" else found[1]


def _with_hours(reading: _Reading) -> When:
    """The hour it is, or the two it can be, now that the part of the day is known."""
    found, part = reading.found, reading.part
    if not found.minutes:
        if not part:
            return found
        usual = _PARTS[part]
        return replace(found, minutes=(usual,)) if usual else replace(found, is_evening=True)
    (minute,) = found.minutes
    hour = minute // 60
    if hour > _NOON or hour == 0:
        return found
    afternoon = minute % (_NOON * 60) + _NOON * 60
    match part:
        case "sang":
            hours = [minute % (_NOON * 60)]
        case "trua":
            hours = [minute if hour >= 10 else afternoon]
        case "chieu":
            hours = [afternoon]
        case "toi":
            hours = [minute % (_NOON * 60) if hour == _NOON else afternoon]
        case "dem":
            hours = [afternoon if 5 < hour < _NOON else minute % (_NOON * 60)]
        case _:
            both = (minute, afternoon) if hour < _NOON else (minute,)
            hours = [one for one in both if one // 60 in _PLAUSIBLE]
    return replace(found, minutes=tuple(hours))


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _weekday(word: str) -> int:
    """Monday is 0: "thứ hai" is the second day."""
    return int(word) - 2 if word.isdecimal() else _WEEKDAYS[word]


def bits(days: int) -> Iterator[int]:
    """The places of the days, Monday 0."""
    return (place for place in range(7) if days >> place & 1)
