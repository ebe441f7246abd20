"""Indicators as they may be told above a class: of learners and homes no number of fewer than five
(``reports.few``). Acts name nobody, and who works in a team or as an ambassador is publicly known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from places.model import Place
from storage.reports import few, indicator_queries
from storage.reports.indicators import Row, Table

_FEW_HIDDEN = indicator_queries.OF_LEARNERS | {"R16"}


@dataclass(frozen=True, slots=True)
class Told:
    """As ``indicators.Figure``; ``None`` is "nobody knows"."""

    acts: int | None = None
    people: few.Figure | None = None
    seen: few.Figure | None = None
    entered: int | None = None


NOTHING = Told()


@dataclass(frozen=True, slots=True)
class ToldTable:
    """``parts`` are in the order of the table's."""

    total: Mapping[str, Told]
    parts: tuple[Mapping[str, Told], ...]


def told(table: Table, around: Table | None = None) -> ToldTable:
    """``around`` is the table of the place around this one: what it leaves out of this place, beside
    its neighbours, this place's own page leaves out too.
    """
    parts: list[dict[str, Told]] = [_plain(part) for part in table.parts]
    for name in _FEW_HIDDEN:
        known = [
            (at, people, part.figure(name).seen)
            for at, part in enumerate(table.parts)
            if (people := part.figure(name).people) is not None
        ]
        counts = [people for _, people, _ in known]
        said = few.shown_parts(counts)
        seen = few.shown_parts([count or 0 for _, _, count in known], counts)
        for (at, _, witnessed), how_many, of_them in zip(known, said, seen, strict=True):
            parts[at][name] = _hidden(parts[at][name], how_many, of_them, witnessed)
    total = _plain(table.total)
    for name in _FEW_HIDDEN & total.keys():
        figure = table.total.figure(name)
        if figure.people is not None:
            of_all = few.shown(figure.seen or 0, figure.people)
            total[name] = _hidden(total[name], few.shown(figure.people), of_all, figure.seen)
    for name, there in _left_out(table.total.place, around):
        if name not in total:
            continue
        one = total[name]
        if isinstance(there.people, str):
            total[name] = Told(one.acts, there.people, there.people, one.entered)
            # The sum of the parts would be the whole.
            for part in parts:
                if name in part:
                    part[name] = Told(part[name].acts, "withheld", "withheld", part[name].entered)
        else:
            total[name] = Told(one.acts, one.people, there.seen, one.entered)
    return ToldTable(total, tuple(parts))


def _left_out(place: Place, around: Table | None) -> Iterator[tuple[str, Told]]:
    """The lines of the place that are not told whole among its neighbours."""
    if around is None:
        return
    for row, figures in zip(around.parts, told(around).parts, strict=True):
        if row.place == place:
            for name in sorted(_FEW_HIDDEN & figures.keys()):
                if isinstance(figures[name].people, str) or isinstance(figures[name].seen, str):
                    yield name, figures[name]


def _plain(row: Row) -> dict[str, Told]:
    return {
        name: Told(one.acts, one.people, one.seen, one.entered)
        for name, one in row.figures.items()
        if one.is_known
    }


def _hidden(one: Told, people: few.Figure, seen: few.Figure, witnessed: int | None) -> Told:
    """Of few people not even "none of them" is said."""
    told_seen = None if witnessed is None else people if isinstance(people, str) else seen
    return Told(one.acts, people, told_seen, one.entered)
