"""Periods that are reported on: any days from one to another, the last one included."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vietnamese import fold

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
# Folded: what stands between the parts of a date, or between two dates, is one space by then.
_DATE = r"(\d{1,2}) (\d{1,2})(?: (\d{4}))?"
_SPAN = re.compile(rf"(?:tu )?(?:ngay )?{_DATE} (?:(?:den|toi) )?(?:ngay )?{_DATE}")
_ONE_DAY = re.compile(rf"(?:ngay )?{_DATE}")
_MONTH = re.compile(r"thang (\d{1,2})(?: (?:nam )?(\d{4}))?")
_QUARTER = re.compile(r"quy (\d|i{1,3}|iv)(?: (?:nam )?(\d{4}))?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` to ``end``, both included. Raises ``ValueError`` when it ends before it starts."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period ends before it starts: {self}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def label(self) -> str:
        """As it is said: "tháng 11/2026", "tuần 23/11 – 29/11/2026"."""
        if self == month_of(self.start):
            return f"tháng {self.start:%m/%Y}"
        if self == quarter_of(self.start):
            return f"quý {(self.start.month + 2) // 3}/{self.start.year}"
        if self.start == self.end:
            return f"ngày {self.start:%d/%m/%Y}"
        span = f"{self.start:%d/%m} – {self.end:%d/%m/%Y}"
        return f"tuần {span}" if self == week_of(self.start) else span


def week_of(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    last = calendar.monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=last))


def quarter_of(day: date) -> Period:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(first, month_of(first + timedelta(days=70)).end)


def covered(period: Period, by: Iterable[Period]) -> bool:
    """Whether these periods together leave out no day of ``period``."""
    reached = period.start
    for one in sorted(by):
        if one.start > reached:
            break
        reached = max(reached, one.end + _DAY)
    return reached > period.end


def read_period(typed: str, today: date) -> Period | None:
    """A period as it is typed: "tuần này", "tháng 11", "quý 4/2026", "từ 1/11 đến 15/11", "23/11".
    ``None`` for all else, for a day that no calendar has, one that is still to come, and more than a year.

    A date without a year is the latest one that has begun.
    """
    text = fold(typed)
    found = _named(text, today) or _dated(text, today)
    if found is None or found.start > today or found.end - found.start > _LONGEST:
        return None
    return found


def _named(text: str, today: date) -> Period | None:
    this = {"tuan": week_of, "thang": month_of, "quy": quarter_of}
    kind, _, which = text.partition(" ")
    if kind not in this:
        return None
    period = this[kind](today)
    if which == "nay":
        return period
    if which in ("truoc", "roi", "vua roi"):
        return this[kind](period.start - _DAY)
    return None


def _dated(text: str, today: date) -> Period | None:
    try:
        if found := _MONTH.fullmatch(text):
            return month_of(_latest(1, int(found[1]), found[2], today))
        if found := _QUARTER.fullmatch(text):
            number = _ROMAN.get(found[1]) or int(found[1])
            return quarter_of(_latest(1, number * 3 - 2, found[2], today))
        if found := _SPAN.fullmatch(text):
            end = _latest(int(found[4]), int(found[5]), found[6], today, may_come=True)
            start = date(int(found[3] or end.year), int(found[2]), int(found[1]))
            if found[3] is None and start > end:
                start = start.replace(year=start.year - 1)
            return Period(start, end)
        if found := _ONE_DAY.fullmatch(text):
            day = _latest(int(found[1]), int(found[2]), found[3], today)
            return Period(day, day)
    except ValueError:
        return None
    return None


def _latest(day: int, month: int, year: str | None, today: date, *, may_come: bool = False) -> date:
    """That day of that year, else of the latest year in which it has come. ``ValueError`` for
    none. An end ``may_come`` still, within the month.
    """
    if year:
        return date(int(year), month, day)
    limit = month_of(today).end if may_come else today
    this = date(today.year, month, day)
    return this if this <= limit else date(today.year - 1, month, day)
