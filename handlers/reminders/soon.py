"""How far away a day is, in the plain words people use."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Soon:
    """``number`` is of days, of the month, or of the third of a month (0, 1, 2), as ``unit`` says."""

    unit: Literal["days", "week", "this_month", "next_month", "month", "month_next_year"]
    number: int


def soon(day: date, today: date) -> Soon:
    """The plainest way to say ``day``; a day that is past counts as today."""
    days = (day - today).days
    if days < 7:
        return Soon("days", max(days, 0))
    if days < 11:
        return Soon("week", 1)
    months = (day.year - today.year) * 12 + day.month - today.month
    third = min((day.day - 1) // 10, 2)
    if months == 0:
        return Soon("this_month", third)
    if months == 1:
        return Soon("next_month", third)
    if day.year == today.year:
        return Soon("month", day.month)
    return Soon("month_next_year", day.month)
