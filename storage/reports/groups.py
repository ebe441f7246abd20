"""Group lessons: what was posted where, how many voted, who came through it. Counts only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from people.roles import EVERYWHERE
from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """``posts`` and ``votes`` since the moment asked for: polls sent, or cards said to be pasted;
    answers to these polls. ``arrivals`` are people who came through it, ever, and ``done`` what
    they finished since they came.
    """

    id: int
    label: str
    place: Place
    is_pasted: bool
    lesson: str
    posted_at: datetime | None
    posts: int
    votes: int
    arrivals: int
    done: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    lines: tuple[GroupLine, ...]
    total: int


_GROUPS = """
    SELECT g.id, g.label, g.commune, COALESCE(g.hamlet_id, 0), g.is_pasted, g.lesson, g.posted_at,
        CASE WHEN g.is_pasted = 1
            THEN (SELECT COUNT(*) FROM paste AS p
                  WHERE p.group_id = g.id AND p.pasted_at >= ${since})
            ELSE (SELECT COUNT(*) FROM poll AS p
                  WHERE p.address_id = g.address_id AND p.created_at >= ${since}) END,
        CASE WHEN g.is_pasted = 1 THEN 0
            ELSE (SELECT COALESCE(SUM(p.voters), 0) FROM poll AS p
                  WHERE p.address_id = g.address_id AND p.created_at >= ${since}) END,
        (SELECT COUNT(*) FROM arrival AS a WHERE a.group_id = g.id),
        (SELECT COUNT(*) FROM arrival AS a JOIN lesson_progress AS d
            ON d.learner_id = a.learner_id AND d.done_at >= a.came_at WHERE a.group_id = g.id)
    FROM (SELECT g.* FROM group_chat AS g WHERE {where}
          ORDER BY COALESCE(g.posted_at, 0) DESC, g.id LIMIT ${limit} OFFSET ${offset}) AS g
    ORDER BY COALESCE(g.posted_at, 0) DESC, g.id
"""


async def groups(
    connection: Connection,
    places: Sequence[Place],
    *,
    since: datetime,
    limit: int,
    offset: int = 0,
) -> GroupPage:
    """The groups of these places, the one posted to last first."""
    where, args = _where(places)
    number = len(args)
    sql = _GROUPS.format(where=where, since=number + 1, limit=number + 2, offset=number + 3)
    rows = await connection.fetch(sql, *args, to_ms(since), limit, offset)
    total = await connection.fetchval(f"SELECT COUNT(*) FROM group_chat AS g WHERE {where}", *args)
    return GroupPage(tuple(_group(tuple(row)) for row in rows), int(total))


def _where(places: Sequence[Place]) -> tuple[str, list[object]]:
    if EVERYWHERE in places:
        return "1 = 1", []
    said: list[str] = []
    args: list[object] = []
    for place in places:
        args.append(place.commune)
        one = f"g.commune = ${len(args)}"
        if place.hamlet:
            args.append(place.hamlet)
            one += f" AND g.hamlet_id = ${len(args)}"
        said.append(f"({one})")
    return f"({' OR '.join(said)})" if said else "1 = 0", args


def _group(row: Sequence[Any]) -> GroupLine:
    number, label, commune, hamlet, is_pasted, lesson, posted, *counts = row
    posts, votes, arrivals, done = map(int, counts)
    return GroupLine(
        id=number,
        label=label,
        place=Place(commune, hamlet),
        is_pasted=bool(is_pasted),
        lesson=lesson,
        posted_at=from_ms(posted),
        posts=posts,
        votes=votes,
        arrivals=arrivals,
        done=done,
    )
