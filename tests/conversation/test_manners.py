"""When people may be written to, by clocks and calendars of their own."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversation.manners import VIET_NAM, Manners, known_zone, lunar

MANNERS = Manners()
BERLIN = ZoneInfo("Europe/Berlin")
# The first day of Tết, as the calendar of Viet Nam has it. Hồ Ngọc Đức,
# https://www.informatik.uni-leipzig.de/~duc/amlich/; 2007, 2030 and 2053 are a day before the
# Chinese one: 18/2/2007, 3/2/2030, 19/2/2053.
TET = [
    "2000-02-05",
    "2001-01-24",
    "2002-02-12",
    "2003-02-01",
    "2004-01-22",
    "2005-02-09",
    "2006-01-29",
    "2007-02-17",
    "2008-02-07",
    "2009-01-26",
    "2010-02-14",
    "2011-02-03",
    "2012-01-23",
    "2013-02-10",
    "2014-01-31",
    "2015-02-19",
    "2016-02-08",
    "2017-01-28",
    "2018-02-16",
    "2019-02-05",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-02",
    "2031-01-23",
    "2032-02-11",
    "2033-01-31",
    "2034-02-19",
    "2035-02-08",
    "2036-01-28",
    "2037-02-15",
    "2038-02-04",
    "2039-01-24",
    "2040-02-12",
    "2041-02-01",
    "2042-01-22",
    "2043-02-10",
    "2044-01-30",
    "2045-02-17",
    "2046-02-06",
    "2047-01-26",
    "2048-02-14",
    "2049-02-02",
    "2050-01-23",
    "2053-02-18",
]


@pytest.mark.parametrize("first", [date.fromisoformat(day) for day in TET], ids=str)
def test_first_three_days_of_tet_are_quiet_and_no_others(first: date) -> None:
    around = [first + timedelta(days) for days in range(-2, 5)]

    assert [MANNERS.is_quiet_day(day) for day in around] == [
        False,
        False,
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 4, 26), (10, 3)),  # giỗ tổ Hùng Vương
        (date(2026, 9, 25), (15, 8)),  # rằm tháng tám
        (date(2025, 7, 25), None),  # in the leap sixth month
        (date(2300, 1, 1), None),  # beyond what is reckoned
    ],
)
def test_days_of_the_lunar_calendar(day: date, found: tuple[int, int] | None) -> None:
    assert lunar(day) == found


def test_days_of_either_calendar_are_quiet_as_a_team_sets_them() -> None:
    manners = Manners(lunar_days=frozenset({(10, 3)}), solar_days=frozenset({(2, 9)}))

    assert manners.is_quiet_day(date(2026, 4, 26))
    assert manners.is_quiet_day(date(2026, 9, 2))
    assert not manners.is_quiet_day(date(2026, 2, 17))


@pytest.mark.parametrize(
    ("hour", "quiet"),
    [
        (time(6, 59, 59), True),
        (time(7), False),
        (time(20, 59, 59), False),
        (time(21), True),
        (time(0), True),
    ],
)
def test_night_begins_at_nine_and_ends_at_seven(hour: time, quiet: bool) -> None:
    moment = datetime.combine(date(2026, 11, 23), hour, VIET_NAM)

    assert MANNERS.is_quiet(moment, VIET_NAM) is quiet


@pytest.mark.parametrize(
    ("moment", "tomorrow", "opens"),
    [
        ("2026-11-23 12:00", False, "2026-11-23 12:00"),
        ("2026-11-23 05:00", False, "2026-11-23 07:00"),
        ("2026-11-23 22:00", False, "2026-11-24 07:00"),
        ("2026-11-23 12:00", True, "2026-11-24 07:00"),
        ("2028-02-28 22:00", False, "2028-02-29 07:00"),
        ("2027-02-05 22:00", False, "2027-02-09 07:00"),  # the eve of Tết
        ("2027-02-07 12:00", False, "2027-02-09 07:00"),
    ],
)
def test_next_open_moment(moment: str, tomorrow: bool, opens: str) -> None:
    local = datetime.fromisoformat(f"{moment}+07:00")

    found = MANNERS.next_open(local, VIET_NAM, tomorrow=tomorrow)

    assert f"{found.astimezone(VIET_NAM):%Y-%m-%d %H:%M}" == opens


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2027, 3, 27), 20),
        (date(2027, 3, 28), 19),
        (date(2027, 10, 30), 19),
        (date(2027, 10, 31), 20),
    ],
)
def test_night_falls_by_the_clock_on_the_wall_when_clocks_change(day: date, closes: int) -> None:
    noon = datetime.combine(day, time(12), BERLIN)

    assert MANNERS.falls_silent(noon, BERLIN) == datetime.combine(day, time(closes), UTC)


@pytest.mark.parametrize("name", ["Nowhere/Land", "..", "/etc/passwd", "Asia", "x\0y", "é" * 300])
def test_zone_that_is_none_is_our_own(name: str) -> None:
    assert known_zone(name) is None
    assert MANNERS.zone_of(name) == VIET_NAM


def test_zone_of_a_learner_abroad() -> None:
    assert (MANNERS.zone_of("Europe/Berlin"), MANNERS.zone_of("")) == (BERLIN, VIET_NAM)
