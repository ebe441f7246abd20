"""A broadcast on its way: who gets it, when, in whose turn, and what is said of the rest."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from channels.base import Never, Rejected, SendError, Unavailable, Uncertain, Unreachable
from lessons.catalogue import Catalogue
from places.model import Place
from storage import (
    addresses,
    broadcasts,
    hamlets,
    learners,
    progress,
    recipients,
    unasked,
    workers,
)
from storage.database import Database
from tests.support.broadcasting import Sending, sending
from tests.support.outbox import outbox

TEN = [str(number) for number in range(10, 20)]


@pytest.fixture
async def at_work(database: Database, catalogue: Catalogue) -> AsyncIterator[Sending]:
    async with sending(database, catalogue) as made:
        yield made


async def learner_of(at_work: Sending, chat: str) -> int:
    async with at_work.outbox.database.read() as connection:
        found = await addresses.find(connection, "telegram", chat)
    assert found is not None
    return found.learner_id


async def test_everybody_of_a_class_gets_it_once_and_then_it_is_done(at_work: Sending) -> None:
    number = await at_work.begin(await at_work.a_class(*TEN))

    await at_work.tick(seconds=1)
    await at_work.tick(seconds=1)

    assert sorted(at_work.got) == [(chat, "tin") for chat in TEN]
    assert await at_work.outcomes(number) == {"sent": 10}
    assert await at_work.state(number) == "done"


async def test_who_is_in_two_classes_of_a_place_gets_it_once(at_work: Sending) -> None:
    async with at_work.outbox.database.transaction() as connection:
        await hamlets.add(connection, "28696", [("ap", "1"), ("ap", "2")], at_work.outbox.clock())
        one, two = await hamlets.of_commune(connection, "28696")
    await at_work.a_class("1", "2", place=one.place)
    await at_work.a_class("2", "3", place=two.place)
    await at_work.a_class("4", place=Place("29926"))
    whole = await at_work.begin(None, "xã", place=Place("28696"))
    part = await at_work.begin(None, "ấp", place=two.place)

    await at_work.tick(seconds=1)

    assert sorted(at_work.got) == [
        ("1", "xã"), ("2", "xã"), ("2", "ấp"), ("3", "xã"), ("3", "ấp"),
    ]  # fmt: skip
    assert await at_work.outcomes(whole) == {"sent": 3}
    assert await at_work.outcomes(part) == {"sent": 2}


async def test_a_course_is_those_who_began_it(at_work: Sending, catalogue: Catalogue) -> None:
    await at_work.a_class("1", "2", "3", place=Place("28696"))
    course = catalogue.courses[0]
    learner = await learner_of(at_work, "2")
    async with at_work.outbox.database.transaction() as connection:
        await progress.reach(connection, learner, course.lessons[-1], 1, at_work.outbox.clock())
    await at_work.begin(None, place=Place("28696"), course=course.slug)

    await at_work.tick(seconds=1)

    assert at_work.got == [("2", "tin")]


async def test_ten_neighbours_do_not_wait_behind_a_province(at_work: Sending) -> None:
    everybody = [str(number) for number in range(100, 400)]
    province = await at_work.begin(await at_work.a_class(*everybody), "tỉnh")
    await at_work.tick(seconds=1)
    hamlet = await at_work.begin(await at_work.a_class(*TEN), "ấp")

    await at_work.tick(seconds=1)

    assert await at_work.outcomes(hamlet) == {"sent": 10}
    assert await at_work.outcomes(province) == {"sent": 50}
    assert await at_work.state(province) == "running"


async def test_no_more_is_put_into_the_outbox_than_goes_out_soon(at_work: Sending) -> None:
    everybody = [str(number) for number in range(100, 400)]
    number = await at_work.begin(await at_work.a_class(*everybody))

    for _ in range(10):
        await at_work.spread(seconds=1)

    assert await at_work.outcomes(number) == {"queued": 45}


async def test_by_night_it_waits_for_the_morning(at_work: Sending) -> None:
    cohort = await at_work.a_class("1", "2")
    at_work.outbox.clock.passes(timedelta(hours=2))  # 21:30 in Viet Nam
    number = await at_work.begin(cohort)

    await at_work.tick(seconds=1)
    assert (at_work.got, await at_work.outcomes(number)) == ([], {"later": 2})
    await at_work.tick(hours=9, minutes=20)
    assert at_work.got == []
    await at_work.tick(minutes=10)
    await at_work.tick(seconds=1)

    assert await at_work.outcomes(number) == {"sent": 2}
    assert await at_work.state(number) == "done"


@pytest.mark.parametrize(
    ("ready", "outcome"), [("", {"later": 1, "sent": 1}), ("fake_app", {"sent": 2})]
)
async def test_the_limit_of_the_day_holds_for_all_but_warnings(
    at_work: Sending, ready: str, outcome: dict[str, int]
) -> None:
    cohort = await at_work.a_class("1", "2")
    learner = await learner_of(at_work, "1")
    async with at_work.outbox.database.transaction() as connection:
        await unasked.count(
            connection,
            learner,
            at_work.outbox.clock().date(),
            lines=3,
            reminders=0,
            most_lines=3,
            most_reminders=0,
        )
    number = await at_work.begin(cohort, "" if ready else "tin", ready=ready)

    await at_work.tick(seconds=1)

    assert await at_work.outcomes(number) == outcome


@pytest.mark.parametrize(
    ("ready", "outcome"), [("", {"refused": 1, "sent": 1}), ("fake_app", {"sent": 2})]
)
async def test_who_wants_none_gets_warnings_alone(
    at_work: Sending, ready: str, outcome: dict[str, int]
) -> None:
    cohort = await at_work.a_class("1", "2")
    learner = await learner_of(at_work, "1")
    async with at_work.outbox.database.transaction() as connection:
        await broadcasts.refuse(connection, learner, at_work.outbox.clock())
    number = await at_work.begin(cohort, "" if ready else "tin", ready=ready)

    await at_work.tick(seconds=1)

    assert await at_work.outcomes(number) == outcome


async def test_what_has_an_end_before_the_morning_is_late_and_counted(at_work: Sending) -> None:
    cohort = await at_work.a_class(*TEN)
    at_work.outbox.clock.passes(timedelta(hours=2))
    number = await at_work.begin(cohort, hours=3)

    await at_work.tick(seconds=1)
    await at_work.tick(hours=4)

    assert await at_work.outcomes(number) == {"late": 10}
    assert await at_work.state(number) == "done"


@pytest.mark.parametrize(
    ("fault", "outcome", "sends"),
    [
        (Uncertain("no answer"), "unsure", 1),
        (Unavailable("broken", perhaps_sent=True), "unsure", 1),
        (Unavailable("502"), "sent", 2),
        (Rejected("400"), "failed", 1),
        (Unreachable("blocked"), "unreachable", 1),
    ],
)
async def test_what_may_have_arrived_is_never_sent_again(
    at_work: Sending, fault: SendError, outcome: str, sends: int
) -> None:
    number = await at_work.begin(await at_work.a_class("1"))
    at_work.line.faults["1"].append(fault)

    for _ in range(4):
        await at_work.tick(seconds=2)

    assert await at_work.outcomes(number) == {outcome: 1}
    assert len(at_work.line.asked) == sends
    assert await at_work.state(number) == "done"


async def test_what_a_dead_process_had_begun_is_unsure_and_the_rest_goes_out(
    at_work: Sending, database: Database
) -> None:
    """The first is under way when its process dies; the second only waited for its turn."""
    number = await at_work.begin(await at_work.a_class("1", "2"))
    await at_work.spread(seconds=1)
    async with database.transaction() as connection:
        await workers.beat(connection, "dead", at_work.outbox.clock())
        await connection.execute("UPDATE delivery SET status = 'sending', claimed_by = 'dead'")
        await connection.execute("UPDATE delivery SET begun_at = 1 WHERE id = 1")

    await at_work.tick(seconds=20)
    await at_work.tick(seconds=1)

    assert at_work.got == [("2", "tin")]
    assert await at_work.outcomes(number) == {"sent": 1, "unsure": 1}


async def test_halted_nothing_goes_out_any_more(at_work: Sending) -> None:
    number = await at_work.begin(await at_work.a_class(*TEN))
    await at_work.spread(seconds=0.3)
    async with at_work.outbox.database.transaction() as connection:
        await recipients.stop(connection, number, at_work.outbox.clock())
        await broadcasts.end(connection, number, "stopped", at_work.outbox.clock())

    await at_work.tick(seconds=1)

    assert at_work.got == []
    assert await at_work.outcomes(number) == {"stopped": 10}


async def test_who_is_erased_meanwhile_gets_nothing_and_is_not_counted(at_work: Sending) -> None:
    number = await at_work.begin(await at_work.a_class("1", "2"))
    await at_work.spread(seconds=1)
    learner = await learner_of(at_work, "1")
    async with at_work.outbox.database.transaction() as connection:
        await connection.execute("DELETE FROM learner WHERE id = $1", learner)

    await at_work.tick(seconds=1)

    assert at_work.got == [("2", "tin")]
    assert await at_work.outcomes(number) == {"sent": 1}


async def test_what_a_channel_does_not_allow_is_told_apart(at_work: Sending) -> None:
    at_work.line.leave = Never("the window is closed")
    number = await at_work.begin(await at_work.a_class("1"))

    await at_work.tick(seconds=1)
    await at_work.tick(seconds=1)

    assert await at_work.outcomes(number) == {"withheld": 1}


async def test_it_goes_where_each_was_heard_of_last_and_to_who_agreed(at_work: Sending) -> None:
    number = await at_work.begin(await at_work.a_class("1", "2", "3"))
    later = at_work.outbox.clock() + timedelta(seconds=1)
    one, three = [await learner_of(at_work, chat) for chat in "13"]
    async with at_work.outbox.database.transaction() as connection:
        other, _ = await addresses.load(connection, "telegram", "new", later)
        await addresses.join(connection, other.id, one)
        gone = await addresses.find(connection, "telegram", "2")
        assert gone is not None
        await addresses.stop(connection, gone.id, later)
        await connection.execute("UPDATE learner SET consented_at = NULL WHERE id = $1", three)

    await at_work.tick(seconds=1)

    assert at_work.got == [("new", "tin")]
    assert await at_work.outcomes(number) == {"sent": 1, "unreachable": 1}


async def test_two_processes_share_the_work(at_work: Sending, database: Database) -> None:
    number = await at_work.begin(await at_work.a_class(*TEN))
    async with outbox(database, at_work.line, worker="two", clock=at_work.outbox.clock) as other:
        await at_work.spread(seconds=1)
        await other.later()
        await at_work.tick(seconds=1)

    assert sorted(at_work.got) == [(chat, "tin") for chat in TEN]
    assert await at_work.outcomes(number) == {"sent": 10}


async def test_a_learner_without_a_class_hears_nothing(at_work: Sending) -> None:
    async with at_work.outbox.database.transaction() as connection:
        _, alone = await addresses.load(connection, "telegram", "alone", at_work.outbox.clock())
        await learners.give_consent(connection, alone.id, "test", at_work.outbox.clock())
    await at_work.a_class("1")
    await at_work.begin(None)

    await at_work.tick(seconds=1)

    assert at_work.got == [("1", "tin")]


async def test_the_same_warning_comes_to_nobody_twice_within_a_week(at_work: Sending) -> None:
    await at_work.begin(await at_work.a_class("1", "2"), "", ready="fake_police")
    await at_work.tick(seconds=1)
    both = await at_work.a_class("2", "3")
    again = await at_work.begin(both, "", ready="fake_police")
    await at_work.tick(seconds=1)
    await at_work.tick(seconds=1)
    of_second = (await at_work.outcomes(again), await at_work.state(again))
    await at_work.tick(days=7)
    later = await at_work.begin(both, "", ready="fake_police")
    await at_work.tick(seconds=1)

    assert [where for where, _ in at_work.got] == ["1", "2", "3", "2", "3"]
    assert of_second == ({"sent": 1}, "done")
    assert await at_work.outcomes(later) == {"sent": 2}


async def test_no_more_than_two_warnings_come_on_one_day(at_work: Sending) -> None:
    cohort = await at_work.a_class("1")
    for name in ("fake_police", "fake_bank", "fake_app"):
        number = await at_work.begin(cohort, "", ready=name)
        await at_work.tick(seconds=1)
    today = (len(at_work.got), await at_work.outcomes(number))
    await at_work.tick(hours=13)
    await at_work.tick(seconds=1)

    assert today == (2, {"later": 1})
    assert (len(at_work.got), await at_work.outcomes(number)) == (3, {"sent": 1})
