"""A learner's path: for each course a row of stepping stones, one a lesson.

Content: ``{"title": str, "summary": str, "footer": str, "courses": [{"title": str,
"stones": [state, …]}], "week": {"title": str, "review": str, "days": [{"name": str,
"learnt": bool, "today": bool}, …]}}`` with a state of "passed" (learnt and its quiz passed),
"done" (learnt), "current" or "ahead". Content of an older version has no week.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

from font_roboto import RobotoBold, RobotoMedium
from PIL import Image, ImageDraw

from pictures.brush import CARD, INK, LEAF, LOTUS, PAPER, QUIET, WATER, font, line, lotus

WIDTH = 1080
_MARGIN = 72
_HEADER = 250
_ROW = 300
_FOOTER = 110
_WEEK = 290
_STONE = 46
_DAY = 36
_MOST_IN_A_ROW = 7

_STONE_AHEAD = "#E9E2D0"
_DONE = "#5FAE86"


def draw(content: Mapping[str, Any]) -> bytes:
    """PNG bytes, 1080 pixels wide, as tall as the courses need."""
    courses = content["courses"]
    rows = [_rows(course["stones"]) for course in courses]
    tops = []
    week = content.get("week")
    top = _HEADER + (_WEEK if week else 0)
    for course_rows in rows:
        tops.append(top)
        top += _ROW + (len(course_rows) - 1) * (_STONE * 2 + 40)
    image = Image.new("RGB", (WIDTH, top + _FOOTER), PAPER)
    canvas = ImageDraw.Draw(image)
    lotus(canvas, (WIDTH - 150, 130), 62)
    line(canvas, (_MARGIN, 70), content["title"], RobotoBold, 60, LEAF, WIDTH - 330)
    line(canvas, (_MARGIN, 150), content["summary"], RobotoMedium, 42, INK, WIDTH - 330)
    if week:
        _week(canvas, _HEADER, week)
    for course, course_rows, at in zip(courses, rows, tops, strict=True):
        _course(canvas, at, course["title"], course_rows)
    small = font(RobotoMedium, 34)
    canvas.text(
        (WIDTH / 2, top + _FOOTER / 2), content["footer"], font=small, fill=QUIET, anchor="mm"
    )
    png = BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _rows(stones: Sequence[str]) -> list[Sequence[str]]:
    return [
        stones[start : start + _MOST_IN_A_ROW] for start in range(0, len(stones), _MOST_IN_A_ROW)
    ] or [()]


def _course(canvas: ImageDraw.ImageDraw, top: float, title: str, rows: list[Sequence[str]]) -> None:
    step = _STONE * 2 + 40
    bottom = top + _ROW - 30 + (len(rows) - 1) * step
    canvas.rounded_rectangle((_MARGIN - 32, top, WIDTH - _MARGIN + 32, bottom), 36, fill=CARD)
    line(canvas, (_MARGIN, top + 34), title, RobotoBold, 46, INK, WIDTH - 2 * _MARGIN - 200)
    stones = [stone for row in rows for stone in row]
    done = sum(stone in ("passed", "done") for stone in stones)
    canvas.text(
        (WIDTH - _MARGIN, top + 58),
        f"{done}/{len(stones)}",
        font=font(RobotoBold, 46),
        fill=LEAF,
        anchor="rm",
    )
    for number, row in enumerate(rows):
        middle = top + 178 + number * step
        gap = (WIDTH - 2 * _MARGIN - 2 * _STONE) / max(_MOST_IN_A_ROW - 1, 1)
        places = [(_MARGIN + _STONE + gap * place, middle) for place in range(len(row))]
        for (left, _), (right, _) in pairwise(places):
            canvas.line((left, middle, right, middle), fill=WATER, width=16)
        for place, (centre, stone) in enumerate(zip(places, row, strict=True), start=1):
            _stone(canvas, centre, stone, number * _MOST_IN_A_ROW + place)


def _week(canvas: ImageDraw.ImageDraw, top: float, week: Mapping[str, Any]) -> None:
    """The days of this week: filled when something was learnt, a ring around today."""
    box = (_MARGIN - 32, top, WIDTH - _MARGIN + 32, top + _WEEK - 30)
    canvas.rounded_rectangle(box, 36, fill=CARD)
    line(canvas, (_MARGIN, top + 28), week["title"], RobotoBold, 42, INK, WIDTH - 2 * _MARGIN)
    gap = (WIDTH - 2 * _MARGIN - 2 * _DAY) / (len(week["days"]) - 1)
    for place, day in enumerate(week["days"]):
        centre = (_MARGIN + _DAY + gap * place, top + 138)
        fill, ink = (LOTUS, CARD) if day["learnt"] else (_STONE_AHEAD, QUIET)
        if day["today"]:
            canvas.circle(centre, _DAY + 9, outline=LEAF, width=5)
        canvas.circle(centre, _DAY, fill=fill)
        canvas.text(centre, day["name"], font=font(RobotoBold, 32), fill=ink, anchor="mm")
    line(canvas, (_MARGIN, top + 204), week["review"], RobotoMedium, 34, QUIET, WIDTH - 2 * _MARGIN)


def _stone(
    canvas: ImageDraw.ImageDraw, centre: tuple[float, float], state: str, number: int
) -> None:
    match state:
        case "passed":
            canvas.circle(centre, _STONE, fill=LEAF)
            _tick(canvas, centre)
        case "done":
            canvas.circle(centre, _STONE, fill=_DONE)
            _tick(canvas, centre)
        case "current":
            canvas.circle(centre, _STONE, fill=CARD, outline=LOTUS, width=9)
            _number(canvas, centre, number, LOTUS)
        case _:
            canvas.circle(centre, _STONE, fill=_STONE_AHEAD)
            _number(canvas, centre, number, QUIET)


def _tick(canvas: ImageDraw.ImageDraw, centre: tuple[float, float]) -> None:
    x, y = centre
    canvas.line(
        [(x - 20, y + 2), (x - 6, y + 17), (x + 22, y - 16)], fill=CARD, width=10, joint="curve"
    )


def _number(
    canvas: ImageDraw.ImageDraw, centre: tuple[float, float], number: int, colour: str
) -> None:
    canvas.text(centre, str(number), font=font(RobotoBold, 42), fill=colour, anchor="mm")
