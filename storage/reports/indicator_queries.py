"""What the indicators are counted from: one query a source, grouped by the parts of a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from fieldwork.contents import CONTENTS, VISIT_KINDS
from fieldwork.milestones import BY_SLUG, MILESTONES
from fieldwork.periods import Period
from fieldwork.reports import State
from places.model import Place
from storage.database import Connection, Row
from storage.reports.area import Area

Counts: TypeAlias = Mapping[tuple[Place, str], int]
# How many, and how many of them were witnessed.
People: TypeAlias = Mapping[tuple[Place, str], tuple[int, int]]

# Learners of a place, known from its classes: no indicator of its own.
LEARNERS = "learners"
_MILESTONE_LINES = tuple(one.feeds for one in MILESTONES)
# What the tutor would have seen, so that nothing is a 0.
SEES_ITSELF = frozenset({"R03.class", "R03.paste"})
ACTS = (
    "R03",
    *(f"R03.{kind}" for kind in VISIT_KINDS),
    "R03.class",
    "R03.paste",
    "R04",
    *(f"R04.{content.code}" for content in CONTENTS),
    *_MILESTONE_LINES,
)
OF_LEARNERS = frozenset({*_MILESTONE_LINES, "R13.begun", "R13.done", "R15"})
PEOPLE = ("R01", "R01.hamlets", "R02", "R17", "R13.begun", "R13.done", "R15", *_MILESTONE_LINES)
# Of these it is told how many somebody of the team saw with their own eyes.
WITNESSED = frozenset({*_MILESTONE_LINES, "R15"})

_LOGGED = "visit.state = 'logged' AND visit.held_by IS NULL"
_CONTENT_SUMS = ", ".join(
    f"SUM(CASE WHEN (visit.contents & {1 << place}) <> 0 THEN visit.people ELSE 0 END)"
    for place in range(len(CONTENTS))
)
# The first of the two times, whichever are there.
_SINCE = """
    CASE WHEN milestone.declared_at IS NULL OR milestone.witnessed_at < milestone.declared_at
        THEN milestone.witnessed_at ELSE milestone.declared_at END
"""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, whatever became of it."""

    place: Place
    period: Period
    state: State
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the database: ``start`` and ``after`` are the period in milliseconds, the
    first and the first that is past it; ``as_of`` is when roles have to hold.
    """

    connection: Connection
    area: Area
    period: Period
    start: int
    after: int
    as_of: int

    async def _fetch(self, sql: str, table: str, *more: str | int) -> list[Row]:
        """``sql`` has {where}, {part}, {group} and, from {a} on, its own parameters. {home} is who
        learns there, {cohorts} and {assisted} are the conditions on these.
        """
        condition, known = self.area.where(table)
        names = {name: f"${len(known) + at}" for at, name in enumerate("abc", start=1)}
        there = {name: self.area.where(name)[0] for name in ("cohort", "assisted")}
        text = sql.format(
            where=condition,
            part=self.area.part(table),
            group=self.area.group(table),
            home=_HOME.format(**there),
            **there,
            **names,
        )
        return await self.connection.fetch(text, *known, *more)

    @property
    def _days(self) -> tuple[str, str]:
        return self.period.start.isoformat(), self.period.end.isoformat()

    async def parts(self) -> list[Place]:
        """The hamlets on the commune's list now; a province's communes; a hamlet is its own part."""
        if self.area.is_hamlet:
            return [self.area.place]
        if self.area.is_commune:
            rows = await self._fetch(_HAMLETS, "hamlet")
        elif self.area.communes:
            return [Place(code) for code in self.area.communes]
        else:
            rows = await self._fetch(_COMMUNES, "hamlet")
        return [Place(commune, int(hamlet)) for commune, hamlet in rows]

    async def visits(self) -> dict[tuple[Place, str], int]:
        counts: dict[tuple[Place, str], int] = {}

        def add(place: Place, name: str, count: int) -> None:
            counts[place, name] = counts.get((place, name), 0) + count

        for commune, hamlet, kind, visits, people, *by_content in await self._fetch(
            _VISITS, "visit", *self._days
        ):
            place = Place(commune, int(hamlet))
            add(place, "R03", int(visits))
            add(place, f"R03.{kind}", int(visits))
            add(place, "R04", int(people))
            for content, count in zip(CONTENTS, by_content, strict=True):
                add(place, f"R04.{content.code}", int(count))
        # Where somebody went, what they did not do there is a 0 that is known.
        for place in {place for place, _ in counts}:
            for kind in VISIT_KINDS:
                counts.setdefault((place, f"R03.{kind}"), 0)
            for name in _MILESTONE_LINES:
                counts.setdefault((place, name), 0)
        return counts

    async def visit_milestones(self) -> dict[tuple[Place, str], int]:
        rows = await self._fetch(_VISIT_MILESTONES, "visit", *self._days)
        return {
            (Place(commune, int(hamlet)), BY_SLUG[slug].feeds): int(count)
            for commune, hamlet, slug, count in rows
            if slug in BY_SLUG
        }

    async def classes(self) -> dict[tuple[Place, str], int]:
        rows = await self._fetch(_CLASSES, "cohort", self.start, self.after)
        return {(Place(row[0], int(row[1])), "R03.class"): int(row[2]) for row in rows}

    async def pastes(self) -> dict[tuple[Place, str], int]:
        rows = await self._fetch(_PASTES, "group_chat", self.start, self.after)
        return {(Place(row[0], int(row[1])), "R03.paste"): int(row[2]) for row in rows}

    async def people(self, *, by_part: bool) -> People:
        """Distinct persons, of each part or of the whole: somebody in two parts is one person there."""
        counts: dict[tuple[Place, str], tuple[int, int]] = {}
        whole = self.area.place
        for sql, table, *more in (
            (_MILESTONES, "home", self.start, self.after),
            (_CONFIRMED, "home", self.start, self.after),
            (_KNOWN, "home"),
            (_LEARNT, "home", self.start, self.after),
            (_ROLES, "role_grant", self.as_of),
            (_LISTED, "hamlet", self.as_of),
        ):
            text = sql if by_part else _whole(sql)
            for commune, hamlet, name, count, seen in await self._fetch(text, table, *more):
                place = Place(commune, int(hamlet)) if by_part else whole
                if name == "R13":
                    counts[place, "R13.begun"] = (int(count), 0)
                    counts[place, "R13.done"] = (int(seen), 0)
                    continue
                line = BY_SLUG[name].feeds if name in BY_SLUG else name
                counts[place, line] = (int(count), int(seen))
        return counts

    async def hamlets(self) -> dict[str, list[Place]]:
        """The hamlets on the lists now, by their commune."""
        found: dict[str, list[Place]] = {}
        for commune, hamlet in await self._fetch(_HAMLETS, "hamlet"):
            found.setdefault(commune, []).append(Place(commune, int(hamlet)))
        return found

    async def reports(self) -> list[Reported]:
        """Those that share a day with the period, with what they say."""
        found: dict[int, tuple[Place, Period, State, dict[str, int]]] = {}
        for number, commune, hamlet, start, end, state, name, value in await self._fetch(
            _REPORTS, "field_report", *self._days
        ):
            period = Period(date.fromisoformat(start), date.fromisoformat(end))
            place = Place(commune, int(hamlet))
            *_, figures = found.setdefault(number, (place, period, state, {}))
            if name is not None:
                figures[name] = int(value)
        return [Reported(*one) for one in found.values()]


def _whole(sql: str) -> str:
    """The same query without its parts: one group for each line."""
    return (
        sql.replace("{part}, ", "'', 0, ", 1)
        .replace("GROUP BY {group}, line", "GROUP BY line")
        .replace("GROUP BY {group}", "")
    )


_HAMLETS = "SELECT commune, id FROM hamlet WHERE {where} AND closed_at IS NULL ORDER BY id"
_COMMUNES = "SELECT DISTINCT commune, 0 FROM hamlet WHERE {where} ORDER BY commune"
_VISITS = f"""
    SELECT {{part}}, visit.kind, COUNT(*), SUM(visit.people), {_CONTENT_SUMS}
    FROM visit WHERE {{where}} AND {_LOGGED} AND visit.day BETWEEN {{a}} AND {{b}}
    GROUP BY {{group}}, visit.kind
"""
_VISIT_MILESTONES = f"""
    SELECT {{part}}, visit_milestone.slug, SUM(visit_milestone.people)
    FROM visit JOIN visit_milestone ON visit_milestone.visit_id = visit.id
    WHERE {{where}} AND {_LOGGED} AND visit.day BETWEEN {{a}} AND {{b}}
    GROUP BY {{group}}, visit_milestone.slug
"""
_CLASSES = """
    SELECT {part}, COUNT(*) FROM cohort
    WHERE {where} AND cohort.created_at >= {a} AND cohort.created_at < {b} GROUP BY {group}
"""
_PASTES = """
    SELECT {part}, COUNT(*) FROM group_chat JOIN paste ON paste.group_id = group_chat.id
    WHERE {where} AND paste.pasted_at >= {a} AND paste.pasted_at < {b} GROUP BY {group}
"""
# Who learns there: in a class, or from a helper who keeps their notebook.
_HOME = """(
        SELECT cohort.commune, cohort.hamlet_id, enrolment.learner_id
        FROM cohort JOIN enrolment ON enrolment.cohort_id = cohort.id WHERE {cohort}
        UNION ALL
        SELECT assisted.commune, assisted.hamlet_id, assisted.learner_id
        FROM assisted WHERE {assisted}
    ) AS home"""
_MILESTONES = f"""
    SELECT {{part}}, milestone.slug AS line, COUNT(DISTINCT milestone.learner_id),
        COUNT(DISTINCT CASE WHEN milestone.witnessed_at IS NOT NULL THEN milestone.learner_id END)
    FROM {{home}} JOIN milestone ON milestone.learner_id = home.learner_id
    WHERE {_SINCE} >= {{a}} AND {_SINCE} < {{b}}
    GROUP BY {{group}}, line
"""
# What the learner objected to counts for nothing.
_CONFIRMED = """
    SELECT {part}, line, COUNT(DISTINCT learner_id),
        COUNT(DISTINCT CASE WHEN how_seen <> 'declared' THEN learner_id END)
    FROM (
        SELECT home.commune, home.hamlet_id, home.learner_id, c.how_seen, 'R15' AS line
        FROM {home} JOIN official_confirmation AS c ON c.learner_id = home.learner_id
        WHERE c.objected_at IS NULL AND c.confirmed_at >= {a} AND c.confirmed_at < {b}
    ) AS home GROUP BY {group}, line
"""
_KNOWN = f"""
    SELECT {{part}}, line, COUNT(*), 0 FROM (
        SELECT cohort.commune, cohort.hamlet_id, '{LEARNERS}' AS line FROM cohort
        WHERE {{cohort}} AND EXISTS (
            SELECT 1 FROM enrolment WHERE enrolment.cohort_id = cohort.id
        )
        UNION ALL
        SELECT assisted.commune, assisted.hamlet_id, '{LEARNERS}' AS line FROM assisted
        WHERE {{assisted}}
    ) AS home GROUP BY {{group}}, line
"""
# Who began and who finished a lesson in the period, in one row.
_LEARNT = """
    SELECT {part}, line, COUNT(DISTINCT CASE WHEN started_at >= {a} AND started_at < {b}
            THEN learner_id END),
        COUNT(DISTINCT CASE WHEN done_at >= {a} AND done_at < {b} THEN learner_id END)
    FROM (
        SELECT home.commune, home.hamlet_id, home.learner_id, p.started_at, p.done_at,
            'R13' AS line
        FROM {home} JOIN lesson_progress AS p ON p.learner_id = home.learner_id
        WHERE (p.started_at >= {a} AND p.started_at < {b})
            OR (p.done_at >= {a} AND p.done_at < {b})
    ) AS home GROUP BY {group}, line
"""
# Who held the role on the last day. A team works where one of it does.
_ROLES = """
    SELECT {part}, line, COUNT(DISTINCT who), 0 FROM (
        SELECT role_grant.commune, role_grant.hamlet_id, role_grant.role,
            CASE role_grant.role WHEN 'ambassador' THEN 'R17' ELSE 'R02' END AS line,
            role_grant.learner_id AS who
        FROM role_grant
        WHERE {where} AND role_grant.role IN ('team_member', 'ambassador')
            AND role_grant.granted_at < {a}
            AND (role_grant.revoked_at IS NULL OR role_grant.revoked_at >= {a})
            AND (role_grant.expires_at IS NULL OR role_grant.expires_at >= {a})
        UNION ALL
        SELECT role_grant.commune, role_grant.hamlet_id, role_grant.role, 'R01' AS line,
            role_grant.hamlet_id AS who
        FROM role_grant
        WHERE {where} AND role_grant.role = 'team_member' AND role_grant.granted_at < {a}
            AND (role_grant.revoked_at IS NULL OR role_grant.revoked_at >= {a})
            AND (role_grant.expires_at IS NULL OR role_grant.expires_at >= {a})
    ) AS role_grant GROUP BY {group}, line
"""
_LISTED = """
    SELECT {part}, line, COUNT(*), 0 FROM (
        SELECT hamlet.commune, hamlet.id AS hamlet_id, 'R01.hamlets' AS line FROM hamlet
        WHERE {where} AND hamlet.created_at < {a}
            AND (hamlet.closed_at IS NULL OR hamlet.closed_at >= {a})
    ) AS hamlet GROUP BY {group}, line
"""
_REPORTS = """
    SELECT field_report.id, field_report.commune, COALESCE(field_report.hamlet_id, 0),
        field_report.starts_on, field_report.ends_on, field_report.state, field_figure.name, field_figure.value
    FROM field_report LEFT JOIN field_figure ON field_figure.report_id = field_report.id
    WHERE {where} AND field_report.starts_on <= {b} AND field_report.ends_on >= {a}
    ORDER BY field_report.id
"""
