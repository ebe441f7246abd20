"""The webhook answers 200 only for what is stored."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from channels.base import Misconfigured
from channels.telegram.channel import TelegramChannel
from channels.telegram.webhook import BODY_LIMIT, PATH
from conversation.events import TextReceived
from tests.support.telegram_running import Tutor, channel, running
from tests.support.telegram_server import Asked, TelegramServer
from tests.support.telegram_updates import line, tap, text

SECRET = "bi-mat_123"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@asynccontextmanager
async def listening(tutor: Tutor) -> AsyncIterator[tuple[TelegramServer, TelegramChannel]]:
    """A Telegram that posts, and a web server of ours that has the channel's routes."""
    runner: web.AppRunner | None = None
    async with TelegramServer() as server:
        app = web.Application()
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        telegram = channel(server, mode="webhook", secret=SECRET, webhook_url="http://127.0.0.1")
        app.router.add_routes(telegram.routes())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        telegram._webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
        await telegram.start(tutor.receive)
        try:
            yield server, telegram
        finally:
            await telegram.stop()
            await runner.cleanup()


async def test_start_registers_the_webhook_with_its_secret() -> None:
    async with listening(Tutor()) as (server, telegram):
        assert server.asked("setWebhook", "deleteWebhook", "getUpdates") == [
            Asked(
                "setWebhook",
                {
                    "url": telegram._webhook_url,
                    "secret_token": SECRET,
                    "allowed_updates": [
                        "message",
                        "callback_query",
                        "poll",
                        "poll_answer",
                        "my_chat_member",
                    ],
                },
            )
        ]


async def test_an_update_is_answered_200_once_it_is_stored() -> None:
    tutor = Tutor()
    async with listening(tutor) as (server, _):
        assert await server.post(text("chào")) == 200
        assert [inbound.event for inbound in tutor.received] == [TextReceived("chào")]


async def test_an_update_that_is_not_stored_is_answered_503_and_taken_the_next_time() -> None:
    tutor = Tutor(failures=1)
    async with listening(tutor) as (server, _):
        statuses = [await server.post(text("chào"), update_id=5) for _ in range(2)]
    assert (statuses, [i.external_id for i in tutor.received]) == ([503, 200], ["5"])


async def test_an_update_nobody_can_read_is_not_sent_for_ever() -> None:
    async with listening(Tutor()) as (server, _):
        assert await server.post(line(document={"no": "file_id"})) == 200


async def test_a_tap_is_acknowledged_in_the_answer_to_its_post() -> None:
    async with listening(Tutor()) as (server, _):
        assert await server.post(tap("next")) == 200
        assert server.asked("answerCallbackQuery") == [
            Asked("answerCallbackQuery", {"callback_query_id": "tap-7"})
        ]


async def test_a_tap_that_is_not_stored_is_not_acknowledged() -> None:
    async with listening(Tutor(failures=1)) as (server, _):
        assert await server.post(tap("next")) == 503
        assert server.asked("answerCallbackQuery") == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b'{"update_id": 1}', 403),
        ({HEADER: "sai"}, b'{"update_id": 1}', 403),
        ({HEADER: "bí mật"}, b'{"update_id": 1}', 403),
        ({HEADER: SECRET}, b'{"update_id": 1}', 200),
        ({HEADER: SECRET}, b"{", 400),
        ({HEADER: SECRET}, b"\xff", 400),
        ({HEADER: SECRET}, b"[" * 200_000, 400),
        ({HEADER: "\udcff"}, b'{"update_id": 1}', 403),
        ({HEADER: SECRET}, b"[]", 400),
        ({HEADER: SECRET}, b'{"update_id": "1"}', 400),
        ({HEADER: SECRET}, b" " * (BODY_LIMIT + 1), 413),
    ],
)
async def test_a_post_is_answered(headers: dict[str, str], body: bytes, status: int) -> None:
    tutor = Tutor()
    async with (
        listening(tutor) as (_, telegram),
        aiohttp.ClientSession() as session,
        session.post(telegram._webhook_url, data=body, headers=headers) as response,
    ):
        assert response.status == status
    assert tutor.received == []


async def test_before_telegram_is_connected_updates_are_put_off() -> None:
    async with listening(Tutor()) as (server, telegram):
        await telegram.stop()
        assert await server.post(text("chào")) == 503


async def test_the_path_does_not_hold_the_secret() -> None:
    assert PATH == "/telegram/webhook"


async def test_an_empty_secret_lets_nobody_in() -> None:
    async with listening(Tutor()) as (server, telegram):
        server.webhook["secret_token"] = ""
        telegram._secret = ""
        assert await server.post(text("chào")) == 403


async def test_a_webhook_telegram_refuses_is_misconfigured() -> None:
    async with TelegramServer() as server:
        with pytest.raises(Misconfigured, match="HOCSO_WEB__PUBLIC_URL"):
            async with running(server, Tutor(), mode="webhook", webhook_url="http://x", secret="s"):
                pass


async def test_polling_has_no_routes() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        assert telegram.routes() == ()
