"""Visits: where a team member went, about what, how many people were there. No name, no house.

A visit is a draft while it is being written, then logged; a correction keeps what was there
before as a version. One that comes when its period is closed is held by that report and counts
only once the report is opened again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from fieldwork.contents import VisitKind
from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms

State: TypeAlias = Literal["draft", "logged", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """``contents`` is a mask of the five (``fieldwork.contents``), ``people`` how many were there,
    ``milestones`` how many of them reached what. ``author_id`` is ``None`` when whoever wrote it
    has left; ``held_by`` is the report that holds it.
    """

    id: int
    author_id: int | None
    place: Place
    day: date
    kind: VisitKind
    contents: int
    people: int
    state: State
    version: int
    held_by: int | None
    changed_at: datetime
    milestones: Mapping[str, int] = field(default_factory=dict)


_COLUMNS = (
    "id, author_id, commune, hamlet_id, day, kind, contents, people, state, version, held_by, "
    "changed_at"
)
_DROP_DRAFTS = "DELETE FROM visit WHERE author_id = $1 AND state = 'draft'"
_BEGIN = """
    INSERT INTO visit (author_id, commune, hamlet_id, day, kind, state, created_at, changed_at)
    VALUES ($1, $2, $3, $4, 'home', 'draft', $5, $5) RETURNING id
"""


async def begin(
    connection: Connection, author_id: int, place: Place, day: date, now: datetime
) -> int:
    """The id of a new draft; one that the same person left lying is gone."""
    await connection.execute(_DROP_DRAFTS, author_id)
    return int(
        await connection.fetchval(
            _BEGIN, author_id, place.commune, place.hamlet, day.isoformat(), to_ms(now)
        )
    )


_BY_ID = f"SELECT {_COLUMNS} FROM visit WHERE id = $1"
_MILESTONES = "SELECT slug, people FROM visit_milestone WHERE visit_id = $1 ORDER BY slug"


async def by_id(connection: Connection, visit_id: int) -> Visit | None:
    row = await connection.fetchrow(_BY_ID, visit_id)
    if row is None:
        return None
    reached = await connection.fetch(_MILESTONES, visit_id)
    return _visit(tuple(row), {slug: int(people) for slug, people in reached})


_LATEST = f"""
    SELECT {_COLUMNS} FROM visit WHERE author_id = $1 AND state = 'logged'
    ORDER BY id DESC LIMIT $2
"""


async def latest_of(connection: Connection, author_id: int, limit: int) -> list[Visit]:
    """What this person logged last, the newest first; without the milestones."""
    rows = await connection.fetch(_LATEST, author_id, limit)
    return [_visit(tuple(row), {}) for row in rows]


_COUNT = "SELECT COUNT(*) FROM visit WHERE author_id = $1 AND state = 'logged'"


async def count_of(connection: Connection, author_id: int) -> int:
    return int(await connection.fetchval(_COUNT, author_id))


_KEEP_VERSION = """
    INSERT INTO visit_version (
        visit_id, version, day, kind, contents, people, milestones, state, replaced_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_CHANGE = """
    UPDATE visit SET day = $2, kind = $3, contents = $4, people = $5, state = $6, version = $7,
        held_by = $8, changed_at = $9
    WHERE id = $1
"""
_FORGET_MILESTONES = "DELETE FROM visit_milestone WHERE visit_id = $1"
_ADD_MILESTONE = "INSERT INTO visit_milestone (visit_id, slug, people) VALUES ($1, $2, $3)"


async def change(connection: Connection, before: Visit, after: Visit, now: datetime) -> None:
    """What it is from now on. Once a visit is logged, what it was is kept as a version."""
    if before == after:
        return
    version = before.version
    if before.state != "draft":
        reached = ",".join(
            f"{slug}={before.milestones[slug]}" for slug in sorted(before.milestones)
        )
        await connection.execute(
            _KEEP_VERSION,
            before.id,
            before.version,
            before.day.isoformat(),
            before.kind,
            before.contents,
            before.people,
            reached,
            before.state,
            to_ms(now),
        )
        version += 1
    await connection.execute(
        _CHANGE,
        before.id,
        after.day.isoformat(),
        after.kind,
        after.contents,
        after.people,
        after.state,
        version,
        after.held_by,
        to_ms(now),
    )
    if after.milestones != before.milestones:
        await connection.execute(_FORGET_MILESTONES, before.id)
        rows = [(before.id, slug, people) for slug, people in after.milestones.items() if people]
        await connection.executemany(_ADD_MILESTONE, rows)


_HELD = "SELECT COUNT(*), COALESCE(SUM(people), 0) FROM visit WHERE held_by = $1"


async def held(connection: Connection, report_id: int) -> tuple[int, int]:
    """Visits that came after this report was closed, and their people."""
    row = await connection.fetchrow(_HELD, report_id)
    visits, people = row if row is not None else (0, 0)
    return int(visits), int(people)


# A week may be open again while its month, or the whole commune's report, is still closed.
_RELEASE = """
    UPDATE visit SET held_by = (
        SELECT MIN(other.id) FROM field_report AS other
        WHERE other.id <> $1 AND other.state IN ('approved', 'locked')
            AND other.commune = visit.commune
            AND (other.hamlet_id IS NULL OR other.hamlet_id = visit.hamlet_id)
            AND other.starts_on <= visit.day AND other.ends_on >= visit.day
    )
    WHERE held_by = $1
"""


async def release(connection: Connection, report_id: int) -> None:
    """The report is open again: what it held counts, unless another closed one holds it."""
    await connection.execute(_RELEASE, report_id)


# A commune's report is made of its hamlets' visits.
_WROTE = """
    SELECT 1 FROM visit WHERE author_id = $1 AND state = 'logged' AND commune = $2
        AND (CAST($3 AS BIGINT) = 0 OR hamlet_id = $3) AND day BETWEEN $4 AND $5
    LIMIT 1
"""


async def wrote_any(
    connection: Connection, learner_id: int, place: Place, start: date, end: date
) -> bool:
    """Whether this person logged a visit there and then."""
    found = await connection.fetchval(
        _WROTE, learner_id, place.commune, place.hamlet, start.isoformat(), end.isoformat()
    )
    return found is not None


def _visit(row: Sequence[Any], milestones: Mapping[str, int]) -> Visit:
    number, author, commune, hamlet, day, kind, contents, people, state, version, held_by, at = row
    return Visit(
        id=number,
        author_id=author,
        place=Place(commune, hamlet),
        day=date.fromisoformat(day),
        kind=kind,
        contents=contents,
        people=people,
        state=state,
        version=version,
        held_by=held_by,
        changed_at=from_ms(at),
        milestones=milestones,
    )
