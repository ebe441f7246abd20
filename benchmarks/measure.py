"""What the benchmarks share: middles and tails, tables, and the JSON beside them."""

import json
import os
import platform
import statistics
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
# Above this load average others take enough of the cores to bend the rates.
_QUIET = 0.7
# What stands in a table where nothing was measured.
NOTHING = "–"


def median(values: Iterable[float]) -> float:
    """The middle value; 0.0 of nothing."""
    found = list(values)
    return statistics.median(found) if found else 0.0


def percentile(values: Iterable[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of all values do not exceed, by nearest rank; 0.0 of nothing."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def number(value: float | None, digits: int = 0) -> str:
    """A number as people read it in a table: 12,345 or 1.25."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def times(value: float) -> str:
    """A ratio, as in "1.52 ×"."""
    return f"{value:.2f} ×"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table that also reads well in a terminal: the first column left, the others right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]

    def drawn(line: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    rule = "|".join(
        "-" * (width + 2) if place == 0 else "-" * (width + 1) + ":"
        for place, width in enumerate(widths)
    )
    return "\n".join([drawn(lines[0]), f"|{rule}|", *map(drawn, lines[1:])])


def verdict(what: str, measured: float, target: float, *, at_most: bool = False) -> str:
    """One line that says whether a target is met."""
    met = measured <= target if at_most else measured >= target
    sign = "≤" if at_most else "≥"
    return f"{'met   ' if met else 'MISSED'}  {what}: {measured:,.2f} (target {sign} {target:g})"


def save(name: str, results: dict[str, Any]) -> Path:
    """Write ``results/<name>.json`` with the machine (by its cores only) and the time beside them."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
    }
    taken_at = datetime.now(UTC).isoformat(timespec="seconds")
    whole = {"benchmark": name, "taken_at": taken_at, "machine": machine, **results}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


class Progress:
    """Says on the terminal what is being measured, with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        busy = os.getloadavg()[0]
        if busy > _QUIET:
            print(f"This machine is busy (load {busy:.1f}): trust CPU per turn more than rates.")

    def __call__(self, what: str) -> None:
        print(f"[{time.monotonic() - self._began:6.1f} s] {what}", flush=True)
