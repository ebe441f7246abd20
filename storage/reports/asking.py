"""Who asks for help: how many people, open and closed, by place, age, rung, item and helper's role.

Only what a learner let be seen is counted. Each number is of distinct people, so that few can be
hidden; who asks for two things is one person at their place, and one for each of both things.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from people.roles import EVERYWHERE, Role
from places.model import Place
from storage.database import Connection
from storage.reports.few import Figure, shown, shown_parts
from storage.times import from_ms, to_ms

# For how long somebody has waited, or has been helped; from the shortest.
AGES: tuple[timedelta, ...] = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
Dimension: TypeAlias = Literal["place", "age", "rung", "item", "taker", "outcome"]


@dataclass(frozen=True, slots=True)
class Scope:
    """``places`` with the rung on which this person stands there, and, when ``has_classes``, the
    classes that ``learner_id`` leads wherever they are.

    """

    places: Mapping[Place, int]
    learner_id: int
    has_classes: bool


@dataclass(frozen=True, slots=True)
class Part:
    """``key`` is a place's commune and hamlet, the number of an age or rung, an item, a role, an
    outcome.
    """

    key: str
    people: Figure


@dataclass(frozen=True, slots=True)
class Asking:
    """``by`` has the open ones by everything but the outcome, the closed ones by that."""

    open: Figure
    closed: Figure
    by: Mapping[Dimension, tuple[Part, ...]]


_PLACE = {
    "commune": "c.commune || ':' || CAST(COALESCE(c.hamlet_id, 0) AS TEXT)",
    "": "c.commune || ':0'",
}
# The role that somebody who took a case holds now, the highest of several.
_TAKER = """
    COALESCE((
        SELECT MAX(CASE g.role WHEN 'administrator' THEN '3administrator'
            WHEN 'ambassador' THEN '2ambassador' ELSE '1team_member' END)
        FROM role_grant AS g WHERE g.learner_id = c.taken_by AND g.revoked_at IS NULL
            AND (g.expires_at IS NULL OR g.expires_at > $1)
    ), '0')
"""
_AGE = " ".join(
    f"WHEN c.shared_at > CAST($1 AS BIGINT) - {int(age.total_seconds()) * 1000} THEN '{number}'"
    for number, age in enumerate(AGES)
)
_OPEN = "c.closed_at IS NULL AND c.shared_at IS NOT NULL"
_CLOSED = "c.closed_at >= $2 AND c.closed_at IS NOT NULL AND c.shared_at IS NOT NULL"
# Every query has both moments, whichever it needs; PostgreSQL wants to know what they are.
_BOTH = "CAST($1 AS BIGINT) > CAST($2 AS BIGINT)"
_BY = "SELECT {key}, COUNT(DISTINCT c.learner_id) FROM support_case AS c WHERE {which} AND {where}"


_DIMENSIONS: Mapping[Dimension, tuple[str, str]] = {
    "place": ("", _OPEN),
    "age": (f"CASE {_AGE} ELSE '{len(AGES)}' END", _OPEN),
    "rung": ("CAST(c.rung AS TEXT)", f"{_OPEN} AND c.taken_by IS NULL"),
    "item": ("c.item", _OPEN),
    "taker": (_TAKER, f"{_OPEN} AND c.taken_by IS NOT NULL"),
    "outcome": ("c.outcome", _CLOSED),
}


async def asking(
    connection: Connection, scope: Scope, *, now: datetime, closed_since: datetime
) -> Asking:
    """The same number of queries however many ask."""
    count = _Count(connection, scope, to_ms(now), to_ms(closed_since))
    place = _PLACE["" if EVERYWHERE in scope.places else "commune"]
    by: dict[Dimension, tuple[Part, ...]] = {}
    for dimension, (key, which) in _DIMENSIONS.items():
        found = await count.here(key or place, which)
        hidden = await count.beside(key or place, which)
        people = shown_parts([number for _, number in found])
        by[dimension] = tuple(
            Part(name, "withheld" if name in hidden and isinstance(number, int) else number)
            for (name, _), number in zip(found, people, strict=True)
        )
    totals: list[Figure] = []
    for which in (_OPEN, _CLOSED):
        total = shown(sum(number for _, number in await count.here("''", which)))
        hidden = await count.beside("''", which)
        totals.append("withheld" if hidden and isinstance(total, int) else total)
    return Asking(totals[0], totals[1], by)


@dataclass(frozen=True, slots=True)
class _Count:
    """``now`` and ``since`` are in milliseconds."""

    connection: Connection
    scope: Scope
    now: int
    since: int

    async def here(self, key: str, which: str) -> list[tuple[str, int]]:
        where, args = _where(self.scope, 2)
        sql = f"{_BY.format(key=key, which=which, where=where)} AND {_BOTH} GROUP BY 1 ORDER BY 1"
        rows = await self.connection.fetch(sql, self.now, self.since, *args)
        return [(str(row[0]), int(row[1])) for row in rows]

    async def beside(self, key: str, which: str) -> frozenset[str]:
        """What the page of one hamlet leaves out, or it would tell of the others: their commune's
        page says the sum.
        """
        hamlet = next(iter(self.scope.places), EVERYWHERE)
        if len(self.scope.places) != 1 or not hamlet.hamlet:
            return frozenset()
        by_hamlet = f"{_PLACE['commune']}, {key}"
        sql = _BY.format(key=by_hamlet, which=which, where="c.commune = $3")
        rows = await self.connection.fetch(
            f"{sql} AND {_BOTH} GROUP BY 1, 2 ORDER BY 1, 2", self.now, self.since, hamlet.commune
        )
        counts: dict[str, dict[str, int]] = {}
        for where, name, number in rows:
            counts.setdefault(str(name), {})[where] = int(number)
        mine = f"{hamlet.commune}:{hamlet.hamlet}"
        return frozenset(
            name for name, those in counts.items() if isinstance(_told(those).get(mine), str)
        )


def _told(counts: Mapping[str, int]) -> dict[str, Figure]:
    order = sorted(counts)
    return dict(zip(order, shown_parts([counts[one] for one in order]), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One that this person may know of by name: it waits on their rung, or they took it."""

    id: int
    learner_id: int
    name: str
    item: str
    place: Place
    cohort_id: int | None
    shared_at: datetime
    is_mine: bool
    is_helped: bool


_CASES = """
    SELECT c.id, c.learner_id, c.name, c.item, c.commune, COALESCE(c.hamlet_id, 0), c.cohort_id,
        c.shared_at, CASE WHEN c.taken_by IS NULL THEN 0 ELSE 1 END, c.helped_at
    FROM support_case AS c
    WHERE c.closed_at IS NULL AND c.shared_at IS NOT NULL AND c.learner_id <> $1 AND {where}
        AND (c.taken_by = $1 OR (c.taken_by IS NULL AND {reached}))
    ORDER BY CASE WHEN c.taken_by IS NULL THEN 0 ELSE 1 END, c.shared_at, c.id
    LIMIT ${limit} OFFSET ${offset}
"""


async def named(
    connection: Connection, scope: Scope, *, limit: int, offset: int = 0
) -> tuple[Case, ...]:
    """The open ones, those nobody took before all, the oldest first. Whoever shows them writes the
    look down.
    """
    where, args = _where(scope, 1)
    reached, values = _where(scope, 1 + len(args), by_rung=True)
    last = 1 + len(args) + len(values)
    sql = _CASES.format(where=where, reached=reached, limit=last + 1, offset=last + 2)
    rows = await connection.fetch(sql, scope.learner_id, *args, *values, limit, offset)
    return tuple(_case(tuple(row)) for row in rows)


def _case(row: Sequence[Any]) -> Case:
    number, learner_id, name, item, commune, hamlet, cohort_id, shared, mine, helped = row
    return Case(
        id=number,
        learner_id=learner_id,
        name=name,
        item=item,
        place=Place(commune, hamlet),
        cohort_id=cohort_id,
        shared_at=from_ms(shared),
        is_mine=bool(mine),
        is_helped=helped is not None,
    )


def _where(scope: Scope, before: int, *, by_rung: bool = False) -> tuple[str, list[object]]:
    """A condition on ``c`` whose parameters follow the first ``before``."""
    said: list[str] = []
    args: list[object] = []

    def mark(value: object) -> str:
        args.append(value)
        return f"${before + len(args)}"

    for place, rung in scope.places.items():
        one = "1 = 1" if place == EVERYWHERE else f"c.commune = {mark(place.commune)}"
        if place.hamlet:
            one += f" AND c.hamlet_id = {mark(place.hamlet)}"
        if by_rung:
            one += f" AND c.rung >= {mark(rung)}"
        said.append(f"({one})")
    if scope.has_classes:
        owner = mark(scope.learner_id)
        said.append(f"c.cohort_id IN (SELECT id FROM cohort WHERE owner_id = {owner})")
    return f"({' OR '.join(said)})" if said else "1 = 0", args


def role_of(key: str) -> Role | Literal[""]:
    """The role that a part by taker is of; "" for who holds none any more."""
    roles: Mapping[str, Role] = {
        "1team_member": "team_member", "2ambassador": "ambassador",
        "3administrator": "administrator",
    }  # fmt: skip
    return roles.get(key, "")
