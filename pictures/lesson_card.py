"""A lesson as a card for a whole group: its title and what to remember, in letters for old eyes.

Content: ``{"course": str, "title": str, "lines": [str, …], "promise": str, "link": str,
"invites": str}``. With a link there is its QR code beside the promise, and ``invites`` says what
to do with it; without ("") there is neither.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from font_roboto import RobotoBold, RobotoMedium
from PIL import Image, ImageDraw

from pictures.brush import CARD, INK, LEAF, LOTUS, PAPER, QUIET, WATER, font, line, lotus, wrapped
from pictures.code import modules

WIDTH = 1080
_MARGIN = 64
_INSIDE = 52
_TITLE_TOP = 156
_TITLE = 76
_LINE = 52
_NUMBER = 38  # radius
_QR = 330
# What a phone's camera needs around the code (ISO/IEC 18004: four modules).
_QUIET_ZONE = 4


def draw(content: Mapping[str, Any]) -> bytes:
    """PNG bytes, 1080 pixels wide, as tall as its words need."""
    measure = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    wide = WIDTH - 2 * _MARGIN
    title = wrapped(measure, content["title"], RobotoBold, _TITLE, wide)
    lines = [
        wrapped(measure, words, RobotoMedium, _LINE, wide - 2 * _INSIDE - 2 * _NUMBER - 34)
        for words in content["lines"]
    ]
    card_top = _TITLE_TOP + len(title) * round(_TITLE * 1.22) + 36
    tall = [max(len(parts) * round(_LINE * 1.3), 2 * _NUMBER) for parts in lines]
    card_bottom = card_top + 2 * _INSIDE + sum(tall) + 34 * max(len(tall) - 1, 0)
    beside = wide - (_QR + 40 if content["link"] else 0)
    promise = wrapped(measure, content["promise"], RobotoMedium, 38, beside)
    invites = wrapped(measure, content["invites"], RobotoBold, 44, beside)
    foot = len(promise) * 52 + (len(invites) * 58 + 24 if content["link"] else 0)
    bottom = card_bottom + 44 + max(foot, _QR if content["link"] else 0) + 52

    image = Image.new("RGB", (WIDTH, bottom), PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, 16), fill=LEAF)
    lotus(canvas, (WIDTH - 120, 92), 44)
    line(canvas, (_MARGIN, 74), content["course"], RobotoMedium, 42, QUIET, wide - 160)
    _write(canvas, (_MARGIN, _TITLE_TOP), title, RobotoBold, _TITLE, LEAF, 1.22)
    card = (_MARGIN - 20, card_top, WIDTH - _MARGIN + 20, card_bottom)
    canvas.rounded_rectangle(card, 36, fill=CARD, outline=WATER, width=4)
    top = card_top + _INSIDE
    for number, (parts, height) in enumerate(zip(lines, tall, strict=True), start=1):
        _point(canvas, top, height, number, parts)
        top += height + 34
    foot_top: float = card_bottom + 44
    if content["link"]:
        _stick(image, _qr(content["link"]), card_bottom + 44)
        foot_top = _write(canvas, (_MARGIN, foot_top), invites, RobotoBold, 44, INK, 58 / 44) + 24
    _write(canvas, (_MARGIN, foot_top), promise, RobotoMedium, 38, QUIET, 52 / 38)
    png = BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _point(
    canvas: ImageDraw.ImageDraw, top: float, height: float, number: int, parts: list[str]
) -> None:
    """One line to remember, with its number in a flower's colour."""
    left = _MARGIN + _INSIDE - 20
    middle = top + height / 2
    canvas.circle((left + _NUMBER, middle), _NUMBER, fill=LOTUS)
    bold = font(RobotoBold, 44)
    canvas.text((left + _NUMBER, middle), str(number), font=bold, fill=CARD, anchor="mm")
    step = round(_LINE * 1.3)
    first = middle - len(parts) * step / 2
    _write(canvas, (left + 2 * _NUMBER + 34, first), parts, RobotoMedium, _LINE, INK, 1.3)


def _write(
    canvas: ImageDraw.ImageDraw,
    corner: tuple[float, float],
    parts: list[str],
    face: str,
    size: int,
    colour: str,
    step: float,
) -> float:
    """Lines of words, each ``step`` letters high; where the next would begin."""
    left, top = corner
    for part in parts:
        middle = top + size * step / 2
        canvas.text((left, middle), part, font=font(face, size), fill=colour, anchor="lm")
        top += round(size * step)
    return top


def _stick(image: Image.Image, code: Image.Image, top: int) -> None:
    """The code at the right margin, in the middle of the room that is kept for it."""
    spare = (_QR - code.width) // 2
    image.paste(code, (WIDTH - _MARGIN - _QR + spare, top + spare))


def _qr(link: str) -> Image.Image:
    """As large as whole pixels allow: modules of uneven size are hard to read from a screen."""
    rows = modules(link)
    side = len(rows) + 2 * _QUIET_ZONE
    small = Image.new("RGB", (side, side), CARD)
    for y, row in enumerate(rows, start=_QUIET_ZONE):
        for x, is_dark in enumerate(row, start=_QUIET_ZONE):
            if is_dark:
                small.putpixel((x, y), (0, 0, 0))
    scale = max(_QR // side, 1)
    return small.resize((side * scale, side * scale), Image.Resampling.NEAREST)
