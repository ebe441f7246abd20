"""A class as a picture for a group chat: its name, a QR code, its code, and what to do.

Content: ``{"title", "where", "code", "link", "lead", "code_says", "promise": str, "steps":
[str, …]}``, all plain words. Without a ``link`` there is no QR code, and the code stands alone.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from font_roboto import RobotoBold, RobotoMedium
from PIL import Image, ImageDraw, ImageFont

from pictures import lotus
from pictures.code import modules

WIDTH = 1080
_MARGIN = 72
_QR = 560
_QUIET_ZONE = 4  # modules, https://www.qrcode.com/en/howto/code.html

_PAPER = "#FFF8EA"
_CARD = "#FFFFFF"
_LEAF = "#14684A"
_INK = "#23352D"
_QUIET = "#4F5F57"
_LOTUS = "#D6447A"


def draw(content: Mapping[str, Any]) -> bytes:
    """PNG bytes, 1080 pixels wide, as tall as the words need."""
    image = Image.new("RGB", (WIDTH, 4000), _PAPER)
    canvas = ImageDraw.Draw(image)
    top = _head(canvas, content)
    if content["link"]:
        top = _qr(canvas, top, content["link"])
    top = _steps(canvas, top, content["steps"])
    top = _code(canvas, top, content)
    top = _words(canvas, top + 24, content["promise"], RobotoMedium, 36, _QUIET) + 40
    cut = image.crop((0, 0, WIDTH, round(top)))
    png = BytesIO()
    cut.save(png, "PNG")
    return png.getvalue()


def _head(canvas: ImageDraw.ImageDraw, content: Mapping[str, Any]) -> float:
    canvas.ellipse(lotus.leaf((WIDTH - 150, 120), 58), fill=lotus.WATER)
    for outline, colour in lotus.petals((WIDTH - 150, 120), 58):
        canvas.polygon(outline, fill=colour)
    canvas.text((_MARGIN, 64), "Học Số", font=_font(RobotoBold, 52), fill=_LOTUS)
    top = _words(
        canvas, 150, content["title"], RobotoBold, 72, _LEAF, width=WIDTH - 2 * _MARGIN - 90
    )
    if content["where"]:
        top = _words(canvas, top + 6, content["where"], RobotoMedium, 42, _INK)
    return _words(canvas, top + 18, content["lead"], RobotoMedium, 40, _INK) + 28


def _qr(canvas: ImageDraw.ImageDraw, top: float, link: str) -> float:
    rows = modules(link)
    size = len(rows) + 2 * _QUIET_ZONE
    pixel = _QR // size  # whole pixels, so that every edge is sharp
    side = pixel * size
    left = (WIDTH - side) // 2
    canvas.rounded_rectangle((left, top, left + side, top + side), 28, fill=_CARD)
    for down, row in enumerate(rows, start=_QUIET_ZONE):
        for across, dark in enumerate(row, start=_QUIET_ZONE):
            if dark:
                x, y = left + across * pixel, top + down * pixel
                canvas.rectangle((x, y, x + pixel - 1, y + pixel - 1), fill="#000000")
    return top + side + 30


def _steps(canvas: ImageDraw.ImageDraw, top: float, steps: list[str]) -> float:
    for number, step in enumerate(steps, start=1):
        middle = (_MARGIN + 30, top + 30)
        canvas.circle(middle, 29, fill=_LEAF)
        canvas.text(middle, str(number), font=_font(RobotoBold, 36), fill=_CARD, anchor="mm")
        top = _words(canvas, top + 4, step, RobotoMedium, 42, _INK, left=_MARGIN + 84) + 16
    return top


def _code(canvas: ImageDraw.ImageDraw, top: float, content: Mapping[str, Any]) -> float:
    top = _words(canvas, top + 14, content["code_says"], RobotoMedium, 36, _QUIET) + 12
    canvas.rounded_rectangle((_MARGIN - 20, top, WIDTH - _MARGIN + 20, top + 150), 32, fill=_CARD)
    canvas.text(
        (WIDTH / 2, top + 76),
        content["code"],
        font=_font(RobotoBold, 110),
        fill=_LOTUS,
        anchor="mm",
    )
    return top + 150


def _words(
    canvas: ImageDraw.ImageDraw,
    top: float,
    text: str,
    face: str,
    size: int,
    colour: str,
    *,
    left: float = _MARGIN,
    width: float | None = None,
) -> float:
    """Lines of words from ``top`` on, broken where they would leave the paper; where they end."""
    font = _font(face, size)
    room = WIDTH - _MARGIN - left if width is None else width
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and canvas.textlength(longer, font=font) > room:
            canvas.text((left, top), line, font=font, fill=colour)
            line, top = word, top + size * 1.25
        else:
            line = longer
    canvas.text((left, top), line, font=font, fill=colour)
    return top + size * 1.25


def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face, size)
