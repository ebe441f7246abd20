"""When people may be written to unasked: hours, days, and how much on one day. Pure.

No message by night is the norm people know from the rules for advertising by text (07 to 22
o'clock, three in 24 hours: Decree 91/2020/NĐ-CP); we go to bed an hour earlier.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from lunar_vn import SUPPORTED_YEAR_RANGE, solar_to_lunar

# A day of a month, then the month, of whatever calendar.
DayOfYear: TypeAlias = tuple[int, int]

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
TET: frozenset[DayOfYear] = frozenset({(1, 1), (2, 1), (3, 1)})
# Nobody sets a year of quiet days; if somebody does, we stop looking.
_FARTHEST = 400
_MINUTES_OF_AN_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """``opens`` and ``closes`` are the local hours between which people may be written to, the first
    included, the last not. ``zone`` is where those live who never said otherwise. On ``lunar_days``
    (of the Vietnamese calendar, whatever zone a learner lives in) and ``solar_days`` nothing is
    sent. ``lines_a_day`` bounds all unasked lines of one local day.
    """

    opens: time = time(7)
    closes: time = time(21)
    zone: ZoneInfo = VIET_NAM
    lunar_days: frozenset[DayOfYear] = TET
    solar_days: frozenset[DayOfYear] = frozenset()
    lines_a_day: int = 3

    def zone_of(self, name: str) -> ZoneInfo:
        """The zone of that name; our own for "" and for one that this machine does not know."""
        return self.zone if not name else known_zone(name) or self.zone

    def is_quiet_day(self, day: date) -> bool:
        return (day.day, day.month) in self.solar_days or lunar(day) in self.lunar_days

    def fits(self, minute: int) -> bool:
        """Whether people may be written to at this minute after local midnight."""
        return _minute(self.opens) <= minute < _minute(self.closes)

    def nearest(self, minute: int) -> int:
        """The minute nearest to it at which they may; at the end of the day half an hour is left."""
        return max(_minute(self.opens), min(minute, _minute(self.closes) - 30))

    def is_quiet(self, moment: datetime, zone: ZoneInfo) -> bool:
        local = moment.astimezone(zone)
        return self.is_quiet_day(local.date()) or not self.opens <= local.time() < self.closes

    def falls_silent(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The end of that local day's open hours, in UTC: later than this nothing goes out."""
        return at(moment.astimezone(zone).date(), self.closes, zone)

    def next_open(self, moment: datetime, zone: ZoneInfo, *, tomorrow: bool = False) -> datetime:
        """The first moment from ``moment`` on (with ``tomorrow``, from the next local day on) at
        which people may be written to, in UTC.
        """
        today = moment.astimezone(zone).date()
        for day in days_from(today + timedelta(int(tomorrow))):
            if self.is_quiet_day(day):
                continue
            opens = at(day, self.opens, zone)
            if opens >= moment:
                return opens
            if not self.is_quiet(moment, zone):
                return moment
        return moment + timedelta(_FARTHEST)


def at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The moment at which clocks there show this hour, in UTC; an hour that a clock leaves out, as
    if it had not been put forward, and of one that comes twice, the first.
    """
    return datetime.combine(day, hour, zone).astimezone(UTC)


def days_from(day: date) -> Iterator[date]:
    """That day and those after it, for more than a year."""
    return (day + timedelta(later) for later in range(_FARTHEST))


@lru_cache(maxsize=4096)
def lunar(day: date) -> DayOfYear | None:
    """Day and month of the Vietnamese calendar; None in a leap month, which has no feasts of its own.

    It is reckoned for UTC+7 and so may be a day, or a month, off the Chinese one:
    https://www.informatik.uni-leipzig.de/~duc/amlich/calrules_en.html
    """
    first, last = SUPPORTED_YEAR_RANGE
    if not first <= day.year <= last:
        return None
    found = solar_to_lunar(day)
    return None if found.leap else (found.day, found.month)


@lru_cache(maxsize=128)
def known_zone(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, None when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; no name at all; a folder of zones
        return None


def _minute(hour: time) -> int:
    return hour.hour * _MINUTES_OF_AN_HOUR + hour.minute
