"""Starting: the menu and the descriptions, a wrong token, no network, and what the log may say."""

import asyncio
import logging

import pytest
from markupsafe import Markup

from channels.base import Health, Misconfigured, SendError
from channels.telegram.polling import NO_ANSWER
from conversation.replies import Say
from tests.support import telegram_server as faults
from tests.support.telegram_running import Pauses, Tutor, channel, running
from tests.support.telegram_server import TOKEN, Asked, Fault, TelegramServer
from tests.support.telegram_updates import line, text

PROFILE = {
    "commands": [("hoc", "Học một bài"), ("trogiup", "Tôi cần giúp")],
    "description": "Học kỹ năng số, từng bước một.",
    "short_description": "Lớp học số",
}


async def test_a_start_sets_the_menu_and_the_descriptions() -> None:
    async with TelegramServer() as server, running(server, Tutor(), **PROFILE):
        await server.until("getChatMenuButton")
        asked = [a for a in server.requests if a.method.startswith("setMy")]
    assert asked == [
        Asked(
            "setMyCommands",
            {
                "commands": [
                    {"command": "hoc", "description": "Học một bài"},
                    {"command": "trogiup", "description": "Tôi cần giúp"},
                ]
            },
        ),
        Asked("setMyDescription", {"description": "Học kỹ năng số, từng bước một."}),
        Asked("setMyShortDescription", {"short_description": "Lớp học số"}),
    ]


async def test_groups_get_a_menu_of_their_own_once() -> None:
    profile = {**PROFILE, "group_commands": [("bai", "Gửi bài")]}
    async with TelegramServer() as server:
        for count in (1, 2):
            async with running(server, Tutor(), **profile):
                await server.until("getChatMenuButton", count)
        menus = [asked.parameters for asked in server.asked("setMyCommands")]

    assert menus[1:] == [
        {
            "commands": [{"command": "bai", "description": "Gửi bài"}],
            "scope": {"type": "all_group_chats"},
        }
    ]


async def test_a_second_start_leaves_alone_what_is_set_already() -> None:
    async with TelegramServer() as server:
        for count in (1, 2):
            async with running(server, Tutor(), **PROFILE):
                await server.until("getChatMenuButton", count)
        methods = [a.method for a in server.requests if a.method.startswith("set")]
    assert methods == ["setMyCommands", "setMyDescription", "setMyShortDescription"]


@pytest.mark.parametrize("fault", [faults.throttled(3600), faults.SERVER_ERROR, faults.NO_CHAT])
async def test_a_menu_that_cannot_be_set_stops_nothing(fault: Fault) -> None:
    tutor = Tutor()
    async with TelegramServer() as server:
        server.fail("setMyCommands", fault)
        async with running(server, tutor, **PROFILE):
            (update_id,) = await server.push(text("chào"))
            await server.until_confirmed(update_id)
    assert len(tutor.received) == 1


async def test_polling_takes_the_webhook_away_and_keeps_what_waits() -> None:
    async with TelegramServer() as server:
        server.webhook = {"url": "https://cu.example.vn"}
        async with running(server, Tutor()):
            assert server.asked("deleteWebhook") == [Asked("deleteWebhook", {})]


@pytest.mark.parametrize("token", ["1:wrong", "sai", "", f"{TOKEN} ", "1:a/b"])
async def test_a_wrong_token_is_one_clear_sentence_without_the_token(token: str) -> None:
    async with TelegramServer() as server:
        with pytest.raises(Misconfigured, match="HOCSO_TELEGRAM__TOKEN") as caught:
            await channel(server, token=token).start(Tutor().receive)
    assert caught.value.__cause__ is None
    assert not token or token not in str(caught.value)


async def test_an_api_address_without_a_scheme_is_misconfigured() -> None:
    async with TelegramServer() as server:
        with pytest.raises(Misconfigured, match="HOCSO_TELEGRAM__API_URL"):
            channel(server, api_url="api.telegram.org")


@pytest.mark.parametrize("fault", [faults.DROPPED, faults.BAD_GATEWAY, faults.throttled(2)])
async def test_without_telegram_the_start_returns_and_connects_later(fault: Fault) -> None:
    tutor, paused, held = Tutor(), asyncio.Event(), asyncio.Event()

    async def hold(_: float) -> None:
        paused.set()
        await held.wait()

    async with TelegramServer() as server:
        server.fail("getMe", fault)
        async with running(server, tutor, pause=hold) as telegram:
            assert telegram.health() == Health(well=False, detail=NO_ANSWER)
            assert telegram.link("x") == ""
            await asyncio.wait_for(paused.wait(), 10)
            held.set()
            (update_id,) = await server.push(text("chào"))
            await server.until_confirmed(update_id)
            assert telegram.health() == Health(well=True)


async def test_links_carry_a_payload() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        assert (telegram.link(), telegram.link("lop-12")) == (
            "https://t.me/hocso_bot",
            "https://t.me/hocso_bot?start=lop-12",
        )


async def test_a_stop_may_come_twice_or_without_a_start() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        await telegram.stop()
        await telegram.stop()
        await channel(server).stop()


async def test_no_log_line_holds_the_token_or_anybodys_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    words = "mật khẩu của tôi là bimat99"
    trouble = [
        faults.DROPPED,
        faults.SERVER_ERROR,
        faults.CONFLICT,
        faults.UNAUTHORIZED,
        faults.throttled(1),
        Fault(status=400, description=f'Bad Request: can\'t parse "{words}"'),
    ]
    async with TelegramServer() as server:
        server.fail("getMe", faults.DROPPED)
        server.fail("getUpdates", *trouble)
        server.fail("setMyCommands", faults.DROPPED)
        pauses = Pauses()
        async with running(server, Tutor(failures=2), pause=pauses, **PROFILE) as telegram:
            *_, last = await server.push(text(words), line(document={"name": words}))
            await server.until_confirmed(last)
            for fault in trouble:
                server.fail("sendMessage", fault)
                with pytest.raises(SendError) as caught:
                    await telegram.send("7", [Say(Markup(words))])
                logging.getLogger("outbox").error("not sent", exc_info=caught.value)
        # Nobody listens there any more.
        alone = channel(server)
    await alone.start(Tutor().receive)
    await alone.stop()
    everything = caplog.text
    assert [
        secret for secret in (TOKEN, "test-token", "bimat99", "Năm") if secret in everything
    ] == []
    assert "getUpdates" not in everything
