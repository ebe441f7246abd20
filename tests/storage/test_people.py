"""Hamlets, roles, invitations, classes and the audit, on both engines."""

import asyncio
from datetime import datetime, timedelta

import pytest

from people.roles import EVERYWHERE
from places.model import Place
from storage import (
    addresses,
    audit,
    cohorts,
    enrolments,
    hamlets,
    invitations,
    merging,
    role_grants,
    wrong_codes,
)
from storage.database import Connection, Database
from storage.enrolments import Size

XA = Place("28696")
DAY = timedelta(days=1)


async def person(connection: Connection, name: str, now: datetime) -> int:
    _, learner = await addresses.load(connection, "web", name, now)
    return learner.id


async def a_class(connection: Connection, owner: int, now: datetime, code: str = "K7M2XD") -> int:
    number = await cohorts.add(connection, "Lớp chợ", owner, XA, now)
    assert await cohorts.set_code(connection, number, code, now, now + 30 * DAY)
    return number


async def test_a_commune_lists_a_hamlet_once_and_may_list_it_again_after_closing(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        await hamlets.add(connection, "28696", [("ap", "Mỹ Tây"), ("ap", "1")], now)
        await hamlets.add(connection, "28696", [("ap", "my tay"), ("khom", "1")], now)
        await hamlets.add(connection, "29926", [("ap", "1")], now)
        listed = await hamlets.of_commune(connection, "28696")
        await hamlets.close(connection, listed[1].id, now)
        left = await hamlets.of_commune(connection, "28696")
        closed = await hamlets.by_id(connection, listed[1].id)
        await hamlets.add(connection, "28696", [("ap", "1")], now)
        again = await hamlets.of_commune(connection, "28696")

    assert [one.title for one in listed] == ["ấp Mỹ Tây", "ấp 1", "khóm 1"]
    assert [one.title for one in left] == ["ấp Mỹ Tây", "khóm 1"]
    assert closed is not None
    assert (closed.title, closed.is_closed, closed.place) == (
        "ấp 1",
        True,
        Place("28696", closed.id),
    )
    assert [one.title for one in again] == ["ấp Mỹ Tây", "khóm 1", "ấp 1"]


async def test_a_role_is_kept_with_its_place_its_giver_and_its_end(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        giver, holder = await person(connection, "a", now), await person(connection, "b", now)
        given = await role_grants.give(
            connection, holder, "ambassador", XA, granted_by=giver, now=now, expires_at=now + DAY
        )
        await role_grants.set_name(connection, holder, "chị Hai")
        (kept,) = await role_grants.of_learner(connection, holder)
        await role_grants.revoke(connection, given.id, now + timedelta(hours=1))
        await role_grants.revoke(connection, given.id, now + timedelta(hours=2))
        revoked = await role_grants.by_id(connection, given.id)

    assert (kept.role, kept.place, kept.granted_by, kept.expires_at, kept.name) == (
        "ambassador", XA, giver, now + DAY, "chị Hai",
    )  # fmt: skip
    assert revoked is not None
    assert revoked.revoked_at == now + timedelta(hours=1)


async def test_whom_somebody_made_what_is_listed_as_long_as_it_holds(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        giver, holder = await person(connection, "a", now), await person(connection, "b", now)
        numbers = [
            (
                await role_grants.give(
                    connection, holder, "ambassador", place, granted_by=by, now=now, expires_at=end
                )
            ).id
            for place, by, end in (
                (XA, giver, None),
                (Place("1"), giver, now),  # has run out
                (Place("2"), giver, now + DAY),
                (Place("3"), holder, None),
                (Place("4"), giver, None),
            )
        ]
        await role_grants.revoke(connection, numbers[4], now)
        mine = await role_grants.granted_by(connection, giver, now, limit=9)
        paged = await role_grants.granted_by(connection, giver, now, limit=1, offset=1)
        everybodys = await role_grants.granted_by(connection, None, now, limit=9)
        there = await role_grants.held_in(connection, "ambassador", XA.commune, now)

    assert [grant.id for grant in mine] == [numbers[2], numbers[0]]
    assert [grant.id for grant in paged] == [numbers[0]]
    assert [grant.id for grant in everybodys] == [numbers[3], numbers[2], numbers[0]]
    assert [grant.id for grant in there] == [numbers[0]]


async def test_an_invitation_is_found_by_its_fingerprint_alone_and_used_once(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        giver, taker = await person(connection, "a", now), await person(connection, "b", now)
        number = await invitations.add(
            connection,
            "ambassador",
            "print",
            place=XA,
            created_by=giver,
            now=now,
            expires_at=now + DAY,
        )
        again = await invitations.add(
            connection, "ambassador", "print", created_by=giver, now=now, expires_at=now + DAY
        )
        waiting = await invitations.open_of(connection, giver, now)
        assert number is not None
        await invitations.use(connection, number, taker, now)
        await invitations.use(connection, number, giver, now + DAY)
        await invitations.revoke(connection, number, now)
        found = await invitations.find(connection, "print", hold=True)
        nothing = await invitations.find(connection, "another")
        left = await invitations.open_of(connection, giver, now)

    assert again is None
    assert [one.id for one in waiting] == [number]
    assert found is not None
    assert (found.used_by, found.used_at, found.revoked_at) == (taker, now, None)
    assert not found.is_open(now)
    assert (nothing, left) == (None, [])


@pytest.mark.parametrize(("later", "is_open"), [(-1, True), (0, False), (1, False)])
async def test_an_invitation_runs_out(
    database: Database, now: datetime, later: int, is_open: bool
) -> None:
    async with database.transaction() as connection:
        number = await invitations.add(
            connection, "administrator", "print", created_by=None, now=now, expires_at=now + DAY
        )
        assert number is not None
        found = await invitations.by_id(connection, number)

    assert found is not None
    assert found.is_open(now + DAY + timedelta(seconds=later)) is is_open


async def test_of_two_who_take_an_invitation_at_once_one_has_it(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        people = [await person(connection, name, now) for name in "ab"]
        await invitations.add(
            connection, "administrator", "print", created_by=None, now=now, expires_at=now + DAY
        )

    async def take(learner: int) -> bool:
        async with database.transaction() as connection:
            found = await invitations.find(connection, "print", hold=True)
            assert found is not None
            if not found.is_open(now):
                return False
            await invitations.use(connection, found.id, learner, now)
            return True

    took = await asyncio.gather(*(take(learner) for learner in people))

    assert sorted(took) == [False, True]


async def test_a_class_has_one_code_and_remembers_those_before(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        owner = await person(connection, "a", now)
        first, other = (
            await a_class(connection, owner, now),
            await a_class(connection, owner, now, "X2KB7D"),
        )
        taken = await cohorts.set_code(connection, other, "K7M2XD", now, now + DAY)
        assert await cohorts.set_code(connection, first, "M3KB7D", now + DAY, now + 9 * DAY)
        back = await cohorts.set_code(connection, first, "K7M2XD", now, now + DAY)
        old = await cohorts.through(connection, "K7M2XD")
        new = await cohorts.through(connection, "M3KB7D")
        await cohorts.extend_code(connection, first, now + 99 * DAY)
        longer = await cohorts.through(connection, "M3KB7D")
        nowhere = await cohorts.through(connection, "BBBBB2")

    assert (taken, back, nowhere) == (False, False, None)
    assert old is not None
    assert new is not None
    assert longer is not None
    assert (old.cohort.id, old.replaced, new.cohort.id, new.replaced) == (first, True, first, False)
    assert (old.cohort.code, new.cohort.code) == ("M3KB7D", "M3KB7D")
    assert (new.expires_at, longer.expires_at) == (now + 9 * DAY, now + 99 * DAY)


async def test_a_class_is_found_by_who_leads_it_and_by_its_place(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        owner, heir = await person(connection, "a", now), await person(connection, "b", now)
        await hamlets.add(connection, XA.commune, [("ap", "1")], now)
        (hamlet,) = await hamlets.of_commune(connection, XA.commune)
        whole = await a_class(connection, owner, now)
        inside = await cohorts.add(connection, "Lớp ấp", owner, hamlet.place, now)
        await cohorts.set_code(connection, inside, "X2KB7D", now, now + DAY)
        closed = await a_class(connection, owner, now, "M3KB7D")
        await cohorts.close(connection, closed, now)
        led = await cohorts.led_by(connection, owner)
        there = await cohorts.at(connection, XA, 9)
        paged = await cohorts.at(connection, XA, 1, 1)
        in_hamlet = await cohorts.at(connection, hamlet.place, 9)
        await cohorts.set_owner(connection, whole, heir)
        await cohorts.rename(connection, whole, "Lớp mới")
        await cohorts.set_seats(connection, whole, 20)
        await cohorts.set_course(connection, whole, "dich-vu-cong")
        await cohorts.reopen(connection, closed)
        changed = await cohorts.by_id(connection, whole)
        opened = await cohorts.by_id(connection, closed)

    assert [one.id for one in led] == [inside, whole]
    assert [one.id for one in there] == [inside, whole]
    assert [one.id for one in paged] == [whole]
    assert [one.id for one in in_hamlet] == [inside]
    assert changed is not None
    assert opened is not None
    assert (changed.owner_id, changed.name, changed.seats, changed.course, changed.place) == (
        heir, "Lớp mới", 20, "dich-vu-cong", XA,
    )  # fmt: skip
    assert opened.closed_at is None


async def test_joining_twice_only_changes_what_is_seen_and_leaving_leaves_nothing(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        owner, learner = await person(connection, "a", now), await person(connection, "b", now)
        cohort = await a_class(connection, owner, now)
        await enrolments.join(connection, cohort, learner, "", now)
        await enrolments.set_name(connection, cohort, learner, "bà Sáu")
        unseen = (
            await enrolments.size(connection, cohort),
            await enrolments.seen_in(connection, cohort),
        )
        await enrolments.join(connection, cohort, learner, "progress", now + DAY)
        seen = await enrolments.size(connection, cohort)
        (row,) = await enrolments.seen_in(connection, cohort)
        mine = await cohorts.of_learner(connection, learner)
        await enrolments.leave(connection, cohort, learner)
        left = await enrolments.size(connection, cohort)
        gone = await enrolments.find(connection, cohort, learner)

    assert unseen == (Size(1, 0), [])
    assert seen == Size(1, 1)
    assert (row.name, row.scope, row.joined_at) == ("bà Sáu", "progress", now)
    assert [one.id for one in mine] == [cohort]
    assert (left, gone) == (Size(0, 0), None)


async def test_the_last_seat_goes_to_one_of_two(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        people = [await person(connection, name, now) for name in "ab"]
        cohort = await a_class(connection, people[0], now)

    async def sit(learner: int) -> None:
        async with database.transaction() as connection:
            await cohorts.hold(connection, cohort)
            if (await enrolments.size(connection, cohort)).members < 1:
                await enrolments.join(connection, cohort, learner, "", now)

    await asyncio.gather(*(sit(learner) for learner in people))
    async with database.read() as connection:
        assert (await enrolments.size(connection, cohort)).members == 1


async def test_a_look_at_a_class_is_written_down_for_each_who_was_seen(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        teacher, seen, unseen = [await person(connection, name, now) for name in "abc"]
        cohort = await a_class(connection, teacher, now)
        await enrolments.join(connection, cohort, seen, "progress", now)
        await enrolments.join(connection, cohort, unseen, "", now)
        await enrolments.join(connection, cohort, teacher, "progress", now)
        await audit.write_looked_at_class(
            connection, cohort, actor_id=teacher, acted_as="ambassador", now=now
        )
        lines = await audit.latest(connection, limit=9)
        of_seen = await audit.done_to(connection, seen, 9)
        of_unseen = await audit.done_to(connection, unseen, 9)

    assert len(lines) == 1
    assert of_seen == lines
    assert of_unseen == []
    (line,) = lines
    assert (line.deed, line.actor_id, line.acted_as, line.place, line.cohort_id) == (
        "looked", teacher, "ambassador", XA, cohort,
    )  # fmt: skip


async def test_the_audit_is_read_from_the_latest_on_and_forgets_in_time(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        someone = await person(connection, "a", now)
        for days in range(3):
            await audit.write(
                connection, "granted", now=now + days * DAY, actor_id=None, subject_id=someone
            )
        first = await audit.latest(connection, limit=2)
        rest = await audit.latest(connection, limit=2, offset=2)
        await audit.forget(connection, now + DAY)
        kept = await audit.latest(connection, limit=9)

    assert [line.done_at for line in first] == [now + 2 * DAY, now + DAY]
    assert [line.done_at for line in rest] == [now]
    assert [line.done_at for line in kept] == [now + 2 * DAY, now + DAY]


async def test_wrong_codes_are_counted_by_the_hour_and_by_the_learner(
    database: Database, now: datetime
) -> None:
    hour = timedelta(hours=1)
    async with database.transaction() as connection:
        guesser, other = await person(connection, "a", now), await person(connection, "b", now)
        for _ in range(3):
            await wrong_codes.add(connection, guesser, now)
        await wrong_codes.add(connection, other, now)
        counts = [await wrong_codes.count(connection, who, now) for who in (guesser, other)]
        later = await wrong_codes.count(connection, guesser, now + hour)
        await wrong_codes.forget(connection, now + hour)
        still = await wrong_codes.count(connection, guesser, now)
        await wrong_codes.forget(connection, now + 2 * hour)
        gone = await wrong_codes.count(connection, guesser, now)

    assert (counts, later, still, gone) == ([3, 1], 0, 3, 0)


async def test_when_two_learners_are_one_classes_and_roles_go_with_the_person(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        left, kept, third = [await person(connection, name, now) for name in "abc"]
        led = await a_class(connection, left, now)
        both = await a_class(connection, third, now, "X2KB7D")
        await enrolments.join(connection, led, left, "progress", now)
        await enrolments.join(connection, both, left, "progress", now)
        await enrolments.join(connection, both, kept, "", now)
        await role_grants.give(connection, left, "ambassador", XA, granted_by=left, now=now)
        await audit.write(connection, "granted", now=now, actor_id=left, subject_id=left)
        await merging.unite(connection, left, kept)
        (grant,) = await role_grants.of_learner(connection, kept)
        mine = await enrolments.of_learner(connection, kept)
        cohort = await cohorts.by_id(connection, led)
        (line,) = await audit.latest(connection, limit=9)

    assert (grant.role, grant.granted_by) == ("ambassador", kept)
    assert {(row.cohort_id, row.scope) for row in mine} == {(led, "progress"), (both, "")}
    assert cohort is not None
    assert cohort.owner_id == kept
    assert (line.actor_id, line.subject_id) == (kept, kept)


async def test_an_administrator_is_everywhere(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        someone = await person(connection, "a", now)
        given = await role_grants.give(
            connection, someone, "administrator", EVERYWHERE, granted_by=None, now=now
        )
        there = await role_grants.held_in(connection, "administrator", EVERYWHERE.commune, now)

    assert given.place == EVERYWHERE
    assert there == [given]
