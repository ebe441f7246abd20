"""A comparison of settings as a picture: readable on a phone, and printed in black and white.

Plans differ in the stroke and the hatching as well as in colour, and every number stands beside
its line or bar.
"""

import logging
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import nan
from typing import Any, Literal

from font_roboto import Roboto, RobotoBold
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.outcome import Comparison, Line, Outcome
from simulation.report import LABEL, decimal, decimal_exact, names, percent

Format = Literal["svg", "png"]

# 1080 by 1950 pixels at 150 an inch: a phone's screen, and most of a page in print.
_SIZE, _DPI = (7.2, 13.0), 150
_PAPER, _INK, _QUIET, _RULE = "#FFFFFF", "#23352D", "#55635B", "#D9D5C8"
_LEAF, _LOTUS, _SAND, _REED = "#14684A", "#B0245A", "#8A8F8B", "#A56A00"
_LEFT = 0.04
_SMALL: dict[str, Any] = {"color": _QUIET, "size": 13.5}
# By the plan's place in ``report.names``: colour, stroke, hatching.
_LOOKS: tuple[tuple[str, Any, str], ...] = (
    (_SAND, (0, (1, 1.6)), ""),
    (_REED, (0, (4, 1.5, 1, 1.5)), "...."),
    (_INK, (0, (2, 1)), "xxxx"),
    (_LEAF, "-", "////"),
    (_LOTUS, (0, (6, 2)), "----"),
)
_NOTHING, _REFRESHERS, _NOW, _TRIAL = 0, 1, 3, 4
# Closer than this, in shares, two numbers at the ends of lines would overlap.
_APART = 0.15
_STYLE: Any = {
    "font.family": "Roboto",
    "font.size": 15,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _QUIET,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "hatch.color": "#FFFFFF",
    "hatch.linewidth": 1.2,
    # The same picture for the same numbers.
    "svg.hashsalt": "hoc-so",
}


def draw(found: Comparison, kind: Format) -> bytes:
    """The picture as a file of that kind."""
    for font in (Roboto, RobotoBold):
        font_manager.fontManager.addfont(font)
    # It speaks of a folder for its own use, which is nothing to a person who asked for a picture.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with rc_context(_STYLE):
        figure = _figure(found)
        drawn = BytesIO()
        figure.savefig(
            drawn,
            format=kind,
            dpi=_DPI,
            facecolor=_PAPER,
            metadata={"Date": None} if kind == "svg" else None,
        )
    return drawn.getvalue()


def _figure(found: Comparison) -> Figure:
    figure = Figure(figsize=_SIZE)
    _heading(figure, found)
    plans = names(found)
    shown = [_NOTHING, _NOW] + ([_TRIAL] if found.trial else [])
    everything = figure.add_axes((0.115, 0.605, 0.765, 0.135))
    known = [outcome.known for _, outcome in plans]
    _lines(everything, "Mọi câu đã học: còn nhớ bao nhiêu", found, shown, known)
    safety = figure.add_axes((0.115, 0.29, 0.765, 0.135))
    known = [outcome.known_safety for _, outcome in plans]
    _lines(safety, "Riêng câu phòng lừa đảo", found, [_NOTHING, _REFRESHERS, *shown[1:]], known)
    asked = figure.add_axes((0.365, 0.075, 0.22, 0.125))
    late = figure.add_axes((0.67, 0.075, 0.25, 0.125))
    weekly = [outcome.asked_a_week for _, outcome in plans]
    _bars(asked, "Câu ôn mỗi tuần", plans, weekly, decimal, named=True)
    waited = [outcome.late for _, outcome in plans]
    _bars(late, "Câu an toàn quá hạn", plans, waited, percent, named=False)
    figure.text(_LEFT, 0.037, "Trí nhớ theo mô hình FSRS, người học là tưởng tượng.", **_SMALL)
    figure.text(_LEFT, 0.016, "Dải mờ: tám phần mười số người ôn như đang đặt.", **_SMALL)
    return figure


def _heading(figure: Figure, found: Comparison) -> None:
    figure.text(_LEFT, 0.963, "Ôn lại giữ được bao nhiêu?", size=25, weight="bold", color=_LEAF)
    people = f"{found.learners} người học tưởng tượng, {found.last_day} ngày"
    figure.text(_LEFT, 0.941, people, color=_QUIET)
    told = [("Đang đặt", found.now)] + ([("Đặt thử", found.trial)] if found.trial else [])
    for place, (name, outcome) in enumerate(told):
        spacing = outcome.plan.spacing
        limits = (
            f"hạn {spacing.longest(is_safety=False)}, an toàn {spacing.longest(is_safety=True)}"
        )
        share = decimal_exact(spacing.retention)
        line = f"{name}: {spacing.questions_a_day} câu/ngày, mức nhớ {share}, {limits} ngày"
        figure.text(_LEFT, 0.9235 - 0.0175 * place, line, **_SMALL)
    figure.text(
        _LEFT + 0.012,
        0.8715,
        LABEL.upper(),
        weight="bold",
        bbox={
            "boxstyle": "round,pad=0.4",
            "facecolor": _PAPER,
            "edgecolor": _INK,
            "linewidth": 1.5,
        },
    )


def _lines(
    axes: Axes, title: str, found: Comparison, shown: Sequence[int], lines: Sequence[Line]
) -> None:
    days = list(found.days)
    for place in shown:
        colour, stroke, _ = _LOOKS[place]
        line = lines[place]
        if place == _NOW:
            axes.fill_between(
                days, _drawn(line.low), _drawn(line.high), color=colour, alpha=0.14, linewidth=0
            )
        name = names(found)[place][0]
        axes.plot(days, _drawn(line.mean), color=colour, linestyle=stroke, linewidth=3, label=name)
    for place, height in _apart(_ends(lines, shown)):
        axes.annotate(
            percent(lines[place].mean[-1]),
            (days[-1], height),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
            color=_LOOKS[place][0] if place != _NOTHING else _QUIET,
        )
    axes.set_xlim(0, found.last_day)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    ticks = _ticks(found.last_day)
    axes.set_xticks(ticks, [f"ngày {day}" if day else "0" for day in ticks])
    axes.grid(axis="y", color=_RULE)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    legend = axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.125, 1.02),
        ncols=1,
        frameon=False,
        handlelength=3.2,
        labelspacing=0.25,
        title=title,
        alignment="left",
    )
    legend.get_title().set(size=17, weight="bold")


def _drawn(shares: Iterable[float | None]) -> list[float]:
    """With a gap where there is nothing to draw."""
    return [nan if share is None else share for share in shares]


def _ends(lines: Sequence[Line], shown: Iterable[int]) -> list[tuple[int, float]]:
    ends = [(place, lines[place].mean[-1]) for place in shown]
    return [(place, share) for place, share in ends if share is not None]


def _apart(ends: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    """Where to write the number of each line: at its end, but none over another."""
    placed: list[tuple[int, float]] = []
    for place, height in sorted(ends, key=lambda end: end[1]):
        lowest = placed[-1][1] + _APART if placed else height
        placed.append((place, max(height, lowest)))
    return placed


def _ticks(last: int) -> list[int]:
    """About four, at round numbers of days."""
    step = next((step for step in (10, 20, 30, 60, 90, 120, 180) if last / step <= 4), 365)
    return list(range(0, last + 1, step))


def _bars(
    axes: Axes,
    title: str,
    plans: Sequence[tuple[str, Outcome]],
    values: Sequence[float],
    written: Any,
    *,
    named: bool,
) -> None:
    places = range(len(plans))
    for place, value in zip(places, values, strict=True):
        colour, _, hatching = _LOOKS[place]
        axes.barh(place, value, height=0.68, color=colour, hatch=hatching, edgecolor="#FFFFFF")
        axes.annotate(
            written(value),
            (value, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
        )
    axes.invert_yaxis()
    axes.set_yticks(list(places), [name for name, _ in plans] if named else [""] * len(plans))
    axes.tick_params(axis="y", length=0, labelsize=14)
    axes.set_xlim(0, max(*values, 1e-9) * 1.45)
    axes.set_xticks([])
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.set_title(title, loc="left", size=14, weight="bold")
