"""Counting over the people of a class, or of a commune hamlet by hamlet.

A learner has no address of living; they belong where they learn. Whoever is in classes of several
places counts at one of them only, so that hamlets add up to their commune and communes to their
province: at a hamlet before a commune as a whole, then where they joined last. Of a class only
those count who let its teachers see their progress.

Each statement goes through the people once, by indexes: it costs what these people did, and
nothing for all the others.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from storage.database import Connection
from storage.reports.classes import A_WEEK
from storage.reports.tally import VERDICTS, Measure, Tally, tally, weeks_until
from storage.times import to_ms

# A statement takes 99 parameters at most (storage.sqlite).
_MOST_LESSONS = 90
_WEEK_MS = 7 * 86_400_000


class Counted(NamedTuple):
    """``hamlet`` is 0 for who belongs to no hamlet."""

    hamlet: int
    measure: Measure
    subject: str
    number: int


_OF_COMMUNE = """
    SELECT e.learner_id, COALESCE(c.hamlet_id, 0) AS hamlet
    FROM cohort AS c JOIN enrolment AS e ON e.cohort_id = c.id
    WHERE c.commune = $1 AND NOT EXISTS (
        SELECT 1 FROM enrolment AS o JOIN cohort AS oc ON oc.id = o.cohort_id
        WHERE o.learner_id = e.learner_id AND oc.commune <> ''
            AND (CASE WHEN oc.hamlet_id IS NULL THEN 0 ELSE 1 END, o.joined_at, o.cohort_id)
              > (CASE WHEN c.hamlet_id IS NULL THEN 0 ELSE 1 END, e.joined_at, e.cohort_id)
    )
"""
_OF_CLASS = """
    SELECT learner_id, 0 AS hamlet FROM enrolment WHERE cohort_id = $1 AND scope = 'progress'
"""
_PEOPLE = "SELECT hamlet, '', COUNT(*) FROM home GROUP BY hamlet"
_ACTIVE = """
    SELECT hamlet, '', COUNT(*) FROM home WHERE EXISTS (
        SELECT 1 FROM address AS a WHERE a.learner_id = home.learner_id AND a.last_at > $2
    ) GROUP BY hamlet
"""
_WEEKS = """
    SELECT home.hamlet, w.monday, COUNT(*)
    FROM home JOIN study_week AS w ON w.learner_id = home.learner_id
    WHERE w.monday >= $2 AND w.days <> 0 GROUP BY home.hamlet, w.monday
"""
_LESSONS = """
    SELECT home.hamlet, p.lesson, COUNT(*), COUNT(p.done_at),
        SUM(CASE WHEN p.practice = 'done' THEN 1 ELSE 0 END),
        SUM(CASE WHEN p.practice = 'stuck' THEN 1 ELSE 0 END)
    FROM home JOIN lesson_progress AS p ON p.learner_id = home.learner_id
    GROUP BY home.hamlet, p.lesson
"""
_FINISHED = """
    SELECT hamlet, '', COUNT(*) FROM (
        SELECT home.hamlet AS hamlet, home.learner_id
        FROM home JOIN lesson_progress AS p ON p.learner_id = home.learner_id
        WHERE p.done_at IS NOT NULL AND p.lesson IN ({lessons})
        GROUP BY home.hamlet, home.learner_id HAVING COUNT(*) = {size}
    ) AS finished GROUP BY hamlet
"""
_QUESTIONS = """
    SELECT home.hamlet, r.question, r.verdict, COUNT(*), SUM(r.is_right)
    FROM home JOIN attempt AS a ON a.learner_id = home.learner_id
    JOIN answer AS r ON r.attempt_id = a.id AND r.round = 0
    GROUP BY home.hamlet, r.question, r.verdict
"""
_ANSWERERS = """
    SELECT home.hamlet, r.question, COUNT(DISTINCT home.learner_id)
    FROM home JOIN attempt AS a ON a.learner_id = home.learner_id
    JOIN answer AS r ON r.attempt_id = a.id AND r.round = 0
    GROUP BY home.hamlet, r.question
"""
_JUDGES = """
    SELECT home.hamlet, r.verdict, COUNT(DISTINCT home.learner_id)
    FROM home JOIN attempt AS a ON a.learner_id = home.learner_id
    JOIN answer AS r ON r.attempt_id = a.id AND r.round = 0
    WHERE r.verdict IN ('hit', 'miss', 'false_alarm', 'correct_rejection')
    GROUP BY home.hamlet, r.verdict
"""
_RECALL = """
    SELECT home.hamlet, (r.answered_at - $2) / {week} AS week, COUNT(*), SUM(r.is_right),
        COUNT(DISTINCT home.learner_id)
    FROM home JOIN attempt AS a ON a.learner_id = home.learner_id AND a.kind <> 'quiz'
    JOIN answer AS r ON r.attempt_id = a.id AND r.round = 0 AND r.answered_at >= $2
    GROUP BY home.hamlet, week
"""


async def of_commune(
    connection: Connection,
    commune: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    courses: Mapping[str, Sequence[str]],
) -> list[Counted]:
    """Everything, hamlet by hamlet; ``courses`` are the lessons of each."""
    return await _count(connection, _OF_COMMUNE, commune, now, zone, courses)


async def of_class(
    connection: Connection,
    cohort_id: int,
    *,
    now: datetime,
    zone: ZoneInfo,
    courses: Mapping[str, Sequence[str]],
) -> Tally:
    """Over those of the class who let it be seen."""
    counted = await _count(connection, _OF_CLASS, cohort_id, now, zone, courses)
    return tally((one.measure, one.subject, one.number) for one in counted)


async def _count(
    connection: Connection,
    home: str,
    of: str | int,
    now: datetime,
    zone: ZoneInfo,
    courses: Mapping[str, Sequence[str]],
) -> list[Counted]:
    today = now.astimezone(zone).date()
    weeks = weeks_until(today)
    found: list[Counted] = []

    async def ask(measure: Measure, sql: str, *args: object, subject: str = "") -> None:
        rows = await connection.fetch(f"WITH home AS ({home}) {sql}", of, *args)
        found.extend(Counted(row[0], measure, subject or row[1], row[2]) for row in rows)

    await ask("people", _PEOPLE)
    await ask("active", _ACTIVE, to_ms(now - A_WEEK))
    await ask("week", _WEEKS, weeks[0].isoformat())
    for slug, lessons in courses.items():
        if 0 < len(lessons) <= _MOST_LESSONS:
            places = ", ".join(f"${place}" for place in range(2, len(lessons) + 2))
            sql = _FINISHED.format(lessons=places, size=len(lessons))
            await ask("finished", sql, *lessons, subject=slug)
    for row in await connection.fetch(f"WITH home AS ({home}) {_LESSONS}", of):
        hamlet, lesson, *counts = row
        for measure, count in zip(_OF_LESSON, counts, strict=True):
            found.append(Counted(hamlet, measure, lesson, int(count)))
    for row in await connection.fetch(f"WITH home AS ({home}) {_QUESTIONS}", of):
        hamlet, question, verdict, asked, right = row
        found.append(Counted(hamlet, "asked", question, asked))
        found.append(Counted(hamlet, "right", question, int(right)))
        if verdict in VERDICTS:
            found.append(Counted(hamlet, "verdict", verdict, asked))
    await ask("answerers", _ANSWERERS)
    await ask("judges", _JUDGES)
    since = to_ms(datetime.combine(weeks[0], datetime.min.time(), zone))
    recall = _RECALL.format(week=_WEEK_MS)
    for row in await connection.fetch(f"WITH home AS ({home}) {recall}", of, since):
        hamlet, number, asked, right, reviewers = row
        monday = (weeks[0] + timedelta(weeks=int(number))).isoformat()
        found.append(Counted(hamlet, "reviewed", monday, asked))
        found.append(Counted(hamlet, "recalled", monday, int(right)))
        found.append(Counted(hamlet, "reviewers", monday, reviewers))
    return found


_OF_LESSON: tuple[Measure, ...] = ("opened", "done", "tried", "stuck")
