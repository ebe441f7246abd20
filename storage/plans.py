"""Plans: which course a group walks through, on which days, at what time.

When it posts next is a timer of kind "plan" at the group's address; here is what that timer
means.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``lesson`` is the next one to be posted, "" when the course is over. ``days`` are ISO
    weekdays, Monday is 1; ``minute`` counts from midnight, local time.
    """

    group_id: int
    course: str
    lesson: str
    days: frozenset[int]
    minute: int
    paused_at: datetime | None = None


_KEEP = """
    INSERT INTO plan (group_id, course, lesson, days, minute, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (group_id) DO UPDATE SET
        course = excluded.course, lesson = excluded.lesson, days = excluded.days,
        minute = excluded.minute, paused_at = NULL
"""


async def keep(connection: Connection, plan: Plan, now: datetime) -> None:
    """This is the group's plan from now on, and it runs."""
    days = "".join(map(str, sorted(plan.days)))
    await connection.execute(
        _KEEP, plan.group_id, plan.course, plan.lesson, days, plan.minute, to_ms(now)
    )


_OF = "SELECT group_id, course, lesson, days, minute, paused_at FROM plan WHERE group_id = $1"


async def of_group(connection: Connection, group_id: int) -> Plan | None:
    row = await connection.fetchrow(_OF, group_id)
    if row is None:
        return None
    number, course, lesson, days, minute, paused_at = row
    return Plan(
        group_id=number,
        course=course,
        lesson=lesson,
        days=frozenset(map(int, days)),
        minute=minute,
        paused_at=from_ms(paused_at),
    )


_ADVANCE = "UPDATE plan SET lesson = $2 WHERE group_id = $1"
_PAUSE = "UPDATE plan SET paused_at = $2 WHERE group_id = $1"
_DROP = "DELETE FROM plan WHERE group_id = $1"


async def advance(connection: Connection, group_id: int, lesson: str) -> None:
    """The next lesson to be posted; "" after the last."""
    await connection.execute(_ADVANCE, group_id, lesson)


async def pause(connection: Connection, group_id: int, now: datetime | None) -> None:
    """Post nothing until it goes on; ``None`` lets it go on."""
    await connection.execute(_PAUSE, group_id, None if now is None else to_ms(now))


async def drop(connection: Connection, group_id: int) -> None:
    await connection.execute(_DROP, group_id)
