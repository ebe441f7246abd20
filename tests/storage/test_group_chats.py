from datetime import datetime, timedelta

import pytest

from places.model import Place
from storage import (
    addresses,
    arrivals,
    deliveries,
    group_chats,
    learners,
    pastes,
    plans,
    polls,
    privacy,
    progress,
    timers,
)
from storage.arrivals import Total
from storage.database import Connection, Database
from storage.group_chats import GroupChat
from tests.support.tables import rows

DAY = timedelta(days=1)


async def chat(connection: Connection, now: datetime, name: str = "-5") -> GroupChat:
    """A group whose chat the tutor is in."""
    arrived = await addresses.arrive(
        connection,
        channel="telegram",
        external_id=name,
        event_id=f"joined {name} {now}",
        now=now,
        is_group=True,
    )
    assert arrived is not None
    made = await group_chats.add(
        connection, f"ref{name}", arrived[0].id, is_pasted=False, label="Ấp 3", now=now
    )
    assert made is not None
    return made


async def fill(connection: Connection, group: GroupChat, now: datetime) -> None:
    """A plan, a poll, something that waits to go out, and somebody who came through."""
    plan = plans.Plan(
        group_id=group.id, course="c", lesson="l", days=frozenset({1, 3, 5}), minute=1170
    )
    await plans.keep(connection, plan, now)
    await timers.set_for(connection, group.address_id, "plan", now + DAY, subject=str(group.id))
    await polls.remember(connection, "telegram", f"poll {group.ref}", group.address_id, "[]", now)
    await deliveries.add(connection, group.address_id, "{}", priority=0, due_at=now, now=now)
    _, learner = await addresses.load(connection, "telegram", f"of {group.ref}", now)
    await learners.give_consent(connection, learner.id, "1", now)
    await arrivals.came(connection, group.ref, learner.id, now)


async def counts(database: Database) -> dict[str, int]:
    tables = ("group_chat", "plan", "timer", "poll", "delivery", "arrival")
    return {table: len(await rows(database, table)) for table in tables}


async def test_a_chat_is_found_by_its_address_its_id_and_its_ref(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        made = await chat(connection, now)
        again = await group_chats.add(
            connection, "other", made.address_id, is_pasted=False, now=now
        )
        same_ref = await group_chats.add(
            connection, made.ref, made.address_id, is_pasted=True, now=now
        )
        found = [
            await group_chats.chat_at(connection, made.address_id),
            await group_chats.by_id(connection, made.id),
            await group_chats.by_ref(connection, made.ref),
        ]

    assert (again, same_ref) == (None, None)
    assert found == [made] * 3


async def test_what_is_said_of_a_group_is_kept_and_its_first_place_stays(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        made = await chat(connection, now)
        await group_chats.set_place(connection, made.id, Place("28696"))
        await group_chats.set_place(connection, made.id, Place("28700"))
        await group_chats.set_label(connection, made.id, "Ấp 4")
        await group_chats.set_shows_votes(connection, made.id, shows=True)
        await group_chats.posted(connection, made.id, "gia-cong-an", now)
        await group_chats.greeted(connection, made.id, now + DAY)
        found = await group_chats.by_id(connection, made.id)

    assert found == GroupChat(
        id=made.id,
        ref=made.ref,
        address_id=made.address_id,
        is_pasted=False,
        label="Ấp 4",
        place=Place("28696"),
        shows_votes=True,
        lesson="gia-cong-an",
        posted_at=found.posted_at if found else None,
        greeted_at=found.greeted_at if found else None,
        created_at=made.created_at,
    )
    assert found.posted_at is not None


async def test_a_group_is_no_stranger_that_is_swept_away(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        made = await chat(connection, now)
        await addresses.load(connection, "telegram", "stranger", now)
        await privacy.forget_strangers(connection, now + 400 * DAY)

        assert await group_chats.by_id(connection, made.id) is not None
    assert [row["kind"] for row in await rows(database, "learner")] == ["group"]


async def test_a_chat_that_moved_keeps_its_plan_polls_and_what_waits(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        made = await chat(connection, now)
        await fill(connection, made, now)
        # Under the new id somebody spoke before the notice came.
        newer = await chat(connection, now, "-100777")
        await fill(connection, newer, now)
        for _ in range(2):
            await group_chats.move(connection, "telegram", "-5", "-100777")
        kept = await group_chats.by_id(connection, made.id)
        gone = await group_chats.by_id(connection, newer.id)
        moved = await addresses.find(connection, "telegram", "-100777")

    assert (kept, gone) == (made, None)
    assert moved is not None
    assert moved.id == made.address_id
    assert await counts(database) == {
        "group_chat": 1, "plan": 1, "timer": 1, "poll": 1, "delivery": 1, "arrival": 1,
    }  # fmt: skip


async def test_nobody_moves_where_nobody_was(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        newer = await chat(connection, now, "-100777")
        await group_chats.move(connection, "telegram", "-5", "-100777")

        assert await group_chats.by_id(connection, newer.id) == newer


@pytest.mark.parametrize(("later", "left"), [(29, 2), (31, 1)])
async def test_a_group_that_is_gone_for_long_is_forgotten_whole(
    later: int, left: int, database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        lost = await chat(connection, now)
        await fill(connection, lost, now)
        await fill(connection, await chat(connection, now, "-6"), now)
        await addresses.stop(connection, lost.address_id, now)
        await group_chats.forget_lost(connection, now + (later - 30) * DAY)

    found = await counts(database)
    # What waited to go out was cancelled when it stopped, and its row goes with the group.
    assert (found["group_chat"], found["plan"], found["poll"]) == (left, left, left)
    assert (found["timer"], found["arrival"], found["delivery"]) == (left, left, left)
    # Who came through it stays a learner.
    assert len([row for row in await rows(database, "learner") if row["kind"] == "person"]) == 2


async def test_who_comes_through_a_group_is_counted_once_and_what_they_finish_since(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        made = await chat(connection, now)
        for name in ("tu", "nam"):
            _, learner = await addresses.load(connection, "web", name, now)
            await progress.reach(connection, learner.id, "before", 0, now - DAY)
            await progress.finish(connection, learner.id, "before", now - DAY)
            await arrivals.came(connection, made.ref, learner.id, now)
            await progress.reach(connection, learner.id, "since", 0, now)
            await progress.finish(connection, learner.id, "since", now + DAY)
        await arrivals.came(connection, made.ref, learner.id, now + DAY)
        await arrivals.came(connection, "nobodys", learner.id, now)
        total = await arrivals.total(connection, made.id)
        today = await arrivals.since(connection, made.id, now + DAY)
        await privacy.erase(connection, learner.id)
        left = await arrivals.total(connection, made.id)

    assert (total, today, left) == (Total(people=2, lessons=2), 1, Total(people=1, lessons=1))


async def test_what_a_person_pastes_into_is_theirs_and_goes_with_them(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, learner = await addresses.load(connection, "zalo", "tu", now)
        made = await group_chats.add(
            connection, "zalo3", address.id, is_pasted=True, label="Zalo ấp 3", now=now
        )
        assert made is not None
        second = await group_chats.add(
            connection, "zalo4", address.id, is_pasted=True, label="Zalo ấp 4", now=now
        )
        assert second is not None
        await fill(connection, made, now)
        given = await pastes.give(connection, made.id, "l", is_planned=True, now=now)
        await pastes.pasted(connection, given, now)
        await pastes.pasted(connection, given, now + DAY)
        last = await pastes.last_of(connection, made.id)
        mine = await group_chats.pasted_by(connection, learner.id)
        owner = await group_chats.owner_of(connection, made.id)
        chat_there = await group_chats.chat_at(connection, address.id)
        await group_chats.forget(connection, second.id)
        await privacy.erase(connection, learner.id)

    assert (mine, owner, chat_there) == ([made, second], learner.id, None)
    assert last is not None
    assert (last.id, last.pasted_at) == (given, last.given_at)
    assert set((await counts(database)).values()) == {0}
    assert await rows(database, "paste") == []


async def test_a_plan_is_kept_moved_on_paused_and_dropped(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        made = await chat(connection, now)
        plan = plans.Plan(
            group_id=made.id, course="c", lesson="one", days=frozenset({7, 1}), minute=450
        )
        await plans.keep(connection, plan, now)
        kept = await plans.of_group(connection, made.id)
        await plans.advance(connection, made.id, "two")
        await plans.pause(connection, made.id, now)
        paused = await plans.of_group(connection, made.id)
        await plans.keep(connection, plan, now)
        again = await plans.of_group(connection, made.id)
        await plans.drop(connection, made.id)
        dropped = await plans.of_group(connection, made.id)

    assert (kept, again, dropped) == (plan, plan, None)
    assert paused is not None
    assert (paused.lesson, paused.paused_at is None) == ("two", False)
