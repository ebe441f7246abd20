"""How a class is doing: counted, and learner by learner, of those only who agreed to be seen.

Three queries, however many are in the class. Whoever shows a line with a name to somebody goes
through ``handlers.people.seeing``, or writes the look into the audit as that does.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, get_args

from storage import enrolments
from storage.database import Connection, Row
from storage.times import from_ms, to_ms
from vietnamese import fold

# Heard of within so long is active; not heard of for so long, and not finished, is silent.
A_WEEK = timedelta(days=7)

Sort: TypeAlias = Literal["attention", "name", "last", "done", "joined"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLearner:
    """One learner who agreed to be seen by this class's teachers.

    ``lesson`` is where they are, "" before the first and after the last; ``card`` counts from
    zero. ``asks_for`` are the items of their open cases, which they let be seen. ``needed_done``
    counts among the lessons that finish the class. ``last_at`` is when they were last heard of,
    anywhere; ``None`` for who has no chat any more.
    """

    learner_id: int
    name: str
    joined_at: datetime
    last_at: datetime | None
    lesson: str
    card: int
    done: int
    needed_done: int
    is_finished: bool
    is_silent: bool
    is_active: bool
    is_stuck: bool
    asks_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedOn:
    """How many of the class ask for help with one item (``storage.cases``)."""

    item: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSummary:
    """``members`` are all; everything else counts those only who agreed to be seen (``seen``).

    Active and silent part those heard of within a week from those not, of whom who finished is
    not called silent: nobody waits for them. ``asking`` are learners, ``asked_on`` their cases,
    the most asked first.
    """

    members: int
    seen: int
    active: int
    finished: int
    silent: int
    stuck: int
    asking: int
    asked_on: tuple[AskedOn, ...]


@dataclass(frozen=True, slots=True)
class ClassReport:
    summary: ClassSummary
    learners: tuple[ClassLearner, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """``total`` is how many fit the search, on all pages."""

    learners: tuple[ClassLearner, ...]
    total: int


_LEARNERS = """
    SELECT e.learner_id, e.name, e.joined_at,
        (SELECT MAX(a.last_at) FROM address AS a WHERE a.learner_id = e.learner_id),
        COALESCE(p.lesson, ''), COALESCE(p.card, 0), COALESCE(p.practice, ''),
        (SELECT COUNT(*) FROM lesson_progress AS d
            WHERE d.learner_id = e.learner_id AND d.done_at IS NOT NULL),
        (SELECT COUNT(*) FROM lesson_progress AS d
            WHERE d.learner_id = e.learner_id AND d.done_at IS NOT NULL AND d.lesson IN ({needed}))
    FROM enrolment AS e
    LEFT JOIN lesson_progress AS p ON p.learner_id = e.learner_id AND p.lesson = (
        SELECT w.lesson FROM lesson_progress AS w
        WHERE w.learner_id = e.learner_id AND (w.done_at IS NULL OR w.practice = 'stuck')
        ORDER BY w.updated_at DESC, w.lesson LIMIT 1
    )
    WHERE e.cohort_id = $1 AND e.scope = 'progress'
    ORDER BY e.joined_at, e.learner_id
"""
_CASES = """
    SELECT c.learner_id, c.item FROM enrolment AS e
    JOIN support_case AS c ON c.learner_id = e.learner_id
    WHERE e.cohort_id = $1 AND e.scope = 'progress'
        AND c.closed_at IS NULL AND c.shared_at IS NOT NULL
    ORDER BY c.id
"""


async def report(
    connection: Connection, cohort_id: int, needed: Collection[str], now: datetime
) -> ClassReport:
    """The class as it is ``now``. ``needed`` are the lessons that finish it: those of its course,
    or of the basics when it has none.
    """
    size = await enrolments.size(connection, cohort_id)
    asks: dict[int, list[str]] = {}
    for learner_id, item in await connection.fetch(_CASES, cohort_id):
        asks.setdefault(learner_id, []).append(item)
    lessons = sorted(set(needed))
    marks = ", ".join(f"${place}" for place in range(2, len(lessons) + 2)) or "''"
    rows = await connection.fetch(_LEARNERS.format(needed=marks), cohort_id, *lessons)
    learners = tuple(_learner(row, asks, len(lessons), now) for row in rows)
    on = Counter(item for one in learners for item in one.asks_for)
    summary = ClassSummary(
        members=size.members,
        seen=len(learners),
        active=_count(learners, lambda one: one.is_active),
        finished=_count(learners, lambda one: one.is_finished),
        silent=_count(learners, lambda one: one.is_silent),
        stuck=_count(learners, lambda one: one.is_stuck),
        asking=_count(learners, lambda one: bool(one.asks_for)),
        asked_on=tuple(
            AskedOn(item, count)
            for item, count in sorted(on.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    )
    return ClassReport(summary, learners)


def page(
    learners: Iterable[ClassLearner],
    *,
    sort: Sort = "attention",
    search: str = "",
    offset: int = 0,
    limit: int = 20,
) -> Page:
    """Those whose name holds every word of ``search``, marks and case aside, in that order."""
    words = fold(search).split()
    found = [one for one in learners if all(word in fold(one.name) for word in words)]
    found.sort(key=_ORDERS[sort])
    return Page(tuple(found[offset : offset + limit]), len(found))


def _attention(one: ClassLearner) -> tuple[int, float, int]:
    """Who asks, then who is stuck, then who went silent, the longest silent first."""
    urgency = 0 if one.asks_for else 1 if one.is_stuck else 2 if one.is_silent else 3
    return urgency, _heard(one), one.learner_id


def _heard(one: ClassLearner) -> float:
    return one.last_at.timestamp() if one.last_at is not None else 0.0


_ORDERS: Mapping[Sort, Callable[[ClassLearner], tuple[float | int | str, ...]]] = {
    "attention": _attention,
    # Those who gave no name come last.
    "name": lambda one: (int(not one.name), fold(one.name), one.learner_id),
    "last": lambda one: (-_heard(one), one.learner_id),
    "done": lambda one: (-one.done, one.learner_id),
    "joined": lambda one: (one.joined_at.timestamp(), one.learner_id),
}


def _count(learners: Iterable[ClassLearner], holds: Callable[[ClassLearner], bool]) -> int:
    return sum(map(holds, learners))


def _learner(row: Row, asks: Mapping[int, list[str]], needed: int, now: datetime) -> ClassLearner:
    learner_id, name, joined_at, last_at, lesson, card, practice, done, needed_done = row
    is_finished = needed > 0 and int(needed_done) >= needed
    is_active = last_at is not None and last_at > to_ms(now - A_WEEK)
    asks_for = tuple(asks.get(learner_id, ()))
    return ClassLearner(
        learner_id=learner_id,
        name=name,
        joined_at=from_ms(joined_at),
        last_at=from_ms(last_at),
        lesson=lesson,
        card=card,
        done=int(done),
        needed_done=int(needed_done),
        is_finished=is_finished,
        is_silent=not is_active and not is_finished,
        is_active=is_active,
        is_stuck=practice == "stuck" or bool(asks_for),
        asks_for=asks_for,
    )
