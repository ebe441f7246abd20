"""Arrivals: that a learner came through a group's link, and what became of all who did.

Only counts of them are ever read.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import to_ms


@dataclass(frozen=True, slots=True)
class Total:
    """How many people came through a group, and how many lessons they finished since."""

    people: int
    lessons: int


# The group may be gone since its link was made, and then nobody came through it.
_CAME = """
    INSERT INTO arrival (group_id, learner_id, came_at, last_at)
    SELECT id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($3 AS BIGINT)
    FROM group_chat WHERE ref = $1
    ON CONFLICT (group_id, learner_id) DO UPDATE SET last_at = excluded.last_at
"""


async def came(connection: Connection, ref: str, learner_id: int, now: datetime) -> None:
    """That learner came through the group whose links carry ``ref``, perhaps once more."""
    await connection.execute(_CAME, ref, learner_id, to_ms(now))


_SINCE = "SELECT COUNT(*) FROM arrival WHERE group_id = $1 AND last_at >= $2"


async def since(connection: Connection, group_id: int, moment: datetime) -> int:
    """How many people came through it since then, each once."""
    return int(await connection.fetchval(_SINCE, group_id, to_ms(moment)) or 0)


_TOTAL = """
    SELECT
        (SELECT COUNT(*) FROM arrival WHERE group_id = $1),
        (SELECT COUNT(*) FROM arrival AS a JOIN lesson_progress AS p ON p.learner_id = a.learner_id
         WHERE a.group_id = $1 AND p.done_at >= a.came_at)
"""


async def total(connection: Connection, group_id: int) -> Total:
    people, lessons = await connection.fetchrow(_TOTAL, group_id) or (0, 0)
    return Total(int(people), int(lessons))
