"""What pages, charts and exports read: the same few functions over ``storage/reports``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.answers import Missing
from dashboard.figures import Figures, figures
from dashboard.parts import Parts
from dashboard.scope import Scope, titles_of, token_of
from dashboard.visitor import Visitor
from lessons.catalogue import Catalogue
from people.roles import EVERYWHERE, may_see
from places.model import Place
from storage import audit, cohorts
from storage.cohorts import Cohort
from storage.database import Connection
from storage.reports import classes, counting, kept, rolls, siblings
from storage.reports.few import Figure, ranked, shown_parts


@dataclass(frozen=True, slots=True)
class Part:
    """A hamlet of a commune, or a commune of everywhere. ``token`` leads there."""

    title: str
    token: str
    people: Figure
    active: Figure


@dataclass(frozen=True, slots=True)
class Overview:
    """``counted_at`` is ``None`` when the place was never counted yet."""

    scope: Scope
    figures: Figures
    parts: tuple[Part, ...]
    counted_at: datetime | None


async def overview(
    parts: Parts, connection: Connection, visitor: Visitor, scope: Scope, course: str = ""
) -> Overview:
    placed = await kept.of(connection, scope.places)
    beside = await siblings.of(connection, scope.places, visitor.places)
    said = figures(
        placed.tally,
        parts.catalogue,
        course,
        parts.now().astimezone(parts.zone).date(),
        hides=True,
        siblings=beside,
    )
    # What is not said of the whole is not told by its parts.
    shown = () if isinstance(said.people, str) else await _parts(parts, connection, scope)
    return Overview(scope, said, shown, placed.counted_at)


async def _parts(parts: Parts, connection: Connection, scope: Scope) -> tuple[Part, ...]:
    found = await kept.parts(connection, scope.whole) if scope.whole is not None else {}
    titles = await titles_of(parts, connection, found)
    # In the order in which the parts' own pages decide.
    order = sorted(found)
    counts = [found[place] for place in order]
    people = shown_parts([one.people for one in counts])
    active = shown_parts([one.active for one in counts], [one.people for one in counts])
    shown = {
        place: Part(
            _part_title(scope, place, titles),
            token_of(place) if place != scope.whole else "",
            how_many,
            # Of few people not even "none of them" is said.
            those_active if not isinstance(how_many, str) else how_many,
        )
        for place, how_many, those_active in zip(order, people, active, strict=True)
    }
    in_order = sorted(found, key=lambda place: (*ranked(shown[place].people), titles[place]))
    return tuple(shown[place] for place in in_order)


def _part_title(scope: Scope, place: Place, titles: Mapping[Place, str]) -> str:
    if place == scope.whole:
        return "Lớp chung cả xã, phường"
    return titles[place].partition(",")[0] if place.hamlet else titles[place]


@dataclass(frozen=True, slots=True)
class ClassReading:
    """A class as whoever may see it sees it: counted, and one by one who agreed."""

    cohort: Cohort
    where: str
    report: classes.ClassReport
    figures: Figures


async def one_class(
    parts: Parts, connection: Connection, visitor: Visitor, number: str
) -> ClassReading:
    """Raises ``Missing`` for a class that is not there, or not this person's to see."""
    cohort = await the_class(parts, connection, visitor, number)
    now = parts.now()
    tally = await counting.of_class(
        connection, cohort.id, now=now, zone=parts.zone, courses=parts.courses
    )
    report = await classes.report(
        connection, cohort.id, needed(parts.catalogue, cohort.course), now
    )
    titles = await titles_of(parts, connection, [cohort.place])
    today = now.astimezone(parts.zone).date()
    return ClassReading(
        cohort,
        titles[cohort.place] if cohort.place != EVERYWHERE else "",
        report,
        figures(tally, parts.catalogue, cohort.course, today, hides=False),
    )


async def the_class(parts: Parts, connection: Connection, visitor: Visitor, number: str) -> Cohort:
    if not number.isascii() or not number.isdecimal() or len(number) > 15:
        raise Missing
    cohort = await cohorts.by_id(connection, int(number))
    if cohort is None or not may_see(
        visitor.grants, visitor.learner_id, cohort.owner_id, cohort.place, parts.now()
    ):
        raise Missing
    return cohort


def needed(catalogue: Catalogue, course: str) -> tuple[str, ...]:
    """The lessons that finish a class, as the chat has it: its course's, or those of the first
    course, the basics.
    """
    return (catalogue.course(course) or catalogue.courses[0]).lessons


async def looked(parts: Parts, visitor: Visitor, shown: list[tuple[int, int]]) -> None:
    """Write down that somebody's progress was shown: (class, learner), one line each."""
    if not shown:
        return
    async with parts.database.transaction() as connection:
        await audit.write_looked(
            connection,
            shown,
            actor_id=visitor.learner_id,
            acted_as=visitor.role,
            now=parts.now(),
        )


# Polls are forgotten after so long; pasted cards too.
POSTS_SINCE = timedelta(days=90)
ROLL_ORDERS: tuple[rolls.ClassOrder, ...] = ("newest", "name", "people")
