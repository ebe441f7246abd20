"""R13 by skill: how many distinct persons of a place began and finished lessons that teach one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from fieldwork.periods import Period
from storage.database import Connection
from storage.reports.area import Area
from storage.times import to_ms


@dataclass(frozen=True, slots=True)
class Learnt:
    """Distinct persons: somebody who did two lessons of a skill is one."""

    begun: int
    done: int


_BY_SKILL = """
    WITH skill (lesson, code) AS (VALUES {pairs})
    SELECT skill.code,
        COUNT(DISTINCT CASE WHEN lesson_progress.started_at >= {start}
            AND lesson_progress.started_at < {after} THEN enrolment.learner_id END),
        COUNT(DISTINCT CASE WHEN lesson_progress.done_at >= {start}
            AND lesson_progress.done_at < {after} THEN enrolment.learner_id END)
    FROM cohort
    JOIN enrolment ON enrolment.cohort_id = cohort.id
    JOIN lesson_progress ON lesson_progress.learner_id = enrolment.learner_id
    JOIN skill ON skill.lesson = lesson_progress.lesson
    WHERE {where} GROUP BY skill.code
"""


async def learnt_by_skill(
    connection: Connection,
    area: Area,
    period: Period,
    lessons: Mapping[str, Collection[str]],
    *,
    zone: tzinfo,
) -> dict[str, Learnt]:
    """By the skill's code; ``lessons`` are the slugs that teach it. One query.

    A skill nobody of the place touched is left out: whether anybody learns there at all is what
    the indicators' own R13 tells.
    """
    pairs = [(slug, code) for code, slugs in lessons.items() for slug in slugs]
    if not pairs:
        return {}
    midnight = datetime.min.time()
    start = to_ms(datetime.combine(period.start, midnight, zone))
    after = to_ms(datetime.combine(period.end + timedelta(days=1), midnight, zone))
    where, known = area.where("cohort")
    first = len(known) + 1
    sql = _BY_SKILL.format(
        where=where,
        start=f"${first}",
        after=f"${first + 1}",
        pairs=", ".join(
            f"(${first + 2 + 2 * at}, ${first + 3 + 2 * at})" for at in range(len(pairs))
        ),
    )
    flat = [part for pair in pairs for part in pair]
    rows = await connection.fetch(sql, *known, start, after, *flat)
    found = {code: Learnt(int(begun), int(done)) for code, begun, done in rows}
    return {code: found[code] for code in lessons if code in found and found[code] != Learnt(0, 0)}
