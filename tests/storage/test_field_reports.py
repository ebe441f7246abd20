"""Reports on both engines: of two who decide at once one does, and what came late is found."""

import asyncio
from dataclasses import replace
from datetime import date, datetime

from fieldwork.periods import week_of
from fieldwork.reports import State
from storage import addresses, field_reports, hamlets, visits
from storage.database import Connection, Database
from storage.field_reports import FieldReport

XA = "28696"
TODAY = date(2026, 11, 23)


async def submitted(connection: Connection, now: datetime) -> FieldReport:
    _, author = await addresses.load(connection, "web", "a", now)
    await hamlets.add(connection, XA, [("ap", "3")], now)
    (hamlet,) = await hamlets.of_commune(connection, XA)
    period = week_of(TODAY)
    report = await field_reports.open_one(connection, hamlet.place, period, author.id, now)
    assert await field_reports.move(connection, report, "submitted", now=now)
    return replace(report, state="submitted")


async def test_of_two_who_decide_at_once_one_does(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        report = await submitted(connection, now)

    async def decides(after: State) -> bool:
        async with database.transaction() as connection:
            return await field_reports.move(connection, report, after, now=now)

    done = await asyncio.gather(decides("approved"), decides("to_correct"))

    assert sorted(done) == [False, True]
    async with database.read() as connection:
        left = await field_reports.by_id(connection, report.id)
    assert left is not None
    assert left.state == ("approved" if done[0] else "to_correct")


async def test_a_closed_report_is_found_by_what_came_late(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        report = await submitted(connection, now)
        await field_reports.move(connection, report, "approved", now=now)
        before = await field_reports.with_late_visits(connection, "approved", XA, 9)
        author = report.author_id or 0
        number = await visits.begin(connection, author, report.place, TODAY, now)
        draft = await visits.by_id(connection, number)
        assert draft is not None
        late = replace(draft, contents=1, people=3, state="logged", held_by=report.id)
        await visits.change(connection, draft, late, now)
        found = [
            [one.id for one in await field_reports.with_late_visits(connection, "approved", at, 9)]
            for at in (XA, "", "29926")
        ]
        locked = await field_reports.with_late_visits(connection, "locked", "", 9)
        logged = await visits.by_id(connection, number)
        assert logged is not None
        await visits.change(connection, logged, replace(logged, state="withdrawn"), now)
        after = await field_reports.with_late_visits(connection, "approved", XA, 9)

    assert (before, found, locked, after) == ([], [[report.id], [report.id], []], [], [])
