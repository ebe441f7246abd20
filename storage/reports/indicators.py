"""Indicators R01 to R18 of a place and a period: acts (lượt) and persons (người) apart, and nothing
where nothing is known.

``table`` asks the same few queries however large the place is. Sums of acts over the places of a
table are the table's total; persons are counted anew for the total, because somebody may learn in
two hamlets. ``None`` is "nobody knows" and is never a 0.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from fieldwork.indicators import ENTERED
from fieldwork.milestones import MILESTONES
from fieldwork.periods import Period, covered
from places.model import Place
from storage.database import Connection
from storage.reports import indicator_queries as queries
from storage.reports.area import Area
from storage.times import to_ms

_FEEDS = frozenset(one.feeds for one in MILESTONES)
# A paste is forgotten after that long: of an earlier period nobody knows any more.
_PASTES_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Figure:
    """``acts`` were counted on visits and in groups, ``people`` are distinct persons that the
    tutor knows, ``seen`` those among them where somebody of the team saw it done; ``entered`` is
    what a report says. They are never added to each other: one person may be in all of them.
    """

    acts: int | None = None
    people: int | None = None
    seen: int | None = None
    entered: int | None = None

    @property
    def is_known(self) -> bool:
        return any(value is not None for value in (self.acts, self.people, self.entered))


UNKNOWN = Figure()


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one place, by ``fieldwork.indicators.Line.name``; what is not there is not
    known. ``is_reported`` says that reports handed in leave out no day of the period.
    """

    place: Place
    figures: Mapping[str, Figure] = field(default_factory=dict)
    is_reported: bool = False

    def figure(self, name: str) -> Figure:
        return self.figures.get(name, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Table:
    """A place and its parts: a commune's hamlets, a province's communes; of a hamlet, none.

    ``reported`` of the parts have reported the whole period; where not all have, a sum is of
    those that something is known of.
    """

    period: Period
    total: Row
    parts: tuple[Row, ...]

    @property
    def reported(self) -> int:
        return sum(part.is_reported for part in self.parts)


async def table(
    connection: Connection, area: Area, period: Period, *, now: datetime, zone: tzinfo
) -> Table:
    """``zone`` is where days begin and end. Always the same number of queries."""
    start, after = _span(period, zone)
    as_of = min(after, to_ms(now) + 1)
    found = queries.Asked(connection, area, period, start, after, as_of)
    acts = await found.visits() | await found.visit_milestones() | await found.classes()
    pastes = await found.pastes()
    pastes_known = start >= to_ms(now - _PASTES_KEPT)
    acts |= pastes if pastes_known else {}
    sees_itself = queries.SEES_ITSELF if pastes_known else queries.SEES_ITSELF - {"R03.paste"}
    people_of_parts = await found.people(by_part=True)
    people_of_all = await found.people(by_part=False)
    reports = await found.reports()
    spans: dict[Place, list[Period]] = {}
    for report in reports:
        spans.setdefault(report.place, []).append(report.period)
    listed = await found.parts()
    # What is the commune's own, and a hamlet that was taken off the list, count as well.
    others = sorted({place for place, _ in acts} - set(listed))
    parts = []
    for place in (*listed, *others):
        reported = place != area.place and covered(period, spans.get(place, ()))
        figures = _acts(place, acts, zeros=reported, sees_itself=sees_itself)
        figures = _and_people(figures, people_of_parts, place, roles=place in listed)
        if place != area.place or area.is_hamlet:
            figures = _with_entered(figures, place, period, reports)
        parts.append(Row(place, figures, reported))
    if area.is_hamlet:
        reported = covered(period, spans.get(area.place, ()))
        figures = _acts(area.place, acts, zeros=reported, sees_itself=sees_itself)
        figures = _and_people(figures, people_of_all, area.place)
        return Table(
            period,
            Row(area.place, _with_entered(figures, area.place, period, reports), reported),
            (),
        )
    own = covered(period, spans.get(area.place, ()))
    known = [part for part in parts if part.place in listed]
    reported = own or (bool(known) and all(part.is_reported for part in known))
    total = _and_people(_summed(parts), people_of_all, area.place)
    total = _with_entered(total, area.place, period, reports, parts=parts)
    return Table(period, Row(area.place, total, reported), tuple(parts))


def _span(period: Period, zone: tzinfo) -> tuple[int, int]:
    """The first millisecond of the period, and the first after it."""
    start = datetime.combine(period.start, datetime.min.time(), zone)
    after = datetime.combine(period.end + timedelta(days=1), datetime.min.time(), zone)
    return to_ms(start), to_ms(after)


def _acts(
    place: Place, acts: queries.Counts, *, zeros: bool, sees_itself: Collection[str]
) -> dict[str, Figure]:
    """What was counted there. Where the place has reported and nothing was counted, 0 is known;
    of what the tutor sees itself, always; else silence tells nothing.
    """
    figures = {}
    for name in queries.ACTS:
        by_itself = name in queries.SEES_ITSELF
        zero = 0 if (name in sees_itself if by_itself else zeros) else None
        figures[name] = Figure(acts=acts.get((place, name), zero))
    return figures


def _and_people(
    figures: dict[str, Figure], people: queries.People, place: Place, *, roles: bool = True
) -> dict[str, Figure]:
    """With the persons the tutor knows. Where it knows no learner, it knows of no 0 either."""
    learners, _ = people.get((place, queries.LEARNERS), (0, 0))
    for name in queries.PEOPLE:
        of_learners = name in queries.OF_LEARNERS
        is_known = learners > 0 if of_learners else roles and not (name == "R17" and place.hamlet)
        if is_known:
            count, seen = people.get((place, name), (0, 0))
            before = figures.get(name, UNKNOWN)
            figures[name] = replace(before, people=count, seen=seen if name in _FEEDS else None)
    return figures


def _summed(parts: list[Row]) -> dict[str, Figure]:
    """The acts of a whole: the sum over its parts of which something is known."""
    figures = {}
    for name in queries.ACTS:
        known = [part.figure(name).acts for part in parts]
        counts = [count for count in known if count is not None]
        figures[name] = Figure(acts=sum(counts) if counts else None)
    return figures


def _with_entered(
    figures: dict[str, Figure],
    place: Place,
    period: Period,
    reports: list[queries.Reported],
    parts: list[Row] | None = None,
) -> dict[str, Figure]:
    """With what reports say: a sum of the reports within the period, the latest one, or only what
    a report on exactly this place and period says. A commune's own report goes before the sum of
    its hamlets.
    """
    own = [one for one in reports if one.place == place]
    for line in ENTERED:
        said = {one.period: one.figures[line.name] for one in own if line.name in one.figures}
        inside = {
            at: n for at, n in said.items() if at.start >= period.start and at.end <= period.end
        }
        value: int | None = said.get(period)
        if value is None and inside and line.adds == "sum":
            value = _apart(inside)
        elif value is None and inside and line.adds == "latest":
            value = inside[max(inside, key=lambda at: at.end)]
        elif value is None and parts and line.adds != "never":
            known = [part.figure(line.name).entered for part in parts]
            counts = [count for count in known if count is not None]
            value = sum(counts) if counts else None
        if value is not None:
            figures[line.name] = replace(figures.get(line.name, UNKNOWN), entered=value)
    return figures


def _apart(said: Mapping[Period, int]) -> int:
    """The sum over periods that do not overlap, the longest first: a month and a week of it say
    one thing twice.
    """
    taken: list[Period] = []
    for one in sorted(said, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end < other.start or one.start > other.end for other in taken):
            taken.append(one)
    return sum(said[one] for one in taken)
