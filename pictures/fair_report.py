"""What came of a learning day, on one A4 page: counts, and nobody's name.

Content: ``{"title", "where", "day", "partner", "lesson", "made": str, "is_over": bool,
"people", "lessons": int | None, "hours": [[hour, people], …], "questions": [{"ask": str,
"answers", "right": int}, …], "drills": {"scams", "hits", "real", "false_alarms": int}}``. ``None``
is what was never counted, which is not nought and is said so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from pictures import lotus
from pictures.paper import one_page

# Millimetres.
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 18
_INNER = _WIDTH - 2 * _MARGIN
_BARS_HIGH = 30
# More do not fit the page; a fair has five.
_MOST_QUESTIONS = 8

_LEAF, _INK, _QUIET, _LOTUS, _BAR, _LINE = (
    "#14684A", "#1B2A23", "#4F5F57", "#D6447A", "#8FB9A6", "#D8D2C2",
)  # fmt: skip
_NONE = "chưa có"


def draw(content: Mapping[str, Any]) -> bytes:
    """The PDF's bytes: one page, whatever happened on the day."""
    page = one_page(content["title"], _MARGIN)
    _head(page, content)
    _numbers(page, content)
    _hours(page, content["hours"])
    _questions(page, content["questions"])
    _drills(page, content["drills"])
    _foot(page, content)
    return bytes(page.output())


def _head(page: FPDF, content: Mapping[str, Any]) -> None:
    left, top, right, bottom = lotus.leaf((_WIDTH - 30, 26), 9)
    page.set_fill_color(lotus.WATER)
    page.ellipse(left, top, right - left, bottom - top, style="F")
    for outline, colour in lotus.petals((_WIDTH - 30, 26), 9):
        page.set_fill_color(colour)
        page.polygon(outline, style="F")
    page.set_right_margin(_MARGIN + 28)
    _words(page, "Báo cáo ngày hội học tập số", "", 13, _LOTUS, most=1)
    _words(page, content["title"], "B", 24, _LEAF, most=2)
    page.set_right_margin(_MARGIN)
    page.ln(1)
    when = " · ".join(part for part in (content["day"], content["where"]) if part)
    _words(page, when, "", 13, _INK, most=2)
    if content["partner"]:
        _words(page, f"Cùng làm: {content['partner']}", "", 13, _INK, most=2)
    if content["lesson"]:
        _words(page, f"Bài học: {content['lesson']}", "", 13, _INK, most=1)
    page.ln(4)


def _numbers(page: FPDF, content: Mapping[str, Any]) -> None:
    top = page.get_y()
    told = (("người đã tới", content["people"]), ("bài học xong", content["lessons"]))
    for place, (label, count) in enumerate(told):
        left = _MARGIN + place * (_INNER / 2 + 2)
        page.set_fill_color("#EEF5EE")
        page.rect(left, top, _INNER / 2 - 2, 26, style="F", round_corners=True, corner_radius=3)
        page.set_xy(left + 6, top + 3)
        page.set_font("Roboto", "B", 32 if count is not None else 24)
        page.set_text_color(_LEAF)
        page.cell(0, 13, _NONE if count is None else _grouped(count))
        page.set_xy(left + 6, top + 17)
        page.set_font("Roboto", "", 12)
        page.set_text_color(_QUIET)
        page.cell(0, 6, label)
    page.set_xy(_MARGIN, top + 32)


def _hours(page: FPDF, hours: Sequence[Sequence[int]]) -> None:
    _title(page, "Theo giờ (giờ quét mã lần đầu)")
    if not hours:
        _words(page, _NONE, "", 12, _QUIET, most=1)
        page.ln(3)
        return
    counted = {int(hour): int(people) for hour, people in hours}
    shown = range(min(counted), max(counted) + 1)
    most, top = max(counted.values()), page.get_y() + 5
    step = min(_INNER / len(shown), 24)
    for place, hour in enumerate(shown):
        people = counted.get(hour, 0)
        high = _BARS_HIGH * people / most
        left = _MARGIN + place * step
        page.set_fill_color(_BAR)
        if people:
            page.rect(left + step * 0.15, top + _BARS_HIGH - high, step * 0.7, high, style="F")
        page.set_text_color(_INK)
        page.set_font("Roboto", "B", 10)
        page.set_xy(left, top + _BARS_HIGH - high - 5)
        page.cell(step, 5, _grouped(people), align="C")
        page.set_text_color(_QUIET)
        page.set_font("Roboto", "", 9)
        page.set_xy(left, top + _BARS_HIGH + 1)
        page.cell(step, 4, f"{hour}h", align="C")
    page.set_draw_color(_LINE)
    page.line(_MARGIN, top + _BARS_HIGH, _MARGIN + step * len(shown), top + _BARS_HIGH)
    page.set_xy(_MARGIN, top + _BARS_HIGH + 9)


def _questions(page: FPDF, questions: Sequence[Mapping[str, Any]]) -> None:
    _title(page, "Đố vui: bao nhiêu người chọn đúng")
    if not questions:
        _words(page, _NONE, "", 12, _QUIET, most=1)
        page.ln(3)
    wide = _INNER - 46
    for number, one in enumerate(questions[:_MOST_QUESTIONS], start=1):
        top = page.get_y()
        page.set_right_margin(_WIDTH - _MARGIN - wide)
        _words(page, f"{number}. {_short(one['ask'])}", "", 10.5, _INK, most=2)
        below = page.get_y()
        page.set_right_margin(_MARGIN)
        answers, right = one["answers"], one["right"]
        page.set_xy(_MARGIN + wide + 4, top)
        page.set_font("Roboto", "B", 11)
        page.set_text_color(_LEAF if answers else _QUIET)
        said = f"{right}/{answers} ({_percent(right, answers)})" if answers else "chưa ai trả lời"
        page.cell(42, 5, said, align="R")
        if answers:
            page.set_fill_color("#ECE7D8")
            page.rect(_MARGIN + wide + 8, top + 6, 38, 2.4, style="F")
            page.set_fill_color(_LEAF)
            page.rect(_MARGIN + wide + 8, top + 6, 38 * right / answers, 2.4, style="F")
        page.set_xy(_MARGIN, max(below, top + 9) + 1.5)
    if len(questions) > _MOST_QUESTIONS:
        _words(page, f"và {len(questions) - _MOST_QUESTIONS} câu nữa.", "", 10.5, _QUIET, most=1)
    page.ln(2)


def _drills(page: FPDF, drills: Mapping[str, int]) -> None:
    _title(page, "Tập nhận ra lừa đảo")
    for label, count, of in (
        ("Tin lừa, nhận ra là lừa", drills["hits"], drills["scams"]),
        ("Tin thật, mà nghi là lừa", drills["false_alarms"], drills["real"]),
    ):
        told = f"{count}/{of} lượt ({_percent(count, of)})" if of else _NONE
        page.set_font("Roboto", "", 12)
        page.set_text_color(_INK)
        page.cell(_INNER - 60, 7, label)
        page.set_font("Roboto", "B", 12)
        page.set_text_color(_LEAF if of else _QUIET)
        page.cell(60, 7, told, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _foot(page: FPDF, content: Mapping[str, Any]) -> None:
    page.set_y(_HEIGHT - 30)
    page.set_draw_color(_LINE)
    page.line(_MARGIN, page.get_y() - 2, _WIDTH - _MARGIN, page.get_y() - 2)
    said = (
        "Mỗi người đếm một lần, dù quét mã mấy lần. Chỉ đếm người quét mã và đồng ý; ai không "
        "dùng điện thoại thì không có trong số này. “Chưa có” là chưa đếm được, không phải bằng "
        "không. Không có tên của ai."
    )
    _words(page, said, "", 9.5, _QUIET, most=3)
    state = "" if content["is_over"] else "Ngày hội chưa đóng nên số còn đổi. "
    _words(page, f"{state}Học Số làm lúc {content['made']}.", "", 9.5, _QUIET, most=1)


def _title(page: FPDF, text: str) -> None:
    _words(page, text, "B", 13, _LEAF, most=1)
    page.ln(1)


def _short(text: str) -> str:
    """A question's beginning: the page has room for two lines."""
    return text if len(text) <= 130 else text[:128].rsplit(" ", 1)[0] + "…"


def _grouped(count: int) -> str:
    """As numbers are written here: 1.234."""
    return f"{count:,}".replace(",", ".")


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%"


def _words(page: FPDF, text: str, style: str, size: float, colour: str, *, most: int) -> None:
    """The words in at most so many lines, made smaller until they fit."""
    page.set_text_color(colour)
    while True:
        page.set_font("Roboto", style, size)
        high = size * 0.45
        lines = page.multi_cell(0, high, text, dry_run=True, output="LINES", align="L")
        assert isinstance(lines, list)  # noqa: S101 - as asked for
        if len(lines) <= most or size <= 8:
            break
        size -= 0.5
    page.multi_cell(0, high, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
