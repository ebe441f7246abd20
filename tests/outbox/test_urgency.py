"""What goes first, what goes together, and what does not go out at all."""

from datetime import timedelta

import pytest
from markupsafe import Markup

from channels.base import (
    Capabilities,
    Free,
    Limits,
    Never,
    Rate,
    Rejected,
    Throttled,
    Unavailable,
    Uncertain,
    Unreachable,
    Wait,
)
from conversation.replies import Say
from storage import errands
from storage.database import Database
from storage.deliveries import BROADCAST, REMINDER
from tests.support.outbox import Scripted, outbox
from tests.support.talk import START

JOINS = Capabilities(text_limit=2000, buttons=False, joins=True)
HOUR = timedelta(hours=1)


async def test_an_answer_goes_first_and_a_reminder_waits_until_all_of_it_is_out(
    database: Database,
) -> None:
    telegram = Scripted()
    telegram.faults["ba"].append(Unavailable("down"))
    async with outbox(database, telegram) as box:
        await box.add_unasked("ba", "tin chung", priority=BROADCAST)
        await box.add_unasked("ba", "nhắc", priority=REMINDER)
        await box.say("ba", "một", "hai")
        await box.dispatcher.drain()
        await box.later(seconds=0)
        before = list(telegram.got)
        for _ in range(3):
            await box.later(seconds=1)

    assert (before, telegram.to("ba")) == ([], ["một", "hai", "nhắc", "tin chung"])


@pytest.mark.parametrize(
    ("under_way", "order"),
    [
        ("nhắc 1", ["nhắc 1", "nhắc 2", "một", "hai", "nhắc 3"]),
        ("nhắc 2", ["nhắc 1", "nhắc 2", "một", "hai", "nhắc 3"]),
        ("nhắc 3", ["nhắc 1", "nhắc 2", "nhắc 3", "một", "hai"]),
    ],
)
async def test_an_answer_overtakes_a_reminder_but_not_in_the_middle_of_it(
    database: Database, under_way: str, order: list[str]
) -> None:
    telegram = Scripted()
    async with outbox(database, telegram) as box:
        await box.add_unasked("ba", "nhắc 1", "nhắc 2")
        box.clock.passes(timedelta(seconds=1))
        await box.add_unasked("ba", "nhắc 3")
        await telegram.hold_at("ba", under_way, box.dispatcher.sweep)
        await box.say("ba", "một", "hai")
        telegram.gates["ba"].set()
        await box.dispatcher.drain()

    assert telegram.to("ba") == order


async def test_an_answer_does_not_wait_behind_a_reminder_that_waits(database: Database) -> None:
    telegram = Scripted()
    telegram.faults["ba"].append(Unavailable("down"))
    async with outbox(database, telegram) as box:
        await box.add_unasked("ba", "nhắc")
        await box.later(seconds=0)
        await box.say("ba", "một")
        await box.dispatcher.drain()
        at_once = telegram.to("ba")
        await box.later(seconds=1)

    assert (at_once, telegram.to("ba")) == (["một"], ["một", "nhắc"])


async def test_what_comes_too_late_is_withheld_and_nobody_failed(database: Database) -> None:
    telegram = Scripted()
    async with outbox(database, telegram) as box:
        await box.add_unasked("ba", "nhắc", expires_at=START + HOUR)
        await box.add_unasked("ông", "nhắc", expires_at=START + 2 * HOUR)
        await box.later(hours=1)

        assert telegram.got == [("ông", "nhắc")]
        assert await box.aside() == [("cancelled", "late")]


async def test_what_gets_late_while_it_is_tried_again_is_withheld(database: Database) -> None:
    telegram = Scripted()
    telegram.faults["ba"].extend(Unavailable("down") for _ in range(20))
    async with outbox(database, telegram) as box:
        await box.add_unasked("ba", "nhắc", expires_at=START + HOUR)
        for _ in range(20):
            await box.later(minutes=6)

        assert (len(telegram.asked), telegram.got) == (9, [])
        assert await box.aside() == [("cancelled", "late")]


async def test_what_gets_late_behind_another_is_withheld(database: Database) -> None:
    telegram = Scripted()
    async with outbox(database, telegram) as box:
        await box.add_unasked("ba", "nhắc 1", "nhắc 2", expires_at=START + HOUR)
        await telegram.hold_at("ba", "nhắc 1", box.dispatcher.sweep)
        box.clock.passes(HOUR)
        telegram.gates["ba"].set()
        await box.dispatcher.drain()

        assert telegram.to("ba") == ["nhắc 1"]
        assert await box.aside() == [("cancelled", "late")]


async def test_a_channel_that_joins_gets_all_that_waits_for_an_address_at_once(
    database: Database,
) -> None:
    zalo = Scripted(capabilities=JOINS)
    async with outbox(database, zalo) as box:
        await box.say("ba", "một", "hai")
        await box.say("ông", "riêng")
        await box.add_unasked("ba", "nhắc 1", "nhắc 2")
        await box.dispatcher.drain()
        await box.later(seconds=1)
        rows = await box.rows()

    assert zalo.to("ba") == ["một + hai", "nhắc 1 + nhắc 2"]
    assert zalo.to("ông") == ["riêng"]
    assert rows == []


async def test_what_was_joined_is_put_back_together_and_tried_again_together(
    database: Database,
) -> None:
    zalo = Scripted(capabilities=JOINS)
    zalo.faults["ba"].extend((Unavailable("down"), Throttled(timedelta(seconds=5))))
    async with outbox(database, zalo) as box:
        await box.say("ba", "một", "hai")
        await box.dispatcher.drain()
        rows = await box.rows()
        await box.later(seconds=1)
        await box.later(seconds=5)

    assert rows == [("ba", "waiting", 1, 1.0), ("ba", "waiting", 0, 1.0)]
    assert zalo.asked == [("ba", "một + hai")] * 3
    assert zalo.to("ba") == ["một + hai"]


async def test_one_that_is_refused_spoils_none_that_it_was_joined_with(database: Database) -> None:
    zalo = Scripted(capabilities=JOINS)
    zalo.faults["ba"].extend((Rejected("long"), None, Rejected("long"), None))
    async with outbox(database, zalo) as box:
        await box.say("ba", "một", "hai", "ba")
        await box.dispatcher.drain()
        for _ in range(3):
            await box.later(seconds=1)

        assert zalo.to("ba") == ["một", "ba"]
        assert await box.aside() == [("failed", "Rejected: long")]


async def test_a_learner_who_blocked_is_sent_nothing_that_was_joined_or_waits(
    database: Database,
) -> None:
    zalo = Scripted(capabilities=JOINS)
    zalo.faults["ba"].append(Unreachable("blocked"))
    async with outbox(database, zalo) as box:
        await box.add_unasked("ba", "nhắc")
        await box.say("ba", "một", "hai")
        await box.dispatcher.drain()
        await box.later(seconds=1)

        assert (zalo.asked, zalo.got) == ([("ba", "một + hai")], [])
        assert await box.aside() == [("cancelled", "")] * 3


@pytest.mark.parametrize("texts", [("một",), ("một", "hai")])
async def test_what_the_platform_may_have_is_not_sent_again(
    database: Database, texts: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    zalo = Scripted(capabilities=JOINS)
    zalo.faults["ba"].append(Uncertain("408"))
    async with outbox(database, zalo) as box:
        await box.say("ba", *texts)
        await box.dispatcher.drain()
        await box.later(hours=1)

        assert (zalo.asked, await box.rows()) == ([("ba", " + ".join(texts))], [])
    assert "count as sent: Uncertain: 408" in caplog.text


async def test_a_channel_is_asked_before_it_writes_first_and_not_before_it_answers(
    database: Database,
) -> None:
    zalo = Scripted()
    async with outbox(database, zalo) as box:
        await box.say("ba", "một")
        await box.dispatcher.drain()
        box.clock.passes(HOUR)
        await box.add_unasked("ba", "nhắc")
        await box.later(hours=1)

    assert zalo.questions == [("ba", START, START + 2 * HOUR)]
    assert zalo.to("ba") == ["một", "nhắc"]


async def test_what_may_not_be_sent_yet_waits_until_it_may_and_holds_up_no_answer(
    database: Database,
) -> None:
    zalo = Scripted(leave=Wait(START + HOUR))
    async with outbox(database, zalo) as box:
        await box.add_unasked("ba", "nhắc")
        await box.later(seconds=0)
        waiting = await box.rows()
        await box.say("ba", "một")
        await box.dispatcher.drain()
        zalo.leave = Scripted().leave
        await box.later(minutes=59)
        early = list(zalo.got)
        await box.later(minutes=1)

    assert waiting == [("ba", "waiting", 0, 3600.0)]
    assert (early, zalo.to("ba")) == ([("ba", "một")], ["một", "nhắc"])


async def test_what_may_never_be_sent_is_withheld_with_the_reason(database: Database) -> None:
    zalo = Scripted(leave=Never("quá 7 ngày"))
    async with outbox(database, zalo) as box:
        await box.add_unasked("ba", "nhắc")
        await box.later(seconds=0)
        await box.say("ba", "một")
        await box.dispatcher.drain()

        assert zalo.got == [("ba", "một")]
        assert await box.aside() == [("cancelled", "quá 7 ngày")]


async def test_the_team_is_asked_for_what_may_never_be_sent_if_the_channel_says_so(
    database: Database,
) -> None:
    zalo = Scripted(leave=Never("hết lượt", errand=True))
    async with outbox(database, zalo) as box:
        await box.add_unasked("ba", "nhắc")
        await box.later(seconds=0)
        zalo.leave = Never("thưa lại")
        await box.add_unasked("tư", "nhắc")
        await box.later(seconds=0)
    async with database.read() as connection:
        found = await errands.open_ones(connection, 10)

    assert [(errand.channel, errand.reason) for errand in found] == [(zalo.name, "hết lượt")]
    assert zalo.got == []


async def test_a_note_of_the_channel_goes_before_what_it_lets_out(database: Database) -> None:
    zalo = Scripted(capabilities=JOINS, leave=Free(Say(Markup("Tháng này nhắc thưa lại."))))
    async with outbox(database, zalo) as box:
        await box.add_unasked("ba", "nhắc")
        await box.later(seconds=0)
        await box.say("ba", "trả lời")
        await box.dispatcher.drain()

    assert zalo.got == [("ba", "Tháng này nhắc thưa lại. + nhắc"), ("ba", "trả lời")]


async def test_a_channel_that_cannot_say_is_asked_again_a_minute_later(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Scripted):
        async def may_send(self, *_: object, **__: object):
            self.leave = Never("counted") if self.questions else self.leave
            self.questions.append(("", START, START))
            if len(self.questions) == 1:
                raise ZeroDivisionError
            return self.leave

    zalo = Broken()
    async with outbox(database, zalo) as box:
        await box.add_unasked("ba", "nhắc")
        await box.later(seconds=0)
        rows = await box.rows()
        await box.later(minutes=1)

        assert rows == [("ba", "waiting", 0, 60.0)]
        assert await box.aside() == [("cancelled", "counted")]
    assert "cannot say whether it may send" in caplog.text


def paced(per_second: float) -> Capabilities:
    return Capabilities(text_limit=9, buttons=True, limits=Limits(overall=Rate(per_second)))


async def test_an_answer_goes_before_all_reminders_that_wait_for_their_turn(
    database: Database,
) -> None:
    telegram = Scripted(capabilities=paced(300))
    async with outbox(database, telegram) as box:
        for number in range(40):
            await box.add_unasked(f"người {number}", "nhắc")
        await box.dispatcher.sweep()
        await telegram.until(lambda: len(telegram.asked) > 3)
        ready = [*await box.add("người 39", "trả lời"), *await box.add("ba", "trả lời")]
        before = len(telegram.asked)
        box.dispatcher.wake(ready)
        await box.dispatcher.drain()

    # One reminder may have had its turn and not yet begun.
    answers = [place for place, (_, text) in enumerate(telegram.asked) if text == "trả lời"]
    assert answers in ([before, before + 1], [before + 1, before + 2])
    assert len(telegram.got) == 42


async def test_what_gets_late_while_it_waits_for_its_turn_is_withheld(database: Database) -> None:
    telegram = Scripted(capabilities=paced(100))
    async with outbox(database, telegram) as box:
        for number in range(20):
            await box.add_unasked(f"người {number}", "nhắc", expires_at=START + HOUR)
        await box.dispatcher.sweep()
        await telegram.until(lambda: len(telegram.asked) > 3)
        box.clock.passes(HOUR)
        await box.dispatcher.drain()
        aside = await box.aside()

    assert len(telegram.got) + len(aside) == 20
    assert len(telegram.got) < 10
    assert set(aside) == {("cancelled", "late")}


async def test_a_group_that_is_too_fast_waits_alone(database: Database) -> None:
    telegram = Scripted()
    telegram.faults["-7"].append(Throttled(timedelta(seconds=30), only_here=True))
    async with outbox(database, telegram) as box:
        await box.say("-7", "một", "hai")
        await box.dispatcher.drain()
        await box.say("ba", "một")
        await box.dispatcher.drain()
        at_once = list(telegram.got)
        await box.later(seconds=29)
        early = list(telegram.got)
        await box.later(seconds=1)

    assert at_once == early == [("ba", "một")]
    assert telegram.to("-7") == ["một", "hai"]


async def test_answers_that_are_tried_again_are_taken_up_while_reminders_fill_the_hands(
    database: Database,
) -> None:
    telegram = Scripted(capabilities=paced(50))
    telegram.faults["ba"].append(Unavailable("down"))
    async with outbox(database, telegram, in_hand=3) as box:
        await box.say("ba", "một")
        await box.dispatcher.drain()
        for number in range(9):
            await box.add_unasked(f"người {number}", "nhắc")
        await box.dispatcher.sweep()
        box.clock.passes(timedelta(seconds=1))
        await box.dispatcher.sweep()
        await box.dispatcher.drain()
        first = list(telegram.got)
        await box.later(seconds=1)

    assert ("ba", "một") in first
    assert len(first) < 9
