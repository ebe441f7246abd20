"""Cases and notes, on both engines."""

import asyncio
from datetime import datetime, timedelta

from places.model import Place
from storage import (
    addresses,
    case_meetings,
    cases,
    cohorts,
    enrolments,
    errands,
    hamlets,
    merging,
    notes,
    timers,
)
from storage.case_meetings import Coming
from storage.cases import Case
from storage.database import Connection, Database
from storage.enrolments import Scope

DAY = timedelta(days=1)
XA = Place("28696")


async def person(connection: Connection, name: str, now: datetime) -> int:
    _, learner = await addresses.load(connection, "web", name, now)
    return learner.id


async def shared(
    connection: Connection, learner: int, place: Place, rung: int, now: datetime, item: str = ""
) -> Case:
    case = await cases.open_on(connection, learner, item, "asked", now)
    await cases.set_place(connection, case.id, place)
    await cases.share(connection, case.id, name="Bảy", cohort_id=None, now=now)
    await cases.reach(connection, case.id, rung, now)
    again = await cases.by_id(connection, case.id)
    assert again is not None
    return again


async def test_a_learner_has_one_open_case_on_an_item(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner = await person(connection, "bay", now)
        first = await cases.open_on(connection, learner, "bai.mot", "stuck", now)
        same = await cases.open_on(connection, learner, "bai.mot", "asked", now + DAY)
        other = await cases.open_on(connection, learner, "", "asked", now)
        closed = await cases.close(connection, first.id, "success", now + DAY)
        twice = await cases.close(connection, first.id, "helped", now + DAY)
        new = await cases.open_on(connection, learner, "bai.mot", "asked", now + 2 * DAY)

    assert (same, closed, twice) == (first, True, False)
    assert len({first.id, other.id, new.id}) == 3
    assert new.reason == "asked"


async def test_of_two_who_take_a_case_at_once_one_has_it(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner = await person(connection, "bay", now)
        takers = [await person(connection, name, now) for name in ("chin", "tam")]
        case = await shared(connection, learner, XA, 2, now)

    async def take(taker: int) -> bool:
        async with database.transaction() as connection:
            return await cases.take(connection, case.id, taker, f"word {taker}", now)

    took = await asyncio.gather(*map(take, takers))

    async with database.transaction() as connection:
        after = await cases.by_id(connection, case.id)
        assert after is not None
        await cases.release(connection, case.id)
        free = await cases.by_id(connection, case.id)
    assert sorted(took) == [False, True]
    assert (after.taken_by, after.watchword) == (
        takers[took.index(True)],
        f"word {takers[took.index(True)]}",
    )
    assert free is not None
    assert (free.taken_by, free.watchword) == (None, "")


async def test_what_waits_is_seen_by_who_was_asked_and_by_the_next_after_a_while(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        await hamlets.add(connection, "28696", [("ap", "3")], now)
        (ap,) = await hamlets.of_commune(connection, "28696")
        learner, me = await person(connection, "bay", now), await person(connection, "chin", now)
        case = await shared(connection, learner, ap.place, 1, now)
        await shared(connection, learner, Place("29926"), 2, now, item="bai.mot")
        await shared(connection, me, ap.place, 1, now, item="own")
        await cases.open_on(connection, learner, "not shared", "asked", now)

        async def seen(place: Place, rung: int, waited: timedelta) -> list[int]:
            found = await cases.waiting(
                connection, me, place, rung=rung, reached_before=now - DAY + waited, limit=9
            )
            return [one.id for one in found]

        assert await seen(ap.place, 1, timedelta(0)) == [case.id]
        assert await seen(XA, 2, timedelta(0)) == []
        assert await seen(XA, 2, DAY) == [case.id]
        assert await seen(Place("28696", ap.id + 1), 1, DAY) == []
        assert await seen(Place(), 3, timedelta(0)) == []
        assert len(await seen(Place(), 3, DAY)) == 2
        await cases.reach(connection, case.id, 3, now)
        assert await seen(XA, 2, timedelta(0)) == [case.id]


async def test_open_cases_of_a_commune_are_those_that_were_shared_and_not_closed(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner = await person(connection, "hoc", now)
        await cases.open_on(connection, learner, "not shared", "asked", now)
        for name in ("waits", "is taken", "is closed", "elsewhere"):
            case = await cases.open_on(connection, learner, name, "asked", now)
            await cases.set_place(
                connection, case.id, Place("29999" if name == "elsewhere" else "28696")
            )
            await cases.share(connection, case.id, name="Bảy", cohort_id=None, now=now)
            if name == "is taken":
                assert await cases.take(connection, case.id, learner, "bông sen 17", now)
            if name == "is closed":
                assert await cases.close(connection, case.id, "helped", now)

        assert await cases.count_open(connection, "28696") == 2


async def test_a_class_teacher_sees_those_of_the_class(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        learner, me = await person(connection, "bay", now), await person(connection, "chin", now)
        cohort = await cohorts.add(connection, "Lớp chợ", me, XA, now)
        case = await cases.open_on(connection, learner, "", "asked", now)
        await cases.share(connection, case.id, name="", cohort_id=cohort, now=now)

        found = await cases.waiting_in_classes(connection, me, 9)

    assert [one.id for one in found] == [case.id]


async def test_two_open_cases_on_one_thing_become_one_when_two_notebooks_do(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        goes, stays = await person(connection, "a", now), await person(connection, "b", now)
        kept = await cases.open_on(connection, stays, "bai.mot", "asked", now)
        await cases.open_on(connection, goes, "bai.mot", "stuck", now)
        moved = await cases.open_on(connection, goes, "bai.hai", "stuck", now)
        await merging.unite(connection, goes, stays)
        still_open = await cases.open_of_learner(connection, stays)
        every = await cases.of_learner(connection, stays)

    assert [one.id for one in still_open] == [kept.id, moved.id]
    assert len(every) == 3


async def test_a_learner_who_wants_no_notes_gets_none_that_waits(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner, author = await person(connection, "bay", now), await person(connection, "9", now)
        first = await notes.write(connection, learner, author, "Mai ghé nghen", now)
        await notes.sent(connection, first, now)
        second = await notes.write(connection, learner, author, "Mốt ghé", now + 8 * DAY)
        waits = await notes.waiting(connection, second)
        week = await notes.was_written_since(connection, learner, author, now + 8 * DAY)
        before = await notes.was_written_since(connection, learner, author, now + 7 * DAY)
        await notes.refuse(connection, learner, now)
        gone = await notes.waiting(connection, second)
        refused = await notes.are_refused(connection, learner)
        await notes.allow(connection, learner)
        allowed = not await notes.are_refused(connection, learner)

    assert waits is not None
    assert (waits.content, week, before, gone) == ("Mốt ghé", False, True, None)
    assert (refused, allowed) == (True, True)


async def test_a_stall_is_watched_once_and_only_of_who_is_in_a_class(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, learner = await addresses.load(connection, "web", "bay", now)
        await cases.watch(connection, address.id, learner.id, "stall", now + DAY)
        outside = await timers.when(connection, address.id, "stall")
        cohort = await cohorts.add(connection, "Lớp chợ", learner.id, XA, now)
        await enrolments.join(connection, cohort, learner.id, "", now)
        await cases.watch(connection, address.id, learner.id, "stall", now + DAY)
        await cases.watch(connection, address.id, learner.id, "stall", now + 9 * DAY)
        inside = await timers.when(connection, address.id, "stall")

    assert (outside, inside) == (None, now + DAY)


async def test_errands_are_named_of_who_agreed_and_counted_of_all_near(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        me, other = await person(connection, "chin", now), await person(connection, "10", now)
        own = await cohorts.add(connection, "Lớp của mình", me, Place(), now)
        near = await cohorts.add(connection, "Lớp chợ", other, XA, now)
        far = await cohorts.add(connection, "Lớp xa", other, Place("29926"), now)
        ids = {}
        joined: list[tuple[str, int, Scope]] = [
            ("Bảy", own, "progress"),
            ("Tám", near, "progress"),
            ("Kín", near, ""),
            ("Xa", far, "progress"),
        ]
        for name, cohort, scope in joined:
            address, learner = await addresses.load(connection, "zalo_oa", name, now)
            await enrolments.join(connection, cohort, learner.id, scope, now)
            await enrolments.set_name(connection, cohort, learner.id, name)
            await errands.add(connection, address.id, "quá 7 ngày", now)
            ids[name] = address.id
        named = await errands.named_near(connection, me, [XA], 9)
        all_near = await errands.count_near(connection, me, [XA])
        everywhere = await errands.named_near(connection, me, [Place()], 9)
        may_see = [await errands.is_near(connection, ids[one], me, [XA]) for one in ids]
        every = await errands.count(connection)

    assert [(one.name, one.class_name) for one in named] == [
        ("Bảy", "Lớp của mình"),
        ("Tám", "Lớp chợ"),
    ]
    assert all_near == 3
    assert [one.name for one in everywhere] == ["Bảy", "Tám", "Xa"]
    assert may_see == [True, True, False, False]
    assert every == 4


async def test_what_a_taker_said_goes_with_them(database: Database, now: datetime) -> None:
    """The day they named, that they were asked, and that they were heard of."""
    async with database.transaction() as connection:
        learner, chin = [await person(connection, name, now) for name in ("bay", "chin")]
        case = await shared(connection, learner, XA, 2, now)
        await case_meetings.comes(connection, case.id, Coming(now.date()), now)
        nobodys = await cases.by_id(connection, case.id)
        await cases.take(connection, case.id, chin, "word", now)
        await case_meetings.comes(connection, case.id, Coming(now.date(), is_last=True), now)
        await case_meetings.asked(connection, case.id, now + DAY)
        asked = await cases.by_id(connection, case.id)
        await case_meetings.heard(connection, case.id, now + 2 * DAY)
        heard = await cases.by_id(connection, case.id)
        await cases.release(connection, case.id)
        free = await cases.by_id(connection, case.id)

    assert [
        (one.comes, one.heard_at, one.met_asked_at)
        for one in (nobodys, asked, heard, free)
        if one is not None
    ] == [
        (None, None, None),
        (Coming(now.date(), is_last=True), now, now + DAY),
        (Coming(now.date(), is_last=True), now + 2 * DAY, None),
        (None, None, None),
    ]
