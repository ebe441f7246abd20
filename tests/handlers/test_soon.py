from datetime import date

import pytest

from handlers.reminders.soon import Soon, soon
from templates.words import Words

WORDS = Words()


@pytest.mark.parametrize(
    ("day", "today", "said"),
    [
        (date(2026, 11, 20), date(2026, 11, 23), "hôm nay"),
        (date(2026, 11, 23), date(2026, 11, 23), "hôm nay"),
        (date(2026, 11, 24), date(2026, 11, 23), "mai"),
        (date(2026, 11, 25), date(2026, 11, 23), "mốt"),
        (date(2026, 11, 26), date(2026, 11, 23), "3 ngày nữa"),
        (date(2026, 11, 29), date(2026, 11, 23), "6 ngày nữa"),
        (date(2026, 12, 1), date(2026, 11, 23), "chừng một tuần nữa"),
        (date(2026, 11, 20), date(2026, 11, 1), "giữa tháng này"),
        (date(2026, 11, 30), date(2026, 11, 1), "cuối tháng này"),
        (date(2026, 12, 10), date(2026, 11, 23), "đầu tháng sau"),
        (date(2026, 12, 11), date(2026, 11, 23), "giữa tháng sau"),
        (date(2027, 1, 31), date(2026, 12, 23), "cuối tháng sau"),
        (date(2026, 9, 1), date(2026, 5, 30), "tháng 9"),
        (date(2027, 3, 23), date(2026, 11, 23), "tháng 3 năm sau"),
    ],
)
def test_a_day_is_said_as_people_say_it(day: date, today: date, said: str) -> None:
    assert WORDS.render("soon.when", "", soon=soon(day, today)) == said


def test_a_month_that_is_almost_over_is_not_called_next_month_within_days() -> None:
    assert soon(date(2026, 12, 1), date(2026, 11, 30)) == Soon("days", 1)
