"""Indicators on both engines: acts are added up, persons are counted once, and nothing is not 0."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from fieldwork.contents import mask_of
from fieldwork.indicators import LINES
from fieldwork.periods import Period, month_of, week_of
from places.model import Place
from storage import (
    addresses,
    assisted,
    cohorts,
    enrolments,
    field_reports,
    hamlets,
    households,
    milestones,
    progress,
    role_grants,
    visits,
    witnesses,
)
from storage.database import Connection, Database
from storage.reports.area import Area
from storage.reports.indicators import UNKNOWN, Figure, Table, table
from storage.reports.skills import Learnt, learnt_by_skill
from storage.visits import Visit

XA, OTHER = "28696", "29926"
TODAY = date(2026, 11, 23)
WEEK = week_of(TODAY)
DAY = timedelta(days=1)
BASICS = ("tai-vneid",)


async def person(connection: Connection, name: str, now: datetime) -> int:
    _, learner = await addresses.load(connection, "web", name, now)
    return learner.id


async def places(connection: Connection, now: datetime) -> tuple[Place, Place, Place]:
    """Two hamlets of a commune, and one of another."""
    await hamlets.add(connection, XA, [("ap", "3"), ("ap", "4")], now - 30 * DAY)
    await hamlets.add(connection, OTHER, [("khom", "1")], now - 30 * DAY)
    third, fourth = await hamlets.of_commune(connection, XA)
    (first,) = await hamlets.of_commune(connection, OTHER)
    return third.place, fourth.place, first.place


async def logged(
    connection: Connection,
    author: int,
    place: Place,
    people: int,
    now: datetime,
    *,
    on: date = TODAY,
    contents: int = 1,
    reached: dict[str, int] | None = None,
) -> Visit:
    number = await visits.begin(connection, author, place, on, now)
    draft = await visits.by_id(connection, number)
    assert draft is not None
    after = replace(
        draft, people=people, contents=contents, milestones=reached or {}, state="logged"
    )
    await visits.change(connection, draft, after, now)
    kept = await visits.by_id(connection, number)
    assert kept is not None
    return kept


async def in_class(connection: Connection, learner: int, place: Place, now: datetime) -> None:
    cohort = await cohorts.add(connection, "Lớp", learner, place, now)
    await enrolments.join(connection, cohort, learner, "progress", now)


async def counted(
    connection: Connection,
    area: Area,
    now: datetime,
    period: Period = WEEK,
    *,
    approved_only: bool = False,
) -> Table:
    return await table(
        connection,
        area,
        period,
        now=now,
        zone=UTC,
        basics=BASICS,
        share=0.0,
        approved_only=approved_only,
    )


async def test_what_nobody_reported_is_not_known_and_what_was_reported_without_visits_is_none(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, fourth, _ = await places(connection, now)
        author = await person(connection, "to", now)
        empty = await counted(connection, Area(Place(XA)), now)
        report = await field_reports.open_one(connection, third, WEEK, author, now)
        draft = await counted(connection, Area(Place(XA)), now)
        await field_reports.move(connection, report, "submitted", now=now)
        handed_in = await counted(connection, Area(Place(XA)), now)
        alone = await counted(connection, Area(third), now)
        longer = await counted(connection, Area(third), now, month_of(TODAY))

    assert [part.place for part in empty.parts] == [third, fourth]
    for found in (empty, draft):
        assert found.total.figure("R04") == Figure(acts=None)
        assert [part.figure("R04").acts for part in found.parts] == [None, None]
        assert (found.reported, found.total.is_reported) == (0, False)
    assert [part.figure("R04").acts for part in handed_in.parts] == [0, None]
    assert handed_in.total.figure("R04").acts == 0
    assert (handed_in.reported, handed_in.total.is_reported) == (1, False)
    assert (alone.total.figure("R04").acts, alone.parts) == (0, ())
    assert longer.total.figure("R04").acts is None


async def test_acts_of_a_commune_are_the_sum_of_its_hamlets_and_a_person_in_two_is_one(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, fourth, elsewhere = await places(connection, now)
        author = await person(connection, "to", now)
        both = mask_of([0, 2])
        await logged(connection, author, third, 4, now, contents=both, reached={"vneid_2": 2})
        await logged(connection, author, third, 3, now, contents=mask_of([2]))
        await logged(connection, author, fourth, 5, now, reached={"vneid_2": 1})
        await logged(connection, author, fourth, 50, now, on=TODAY - 7 * DAY)
        await logged(connection, author, elsewhere, 9, now)
        tu, nam = await person(connection, "tu", now), await person(connection, "nam", now)
        for learner, place in ((tu, third), (tu, fourth), (nam, fourth)):
            await in_class(connection, learner, place, now)
            await milestones.declare(connection, learner, ["vneid_2"], now)
            await progress.reach(connection, learner, "tai-vneid", 0, now)
        await milestones.witness(connection, tu, ["vneid_2"], author, now)
        await progress.finish(connection, nam, "tai-vneid", now)
        commune = await counted(connection, Area(Place(XA)), now)
        province = await counted(connection, Area(communes=(XA, OTHER)), now)
        everything = await counted(connection, Area(), now)

    def acts(found: Table, name: str) -> tuple[list[int | None], int | None]:
        return [part.figure(name).acts for part in found.parts], found.total.figure(name).acts

    assert acts(commune, "R03") == ([2, 1], 3)
    assert acts(commune, "R04") == ([7, 5], 12)
    assert acts(commune, "R04.N1") == ([4, 5], 9)
    assert acts(commune, "R04.N3") == ([7, 0], 7)
    assert acts(commune, "R04.N4") == ([0, 0], 0)
    assert acts(commune, "R03.class") == ([1, 2], 3)
    assert acts(province, "R04") == ([12, 9], 21)
    assert acts(everything, "R04") == ([12, 9], 21)
    assert [part.figure("R06.level2") for part in commune.parts] == [
        Figure(acts=2, people=1, seen=1),
        Figure(acts=1, people=2, seen=1),
    ]
    assert commune.total.figure("R06.level2") == Figure(acts=3, people=2, seen=1)
    assert [part.figure("R13.begun").people for part in commune.parts] == [1, 2]
    assert commune.total.figure("R13.begun").people == 2
    assert commune.total.figure("R13.done").people == 1
    assert [part.figure("R13.begun").people for part in province.parts] == [2, None]
    assert province.total.figure("R13.begun").people == 2


async def test_drafts_withdrawn_visits_and_those_a_closed_report_holds_do_not_count(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, _, _ = await places(connection, now)
        author = await person(connection, "to", now)
        visit = await logged(connection, author, third, 4, now)
        await visits.change(connection, visit, replace(visit, state="withdrawn"), now)
        report = await field_reports.open_one(connection, third, WEEK, author, now)
        late = await logged(connection, author, third, 6, now)
        await visits.change(connection, late, replace(late, held_by=report.id), now)
        await logged(connection, author, third, 1, now)
        await visits.begin(connection, author, third, TODAY, now)
        before = await counted(connection, Area(third), now)
        assert await visits.held(connection, report.id) == (1, 6)
        whole = await field_reports.open_one(connection, Place(XA), month_of(TODAY), author, now)
        await field_reports.move(connection, whole, "approved", now=now)
        await visits.release(connection, report.id)
        assert await visits.held(connection, whole.id) == (1, 6)
        closed = await field_reports.by_id(connection, whole.id)
        assert closed is not None
        await field_reports.move(connection, closed, "to_correct", now=now)
        await visits.release(connection, whole.id)
        after = await counted(connection, Area(third), now)
        versions = await connection.fetch(
            "SELECT visit_id, version, people, state FROM visit_version ORDER BY visit_id"
        )

    assert before.total.figure("R04").acts == 1
    assert after.total.figure("R04").acts == 7
    assert [tuple(row) for row in versions] == [
        (visit.id, 1, 4, "logged"),
        (late.id, 1, 6, "logged"),
    ]


async def test_roles_are_counted_as_persons_and_a_team_by_its_hamlet(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, fourth, _ = await places(connection, now)
        tu, nam = await person(connection, "tu", now), await person(connection, "nam", now)
        for who, place in ((tu, third), (tu, fourth), (nam, fourth)):
            await role_grants.give(
                connection, who, "team_member", place, granted_by=None, now=now - DAY
            )
        gone = await role_grants.give(
            connection, nam, "team_member", third, granted_by=None, now=now - 20 * DAY
        )
        await role_grants.revoke(connection, gone.id, now - 10 * DAY)
        await role_grants.give(
            connection, tu, "ambassador", Place(XA), granted_by=None, now=now - DAY
        )
        commune = await counted(connection, Area(Place(XA)), now)
        before = await counted(connection, Area(Place(XA)), now, month_of(date(2026, 10, 1)))

    names = ("R01", "R01.hamlets", "R02", "R17")
    assert [commune.total.figure(name).people for name in names] == [2, 2, 2, 1]
    assert [[part.figure(name).people for name in names] for part in commune.parts] == [
        [1, 1, 1, None],
        [1, 1, 2, None],
    ]
    assert [before.total.figure(name).people for name in names] == [0, 2, 0, 0]


async def test_what_was_entered_is_summed_where_that_is_honest(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, fourth, _ = await places(connection, now)
        author = await person(connection, "to", now)
        figures = (
            (third, WEEK, {"R05": 8, "R18": 1, "R16.total": 50}),
            (fourth, WEEK, {"R05": 3, "R18": 0}),
        )
        for place, period, said in figures:
            report = await field_reports.open_one(connection, place, period, author, now)
            for name, value in said.items():
                await field_reports.enter(connection, report.id, name, value)
            await field_reports.move(connection, report, "submitted", now=now)
        commune = await counted(connection, Area(Place(XA)), now)
        month = await counted(connection, Area(Place(XA)), now, month_of(TODAY))
        own = await field_reports.open_one(connection, Place(XA), WEEK, author, now)
        await field_reports.enter(connection, own.id, "R05", 10)
        await field_reports.move(connection, own, "submitted", now=now)
        with_own = await counted(connection, Area(Place(XA)), now)

    def entered(found: Table, *names: str) -> list[int | None]:
        return [found.total.figure(name).entered for name in names]

    assert entered(commune, "R05", "R16.total", "R18", "R18.guided") == [
        None,
        50,
        1,
        None,
    ]
    assert [part.figure("R05").entered for part in commune.parts] == [8, 3]
    # A week of the month is in the month; the last days of this week are not in November's count.
    assert entered(month, "R05", "R18") == [None, 1]
    assert entered(with_own, "R05", "R18") == [10, 1]


async def test_a_month_and_a_week_of_it_say_one_thing_twice(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, _, _ = await places(connection, now)
        author = await person(connection, "to", now)
        for period, value in ((WEEK, 2), (month_of(TODAY), 9), (month_of(date(2026, 10, 1)), 4)):
            report = await field_reports.open_one(connection, third, period, author, now)
            await field_reports.enter(connection, report.id, "R18", value)
            await field_reports.move(connection, report, "submitted", now=now)
        quarter = Period(date(2026, 10, 1), date(2026, 12, 31))
        found = await counted(connection, Area(third), now, quarter)

    assert found.total.figure("R18").entered == 13


async def test_only_what_is_approved_is_told_where_only_that_is_asked_for(
    database: Database, now: datetime
) -> None:
    """Each place says how far its report is; a commune's own closes its hamlets' as well."""
    async with database.transaction() as connection:
        third, fourth, elsewhere = await places(connection, now)
        author = await person(connection, "to", now)
        for place, people in ((third, 4), (fourth, 5), (elsewhere, 9)):
            await logged(connection, author, place, people, now)
            report = await field_reports.open_one(connection, place, WEEK, author, now)
            await field_reports.enter(connection, report.id, "R18", people)
            await field_reports.move(connection, report, "submitted", now=now)
            if place != fourth:
                handed_in = await field_reports.by_id(connection, report.id)
                assert handed_in is not None
                await field_reports.move(connection, handed_in, "approved", now=now)
        commune, province = Area(Place(XA)), Area(communes=(XA, OTHER))
        live = await counted(connection, commune, now)
        some = await counted(connection, commune, now, approved_only=True)
        above = await counted(connection, province, now, approved_only=True)
        own = await field_reports.open_one(connection, Place(XA), WEEK, author, now)
        await field_reports.move(connection, own, "approved", now=now)
        whole = await counted(connection, commune, now, approved_only=True)
        above_all = await counted(connection, province, now, approved_only=True)

    def told(found: Table) -> list[tuple[str, bool, int | None, int | None]]:
        return [
            (row.standing, row.is_approved, row.figure("R04").acts, row.figure("R18").entered)
            for row in (found.total, *found.parts)
        ]

    assert told(live) == [
        ("", False, 9, 9), ("approved", True, 4, 4), ("submitted", False, 5, 5),
    ]  # fmt: skip
    assert told(some) == [
        ("", False, 4, 4), ("approved", True, 4, 4), ("submitted", False, None, None),
    ]  # fmt: skip
    assert told(above) == [("", False, 9, 9), ("", False, None, None), ("", True, 9, 9)]
    # The fourth hamlet's own figure is not approved by itself; its visits are, with the commune.
    assert told(whole) == [
        ("approved", True, 9, 4), ("approved", True, 4, 4), ("submitted", True, 5, None),
    ]  # fmt: skip
    assert told(above_all) == [("", True, 18, 13), ("approved", True, 9, 4), ("", True, 9, 9)]


async def test_homes_confirmations_and_who_has_no_telephone_are_counted_where_they_belong(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, fourth, _ = await places(connection, now)
        helper = await person(connection, "to", now)
        tu, nam = await person(connection, "tu", now), await person(connection, "nam", now)
        await in_class(connection, tu, third, now)
        await assisted.note(connection, nam, "Ông Năm", fourth, helper_id=helper, now=now)
        await assisted.note(connection, helper, "Cô", third, helper_id=helper, now=now)
        empty = await counted(connection, Area(Place(XA)), now)
        for learner in (tu, nam):
            await progress.reach(connection, learner, BASICS[0], 0, now)
            await progress.finish(connection, learner, BASICS[0], now)
        await witnesses.confirm(connection, tu, "declared", witness_id=None, now=now)
        await witnesses.confirm(
            connection, nam, "vneid", witness_id=helper, acted_as="team_member", now=now
        )
        await witnesses.confirm(connection, helper, "declared", witness_id=None, now=now)
        await witnesses.object_to_confirmation(connection, helper, now)
        for code, place, member in (("AAAA", third, tu), ("BBBB", Place(XA), helper)):
            home = await households.add(connection, code, "Nhà", place, now)
            assert home is not None
            await households.join(connection, home, member, "Ai đó", now, is_seen=True)
        found = await counted(connection, Area(Place(XA)), now)
        alone = await counted(connection, Area(fourth), now)
        everything = await counted(connection, Area(), now)
        before = await counted(connection, Area(Place(XA)), now, week_of(TODAY - 7 * DAY))

    assert [empty.total.figure(name).people for name in ("R13.done", "R15", "R16")] == [0, 0, None]
    assert [part.place for part in found.parts] == [third, fourth, Place(XA)]
    assert [part.figure("R15") for part in found.parts] == [
        Figure(people=1, seen=0), Figure(people=1, seen=1), UNKNOWN,
    ]  # fmt: skip
    assert [part.figure("R16").people for part in found.parts] == [1, None, 0]
    for whole in (found, everything):
        assert whole.total.figure("R15") == Figure(people=2, seen=1)
        assert whole.total.figure("R16") == Figure(people=1)
        assert whole.total.figure("R13.done").people == 2
    assert alone.total.figure("R13.begun").people == 1
    # What came about later is not told of the week before.
    assert before.total.figure("R16") == UNKNOWN
    assert before.total.figure("R15").people == 0


async def test_any_place_costs_the_same_number_of_queries(
    database: Database, now: datetime
) -> None:
    class Counting:
        def __init__(self, inner: Connection) -> None:
            self.inner = inner
            self.engine = inner.engine
            self.asked = 0

        async def fetch(self, sql: str, *args: object) -> object:
            self.asked += 1
            return await self.inner.fetch(sql, *args)

    async with database.transaction() as connection:
        third, fourth, _ = await places(connection, now)
        author = await person(connection, "to", now)
        for place in (third, fourth):
            await logged(connection, author, place, 2, now)
        costs = set()
        for area in (Area(third), Area(Place(XA)), Area(communes=(XA, OTHER)), Area()):
            counting = Counting(connection)
            await table(counting, area, WEEK, now=now, zone=UTC, basics=BASICS, share=0.0)  # type: ignore[arg-type]
            costs.add(counting.asked)

    # A province's communes are known without asking.
    assert costs == {19, 20}


async def test_every_line_has_a_figure_and_every_figure_a_line(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        third, _, _ = await places(connection, now)
        author = await person(connection, "to", now)
        await in_class(connection, author, third, now)
        report = await field_reports.open_one(connection, Place(XA), WEEK, author, now)
        for line in LINES:
            await field_reports.enter(connection, report.id, line.name, 1)
        await field_reports.move(connection, report, "submitted", now=now)
        home = await households.add(connection, "AAAA", "Nhà", third, now)
        assert home is not None
        await households.join(connection, home, author, "Cô", now, is_seen=True)
        found = await counted(connection, Area(Place(XA)), now)

    assert set(found.total.figures) == {line.name for line in LINES}
    assert found.total.figure("R99") == UNKNOWN


async def test_a_skill_counts_its_learners_once_over_lessons_and_hamlets(
    database: Database, now: datetime
) -> None:
    skills = {"2.6": ("tai-vneid", "len-muc-2"), "4.2": ("len-muc-2",), "5.1": ("gia-shipper",)}
    async with database.transaction() as connection:
        third, fourth, _ = await places(connection, now)
        tu, nam = await person(connection, "tu", now), await person(connection, "nam", now)
        for learner, place in ((tu, third), (tu, fourth), (nam, fourth)):
            await in_class(connection, learner, place, now)
        for learner, lesson in ((tu, "tai-vneid"), (tu, "len-muc-2"), (nam, "tai-vneid")):
            await progress.reach(connection, learner, lesson, 0, now)
        await progress.finish(connection, tu, "len-muc-2", now)
        await progress.reach(connection, nam, "gia-shipper", 0, now - 30 * DAY)
        found = {
            area: await learnt_by_skill(connection, area, WEEK, skills, zone=UTC)
            for area in (Area(third), Area(Place(XA)), Area())
        }
        assert await learnt_by_skill(connection, Area(), WEEK, {}, zone=UTC) == {}

    assert found[Area(third)] == {"2.6": Learnt(1, 1), "4.2": Learnt(1, 1)}
    assert found[Area(Place(XA))] == {"2.6": Learnt(2, 1), "4.2": Learnt(1, 1)}
    assert found[Area()] == found[Area(Place(XA))]
