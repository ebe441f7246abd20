"""Audiences: the learners a broadcast is for, counted, and read a piece at a time.

They are those of a class, or of all open classes of a place: a learner belongs to a place through
a class, and who joined none has not agreed to hear from any team.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from places.model import Place
from storage.database import Connection
from storage.times import to_ms

# More are counted as "more than this": nobody's turn waits for a whole province to be counted.
MOST_COUNTED = 20_000


_ANYWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A class, or the open classes of a place; with ``lessons``, those who began one of them."""

    cohort_id: int | None = None
    place: Place = _ANYWHERE
    lessons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """How many would get it, by channel; how many said that they want none; how many no channel
    reaches; how many have it already. ``is_more`` when there are more than were counted.
    """

    channels: Mapping[str, int]
    refusing: int
    unreachable: int
    is_more: bool
    having: int = 0

    @property
    def people(self) -> int:
        return sum(self.channels.values())


@dataclass(frozen=True, slots=True)
class Had:
    """A warning that goes to nobody twice: the ready-made text, by which broadcast it goes out now,
    and since when it counts that it came by another.
    """

    ready: str
    broadcast_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A learner of the audience, at their place in the order. ``is_meant`` is false for who is
    none after all; ``address_id`` is where they were last heard of, if they can be reached.
    """

    cohort_id: int
    learner_id: int
    term: str
    zone: str
    is_meant: bool
    is_refusing: bool
    address_id: int | None


_LAST_USED = """
    (SELECT a.{column} FROM address AS a
     WHERE a.learner_id = l.id AND a.stopped_at IS NULL AND a.leaving = 0
     ORDER BY a.last_at DESC, a.id DESC LIMIT 1)
"""
_REFUSING = """
    CASE WHEN EXISTS (SELECT 1 FROM broadcast_refusal AS r WHERE r.learner_id = l.id)
    THEN 1 ELSE 0 END
"""
_AGREED = "l.consented_at IS NOT NULL AND l.kind = 'person'"
_LEARNS = """
    AND EXISTS (
        SELECT 1 FROM lesson_progress AS p WHERE p.learner_id = l.id AND p.lesson IN ({lessons})
    )
"""
# CROSS JOIN makes SQLite begin with the classes, and follow the order in which they are read.
_COUNT = """
    WITH person AS (
        SELECT DISTINCT e.learner_id AS id
        FROM cohort AS c CROSS JOIN enrolment AS e
        WHERE {which} AND e.cohort_id = c.id LIMIT {most}
    )
    SELECT {channel} AS channel, {refusing} AS refusing, {had} AS had, COUNT(*) AS people
    FROM person CROSS JOIN learner AS l WHERE l.id = person.id AND {meant} GROUP BY 1, 2, 3
"""
_HAD = """
    CASE WHEN EXISTS (
        SELECT 1 FROM recipient AS r JOIN broadcast AS b ON b.id = r.broadcast_id
        WHERE r.learner_id = l.id AND r.broadcast_id <> ${number} AND b.ready = ${ready}
            AND (r.outcome = 'queued'
                OR (r.outcome IN ('sent', 'unsure') AND r.settled_at > ${since}))
    ) AND NOT EXISTS (
        SELECT 1 FROM recipient AS r WHERE r.broadcast_id = ${number} AND r.learner_id = l.id
    ) THEN 1 ELSE 0 END
"""
_PIECE = """
    SELECT e.cohort_id, e.learner_id, l.term, l.zone,
        CASE WHEN {meant} THEN 1 ELSE 0 END AS meant, {refusing} AS refusing,
        {address} AS address_id
    FROM cohort AS c CROSS JOIN enrolment AS e CROSS JOIN learner AS l
    WHERE {which} AND c.id >= $1 AND e.cohort_id = c.id AND (c.id > $1 OR e.learner_id > $2)
        AND l.id = e.learner_id
    ORDER BY e.cohort_id, e.learner_id LIMIT $3
"""


def _which(audience: Audience, first: int) -> tuple[str, list[object]]:
    """Which classes, as a condition whose parameters begin at that number."""
    if audience.cohort_id is not None:
        return f"c.id = ${first}", [audience.cohort_id]
    if audience.place.hamlet:
        sql = f"c.closed_at IS NULL AND c.commune = ${first} AND c.hamlet_id = ${first + 1}"
        return sql, [audience.place.commune, audience.place.hamlet]
    if audience.place.commune:
        return f"c.closed_at IS NULL AND c.commune = ${first}", [audience.place.commune]
    return "c.closed_at IS NULL", []


def _meant(audience: Audience, first: int) -> tuple[str, list[object]]:
    if not audience.lessons:
        return _AGREED, []
    lessons = ", ".join(f"${first + place}" for place in range(len(audience.lessons)))
    return f"{_AGREED} {_LEARNS.format(lessons=lessons)}", list(audience.lessons)


async def count(
    connection: Connection,
    audience: Audience,
    *,
    even_refusing: bool = False,
    had: Had | None = None,
) -> Reached:
    """Each person once, at the address they used last; with ``even_refusing``, those too who want
    none: it is for a warning. Who has it already, by ``had``, is counted apart.
    """
    which, chosen = _which(audience, 1)
    meant, lessons = _meant(audience, 1 + len(chosen))
    args = [*chosen, *lessons]
    sql = _COUNT.format(
        which=which,
        most=MOST_COUNTED + 1,
        channel=_LAST_USED.format(column="channel"),
        refusing=_REFUSING,
        meant=meant,
        had=_had(had, 1 + len(args)),
    )
    if had is not None:
        args += [had.broadcast_id, had.ready, to_ms(had.since)]
    channels: dict[str, int] = {}
    refusing = unreachable = counted = having = 0
    for channel, refuses, has_it, people in await connection.fetch(sql, *args):
        counted += int(people)
        if has_it:
            having += int(people)
            continue
        if channel is None:
            unreachable += int(people)
            continue
        if refuses:
            refusing += int(people)
        if even_refusing or not refuses:
            channels[channel] = channels.get(channel, 0) + int(people)
    return Reached(channels, refusing, unreachable, counted > MOST_COUNTED, having)


def _had(had: Had | None, first: int) -> str:
    if had is None:
        return "0"
    return _HAD.format(number=first, ready=first + 1, since=first + 2)


async def piece(
    connection: Connection, audience: Audience, after: tuple[int, int], limit: int
) -> Sequence[Member]:
    """The next ones after that class and learner; who is in two classes comes twice."""
    which, chosen = _which(audience, 4)
    meant, lessons = _meant(audience, 4 + len(chosen))
    sql = _PIECE.format(
        which=which,
        meant=meant,
        refusing=_REFUSING,
        address=_LAST_USED.format(column="id"),
    )
    rows = await connection.fetch(sql, *after, limit, *chosen, *lessons)
    return [
        Member(cohort, learner, term, zone, bool(is_meant), bool(refusing), address)
        for cohort, learner, term, zone, is_meant, refusing, address in map(tuple, rows)
    ]
