"""A class on one A4 page, for the wall of a village hall. Content as for ``pictures.poster``.

Vector, so that the QR code and the letters are sharp on any printer.
"""

from collections.abc import Mapping
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from pictures import lotus
from pictures.code import modules
from pictures.paper import one_page

# Millimetres.
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 18
_QR = 96
_QUIET_ZONE = 4

_LEAF, _INK, _QUIET, _LOTUS = "#14684A", "#1B2A23", "#4F5F57", "#D6447A"


def draw(content: Mapping[str, Any]) -> bytes:
    """The PDF's bytes: one page, whatever the names are."""
    page = one_page(content["title"], _MARGIN)
    _head(page, content)
    if content["link"]:
        _qr(page, content["link"])
    _steps(page, content["steps"])
    _code(page, content)
    _foot(page, content)
    return bytes(page.output())


def _head(page: FPDF, content: Mapping[str, Any]) -> None:
    _flower(page, (_WIDTH - 34, 27), 11)
    _line(page, "Học Số", "B", 22, _LOTUS)
    page.set_right_margin(_MARGIN + 34)
    _lines(page, content["title"], "B", 34, _LEAF, most=2)
    page.set_right_margin(_MARGIN)
    if content["where"]:
        _lines(page, content["where"], "", 18, _INK, most=2)
    page.ln(2)
    _lines(page, content["lead"], "", 17, _INK, most=3)
    page.ln(4)


def _flower(page: FPDF, centre: tuple[float, float], size: float) -> None:
    left, top, right, bottom = lotus.leaf(centre, size)
    page.set_fill_color(lotus.WATER)
    page.ellipse(left, top, right - left, bottom - top, style="F")
    for outline, colour in lotus.petals(centre, size):
        page.set_fill_color(colour)
        page.polygon(outline, style="F")


def _qr(page: FPDF, link: str) -> None:
    rows = modules(link)
    pixel = _QR / (len(rows) + 2 * _QUIET_ZONE)
    left, top = (_WIDTH - _QR) / 2, page.get_y()
    page.set_fill_color("#000000")
    for down, row in enumerate(rows, start=_QUIET_ZONE):
        start = None
        for across, dark in enumerate([*row, False], start=_QUIET_ZONE):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                # One bar for a run of modules: apart, printers draw hair lines between them.
                x, y = left + start * pixel, top + down * pixel
                page.rect(x, y, (across - start) * pixel, pixel + 0.01, style="F")
                start = None
    page.set_y(top + _QR + 2)


def _steps(page: FPDF, steps: list[str]) -> None:
    for number, step in enumerate(steps, start=1):
        top = page.get_y()
        page.set_fill_color(_LEAF)
        page.circle(_MARGIN + 5, top + 5, 5, style="F")
        page.set_font("Roboto", "B", 16)
        page.set_text_color("#FFFFFF")
        page.set_xy(_MARGIN, top)
        page.cell(10, 10, str(number), align="C")
        page.set_left_margin(_MARGIN + 14)
        page.set_xy(_MARGIN + 14, top + 1)
        _lines(page, step, "", 18, _INK, most=2)
        page.set_left_margin(_MARGIN)
        page.ln(3)


def _code(page: FPDF, content: Mapping[str, Any]) -> None:
    page.ln(2)
    _lines(page, content["code_says"], "", 15, _QUIET, most=2)
    page.ln(1)
    top = page.get_y()
    page.set_draw_color(_LOTUS)
    page.set_line_width(0.8)
    page.rect(
        _MARGIN, top, _WIDTH - 2 * _MARGIN, 24, style="D", round_corners=True, corner_radius=4
    )
    page.set_font("Roboto", "B", 46)
    page.set_text_color(_LOTUS)
    page.set_xy(_MARGIN, top)
    page.cell(_WIDTH - 2 * _MARGIN, 24, content["code"], align="C")
    page.set_xy(_MARGIN, top + 26)


def _foot(page: FPDF, content: Mapping[str, Any]) -> None:
    if content["link"]:
        _lines(page, content["link"], "", 12, _QUIET, most=2)
    page.set_y(_HEIGHT - 26)
    _lines(page, content["promise"], "", 14, _INK, most=2)


def _line(page: FPDF, text: str, style: str, size: float, colour: str) -> None:
    page.set_font("Roboto", style, size)
    page.set_text_color(colour)
    page.cell(0, size * 0.45, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _lines(page: FPDF, text: str, style: str, size: float, colour: str, *, most: int) -> None:
    """The words in at most so many lines, made smaller until they fit."""
    page.set_text_color(colour)
    while True:
        page.set_font("Roboto", style, size)
        high = size * 0.46
        lines = page.multi_cell(0, high, text, dry_run=True, output="LINES", align="L")
        assert isinstance(lines, list)  # noqa: S101 - as asked for
        if len(lines) <= most or size <= 9:
            break
        size -= 1
    page.multi_cell(0, high, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
