"""Periods that are reported on: any days from one to another, the last one included."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vietnamese import fold

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
# Nothing of ours is older, and days long past cannot be put into a time zone everywhere.
_FIRST_YEAR = 2000
# Two dates without a year are of two years only when they are near: else they are the wrong way
# round.
_ACROSS = timedelta(days=183)
# Folded: what stands between the parts of a date, or between two dates, is one space by then.
_DATE = r"(\d{1,2}) (\d{1,2})(?: (\d{4}))?"
_SPAN = re.compile(rf"(?:tu )?(?:ngay )?{_DATE} (?:(?:den|toi) )?(?:ngay )?{_DATE}")
_ONE_DAY = re.compile(rf"(?:ngay )?{_DATE}")
_MONTH = re.compile(r"thang (\d{1,2})(?: (?:nam )?(\d{4}))?")
_QUARTER = re.compile(r"quy (\d|i{1,3}|iv)(?: (?:nam )?(\d{4}))?")
_HALF = re.compile(r"(?:6|sau) thang (dau|cuoi)(?: nam(?: nay| (\d{4}))?)?")
_YEAR = re.compile(r"nam (nay|truoc|ngoai|\d{4})")
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
        """As it is said: "tháng 11/2026", "tuần 23/11 – 29/11/2026", "năm 2026"."""
        if self == month_of(self.start):
            return f"tháng {self.start:%m/%Y}"
        if self == quarter_of(self.start):
            return f"quý {(self.start.month + 2) // 3}/{self.start.year}"
        if self == year_of(self.start):
            return f"năm {self.start.year}"
        if self == half_of(self.start):
            which = "đầu" if self.start.month == 1 else "cuối"
            return f"6 tháng {which} năm {self.start.year}"
        if self.start == self.end:
            return f"ngày {self.start:%d/%m/%Y}"
        year = "" if self.start.year == self.end.year else f"/{self.start.year}"
        span = f"{self.start:%d/%m}{year} – {self.end:%d/%m/%Y}"
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


def half_of(day: date) -> Period:
    first = 1 if day.month <= 6 else 7
    return Period(date(day.year, first, 1), month_of(date(day.year, first + 5, 1)).end)


def year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def is_reportable(period: Period, today: date) -> bool:
    """Whether it has begun, is no longer than a year, and not of long ago."""
    is_short = period.end - period.start <= _LONGEST
    return is_short and period.start <= today and period.start.year >= _FIRST_YEAR


def covered(period: Period, by: Iterable[Period]) -> bool:
    """Whether these periods together leave out no day of ``period``."""
    reached = period.start
    for one in sorted(by):
        if one.start > reached:
            break
        reached = max(reached, one.end + _DAY)
    return reached > period.end


def read_period(typed: str, today: date) -> Period | None:
    """A period as it is typed: "tuần này", "tháng 11", "quý 4/2026", "6 tháng đầu năm", "năm 2026",
    "từ 1/11 đến 15/11", "23/11", "hôm qua".
    ``None`` for all else, for a day that no calendar has, one that is still to come, and more than a year.

    A date without a year is the latest one that has begun.
    """
    text = fold(typed)
    found = _named(text, today) or _dated(text, today)
    return found if found is not None and is_reportable(found, today) else None


def _named(text: str, today: date) -> Period | None:
    if text in ("hom nay", "hom qua"):
        day = today if text == "hom nay" else today - _DAY
        return Period(day, day)
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
        if found := _HALF.fullmatch(text):
            month = 1 if found[1] == "dau" else 7
            return half_of(_latest(1, month, found[2], today))
        if found := _YEAR.fullmatch(text):
            back = {"nay": 0, "truoc": 1, "ngoai": 1}.get(found[1])
            return year_of(date(int(found[1]) if back is None else today.year - back, 1, 1))
        if found := _SPAN.fullmatch(text):
            end = _latest(int(found[4]), int(found[5]), found[6], today, may_come=True)
            start = date(int(found[3] or end.year), int(found[2]), int(found[1]))
            if found[3] is None and start > end:
                start = start.replace(year=start.year - 1)
                if end - start > _ACROSS:
                    return None
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
