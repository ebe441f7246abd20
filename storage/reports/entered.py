"""What reports say of what only people know: summed, the latest, or of exactly this period only."""

from collections.abc import Mapping, Sequence

from fieldwork.indicators import ENTERED, Line
from fieldwork.periods import Period
from places.model import Place
from storage.reports.indicator_queries import Reported


def entered(
    place: Place, period: Period, reports: Sequence[Reported], parts: Sequence[Mapping[str, int]]
) -> dict[str, int]:
    """By the indicator's name; what nobody said is not there. The place's own report goes before
    the sum of its ``parts``.
    """
    own = [one for one in reports if one.place == place]
    said = {line.name: _own(line, period, own) for line in ENTERED}
    for line in ENTERED:
        if said[line.name] is None and line.adds != "never":
            known = [part[line.name] for part in parts if line.name in part]
            said[line.name] = sum(known) if known else None
    return {name: value for name, value in said.items() if value is not None}


def _own(line: Line, period: Period, own: Sequence[Reported]) -> int | None:
    said = {one.period: one.figures[line.name] for one in own if line.name in one.figures}
    inside = {at: n for at, n in said.items() if at.start >= period.start and at.end <= period.end}
    if period in said:
        return said[period]
    if not inside or line.adds == "never":
        return None
    if line.adds == "sum":
        return _apart(inside)
    return inside[max(inside, key=lambda at: at.end)]


def _apart(said: Mapping[Period, int]) -> int:
    """The sum over periods that do not overlap, the longest first: a month and a week of it say
    one thing twice.
    """
    taken: list[Period] = []
    for one in sorted(said, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end < other.start or one.start > other.end for other in taken):
            taken.append(one)
    return sum(said[one] for one in taken)
