"""Tables to take along, of the very readings that the pages show; and how each is written."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TypeAlias

from dashboard.figures import Figures
from dashboard.reading import ClassReading, Overview
from dashboard.words import class_name, figure, person_name
from lessons.catalogue import Catalogue
from storage.reports.few import Figure

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """``title`` is at most 31 letters, without signs: it names a sheet."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def of_place(read: Overview) -> tuple[Table, ...]:
    figures = read.figures
    summary: list[tuple[Cell, ...]] = [
        ("Người học", _cell(figures.people)),
        ("Gặp trong 7 ngày qua", _cell(figures.active)),
        ("Quá 7 ngày chưa gặp", _cell(figures.silent)),
        *((f"Xong khóa {title}", _cell(count)) for title, count in figures.finished),
    ]
    parts = Table(
        "Từng nơi",
        ("Nơi", "Người học", "Gặp trong 7 ngày qua"),
        tuple((part.title, _cell(part.people), _cell(part.active)) for part in read.parts),
    )
    return (
        Table("Tổng quan", ("Mục", read.scope.title), tuple(summary)),
        *([parts] if read.parts else []),
        *_common(read.figures),
    )


def _common(figures: Figures) -> Iterable[Table]:
    yield Table(
        "Đi tới đâu",
        ("Bước", "Số người"),
        tuple((step.title, _cell(step.people)) for step in figures.funnel),
    )
    yield Table(
        "Từng tuần",
        ("Tuần từ", "Người học", "Câu ôn", "Trả lời đúng"),
        tuple(
            (f"{week.monday:%d/%m/%Y}", _cell(week.people), _cell(week.asked), _cell(week.right))
            for week in reversed(figures.weeks)  # the latest first: a printed page has room for few
        ),
    )
    yield Table(
        "Câu khó",
        ("Câu hỏi", "Bài", "Lượt hỏi", "Lượt đúng"),
        tuple((one.text, one.lesson, one.asked, one.right) for one in figures.hardest),
    )


def of_class(read: ClassReading, catalogue: Catalogue) -> tuple[Table, ...]:
    summary = read.report.summary
    people = []
    for one in read.report.learners:
        lesson = catalogue.lesson(one.lesson)
        people.append(
            (
                person_name(one.name),
                one.done,
                lesson.title if lesson is not None else "",
                None if one.last_at is None else f"{one.last_at:%d/%m/%Y}",
                "có" if one.asks_for else "",
            )
        )
    name = class_name(read.cohort.name, read.cohort.code)
    return (
        Table(
            "Lớp",
            ("Mục", name),
            (
                ("Người trong lớp", summary.members),
                ("Cho xem việc học", summary.seen),
                ("Gặp trong 7 ngày qua", summary.active),
                ("Xong khóa", summary.finished),
                ("Quá 7 ngày chưa gặp", summary.silent),
                ("Đang kẹt", summary.stuck),
                ("Nhờ giúp", summary.asking),
            ),
        ),
        Table(
            "Từng người",
            ("Tên", "Số bài xong", "Đang ở bài", "Gặp gần nhất", "Nhờ giúp"),
            tuple(people),
        ),
    )


def _cell(count: Figure) -> Cell:
    return figure(count) if isinstance(count, str) else count


# What a spreadsheet takes for the beginning of a formula
# (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(tables: Sequence[Table]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel shows no Vietnamese marks."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        writer.writerow([_harmless(table.title)])
        writer.writerow([_harmless(cell) for cell in table.head])
        writer.writerows([[_harmless(cell) for cell in row] for row in table.rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run stays a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """A sheet for each table. Texts are written as texts, whatever they begin with."""
    # A quarter of a second that only an export pays.
    from xlsxwriter import Workbook

    made = BytesIO()
    book = Workbook(
        made,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for table in tables:
        sheet = book.add_worksheet(table.title)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(table.head):
            longest = max((len(f"{row[column]}") for row in table.rows), default=0)
            sheet.set_column(column, column, min(60, max(12, longest + 2, len(title) + 2)))
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell, wrapped)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    book.close()
    return made.getvalue()
