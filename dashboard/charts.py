"""Charts as SVG: readable on a phone, and printed in black and white. Every number stands beside
its bar or point, and the page says the same in a table.

Imported only when a chart is drawn: the library takes half a second and forty megabytes.
"""

import logging
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from font_roboto import Roboto, RobotoBold
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from dashboard.chart import Bars, Chart, Line

_PAPER, _INK, _QUIET, _RULE = "#FFFFFF", "#23352D", "#55635B", "#D9D5C8"
_LEAF, _LOTUS = "#14684A", "#B0245A"
_WIDTH = 4.6
_STYLE: Any = {
    "font.family": "Roboto",
    "font.size": 13,
    "text.color": _INK,
    "axes.edgecolor": _QUIET,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "svg.hashsalt": "hoc-so",
    # Letters as outlines: the reader's machine need not have the font.
    "svg.fonttype": "path",
}
# Characters that fit beside a bar; longer labels go on two lines.
_LABEL = 22


def draw(chart: Chart) -> bytes:
    """The picture as an SVG file, the same for the same numbers."""
    for font in (Roboto, RobotoBold):
        font_manager.fontManager.addfont(font)
    # It speaks of a folder for its own use.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with rc_context(_STYLE):
        figure = _bars(chart) if isinstance(chart, Bars) else _line(chart)
        drawn = BytesIO()
        metadata = {"Date": None, "Title": chart.title}
        figure.savefig(drawn, format="svg", facecolor=_PAPER, metadata=metadata)
    return _described(drawn.getvalue(), chart.words)


def _described(drawn: bytes, words: str) -> bytes:
    """Whoever hears the picture instead of seeing it hears its numbers: the library writes the
    title only.
    """
    desc = f" <desc>{escape(words)}</desc>".encode()
    return drawn.replace(b"<svg ", b'<svg role="img" ', 1).replace(
        b"</title>\n", b"</title>\n" + desc + b"\n", 1
    )


def _bars(chart: Bars) -> Figure:
    figure = Figure(figsize=(_WIDTH, 0.9 + 0.52 * max(1, len(chart.bars))), layout="constrained")
    axes = figure.add_subplot()
    most = max((value for _, value, _ in chart.bars if value is not None), default=0.0) or 1.0
    for place, (_, value, said) in enumerate(chart.bars):
        if value is None:
            axes.barh(place, most * 0.06, height=0.6, color="none", edgecolor=_QUIET, hatch="////")
        else:
            axes.barh(place, value, height=0.6, color=_LEAF)
        axes.annotate(
            said,
            (most * 0.06 if value is None else value, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            weight="bold" if value is not None else "normal",
        )
    axes.invert_yaxis()
    axes.set_yticks(range(len(chart.bars)), [_folded(name) for name, _, _ in chart.bars])
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, most * 1.3)
    axes.set_xticks([])
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    _title(figure, chart.title)
    return figure


def _line(chart: Line) -> Figure:
    figure = Figure(figsize=(_WIDTH, 3.1), layout="constrained")
    axes = figure.add_subplot()
    places = list(range(len(chart.points)))
    values = [float("nan") if value is None else value for _, value, _ in chart.points]
    axes.plot(places, values, color=_LOTUS, linewidth=2.5, marker="o", markersize=5)
    for place, (_, value, said) in enumerate(chart.points):
        if value is not None:
            axes.annotate(
                said,
                (place, value),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                size=11,
                weight="bold",
                # Where the line falls steeply it goes through its own number.
                path_effects=[withStroke(linewidth=3, foreground="white")],
            )
    most = chart.most if chart.most is not None else max((v for v in values if v == v), default=1)  # noqa: PLR0124 - not a number
    axes.set_ylim(0, (most or 1) * 1.18)
    axes.set_xlim(-0.5, max(0.5, len(places) - 0.5))
    shown = places[:: max(1, len(places) // 6)]
    axes.set_xticks(shown, [chart.points[place][0] for place in shown])
    axes.set_yticks([])
    _floor(axes)
    _title(figure, chart.title)
    return figure


def _floor(axes: Axes) -> None:
    axes.grid(axis="y", color=_RULE)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _title(figure: Figure, title: str) -> None:
    figure.suptitle(title, x=0.01, ha="left", size=15, weight="bold")


def _folded(name: str) -> str:
    """On two lines at most, cut where it would be on more. A $ is no formula."""
    name = name.replace("$", r"\$")
    if len(name) <= _LABEL:
        return name
    at = name.rfind(" ", 0, _LABEL)
    at = at if at > 0 else _LABEL
    rest = name[at:].strip()
    return f"{name[:at]}\n{rest if len(rest) <= _LABEL else rest[: _LABEL - 1] + '…'}"
