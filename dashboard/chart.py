"""What a chart shows, without drawing it: from here both the picture and its table are made."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dashboard.figures import Figures
from dashboard.words import figure
from storage.reports.few import Figure

ChartName: TypeAlias = Literal["pheu", "tuan", "nho", "kho", "noi"]
# A label, the number, and how it is said; no number where it is not said.
Point: TypeAlias = tuple[str, float | None, str]
# More bars are no picture any more; the table has them all.
_MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Bars:
    title: str
    bars: tuple[Point, ...]

    @property
    def words(self) -> str:
        return _words(self.bars)


@dataclass(frozen=True, slots=True)
class Line:
    """``most`` is the top of the scale, or what the points reach."""

    title: str
    points: tuple[Point, ...]
    most: float | None = None

    @property
    def words(self) -> str:
        return _words(self.points)


Chart: TypeAlias = Bars | Line


def _words(points: tuple[Point, ...]) -> str:
    """As it is read aloud: "Mở bài 1: 12; Xong bài 1: dưới 5"."""
    return "; ".join(f"{name}: {said}" for name, _, said in points if said)


def funnel(figures: Figures) -> Bars:
    return Bars("Đi tới đâu trong khóa", tuple(_point(s.title, s.people) for s in figures.funnel))


def weekly(figures: Figures) -> Line:
    return Line(
        "Số người học mỗi tuần",
        tuple(_point(f"{week.monday:%d/%m}", week.people) for week in figures.weeks),
    )


def recall(figures: Figures) -> Line:
    points = [(f"{week.monday:%d/%m}", week.recall) for week in figures.weeks]
    return Line(
        "Câu ôn trả lời đúng, phần trăm",
        tuple(
            (day, None, "") if share is None else (day, 100 * share, f"{100 * share:.0f}")
            for day, share in points
        ),
        100,
    )


def hardest(figures: Figures) -> Bars:
    return Bars(
        "Câu nhiều người chưa đúng, phần trăm",
        tuple(
            (one.text, 100 * one.wrong_share, f"{100 * one.wrong_share:.0f} %")
            for one in figures.hardest
        ),
    )


def places(parts: "tuple[tuple[str, Figure], ...]") -> Bars:
    return Bars("Số người học từng nơi", tuple(_point(*part) for part in parts[:_MOST_BARS]))


def _point(name: str, count: Figure) -> Point:
    return name, None if isinstance(count, str) else float(count), figure(count)
