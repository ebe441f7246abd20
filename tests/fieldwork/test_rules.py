"""The plain rules of fieldwork: periods, counts, the life of a report, and what feeds what."""

from datetime import date

import pytest

from fieldwork.contents import CONTENTS, contents_of, mask_of, places_of
from fieldwork.counts import read_pairs
from fieldwork.indicators import BY_NAME, LINES
from fieldwork.milestones import BY_SLUG, MILESTONES, TAUGHT_BY
from fieldwork.periods import Period, covered, month_of, quarter_of, read_period, week_of
from fieldwork.reports import CLOSED, REPORTED, WRITABLE, moved
from handlers.fieldwork.reading import read_count
from lessons.catalogue import Catalogue

TODAY = date(2026, 11, 23)


def days(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("tuần này", days("2026-11-23", "2026-11-29")),
        ("tuan truoc", days("2026-11-16", "2026-11-22")),
        ("Tháng này", days("2026-11-01", "2026-11-30")),
        ("tháng trước", days("2026-10-01", "2026-10-31")),
        ("tháng 11", days("2026-11-01", "2026-11-30")),
        ("thang 12", days("2025-12-01", "2025-12-31")),
        ("tháng 2/2024", days("2024-02-01", "2024-02-29")),
        ("quý này", days("2026-10-01", "2026-12-31")),
        ("quý 3", days("2026-07-01", "2026-09-30")),
        ("quý IV/2025", days("2025-10-01", "2025-12-31")),
        ("từ 1/11 đến 15/11", days("2026-11-01", "2026-11-15")),
        ("1/11 - 15/11", days("2026-11-01", "2026-11-15")),
        ("tu ngay 20/11 toi ngay 30/11", days("2026-11-20", "2026-11-30")),
        ("15/12 đến 5/1", days("2025-12-15", "2026-01-05")),
        ("1/11/2025 – 15/11/2025", days("2025-11-01", "2025-11-15")),
        ("21/11", days("2026-11-21", "2026-11-21")),
        ("25/12", days("2025-12-25", "2025-12-25")),
        ("hôm nay", days("2026-11-23", "2026-11-23")),
        ("hom qua", days("2026-11-22", "2026-11-22")),
        ("năm nay", days("2026-01-01", "2026-12-31")),
        ("năm ngoái", days("2025-01-01", "2025-12-31")),
        ("nam 2024", days("2024-01-01", "2024-12-31")),
        ("6 tháng đầu năm", days("2026-01-01", "2026-06-30")),
        ("sáu tháng cuối năm 2025", days("2025-07-01", "2025-12-31")),
        # The wrong way round, and not what began a year ago.
        ("15/11 đến 1/11", None),
        ("1/1/0001 đến 2/1/0001", None),
        ("tháng 1 năm 0001", None),
        ("31/12/1999", None),
        ("năm 2027", None),
        ("năm 9999", None),
        ("1/11/2026 đến 31/12/9999", None),
        ("tuần tới", None),
        ("tháng 13", None),
        ("30/2", None),
        ("quý 5", None),
        ("quý 0", None),
        ("1/1/2024 đến 31/12/2026", None),
        ("1/1/2027", None),
        ("15/11/2026 đến 1/11/2026", None),
        ("bữa giờ", None),
        ("", None),
    ],
)
def test_a_period_is_read_as_it_is_typed(typed: str, period: Period | None) -> None:
    assert read_period(typed, TODAY) == period


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (week_of(TODAY), "tuần 23/11 – 29/11/2026"),
        (month_of(TODAY), "tháng 11/2026"),
        (quarter_of(TODAY), "quý 4/2026"),
        (days("2026-11-21", "2026-11-21"), "ngày 21/11/2026"),
        (days("2026-11-01", "2026-11-15"), "01/11 – 15/11/2026"),
        (days("2025-12-25", "2026-01-05"), "25/12/2025 – 05/01/2026"),
        (days("2026-01-01", "2026-12-31"), "năm 2026"),
        (days("2026-07-01", "2026-12-31"), "6 tháng cuối năm 2026"),
    ],
)
def test_a_period_is_said(period: Period, label: str) -> None:
    assert period.label == label


@pytest.mark.parametrize(
    ("by", "whole"),
    [
        ([], False),
        ([("2026-11-01", "2026-11-30")], True),
        ([("2026-10-01", "2026-12-31")], True),
        ([("2026-11-16", "2026-11-30"), ("2026-11-01", "2026-11-15")], True),
        ([("2026-11-01", "2026-11-15"), ("2026-11-17", "2026-11-30")], False),
        ([("2026-11-01", "2026-11-29")], False),
        ([("2026-11-02", "2026-12-31")], False),
        ([("2026-11-01", "2026-11-30"), ("2026-11-03", "2026-11-04")], True),
    ],
)
def test_reports_cover_a_period_when_no_day_is_left_out(
    by: list[tuple[str, str]], whole: bool
) -> None:
    assert covered(month_of(TODAY), [days(*one) for one in by]) is whole


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("4", 4),
        ("12 người", 12),
        ("chừng mười lăm bà con", 15),
        ("khoảng 20 hộ", 20),
        ("10 ba con", 10),
        ("ba", 3),
        ("tám", 8),
        ("1.200", 1200),
        ("không biết", None),
        ("2 hay 3", None),
        ("", None),
        ("bốn mươi", None),
    ],
)
def test_a_count_is_the_one_number_that_was_said(typed: str, count: int | None) -> None:
    assert read_count(typed) == count


@pytest.mark.parametrize(
    ("typed", "pairs"),
    [
        ("2=3", {2: 3}),
        ("2=3, 4 = 1", {2: 3, 4: 1}),
        ("2:3 và 4x1", {2: 3, 4: 1}),
        ("2=3 2=4", {2: 4}),
        ("2=0", {2: 0}),
        ("12=1", None),
        ("2=501", None),
        ("2 3", None),
        ("2=3 nha", None),
        ("", None),
    ],
)
def test_counts_go_with_the_numbers_of_the_list(typed: str, pairs: dict[int, int] | None) -> None:
    assert read_pairs(typed, 11) == pairs


# State by state, where each move leads.
MOVES = ("submit", "approve", "send_back", "lock", "reopen")
LIFE = {
    "draft": ("submitted", None, None, None, None),
    "submitted": (None, "approved", "to_correct", None, None),
    "to_correct": ("submitted", None, None, None, None),
    "approved": (None, None, "to_correct", "locked", None),
    "locked": (None, None, None, None, "to_correct"),
}


@pytest.mark.parametrize("state", LIFE)
def test_a_report_goes_only_where_the_table_says(state: str) -> None:
    assert tuple(moved(state, move) for move in MOVES) == LIFE[state]  # type: ignore[arg-type]


def test_a_report_is_written_reported_or_closed() -> None:
    assert set(LIFE) == WRITABLE | REPORTED
    assert REPORTED > CLOSED


def test_contents_are_kept_as_bits() -> None:
    assert mask_of([0, 2, 2, 7]) == 5
    assert places_of(5) == (0, 2)
    assert [one.code for one in contents_of(5)] == ["N1", "N3"]
    assert places_of(mask_of(range(len(CONTENTS)))) == (0, 1, 2, 3, 4)


def test_every_milestone_feeds_an_indicator_and_those_before_it_come_first() -> None:
    slugs = [one.slug for one in MILESTONES]
    assert len(set(slugs)) == len(slugs) == len(BY_SLUG)
    for one in MILESTONES:
        assert BY_NAME[one.feeds].source == "counted"
        assert all(slugs.index(before) < slugs.index(one.slug) for before in one.before)


def test_indicators_are_r01_to_r18_and_each_line_is_named_once() -> None:
    assert {line.name[:3] for line in LINES} == {f"R{number:02}" for number in range(1, 19)}
    assert len(BY_NAME) == len(LINES)


def test_lessons_that_offer_a_milestone_are_there(catalogue: Catalogue) -> None:
    assert all(catalogue.lesson(slug) is not None for slug in TAUGHT_BY)
    assert set(TAUGHT_BY.values()) <= set(BY_SLUG)
