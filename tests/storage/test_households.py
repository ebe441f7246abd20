"""Households and which count; seats on one telephone; what was witnessed; who is assisted."""

from datetime import datetime, timedelta

import pytest

from places.model import Place
from storage import (
    addresses,
    assisted,
    households,
    learners,
    privacy,
    progress,
    role_grants,
    seats,
    timers,
    witnesses,
)
from storage.database import Connection, Database
from storage.households import Counted

BASICS = ("mot", "hai")
TAN_HONG = Place("28696")


async def learner(connection: Connection, now: datetime, *done: str) -> int:
    number = await learners.add(connection, "ba", "spoken", now)
    for lesson in done:
        await progress.finish(connection, number, lesson, now)
    return number


async def home(
    connection: Connection, code: str, place: Place, now: datetime, *members: tuple[str, ...]
) -> int:
    number = await households.add(connection, code, code, place, now)
    assert number is not None
    for done in members:
        await households.join(
            connection, number, await learner(connection, now, *done), "", now, is_seen=True
        )
    return number


@pytest.mark.parametrize(
    ("share", "members", "counts"),
    [
        (0.0, [()], False),
        (0.0, [("mot",)], False),
        (0.0, [("mot", "hai")], True),
        (0.0, [("mot",), ("hai",)], False),
        (0.0, [("mot", "hai"), (), ()], True),
        (0.5, [("mot", "hai"), (), ()], False),
        (0.5, [("mot", "hai"), ("mot", "hai", "ba"), ()], True),
        (0.5, [("mot", "hai"), ()], True),
        (1.0, [("mot", "hai"), ("mot",)], False),
    ],
)
async def test_a_household_counts_by_who_finished_the_basics(
    share: float, members: list[tuple[str, ...]], counts: bool, database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        number = await home(connection, "K7M2XD", TAN_HONG, now, *members)

        assert await households.counts(connection, number, BASICS, share) is counts
        assert await households.count(connection, BASICS, share) == [
            Counted(TAN_HONG, 1, int(counts))
        ]


async def test_households_are_counted_by_hamlet_in_one_query(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        await home(connection, "AA", TAN_HONG, now, ("mot", "hai"))
        await home(connection, "BB", TAN_HONG, now, ())
        await home(connection, "CC", Place("29999"), now, ("mot", "hai"))

        everywhere = await households.count(connection, BASICS, 0.0)
        narrowed = await households.count(connection, BASICS, 0.0, ["29999", "11111"])
        nowhere = await households.count(connection, BASICS, 0.0, [])
        without_basics = await households.count(connection, (), 0.0)

    assert everywhere == [Counted(TAN_HONG, 2, 1), Counted(Place("29999"), 1, 1)]
    assert narrowed == [Counted(Place("29999"), 1, 1)]
    assert nowhere == []
    assert [one.counting for one in without_basics] == [0, 0]


async def test_a_household_is_gone_with_its_last_member(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        number = await home(connection, "AA", TAN_HONG, now, (), ())
        first, second = await households.members(connection, number)
        await households.set_guide(connection, number, first.learner_id)
        await households.set_guide(connection, number, second.learner_id)
        guides = [one.is_guide for one in await households.members(connection, number)]
        await households.leave(connection, first.learner_id)
        left = await households.by_code(connection, "AA")
        await privacy.erase(connection, second.learner_id)

        assert guides == [False, True]
        assert left is not None
        assert await households.by_code(connection, "AA") is None


async def test_who_is_at_home_elsewhere_does_not_change_homes_by_joining(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        first = await home(connection, "AA", TAN_HONG, now, ())
        second = await home(connection, "BB", TAN_HONG, now, ())
        (member,) = await households.members(connection, first)
        await households.join(connection, second, member.learner_id, "x", now, is_seen=False)

        assert len(await households.members(connection, second)) == 1
        assert await households.members(connection, first) == [member]


async def test_the_telephone_changes_hands_and_each_keeps_what_is_theirs(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        phone, first = await addresses.load(connection, "telegram", "4711", now)
        await seats.share(connection, phone, "Ông Năm")
        second = await learner(connection, now)
        resting = await seats.add(connection, phone, second, "Bà Tư", now)
        await timers.set_for(connection, resting, "remind", now)

        people = await seats.of_phone(connection, phone)
        (timer,) = await timers.due(connection, now, 5)
        asleep, _ = await addresses.load(connection, timer.channel, timer.address, now)
        await seats.sit(connection, people[0], people[1])
        found, whose = await addresses.load(connection, "telegram", "4711", now)
        back = await seats.of_phone(connection, found)
        await seats.sit(connection, found, back[0])
        again, owner = await addresses.load(connection, "telegram", "4711", now)

    assert [(one.called, one.seat, one.phone) for one in people] == [
        ("Ông Năm", 1, "4711"),
        ("Bà Tư", 2, "4711"),
    ]
    assert (asleep.id, asleep.phone) == (resting, "4711")
    assert (found.id, whose.id) == (resting, second)
    assert (again.id, owner.id) == (phone.id, first.id)


async def test_a_task_is_witnessed_once_and_the_learner_may_object(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        who, witness = await learner(connection, now), await learner(connection, now)

        async def see(at: datetime) -> bool:
            return await witnesses.see(
                connection, who, "mot", witness_id=witness, acted_as="team_member",
                place=TAN_HONG, now=at,
            )  # fmt: skip

        noted = [await see(now), await see(now + timedelta(days=1))]
        objected = [await witnesses.object_to(connection, who, "mot", now) for _ in range(2)]
        again = await see(now + timedelta(days=2))
        (row,) = await witnesses.of_learner(connection, who)
        await privacy.erase(connection, witness)
        (orphan,) = await witnesses.of_learner(connection, who)

    assert (noted, objected, again) == ([True, False], [True, False], True)
    assert (row.seen_at, row.objected_at, row.witness_id) == (
        now + timedelta(days=2),
        None,
        witness,
    )
    assert orphan.witness_id is None


async def test_nobody_witnesses_or_confirms_for_themselves(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        who = await learner(connection, now)
        with pytest.raises(ValueError, match="own task"):
            await witnesses.see(
                connection, who, "mot", witness_id=who, acted_as="ambassador",
                place=TAN_HONG, now=now,
            )  # fmt: skip
        with pytest.raises(ValueError, match="declares"):
            await witnesses.confirm(connection, who, "vneid", witness_id=None, now=now)
        with pytest.raises(ValueError, match="declares"):
            await witnesses.confirm(connection, who, "platform", witness_id=who, now=now)


async def test_what_was_seen_is_not_told_away(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        who, witness = await learner(connection, now), await learner(connection, now)
        declared = await witnesses.confirm(connection, who, "declared", witness_id=None, now=now)
        seen = await witnesses.confirm(
            connection, who, "vneid", witness_id=witness, acted_as="ambassador",
            place=TAN_HONG, now=now,
        )  # fmt: skip
        told = await witnesses.confirm(connection, who, "declared", witness_id=None, now=now)
        kept = await witnesses.confirmation(connection, who)

    assert (declared, seen, told) == (True, True, False)
    assert kept is not None
    assert (kept.how_seen, kept.witness_id) == ("vneid", witness)


async def test_those_without_a_telephone_are_found_by_name_and_left_to_others(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        helper = await learner(connection, now)
        for name in ("Bà Tư Đèo", "Ông Năm"):
            number = await learner(connection, now)
            await assisted.note(connection, number, name, TAN_HONG, helper_id=helper, now=now)
        named = await assisted.of_helper(connection, helper, 5, named="tu deo")
        both = await assisted.of_helper(connection, helper, 5)
        await privacy.erase(connection, helper)
        left = await assisted.left_in(connection, TAN_HONG, 5)

    assert [one.name for one in named] == ["Bà Tư Đèo"]
    assert [one.name for one in both] == ["Bà Tư Đèo", "Ông Năm"]
    assert [(one.name, one.helper_id) for one in left] == [("Bà Tư Đèo", None), ("Ông Năm", None)]


async def test_a_notebook_is_seen_only_where_its_keeper_learns_and_while_they_may(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        mine, keeper = await addresses.load(connection, "telegram", "4711", now)
        await seats.share(connection, mine, "Người giúp")
        kept = await learner(connection, now)
        await assisted.note(connection, kept, "Bà Tư", TAN_HONG, helper_id=keeper.id, now=now)
        await seats.add(connection, mine, kept, "Bà Tư", now)
        _, resting = await seats.of_phone(connection, mine)
        without_role = await seats.is_left_over(connection, resting, now)
        await role_grants.give(
            connection, keeper.id, "ambassador", TAN_HONG, granted_by=None, now=now,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip
        with_role = await seats.is_left_over(connection, resting, now)
        too_late = await seats.is_left_over(connection, resting, now + timedelta(days=1))
        opened = await seats.sit(connection, mine, resting, until=now)
        await assisted.hand_over(connection, kept, None)
        let_go = await seats.is_left_over(connection, opened, now)
        await assisted.hand_over(connection, kept, keeper.id)
        back = await seats.end_book(connection, kept)
        left = await seats.of_phone(connection, mine)

    assert (without_role, with_role, too_late, let_go) == (True, False, True, True)
    assert [one.id for one in back] == [mine.id]
    assert [(one.id, one.chat, one.until_at) for one in left] == [(mine.id, "", None)]


async def test_who_erases_themselves_takes_the_notebooks_they_kept_off_every_telephone(
    database: Database, now: datetime
) -> None:
    """The one on the telephone that nobody else shares, and the one beside a neighbour."""
    async with database.transaction() as connection:
        alone, keeper = await addresses.load(connection, "telegram", "4711", now)
        shared, neighbour = await addresses.load(connection, "telegram", "4712", now)
        await seats.share(connection, shared, "Bà Ba")
        await seats.add(connection, shared, keeper.id, "Người giúp", now)
        await seats.share(connection, alone, "Người giúp")
        for there in (alone, shared):
            kept = await learner(connection, now)
            await assisted.note(connection, kept, "Bà Tư", TAN_HONG, helper_id=keeper.id, now=now)
            await seats.add(connection, there, kept, "Bà Tư", now)
            await seats.sit(
                connection, there, (await seats.of_phone(connection, there))[-1], until=now
            )

        await privacy.erase(connection, keeper.id)

        assert await addresses.find(connection, "telegram", "4711") is None
        assert await seats.of_phone(connection, alone) == []
        (left,) = await seats.of_phone(connection, shared)
        assert (left.learner_id, left.external_id, left.until_at) == (neighbour.id, "4712", None)
