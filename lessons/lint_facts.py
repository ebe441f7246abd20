"""How long lessons may go unchecked, by the rows of facts that they rest on."""

import calendar
from collections.abc import Iterator
from datetime import date

from authoring.form import Sheet
from authoring.problems import Problem
from lessons.gather import Found, Gathered
from lessons.model import Fact, Lesson


def check_facts(gathered: Gathered, today: date | None) -> Iterator[Problem]:
    asked = {found.name: found.sheet for found in gathered.quizzes}
    for found in gathered.lessons:
        yield from _dates(found, asked.get(found.name), gathered.facts, today)


def unused_facts(gathered: Gathered) -> list[str]:
    """The rows that no lesson and no question cites, in the order of the file."""
    cited = {code for sheet in gathered.sheets for code, _ in sheet.cited}
    return [code for code in gathered.facts if code not in cited]


def _dates(
    found: Found[Lesson], quiz: Sheet | None, facts: dict[str, Fact], today: date | None
) -> Iterator[Problem]:
    lesson, path = found.part, found.sheet.path
    if date.min in (lesson.checked_on, lesson.check_by):
        return
    codes = {code for code, _ in (*found.sheet.cited, *(quiz.cited if quiz else ()))}
    quick = sorted(code for code in codes if code in facts and facts[code].stale != "low")
    months = 6 if quick else 12
    latest = _later(lesson.checked_on, months)
    if lesson.check_by > latest:
        because = f" vì dòng {', '.join(quick)} dễ đổi" if quick else ""
        yield Problem(
            path,
            found.sheet.line_of("check_by"),
            f"check_by quá xa{because}",
            f"đặt không sau {latest}: tối đa {months} tháng",
        )
    if today is not None and lesson.check_by < today:
        yield Problem(
            path,
            found.sheet.line_of("check_by"),
            f"đến hạn rà lại từ ngày {lesson.check_by}",
            "soát lại từng câu với nguồn mới rồi sửa checked_on và check_by",
            serious=False,
        )
    if today is not None and lesson.checked_on > today:
        yield Problem(
            path,
            found.sheet.line_of("checked_on"),
            f"ngày soát {lesson.checked_on} ở tương lai",
            "ghi ngày đã soát thật",
            serious=False,
        )


def _later(day: date, months: int) -> date:
    """The same day so many months on, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
