"""What every picture of ours is painted with: colours, letters that fit, Đồng Tháp's flower."""

from PIL import ImageDraw, ImageFont

from pictures import lotus as flower

PAPER = "#FFF8EA"
CARD = "#FFFFFF"
LEAF = "#14684A"
INK = "#23352D"
QUIET = "#6B7A72"
WATER = flower.WATER
LOTUS = "#D6447A"


def lotus(canvas: ImageDraw.ImageDraw, centre: tuple[float, float], size: float) -> None:
    """Đồng Tháp's flower, ``size`` from its middle to its side."""
    canvas.ellipse(flower.leaf(centre, size), fill=WATER)
    for outline, colour in flower.petals(centre, size):
        canvas.polygon(outline, fill=colour)


def line(
    canvas: ImageDraw.ImageDraw,
    corner: tuple[float, float],
    text: str,
    face: str,
    size: int,
    colour: str,
    width: float,
) -> None:
    """One line of words, made smaller until it fits ``width`` pixels."""
    while size > 20 and canvas.textlength(text, font=font(face, size)) > width:
        size -= 2
    canvas.text(corner, text, font=font(face, size), fill=colour)


def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face, size)


def wrapped(
    canvas: ImageDraw.ImageDraw, text: str, face: str, size: int, width: float
) -> list[str]:
    """The words in lines of at most ``width`` pixels; a longer word stands alone."""
    lines: list[str] = []
    letters = font(face, size)
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and canvas.textlength(longer, font=letters) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
