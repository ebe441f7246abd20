"""Rolls: the classes of a place, and the people of a place who let themselves be seen.

A page is read whole with a fixed number of statements, however many are on it or beyond it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from people.roles import EVERYWHERE
from places.model import Place
from storage.database import Connection
from storage.reports.classes import A_WEEK
from storage.times import from_ms, to_ms

ClassOrder: TypeAlias = Literal["newest", "name", "people"]
PersonOrder: TypeAlias = Literal["name", "joined"]
# A search looks for no more words than anybody's name has.
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """``people`` are all of the class, ``seen`` those who let themselves be seen, and of these
    ``active`` were heard of within a week, as ``reports.classes`` has it.
    """

    id: int
    name: str
    owner_id: int | None
    place: Place
    course: str
    created_at: datetime
    closed_at: datetime | None
    code: str
    people: int
    seen: int
    active: int


@dataclass(frozen=True, slots=True)
class ClassPage:
    lines: tuple[ClassLine, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Somebody as a member of a class. ``lesson`` is what they read last, ``last_at`` when they
    were last heard of.
    """

    cohort_id: int
    class_name: str
    learner_id: int
    name: str
    joined_at: datetime
    done: int
    lesson: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    lines: tuple[PersonLine, ...]
    total: int


# What every page of classes is ordered by in the end, so that no class is on two of them.
_CLASS_ORDER: dict[ClassOrder, str] = {
    "newest": "c.id DESC",
    "name": "LOWER(c.name), c.id",
    "people": "(SELECT COUNT(*) FROM enrolment AS e WHERE e.cohort_id = c.id) DESC, c.id",
}
_CLASSES = """
    SELECT c.id, c.name, c.owner_id, c.commune, COALESCE(c.hamlet_id, 0), c.course, c.created_at,
        c.closed_at, k.code,
        (SELECT COUNT(*) FROM enrolment AS e WHERE e.cohort_id = c.id),
        (SELECT COUNT(*) FROM enrolment AS e WHERE e.cohort_id = c.id AND e.scope = 'progress'),
        (SELECT COUNT(*) FROM enrolment AS e
         WHERE e.cohort_id = c.id AND e.scope = 'progress' AND EXISTS (
            SELECT 1 FROM address AS a WHERE a.learner_id = e.learner_id AND a.last_at > ${since}
        ))
    FROM (SELECT c.* FROM cohort AS c WHERE {where} ORDER BY {order}
          LIMIT ${limit} OFFSET ${offset}) AS c
    JOIN cohort_code AS k ON k.cohort_id = c.id AND k.replaced_at IS NULL
    ORDER BY {order}
"""


async def classes(
    connection: Connection,
    places: Sequence[Place],
    owner_id: int | None,
    *,
    now: datetime,
    order: ClassOrder = "newest",
    limit: int,
    offset: int = 0,
) -> ClassPage:
    """The classes of these places, open and closed, and wherever they are those of ``owner_id``."""
    where, args = _where(places, owner_id)
    sql = _CLASSES.format(
        where=where,
        order=_CLASS_ORDER[order],
        **_numbered(args, "since", "limit", "offset"),
    )
    rows = await connection.fetch(sql, *args, to_ms(now - A_WEEK), limit, offset)
    total = await connection.fetchval(f"SELECT COUNT(*) FROM cohort AS c WHERE {where}", *args)
    return ClassPage(tuple(_class(tuple(row)) for row in rows), int(total))


def _class(row: Sequence[Any]) -> ClassLine:
    number, name, owner, commune, hamlet, course, created, closed, code, *counts = row
    people, seen, active = counts
    return ClassLine(
        id=number,
        name=name,
        owner_id=owner,
        place=Place(commune, hamlet),
        course=course,
        created_at=from_ms(created),
        closed_at=from_ms(closed),
        code=code,
        people=people,
        seen=seen,
        active=active,
    )


_PERSON_ORDER: dict[PersonOrder, str] = {
    # Who gave no name comes last.
    "name": "CASE WHEN m.folded = '' THEN 1 ELSE 0 END, m.folded, m.cohort_id, m.learner_id",
    "joined": "m.joined_at DESC, m.cohort_id, m.learner_id",
}
# How far they are is asked only of those on the page.
_PEOPLE = """
    SELECT m.cohort_id, m.class_name, m.learner_id, m.name, m.joined_at,
        (SELECT COUNT(*) FROM lesson_progress AS p
         WHERE p.learner_id = m.learner_id AND p.done_at IS NOT NULL),
        COALESCE((SELECT p.lesson FROM lesson_progress AS p WHERE p.learner_id = m.learner_id
                  ORDER BY p.updated_at DESC, p.lesson LIMIT 1), ''),
        (SELECT MAX(a.last_at) FROM address AS a WHERE a.learner_id = m.learner_id)
    FROM (SELECT m.* FROM (
            SELECT e.cohort_id, e.learner_id, e.name, e.folded, e.joined_at, c.name AS class_name
            FROM enrolment AS e JOIN cohort AS c ON c.id = e.cohort_id
            WHERE e.scope = 'progress' AND {who}
          ) AS m ORDER BY {order} LIMIT ${limit} OFFSET ${offset}) AS m
    ORDER BY {order}
"""
_COUNT = """
    SELECT COUNT(*) FROM enrolment AS e JOIN cohort AS c ON c.id = e.cohort_id
    WHERE e.scope = 'progress' AND {who}
"""


async def people_at(
    connection: Connection,
    places: Sequence[Place],
    owner_id: int | None,
    *,
    named: str = "",
    order: PersonOrder = "name",
    limit: int,
    offset: int = 0,
) -> PersonPage:
    """Those of all classes of these places, and of ``owner_id``'s, who let themselves be seen;
    who is in two classes is there twice. Whoever shows them writes it down.

    ``named`` is folded already; each of its words is looked for anywhere in a name.
    """
    where, values = _where(places, owner_id)
    for word in named.split()[:_MOST_WORDS]:
        # Folded, it holds letters, digits and spaces only: none of LIKE's own signs.
        values.append(f"%{word}%")
        where = f"{where} AND e.folded LIKE ${len(values)}"
    sql = _PEOPLE.format(
        who=where, order=_PERSON_ORDER[order], **_numbered(values, "limit", "offset")
    )
    rows = await connection.fetch(sql, *values, limit, offset)
    total = await connection.fetchval(_COUNT.format(who=where), *values)
    return PersonPage(tuple(_person(tuple(row)) for row in rows), int(total))


def _person(row: Sequence[Any]) -> PersonLine:
    cohort_id, class_name, learner_id, name, joined, done, lesson, last = row
    return PersonLine(
        cohort_id=cohort_id,
        class_name=class_name,
        learner_id=learner_id,
        name=name,
        joined_at=from_ms(joined),
        done=done,
        lesson=lesson,
        last_at=from_ms(last),
    )


def _numbered(args: Sequence[object], *names: str) -> dict[str, int]:
    """The numbers of the parameters that follow ``args``."""
    return {name: at for at, name in enumerate(names, start=len(args) + 1)}


def _where(places: Sequence[Place], owner_id: int | None) -> tuple[str, list[object]]:
    """Of the table ``c``; its parameters are the first of the statement."""
    if EVERYWHERE in places:
        return "1 = 1", []
    said: list[str] = []
    args: list[object] = []
    for place in places:
        args.append(place.commune)
        one = f"c.commune = ${len(args)}"
        if place.hamlet:
            args.append(place.hamlet)
            one += f" AND c.hamlet_id = ${len(args)}"
        said.append(f"({one})")
    if owner_id is not None:
        args.append(owner_id)
        said.append(f"c.owner_id = ${len(args)}")
    return f"({' OR '.join(said)})" if said else "1 = 0", args
