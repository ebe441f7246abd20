"""The numbers of a place on one A4 page, for a meeting and for the file.

Content: ``title``, ``when``, and ``tables`` of ``title``, ``head`` and ``rows`` of texts. What does
not fit is left out from the end of the longest table, and said so: the spreadsheet has it all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from pictures.paper import one_page

# Millimetres.
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 15
_ROW, _HEAD, _GAP = 5.2, 5.5, 3.0
_SIZE = 9.5
_LEAF, _INK, _QUIET, _RULE = "#14684A", "#1B2A23", "#4F5F57", "#C9C4B4"
_FOOT = (
    "Chỉ có số, không có tên ai. Số dưới 5 người không nêu ra. Ai học ở nhiều nơi chỉ tính một lần."
)
_REST = "… còn nữa trong bảng tính"


def draw(content: Mapping[str, Any]) -> bytes:
    """The PDF's bytes: one page, whatever the names are."""
    page = one_page(content["title"], _MARGIN)
    _line(page, "Học Số · Bình dân học vụ số", "B", 11, _LEAF)
    _line(page, _fitted(page, content["title"], _WIDTH - 2 * _MARGIN, 18), "B", 18, _INK)
    _line(page, content["when"], "", 10, _QUIET)
    tables = [table for table in content["tables"] if table["rows"]]
    room = _HEIGHT - _MARGIN - 12 - page.get_y() - len(tables) * (_HEAD + _ROW + _GAP)
    for table, rows in zip(
        tables, _shared([len(one["rows"]) for one in tables], room), strict=True
    ):
        _table(page, table, rows)
    page.set_y(_HEIGHT - _MARGIN - 5)
    _line(page, _FOOT, "", 8.5, _QUIET)
    return bytes(page.output())


def _shared(lengths: Sequence[int], room: float) -> list[int]:
    """How many rows each table may have, so that all fit: the longest gives way first."""
    rows = list(lengths)
    while rows and sum(rows) * _ROW > room and max(rows) > 2:
        rows[rows.index(max(rows))] -= 1
    return rows


def _table(page: FPDF, table: Mapping[str, Any], most: int) -> None:
    page.ln(_GAP)
    _line(page, table["title"], "B", 11.5, _LEAF)
    rows = table["rows"]
    shown = [*rows[: most - 1], [_REST]] if len(rows) > most else rows
    whole = _WIDTH - 2 * _MARGIN
    others = len(table["head"]) - 1
    narrow = 30.0 if others < 3 else 26.0
    widths = [whole - narrow * others, *[narrow] * others]
    for number, row in enumerate((table["head"], *shown)):
        page.set_font("Roboto", "B" if number == 0 else "", _SIZE)
        page.set_text_color(_QUIET if number == 0 else _INK)
        for column, cell in enumerate(row):
            width = whole if len(row) == 1 else widths[column]
            page.cell(
                width,
                _ROW,
                _fitted(page, cell, width - 2, _SIZE),
                border="B" if number == 0 else 0,
                align="L" if column == 0 else "R",
            )
        page.ln(_ROW)
    page.set_draw_color(_RULE)


def _fitted(page: FPDF, text: str, width: float, size: float) -> str:
    """On one line: cut where it is longer."""
    page.set_font("Roboto", "B" if size > _SIZE else "", size)
    if page.get_string_width(text) <= width:
        return text
    while text and page.get_string_width(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def _line(page: FPDF, text: str, style: str, size: float, colour: str) -> None:
    page.set_font("Roboto", style, size)
    page.set_text_color(colour)
    page.cell(0, size * 0.46, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
