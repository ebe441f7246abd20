"""How a class is doing, on both engines."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from places.model import Place
from storage import addresses, cases, cohorts, enrolments, progress
from storage.database import Connection, Database
from storage.enrolments import Scope
from storage.reports import classes
from storage.reports.classes import SORTS, AskedOn, ClassSummary, Page, Sort

DAY = timedelta(days=1)
NEEDED = ("mot", "hai")


async def learner(
    connection: Connection, cohort: int, name: str, heard: datetime, scope: Scope = "progress"
) -> int:
    _, one = await addresses.load(connection, "web", name, heard)
    address = await addresses.find(connection, "web", name)
    assert address is not None
    await addresses.save_asked(connection, address.id, asked="", misses=0, last_tap="", now=heard)
    await enrolments.join(connection, cohort, one.id, scope, heard)
    await enrolments.set_name(connection, cohort, one.id, name)
    return one.id


async def a_class(connection: Connection, now: datetime) -> dict[str, int]:
    """Five who agreed to be seen, and one who did not."""
    _, teacher = await addresses.load(connection, "web", "teacher", now)
    cohort = await cohorts.add(connection, "Lớp chợ", teacher.id, Place("28696"), now)
    ids = {"": cohort}
    for name, days in [("Bảy", 1), ("Út Đẹt", 9), ("Ánh", 8), ("Tám", 20), ("Mười", 7)]:
        ids[name] = await learner(connection, cohort, name, now - days * DAY)
    ids["Kín"] = await learner(connection, cohort, "Kín", now - 30 * DAY, "")
    for slug in NEEDED:
        await progress.finish(connection, ids["Tám"], slug, now - 20 * DAY)
    await progress.finish(connection, ids["Bảy"], "mot", now - 2 * DAY)
    await progress.finish(connection, ids["Bảy"], "khac", now - 2 * DAY)
    await progress.reach(connection, ids["Bảy"], "hai", 3, now - DAY)
    await progress.finish(connection, ids["Ánh"], "mot", now - 9 * DAY)
    await progress.mark_practice(connection, ids["Ánh"], "mot", "stuck", now - 8 * DAY)
    await progress.reach(connection, ids["Kín"], "mot", 1, now - 30 * DAY)
    for name, item in [("Bảy", "bai.hai"), ("Út Đẹt", "bai.hai"), ("Út Đẹt", ""), ("Kín", "")]:
        case = await cases.open_on(connection, ids[name], item, "asked", now)
        await cases.share(connection, case.id, name=name, cohort_id=None, now=now)
    # Asked, but not yet answered: nobody is told.
    await cases.open_on(connection, ids["Mười"], "", "asked", now)
    return ids


async def test_a_class_is_counted_of_those_who_agreed_to_be_seen(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        ids = await a_class(connection, now)
        report = await classes.report(connection, ids[""], NEEDED, now)

    assert report.summary == ClassSummary(
        members=6,
        seen=5,
        active=1,
        finished=1,
        silent=3,
        stuck=3,
        asking=2,
        asked_on=(AskedOn("bai.hai", 2), AskedOn("", 1)),
    )
    assert {
        one.name: (one.lesson, one.card, one.done, one.needed_done, one.is_finished, one.is_stuck)
        for one in report.learners
    } == {
        "Bảy": ("hai", 3, 2, 1, False, True),
        "Út Đẹt": ("", 0, 0, 0, False, True),
        "Ánh": ("mot", 0, 1, 1, False, True),
        "Tám": ("", 0, 2, 2, True, False),
        "Mười": ("", 0, 0, 0, False, False),
    }


@pytest.mark.parametrize(
    ("wanted", "names", "total"),
    [
        ({}, ["Út Đẹt", "Bảy", "Ánh", "Mười", "Tám"], 5),
        ({"sort": "name"}, ["Ánh", "Bảy", "Mười", "Tám", "Út Đẹt"], 5),
        ({"sort": "last"}, ["Bảy", "Mười", "Ánh", "Út Đẹt", "Tám"], 5),
        ({"sort": "done"}, ["Bảy", "Tám", "Ánh", "Út Đẹt", "Mười"], 5),
        ({"sort": "joined"}, ["Tám", "Út Đẹt", "Ánh", "Mười", "Bảy"], 5),
        ({"offset": 1, "limit": 2}, ["Bảy", "Ánh"], 5),
        ({"search": "dẸT ut"}, ["Út Đẹt"], 1),
        ({"search": "anh"}, ["Ánh"], 1),
        ({"search": "kín"}, [], 0),
    ],
)
async def test_learners_come_in_pages_sorted_and_found_without_marks(
    wanted: dict[str, Any],
    names: list[str],
    total: int,
    database: Database,
    now: datetime,
) -> None:
    async with database.transaction() as connection:
        ids = await a_class(connection, now)
        report = await classes.report(connection, ids[""], NEEDED, now)

    page = classes.page(report.learners, **wanted)

    assert [one.name for one in page.learners] == names
    assert page.total == total


async def test_a_class_that_nobody_is_in_counts_nothing(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        _, teacher = await addresses.load(connection, "web", "teacher", now)
        cohort = await cohorts.add(connection, "Lớp chợ", teacher.id, Place("28696"), now)
        report = await classes.report(connection, cohort, (), now)

    assert report == classes.ClassReport(
        ClassSummary(
            members=0, seen=0, active=0, finished=0, silent=0, stuck=0, asking=0, asked_on=()
        ),
        (),
    )


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_takes_a_class_of_nobody(sort: Sort) -> None:
    assert classes.page((), sort=sort) == Page((), 0)
