"""Indicators R01 to R18 of a place and a period: acts (lượt) and persons (người) apart, and nothing
where nothing is known.

``table`` asks the same few queries however large the place is. Sums of acts over the places of a
table are the table's total; persons are counted anew for the total, because somebody may learn in
two hamlets. ``None`` is "nobody knows" and is never a 0.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from fieldwork.periods import Period
from fieldwork.reports import CLOSED, REPORTED
from places.model import Place
from storage import households
from storage.database import Connection
from storage.reports import indicator_queries as queries
from storage.reports.area import Area
from storage.reports.entered import entered
from storage.reports.standing import Standing, Standings
from storage.times import from_ms, to_ms

# A paste is forgotten after that long: of an earlier period nobody knows any more.
_PASTES_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Figure:
    """``acts`` were counted on visits and in groups, ``people`` are distinct persons (or households)
    that the tutor knows, ``seen`` those among them where somebody of the team saw it done; ``entered`` is
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
    known. ``is_reported`` says that reports handed in leave out no day of the period,
    ``is_approved`` the same of approved ones, and ``standing`` how far the report of exactly this
    place and period is.
    """

    place: Place
    figures: Mapping[str, Figure] = field(default_factory=dict)
    is_reported: bool = False
    is_approved: bool = False
    standing: Standing = ""

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

    @property
    def approved(self) -> int:
        return sum(part.is_approved for part in self.parts)


async def table(
    connection: Connection,
    area: Area,
    period: Period,
    *,
    now: datetime,
    zone: tzinfo,
    basics: Sequence[str],
    share: float,
    approved_only: bool = False,
) -> Table:
    """``zone`` is where days begin and end; ``basics`` and ``share`` say which households count
    (``storage.households``). With ``approved_only`` a place whose reports are not approved for
    every day of the period says nothing. Always the same number of queries.
    """
    start, after = _span(period, zone)
    as_of = min(after, to_ms(now) + 1)
    found = queries.Asked(connection, area, period, start, after, as_of)
    acts = await found.visits() | await found.visit_milestones() | await found.classes()
    pastes = await found.pastes()
    pastes_known = start >= to_ms(now - _PASTES_KEPT)
    acts |= pastes if pastes_known else {}
    sees_itself = queries.SEES_ITSELF if pastes_known else queries.SEES_ITSELF - {"R03.paste"}
    homes = await _homes(connection, area, basics, share, from_ms(as_of))
    people_of_parts = {**await found.people(by_part=True), **homes}
    people_of_all = {
        **await found.people(by_part=False),
        **_whole_homes(homes, area),
    }
    reports = await found.reports()
    hamlets = await found.hamlets()
    standings = Standings(period, reports, hamlets)
    wanted = CLOSED if approved_only else REPORTED
    reports = [one for one in reports if one.state in wanted]
    listed = await found.parts()

    def row(place: Place, counts: queries.People, parts: Sequence[Place], *, own: bool) -> Row:
        """``own`` is what no part of a place has: the commune's own visits and classes."""
        reported = not own and standings.is_reported(place)
        approved = (standings.is_own_approved if own else standings.is_approved)(place)
        standing = "" if own else standings.of(place)
        if approved_only and not approved:
            return Row(place, {}, reported, approved, standing)
        figures = _acts(place, acts, zeros=reported, sees_itself=sees_itself)
        figures = _and_people(figures, counts, place, roles=place in listed)
        if not own:
            inside = [entered(one, period, reports, ()) for one in parts]
            figures = _and_entered(figures, entered(place, period, reports, inside))
        return Row(place, figures, reported, approved, standing)

    if area.is_hamlet:
        return Table(period, row(area.place, people_of_all, (), own=False), ())
    # What is the commune's own, and a hamlet that was taken off the list, count as well.
    learning = {place for place, name in people_of_parts if name == queries.LEARNERS}
    others = sorted((learning | {place for place, _ in (*acts, *homes)}) - set(listed))
    parts = [
        row(
            place,
            people_of_parts,
            () if place.hamlet else hamlets.get(place.commune, ()),
            own=place == area.place,
        )
        for place in (*listed, *others)
    ]
    known = [part for part in parts if part.place in listed]
    whole = area.place
    reported = standings.is_reported(whole) or _all(part.is_reported for part in known)
    approved = standings.is_approved(whole) or _all(part.is_approved for part in known)
    figures = _summed(parts)
    if approved or not approved_only:
        figures = _and_people(figures, people_of_all, whole)
    inside = [
        {name: one.entered for name, one in part.figures.items() if one.entered is not None}
        for part in parts
    ]
    figures = _and_entered(figures, entered(whole, period, reports, inside))
    return Table(period, Row(whole, figures, reported, approved, standings.of(whole)), tuple(parts))


def _all(answers: Iterable[bool]) -> bool:
    """Whether there are any, and none says no."""
    said = list(answers)
    return bool(said) and all(said)


async def _homes(
    connection: Connection, area: Area, basics: Sequence[str], share: float, before: datetime
) -> dict[tuple[Place, str], tuple[int, int]]:
    """Households that count, by part. Where the tutor knows of no household nothing is known."""
    communes = (area.place.commune,) if area.place.commune else area.communes or None
    counts: dict[tuple[Place, str], tuple[int, int]] = {}
    for one in await households.count(connection, basics, share, communes, before=before):
        if not one.place.commune or (area.is_hamlet and one.place != area.place):
            continue
        part = one.place if area.place.commune else Place(one.place.commune)
        counts[part, "R16"] = (counts.get((part, "R16"), (0, 0))[0] + one.counting, 0)
    return counts


def _whole_homes(homes: queries.People, area: Area) -> dict[tuple[Place, str], tuple[int, int]]:
    """A household is at one place only, so these are added up."""
    return {(area.place, "R16"): (sum(count for count, _ in homes.values()), 0)} if homes else {}


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
    if (place, "R16") in people:
        figures["R16"] = Figure(people=people[place, "R16"][0])
    for name in queries.PEOPLE:
        of_learners = name in queries.OF_LEARNERS
        is_known = learners > 0 if of_learners else roles and not (name == "R17" and place.hamlet)
        if is_known:
            count, seen = people.get((place, name), (0, 0))
            before = figures.get(name, UNKNOWN)
            figures[name] = replace(
                before, people=count, seen=seen if name in queries.WITNESSED else None
            )
    return figures


def _summed(parts: list[Row]) -> dict[str, Figure]:
    """The acts of a whole: the sum over its parts of which something is known."""
    figures = {}
    for name in queries.ACTS:
        known = [part.figure(name).acts for part in parts]
        counts = [count for count in known if count is not None]
        figures[name] = Figure(acts=sum(counts) if counts else None)
    return figures


def _and_entered(figures: dict[str, Figure], said: Mapping[str, int]) -> dict[str, Figure]:
    return figures | {
        name: replace(figures.get(name, UNKNOWN), entered=value) for name, value in said.items()
    }
