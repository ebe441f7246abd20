"""Polling: what Zalo hands over is gone there, so nothing is asked for before it is stored."""

import asyncio
from itertools import count
from typing import Any

import pytest

from channels.base import Misconfigured
from channels.zalo.bot.api import REFUSED
from channels.zalo.bot.channel import LINES_OF_ONE
from channels.zalo.bot.polling import NO_ANSWER, NOT_STORED, WEBHOOK_SET, Backoff
from conversation.events import Inbound, TextReceived
from storage.database import Database
from tests.support import zalo_bot_events as zalo
from tests.support import zalo_bot_server as fake
from tests.support.telegram_running import Pauses, Tutor
from tests.support.zalo_bot_running import channel, running
from tests.support.zalo_bot_server import BAD, Line, ZaloBotServer


async def test_what_comes_in_is_taken_one_after_another(database: Database):
    tutor = Tutor()
    async with ZaloBotServer() as server, running(server, database, tutor.receive):
        await server.push(zalo.text("một"), zalo.text("hai"), zalo.sticker())
        polls = await server.until("getUpdates", 4)

    said = [i.event.text for i in tutor.received if isinstance(i.event, TextReceived)]
    assert said == ["một", "hai"]
    assert len(tutor.received) == 3
    assert polls[0].parameters == {"timeout": "30"}


async def test_nothing_more_is_asked_for_until_an_event_is_stored(database: Database):
    tutor, pauses, seen = Tutor(failures=3), Pauses(), []

    async def before(inbound: Inbound) -> None:
        seen.append((inbound.external_id, len(server.asked("getUpdates")), started.health().detail))

    tutor.before = before
    async with ZaloBotServer() as server:
        started = channel(server, database, pause=pauses)
        await started.start(tutor.receive)
        first = zalo.text("một")
        await server.push(first, zalo.text("hai"))
        await server.until("getUpdates", 3)
        await started.stop()

    own = [entry for entry in seen if entry[0] == first["message"]["message_id"]]
    assert [polls for _, polls, _ in own] == [1, 1, 1, 1]
    assert [detail.startswith(NOT_STORED) for _, _, detail in own] == [False, True, True, True]
    assert [i.event for i in tutor.received] == [TextReceived("một"), TextReceived("hai")]
    assert pauses.asked == [1.0, 2.0, 4.0]


async def test_an_idle_poll_is_no_trouble_and_no_reason_to_wait(database: Database):
    pauses, seconds = Pauses(), count(step=31)
    async with (
        ZaloBotServer(idle=0.01) as server,
        running(
            server, database, Tutor().receive, pause=pauses, monotonic=lambda: next(seconds)
        ) as started,
    ):
        await server.until("getUpdates", 3)
        assert started.health().well
    assert pauses.asked == []


async def test_empty_answers_that_come_at_once_are_not_asked_for_in_a_ring(database: Database):
    tutor, pauses = Tutor(), Pauses()
    async with (
        ZaloBotServer(idle=0.001) as server,
        running(server, database, tutor.receive, pause=pauses),
    ):
        await server.until("getUpdates", 7)
    assert pauses.asked[:6] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0]


@pytest.mark.parametrize(
    ("fault", "said", "wait"),
    [
        (fake.INTERNAL, NO_ANSWER, 1.0),
        (fake.SERVER_ERROR, NO_ANSWER, 1.0),
        (Line.DROPPED, NO_ANSWER, 1.0),
        (fake.PORTAL, NO_ANSWER, 1.0),
        (fake.UNAUTHORIZED, REFUSED, 60.0),
        (fake.QUOTA, "Zalo báo 429 khi hỏi tin mới", 1.0),
        (BAD, WEBHOOK_SET, 1.0),
    ],
)
async def test_trouble_while_polling_is_told_and_passes(
    database: Database, fault: Any, said: str, wait: float
):
    tutor, told = Tutor(), []
    async with ZaloBotServer() as server:
        server.fail("getUpdates", fault)
        pauses = Pauses()

        async def pause(seconds: float) -> None:
            told.append(started.health())
            await pauses(seconds)

        started = channel(server, database, pause=pause)
        await started.start(tutor.receive)
        await server.push(zalo.text("một"))
        await server.until("getUpdates", 2 if fault is Line.DROPPED else 3)
        assert started.health().well
        await started.stop()

    assert [i.event for i in tutor.received] == [TextReceived("một")]
    assert (told[0].well, told[0].detail.startswith(said)) == (False, True)
    assert pauses.asked[0] == wait


async def test_it_does_not_begin_while_a_webhook_is_set(database: Database):
    async with ZaloBotServer() as server:
        server.webhook = {"url": "https://hoc.example.vn/zalo", "secret_token": "x" * 8}
        with pytest.raises(Misconfigured) as refused:
            await channel(server, database).start(Tutor().receive)

    assert str(refused.value) == WEBHOOK_SET
    assert server.asked("getUpdates", "deleteWebhook") == []


async def test_a_webhook_that_was_taken_away_is_no_hindrance(database: Database):
    async with ZaloBotServer() as server:
        server.webhook = {"url": ""}
        async with running(server, database, Tutor().receive):
            await server.until("getUpdates")


async def test_one_chat_that_never_stops_does_not_spend_the_whole_month(database: Database):
    tutor = Tutor()
    async with (
        ZaloBotServer() as server,
        running(server, database, tutor.receive, monotonic=lambda: 0.0),
    ):
        await server.push(*(zalo.text(f"{n}", "one") for n in range(LINES_OF_ONE + 5)))
        await server.push(zalo.text("chào", "other"))
        await server.until("getUpdates", LINES_OF_ONE + 7)

    assert [i.address for i in tutor.received] == ["one"] * LINES_OF_ONE + ["other"]


async def test_a_stop_lets_the_turn_under_way_end(database: Database):
    going, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(inbound: Inbound) -> None:
        going.set()
        await may_end.wait()

    tutor = Tutor(before=slowly)
    async with ZaloBotServer() as server:
        started = channel(server, database)
        await started.start(tutor.receive)
        await server.push(zalo.text("một"))
        await going.wait()
        stopping = asyncio.create_task(started.stop())
        await asyncio.sleep(0)
        may_end.set()
        await stopping

    assert [i.event for i in tutor.received] == [TextReceived("một")]


def test_pauses_double_and_scatter():
    plain, late = Backoff(lambda: 0.0), Backoff(lambda: 1.0)

    assert [plain.grow() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert [late.grow() for _ in range(3)] == [1.25, 2.5, 5.0]
