"""Đồng Tháp's flower, the tutor's mark: five petals over a leaf, as outlines to fill."""

from math import cos, pi, sin
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]

WATER = "#CFE6DA"
PETALS = ((-70, "#EFA3BF"), (70, "#EFA3BF"), (-36, "#E2719B"), (36, "#E2719B"), (0, "#D6447A"))


def leaf(centre: Point, size: float) -> tuple[float, float, float, float]:
    """The box of the ellipse under the petals."""
    x, y = centre
    return x - size * 1.3, y + size * 0.55, x + size * 1.3, y + size


def petals(centre: Point, size: float) -> list[tuple[list[Point], str]]:
    """Each petal's outline and its colour, those behind first."""
    x, y = centre
    return [(_petal(x, y + size * 0.7, size * 1.5, angle), colour) for angle, colour in PETALS]


def _petal(x: float, y: float, length: float, angle: float) -> list[Point]:
    turn = angle * pi / 180
    outline = []
    for place in range(41):
        along = place / 40
        for side in (-1,) if place in (0, 40) else (-1, 1):
            width = sin(along * pi) ** 0.9 * length * 0.21 * side
            across, up = width, along * length
            outline.append(
                (
                    along if side < 0 else 2 - along,
                    (
                        x + across * cos(turn) + up * sin(turn),
                        y - up * cos(turn) + across * sin(turn),
                    ),
                )
            )
    return [point for _, point in sorted(outline)]
