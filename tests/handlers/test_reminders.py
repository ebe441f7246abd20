"""What the golden conversations do not show: what is stored, what waits, and what must not happen."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from conversation.events import Due, Inbound
from conversation.manners import VIET_NAM
from conversation.replies import AskQuestion, Reply, Say
from handlers.reminders.rhythm import STOP
from lessons.catalogue import Catalogue
from outbox.timers import Timers
from storage import addresses, rhythms
from storage.database import Database
from storage.rhythms import Rhythm
from tests.support.tables import rows
from tests.support.talk import WORDS, Talk

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
STOPPED = WORDS.render("reminder.stopped", "bac", name="")
NOTHING_TO_STOP = WORDS.render("reminder.nothing_to_stop", "bac")


@pytest.fixture
async def daily(talk: Talk) -> Talk:
    """Somebody who agreed on a Monday evening and is reminded every day at half past seven."""
    await talk.line("/nhac 19:30 mỗi ngày")
    return talk


async def passes(talk: Talk, time: timedelta) -> list[tuple[datetime, Reply]]:
    """What comes unasked while time goes by, with the local time."""
    came, end = [], talk.clock.moment + time
    while (due := await talk.next_ring()) is not None and due <= end:
        talk.clock.moment = max(due, talk.clock.moment)
        came += [(talk.clock.moment.astimezone(VIET_NAM), reply) for reply in await talk.ring()]
    talk.clock.moment = end
    return came


async def rhythm(talk: Talk) -> Rhythm:
    async with talk.database.read() as connection:
        found = await rhythms.of_learner(connection, 1)
    assert found is not None
    return found


async def ring_only(talk: Talk, worker: str = "other") -> None:
    """The turn of whatever is due, by a process that dies before it sends."""
    tutor, _ = talk.build(worker)
    await Timers(talk.database, tutor.receive, talk.clock).ring()


async def test_stopping_takes_back_what_waits_in_the_outbox(daily: Talk) -> None:
    daily.clock.moment = await daily.next_ring() or daily.clock()
    await ring_only(daily)
    (waiting,) = await rows(daily.database, "delivery")
    assert waiting["status"] == "waiting"

    replies = await daily.line("dừng")

    assert [getattr(reply, "text", "") for reply in replies] == [STOPPED]
    (cancelled,) = await rows(daily.database, "delivery")
    assert (cancelled["status"], cancelled["reply"]) == ("cancelled", "")
    assert await rows(daily.database, "timer") == []
    assert await passes(daily, 60 * DAY) == []


async def test_ring_that_lost_the_race_against_stopping_says_nothing(daily: Talk) -> None:
    (timer,) = await rows(daily.database, "timer")
    due = await daily.next_ring()
    assert due is not None
    daily.clock.moment = due
    tutor, _ = daily.build("other")
    late = Inbound(
        channel="plain", address=daily.address, external_id="timer-x", received_at=due,
        event=Due(timer["id"], "remind", "", due),
    )  # fmt: skip

    await daily.line("dừng")
    await tutor.receive(late)

    assert await rows(daily.database, "delivery") == []


async def test_reminder_must_be_out_before_the_night(daily: Talk) -> None:
    daily.clock.moment = (await daily.next_ring() or daily.clock()) + 80 * MINUTE
    await ring_only(daily)

    (delivery,) = await rows(daily.database, "delivery")
    until = datetime.fromtimestamp(delivery["expires_at"] / 1000, VIET_NAM)
    assert (until.hour, until.minute, until.date()) == (21, 0, daily.clock().date())
    daily.clock.passes(30 * MINUTE)
    assert await daily.ring() == []


async def test_what_never_went_out_counts_as_no_reminder_left_unanswered(daily: Talk) -> None:
    for _ in range(5):
        daily.clock.moment = (await daily.next_ring() or daily.clock()) + 80 * MINUTE
        await ring_only(daily)
        daily.clock.passes(30 * MINUTE)
        assert await daily.ring() == []  # too late: withheld

    # Five evenings without a platform, and the sixth is as the first.
    (came,) = await passes(daily, DAY)
    assert came[0].time().isoformat() == "19:30:00"
    assert (await rhythm(daily)).unanswered == 1


async def test_card_that_a_reminder_shows_is_not_read_by_that(daily: Talk) -> None:
    before = await rows(daily.database, "lesson_progress"), await rows(daily.database, "study_week")

    ((_, said),) = await passes(daily, DAY)

    after = await rows(daily.database, "lesson_progress"), await rows(daily.database, "study_week")
    assert before == after == ([], [])
    assert isinstance(said, Say)
    assert said.buttons[0].action.encode().startswith("card:")
    assert said.buttons[-1].action == STOP
    shown = said.text.partition("\n\n")[2]
    (opened,) = await daily.line("/tiep")
    assert isinstance(opened, Say)
    assert opened.text == shown


async def test_reminder_asks_the_question_itself_and_its_answer_counts(daily: Talk) -> None:
    await daily.line("#button quiz:gia-cong-an")

    ((_, asked),) = await passes(daily, DAY)

    assert isinstance(asked, AskQuestion)
    assert asked.right is not None
    await daily.line(str(asked.right + 1))
    (answer,) = await rows(daily.database, "answer")
    assert answer["is_right"] == 1


async def test_nobody_is_interrupted(daily: Talk) -> None:
    due = await daily.next_ring()
    assert due is not None
    daily.clock.moment = due - 2 * MINUTE
    await daily.line("/trogiup")

    assert [at.strftime("%H:%M") for at, _ in await passes(daily, 60 * MINUTE)] == ["19:50"]


async def test_who_learnt_today_is_not_reminded(daily: Talk) -> None:
    due = await daily.next_ring()
    assert due is not None
    daily.clock.moment = due - 60 * MINUTE
    await daily.line("học tiếp")

    came = await passes(daily, 2 * DAY)

    assert [at.date() - due.astimezone(VIET_NAM).date() for at, _ in came] == [DAY]


async def test_one_of_two_chats_is_reminded_the_one_last_used(
    daily: Talk, another: Callable[[str], Talk]
) -> None:
    other = another("2002")
    async with daily.database.transaction() as connection:
        page, _ = await addresses.load(connection, "plain", "2002", daily.clock() - DAY)
        await addresses.join(connection, page.id, 1)
    daily.clock.passes(60 * MINUTE)
    await other.line("chào con")
    daily.clock.moment = await daily.next_ring() or daily.clock()

    # The first look moves it, the second rings it.
    assert (await daily.ring(), await other.ring()) == ([], [])
    replies = [reply for address, reply in daily.chat.sent if address == "2002"]
    assert "dừng" in str(getattr(replies[-1], "text", ""))
    assert len(await rows(daily.database, "timer")) == 1


async def test_two_who_were_each_reminded_are_reminded_once_a_day_when_they_are_one(
    daily: Talk, another: Callable[[str], Talk]
) -> None:
    other = another("2002")
    for line in ("/start", "[Đồng ý, vào học]", "[Ông]", "/nhac 19:30 mỗi ngày"):
        await other.line(line)
    assert len(await rows(daily.database, "timer")) == 2
    async with daily.database.transaction() as connection:
        page, _ = await addresses.load(connection, "plain", "2002", daily.clock())
        await addresses.join(connection, page.id, 1)

    days = []
    for _ in range(4):
        before = len(daily.chat.sent)
        end = daily.clock.moment + DAY
        while (due := await daily.next_ring()) is not None and due <= end:
            daily.clock.moment = max(due, daily.clock.moment)
            await daily.ring()
        daily.clock.moment = end
        days.append(len(daily.chat.sent) - before)

    # The fourth is a day off: three were left unanswered.
    assert days == [1, 1, 1, 0]


async def test_two_processes_remind_once(daily: Talk) -> None:
    daily.clock.moment = await daily.next_ring() or daily.clock()

    await asyncio.gather(ring_only(daily, "one"), ring_only(daily, "two"))

    assert len(await rows(daily.database, "delivery")) == 1


async def test_nothing_left_to_learn_is_no_reminder(daily: Talk, catalogue: Catalogue) -> None:
    async with daily.database.transaction() as connection:
        for slug in (lesson.slug for lesson in catalogue.lessons):
            await connection.execute(
                "INSERT INTO lesson_progress (learner_id, lesson, started_at, updated_at, done_at) "
                "VALUES (1, $1, 0, 0, 0)",
                slug,
            )
            await connection.execute(
                "INSERT INTO attempt (learner_id, lesson, seed, started_at, finished_at, "
                "question_count, right_count, passed) VALUES (1, $1, 1, 0, 0, 1, 1, 1)",
                slug,
            )

    assert await passes(daily, 10 * DAY) == []
    assert (await rhythm(daily)).unanswered == 0
    assert len(await rows(daily.database, "timer")) == 1


async def test_stepping_back_is_offered_after_three_weeks_alone_and_taken_at_its_word(
    daily: Talk,
) -> None:
    came: list[tuple[datetime, Reply]] = []
    for _ in range(30):
        daily.clock.moment = (await daily.next_ring() or daily.clock()) - 3 * 60 * MINUTE
        await daily.line("#button card:gia-cong-an:0")
        came += await passes(daily, 4 * 60 * MINUTE)

    ((at, said),) = came
    assert (at.date() - datetime(2026, 11, 23).date()).days == 21  # noqa: DTZ001
    assert isinstance(said, Say)
    assert said.text == WORDS.render("reminder.step_back", "bac")
    await daily.line("[nút cũ: Ừ, khỏi nhắc nữa]")
    assert (await rhythm(daily)).state == "off"


async def test_offer_is_made_once_and_not_again_for_long(talk: Talk) -> None:
    offered = WORDS.render("reminder.offer", "bac")
    await talk.line("#button takeaway:gia-cong-an")

    async def asked() -> bool:
        (said,) = await talk.line("/desau")
        return str(offered) in str(getattr(said, "text", ""))

    assert [await asked(), await asked()] == [True, False]
    talk.clock.passes(119 * DAY)
    assert not await asked()
    talk.clock.passes(2 * DAY)
    assert await asked()


async def test_offer_comes_with_nothing_learnt_to_nobody(talk: Talk) -> None:
    (said,) = await talk.line("để sau")

    assert [button.label for button in getattr(said, "buttons", ())] == [
        "Học tiếp",
        "Chọn bài khác",
    ]


@pytest.mark.parametrize(
    "button",
    ["remind_at:x", "remind_at:1440", "remind_at:99999", "remind_on:s9", "remind_on:d0", "remind_on:d128",
     "remind_on:x", "remind_on:s", "rest:year", "zone:mars", "remind_at:1170:x1"],
)  # fmt: skip
async def test_made_up_button_changes_nothing(
    daily: Talk, button: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = await rhythm(daily)

    (said,) = await daily.line(f"#button {button}")

    assert getattr(said, "text", "") == WORDS.render("help.stale", "bac")
    assert await rhythm(daily) == before
    assert caplog.records == []


async def test_zone_moves_the_hour(daily: Talk) -> None:
    before = await daily.next_ring()
    await daily.line("/muigio Europe/Berlin")
    after = await daily.next_ring()

    assert before is not None
    # Seven hours of winter later than in Viet Nam: still tonight, there.
    assert after == before - DAY + timedelta(hours=6)


async def test_blocked_chat_is_left_alone_and_reminded_again_when_it_is_back(daily: Talk) -> None:
    await daily.line("#stopped")

    assert await passes(daily, 20 * DAY) == []
    await daily.line("chào con")
    daily.clock.passes(30 * MINUTE)
    came = await passes(daily, DAY)
    # This evening, late, and the next one at its hour.
    assert [f"{at:%d %H:%M}" for at, _ in came] == ["13 20:00", "14 19:30"]


async def test_turn_of_a_learner_reads_no_rhythm(daily: Talk, database: Database) -> None:
    """The hot path: reading on, with reminders set, asks nothing of them."""
    asked: list[str] = []
    ids = count()

    class Watched:
        def __init__(self, connection: object) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> object:
            real = getattr(self._connection, name)
            if name not in ("fetch", "fetchrow", "fetchval"):
                return real

            def watched(sql: str, *arguments: object) -> object:
                asked.append(sql)
                return real(sql, *arguments)

            return watched

    await daily.line("học tiếp")
    tutor, _ = daily.build()
    transaction = database.transaction

    class Door:
        def __init__(self) -> None:
            self._inner = transaction()

        async def __aenter__(self) -> object:
            return Watched(await self._inner.__aenter__())

        async def __aexit__(self, *fault: object) -> object:
            return await self._inner.__aexit__(*fault)  # type: ignore[arg-type]

    class Watching:
        def transaction(self) -> Door:
            return Door()

    tutor._database = Watching()  # type: ignore[assignment]
    await tutor.receive(
        Inbound(
            channel="plain", address=daily.address, external_id=f"hot-{next(ids)}",
            received_at=daily.clock() + MINUTE, event=daily.read("[Xem tiếp]"),
        )
    )  # fmt: skip

    assert asked
    assert [
        sql for sql in asked if "rhythm" in sql or "unasked" in sql or "study_week" in sql
    ] == []
