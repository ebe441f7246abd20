"""One event, one transaction: counted once, answered once, in order, or not at all."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from conversation.actions import action
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    Inbound,
    PollAnswered,
    Started,
    Stopped,
    TextReceived,
)
from conversation.handler import Command, Context, Handler, Rules, Step, step
from conversation.replies import AskQuestion, Reply, Say
from conversation.router import Router
from conversation.turn import DOUBLE_TAP, Ready, Tutor
from handlers.registry import build_router
from lessons.catalogue import Catalogue
from storage.database import Database
from storage.errors import StorageError
from tests.support.tables import dump, rows
from tests.support.talk import START, WORDS, Chat, Talk

NOW = START


class Desk:
    """A tutor whose replies are only collected."""

    def __init__(self, database: Database, catalogue: Catalogue, router: Router) -> None:
        self.woken: list[Ready] = []
        self.tutor = Tutor(
            database=database,
            router=router,
            catalogue=catalogue,
            words=WORDS,
            rules=Rules(),
            seed=lambda: 1,
            worker="desk",
            wake=self.woken.extend,
        )

    async def tell(
        self, event: Event, external_id: str, *, address: str = "7", after: float = 0.0
    ) -> list[Reply]:
        before = len(self.woken)
        await self.tutor.receive(inbound(event, external_id, address=address, after=after))
        return [ready.reply for ready in self.woken[before:]]


def inbound(event: Event, external_id: str, *, address: str = "7", after: float = 0.0) -> Inbound:
    return Inbound(
        channel="plain",
        address=address,
        external_id=external_id,
        received_at=NOW + timedelta(seconds=after),
        event=event,
    )


def with_command(name: str, run: object) -> Router:
    """All handlers there are and one more command."""
    usual = build_router()
    extra = Handler(name="extra", commands=(Command(name, "Thử", run, open=True),))  # type: ignore[arg-type]
    return Router((*usual.handlers, extra), usual._otherwise)


@pytest.fixture
async def desk(database: Database, catalogue: Catalogue) -> Desk:
    desk = Desk(database, catalogue, build_router())
    first: tuple[Event, ...] = (
        Started(),
        Chosen(action("agree")),
        Chosen(action("term", "bac")),
    )
    for number, event in enumerate(first):
        await desk.tell(event, f"first-{number}")
    return desk


async def test_event_that_comes_twice_is_answered_once(desk: Desk, database: Database) -> None:
    first = await desk.tell(CommandReceived("kiemtra"), "1")
    stored = await dump(database)

    assert len(first) == 1
    assert await desk.tell(CommandReceived("kiemtra"), "1") == []
    assert await dump(database) == stored


async def test_same_event_id_of_another_address_is_the_same_update(desk: Desk) -> None:
    """A platform's ids are unique in the channel, whoever sent the update."""
    await desk.tell(Started(), "1")

    assert await desk.tell(Started(), "1", address="8") == []


async def test_answer_that_comes_twice_at_once_is_counted_once(
    desk: Desk, database: Database
) -> None:
    await desk.tell(Chosen(action("quiz", "tai-vneid")), "1")
    answer = action("a", 1, "tai-vneid-o-dau", 0, 0)
    before = len(desk.woken)

    await asyncio.gather(
        *(
            desk.tutor.receive(inbound(Chosen(answer, f"line-{tap}"), f"tap-{tap}"))
            for tap in range(8)
        )
    )

    assert [row["given"] for row in await rows(database, "answer")] == ["0"]
    # The first tap is graded, and each of the others gets a word.
    assert len(desk.woken) == before + 8


async def test_answers_that_differ_at_once_are_counted_once(desk: Desk, database: Database) -> None:
    await desk.tell(Chosen(action("quiz", "tai-vneid")), "1")

    await asyncio.gather(
        *(
            desk.tutor.receive(
                inbound(Chosen(action("a", 1, "tai-vneid-o-dau", 0, place)), f"tap-{place}")
            )
            for place in range(3)
        )
    )

    assert [row["given"] for row in await rows(database, "answer")] == ["0"]


async def test_trembling_finger_gets_one_answer(desk: Desk) -> None:
    tap = Chosen(action("learn"), source="line-1")
    first = await desk.tell(tap, "1", after=60)
    second = await desk.tell(tap, "2", after=60 + DOUBLE_TAP.total_seconds() - 0.1)

    assert (len(first), second) == (1, [])


@pytest.mark.parametrize(
    ("tap", "after"),
    [
        (Chosen(action("learn"), source="line-1"), DOUBLE_TAP.total_seconds()),
        (Chosen(action("learn"), source="line-2"), 1.0),
        (Chosen(action("next"), source="line-1"), 1.0),
        (TextReceived("hoc"), 1.0),
    ],
    ids=["later", "on another line", "another button", "typed"],
)
async def test_what_is_no_trembling_finger_is_answered(
    tap: Event, after: float, desk: Desk
) -> None:
    await desk.tell(Chosen(action("learn"), source="line-1"), "1", after=60)

    assert len(await desk.tell(tap, "2", after=60 + after)) == 1


async def test_handler_that_fails_keeps_nothing_and_the_learner_gets_one_apology(
    database: Database, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(context: Context, argument: str, /) -> Step:
        await context.connection.execute("UPDATE learner SET term = 'ong'")
        raise RuntimeError(f"fault over {len(argument)} letters")

    desk = Desk(database, catalogue, with_command("hong", fail))
    await desk.tell(Started(), "0")

    replies = await desk.tell(CommandReceived("hong", "chuyen rieng cua toi"), "1")

    assert replies == [Say(WORDS.render("help.apology", ""))]
    assert [row["term"] for row in await rows(database, "learner")] == [""]
    assert "turn failed: plain 1" in caplog.text
    assert "chuyen rieng" not in caplog.text
    assert await desk.tell(CommandReceived("hong"), "1") == []


async def test_database_that_is_gone_is_told_to_the_channel_and_the_update_may_come_again(
    database: Database, catalogue: Catalogue
) -> None:
    down = True

    async def sometimes(context: Context, argument: str, /) -> Step:
        del argument
        if down:
            raise StorageError("đầy đĩa")
        return step(context.say("start.identity"))

    desk = Desk(database, catalogue, with_command("luu", sometimes))
    with pytest.raises(StorageError):
        await desk.tell(CommandReceived("luu"), "1")
    down = False

    assert len(await desk.tell(CommandReceived("luu"), "1")) == 1


async def test_learner_who_blocked_gets_nothing_and_comes_back_where_they_were(
    desk: Desk, database: Database
) -> None:
    await desk.tell(CommandReceived("tiep"), "1")
    assert await desk.tell(Stopped(), "2") == []
    (stopped,) = [row["stopped_at"] for row in await rows(database, "address")]
    waiting = [row for row in await rows(database, "delivery") if row["status"] == "sending"]
    assert stopped is not None
    assert waiting == []

    assert len(await desk.tell(TextReceived("tiep"), "3")) == 1
    assert [row["stopped_at"] for row in await rows(database, "address")] == [None]


async def test_unknown_poll_is_an_old_button(desk: Desk) -> None:
    (said,) = await desk.tell(PollAnswered("nobody-knows", (0,)), "1")

    assert isinstance(said, Say)
    assert said.text == WORDS.render("help.stale", "bac")


async def test_vote_is_graded_once_and_a_vote_taken_back_is_nothing(
    database: Database, catalogue: Catalogue
) -> None:
    talk = Talk(database, catalogue, chat=Chat(is_poll=lambda question: question.right is not None))
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]", "/kiemtra"):
        await talk.line(line)
    (question,) = await talk.line("1")
    poll = next(reversed(talk.chat.polls))
    assert isinstance(question, AskQuestion)
    assert question.right is not None

    (graded,) = await talk.event(PollAnswered(poll, (question.right,)))
    await talk.event(PollAnswered(poll, (question.right,)))
    await talk.event(PollAnswered(poll, ()))
    await talk.event(PollAnswered(poll, (9,)))

    assert isinstance(graded, Say)
    assert graded.text.startswith("✅ Đúng rồi bác!")
    assert [row["given"] for row in await rows(database, "answer")] == ["0"]


async def test_vote_in_somebody_elses_poll_counts_for_nobody(
    database: Database, catalogue: Catalogue
) -> None:
    chat = Chat(is_poll=lambda question: question.right is not None)
    mine = Talk(database, catalogue, chat=chat)
    theirs = Talk(database, catalogue, chat=chat, address="2002")
    for talk in (mine, theirs):
        for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
            await talk.line(line)
    await mine.line("/kiemtra")
    await mine.line("1")

    (said,) = await theirs.event(PollAnswered(next(reversed(chat.polls)), (0,)))

    assert isinstance(said, Say)
    assert said.text == WORDS.render("help.stale", "bac")
    assert await rows(database, "answer") == []


async def test_replies_of_one_turn_keep_their_order_and_belong_to_the_process(desk: Desk) -> None:
    before = len(desk.woken)
    await desk.tell(CommandReceived("tiendo"), "1")

    ready = desk.woken[before:]
    assert [one.reply.kind for one in ready] == ["picture", "say"]
    assert ready == sorted(ready, key=lambda one: one.id)


async def test_only_a_reply_that_asks_for_it_replaces_the_line_that_was_tapped(desk: Desk) -> None:
    await desk.tell(Chosen(action("quiz", "giu-kin-ma-otp")), "1")
    before = len(desk.woken)
    await desk.tell(Chosen(action("pick", 1, "otp-giu-kin", 0, 2), source="line-9"), "2")
    await desk.tell(Chosen(action("a", 1, "otp-giu-kin", 0, 2), source="line-9"), "3")

    redrawn, graded = desk.woken[before:]
    assert (redrawn.replaces, graded.replaces) == ("line-9", "")


async def test_logging_says_nothing_of_what_was_typed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await desk.tell(TextReceived("nha tui o ap Tan Loi"), "1")

    assert "Tan Loi" not in caplog.text


def test_event_is_what_it_says_and_no_more() -> None:
    tap = Chosen(action("learn"), source="5")

    assert replace(tap, source="6") != tap
