"""The webhook answers 200 only for what is stored, and nobody but Zalo is listened to."""

from typing import Any

import aiohttp
import pytest

from channels.base import Misconfigured
from channels.zalo.bot.channel import LINES_OF_ONE
from channels.zalo.bot.webhook import BODY_LIMIT, PATH
from conversation.events import TextReceived
from storage.database import Database
from tests.support import zalo_bot_events as zalo
from tests.support.telegram_running import Tutor
from tests.support.zalo_bot_running import SECRET, channel, listening, running
from tests.support.zalo_bot_server import SECRET_HEADER, UNAUTHORIZED, ZaloBotServer


@pytest.mark.parametrize("wrapped", [True, False])
async def test_an_event_is_answered_200_once_it_is_stored(database: Database, wrapped: bool):
    tutor = Tutor()
    async with (
        ZaloBotServer(wrapped=wrapped) as server,
        listening(server, database, tutor.receive) as started,
    ):
        assert await server.post(zalo.text("chào")) == 200
        assert [inbound.event for inbound in tutor.received] == [TextReceived("chào")]
        assert started.health().well
        assert server.asked("getUpdates", "setWebhook", "deleteWebhook") == []


async def test_an_event_that_is_not_stored_is_answered_503(database: Database):
    tutor, event = Tutor(failures=1), zalo.text("chào")
    async with ZaloBotServer() as server, listening(server, database, tutor.receive):
        statuses = [await server.post(event) for _ in range(2)]

    assert statuses == [503, 200]
    assert [i.external_id for i in tutor.received] == [event["message"]["message_id"]]


@pytest.mark.parametrize(
    "event",
    [
        {"event_name": "message.poll.received", "message": zalo.line()},
        zalo.echo("Câu 1"),
        {},
        {"event_name": None},
    ],
)
async def test_what_is_not_for_the_tutor_is_not_sent_for_ever(
    database: Database, event: dict[str, Any]
):
    tutor = Tutor()
    async with ZaloBotServer() as server, listening(server, database, tutor.receive):
        assert await server.post(event) == 200
    assert tutor.received == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 403),
        ({SECRET_HEADER: ""}, b"{}", 403),
        ({SECRET_HEADER: SECRET[:-1]}, b"{}", 403),
        ({SECRET_HEADER: SECRET + "x"}, b"{}", 403),
        ({SECRET_HEADER: "bí mật"}, b"{}", 403),
        # The secret is looked at before the body is.
        ({SECRET_HEADER: "wrong"}, b"x" * (BODY_LIMIT + 1), 403),
        ({SECRET_HEADER: SECRET}, b"x" * (BODY_LIMIT + 1), 413),
        ({SECRET_HEADER: SECRET}, b"x" * BODY_LIMIT, 200),
        ({SECRET_HEADER: SECRET}, b"", 200),
        ({SECRET_HEADER: SECRET}, b"[" * 100_000, 200),
        ({SECRET_HEADER: SECRET}, b"\xff\xfe", 200),
        ({SECRET_HEADER: SECRET}, b'["a"]', 200),
    ],
)
async def test_who_posts_must_know_the_secret_and_be_brief(
    database: Database, headers: dict[str, str], body: bytes, status: int
):
    tutor = Tutor()
    async with (
        ZaloBotServer() as server,
        listening(server, database, tutor.receive) as started,
        aiohttp.ClientSession() as session,
        session.post(started._webhook_url, data=body, headers=headers) as answer,
    ):
        assert answer.status == status
    assert tutor.received == []


async def test_one_chat_that_never_stops_is_held_off(database: Database):
    tutor = Tutor()
    async with (
        ZaloBotServer() as server,
        listening(server, database, tutor.receive, monotonic=lambda: 0.0),
    ):
        statuses = [await server.post(zalo.text("1", "one")) for _ in range(LINES_OF_ONE + 1)]
        other = await server.post(zalo.text("1", "other"))

    assert (statuses, other) == ([200] * LINES_OF_ONE + [429], 200)


async def test_a_zalo_that_posts_elsewhere_is_told_of_until_something_comes(database: Database):
    tutor = Tutor()
    async with (
        ZaloBotServer() as server,
        listening(server, database, tutor.receive) as started,
        running(
            server, database, tutor.receive, mode="webhook", secret=SECRET, webhook_url="https://a"
        ) as strange,
    ):
        assert not strange.health().well
        assert "set-webhook" in strange.health().detail
        assert await strange._posted(zalo.text("chào")) == 200
        assert strange.health().well
        assert started.health().well


async def test_events_are_taken_while_zalo_itself_cannot_be_called(database: Database):
    tutor = Tutor()
    async with ZaloBotServer() as server:
        async with listening(server, database, tutor.receive) as started:
            started._connected = False
            assert await server.post(zalo.text("chào")) == 200
        assert await started._posted(zalo.text("chào")) == 503


@pytest.mark.parametrize("secret", ["", "short", "x" * 257, "bí mật của xã", "a\nb" * 5])
async def test_a_secret_that_zalo_would_not_take_stops_the_start(database: Database, secret: str):
    async with ZaloBotServer() as server:
        with pytest.raises(Misconfigured, match="HOCSO_ZALO_BOT__WEBHOOK_SECRET"):
            channel(server, database, mode="webhook", secret=secret)


async def test_no_route_is_open_while_polling(database: Database):
    async with ZaloBotServer() as server:
        assert channel(server, database).routes() == ()
        zalo_bot = channel(server, database, mode="webhook", secret=SECRET)
        assert [route.path for route in zalo_bot.routes()] == [PATH]


async def test_a_token_that_is_refused_stops_the_start(database: Database):
    async with ZaloBotServer() as server:
        server.fail("getMe", UNAUTHORIZED)
        zalo_bot = channel(server, database, mode="webhook", secret=SECRET)
        with pytest.raises(Misconfigured, match="HOCSO_ZALO_BOT__TOKEN"):
            await zalo_bot.start(Tutor().receive)
