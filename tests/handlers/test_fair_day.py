"""The day of a fair as people type it."""

from datetime import date

import pytest

from handlers.events.fair import read_day

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("10/12", date(2026, 12, 10)),
        ("10-12", date(2026, 12, 10)),
        ("ngày 10/12", date(2026, 12, 10)),
        ("ngày 10 tháng 12", date(2026, 12, 10)),
        ("10 thang 12 nam 2026", date(2026, 12, 10)),
        ("23/11", TODAY),
        ("10/10", date(2027, 10, 10)),
        ("10/10/2026", date(2026, 10, 10)),
        ("hôm nay", TODAY),
        ("hom nay", TODAY),
        ("Mai", date(2026, 11, 24)),
        ("ngày kia", date(2026, 11, 25)),
        ("30/2", None),
        ("29/2", None),
        ("0/0", None),
        ("99/99", None),
        ("chủ nhật tới", None),
        ("1/2/3/4", None),
        ("", None),
    ],
)
def test_a_typed_day(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day
