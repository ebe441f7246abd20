"""The token is in every address that is called: it must not get into a log or an error."""

import logging

import pytest
from markupsafe import Markup

from channels.base import Misconfigured, SendError
from channels.zalo.bot.api import Api, CallFailed
from conversation.replies import Say
from storage.database import Database
from tests.support import zalo_bot_events as zalo
from tests.support import zalo_bot_server as fake
from tests.support.telegram_running import Tutor
from tests.support.zalo_bot_running import running
from tests.support.zalo_bot_server import TOKEN, Line, ZaloBotServer

FAULTS = (
    fake.BAD,
    fake.UNAUTHORIZED,
    fake.INTERNAL,
    fake.QUOTA,
    fake.PORTAL,
    fake.GATEWAY,
    Line.DROPPED,
    Line.DROPPED_AFTER,
)


async def test_neither_token_nor_words_are_logged_or_raised(
    database: Database, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    tutor, raised = Tutor(failures=1), []
    async with (
        ZaloBotServer() as server,
        running(server, database, tutor.receive) as started,
    ):
        server.fail("sendMessage", *FAULTS)
        server.fail("getUpdates", *FAULTS)
        await server.push(zalo.text("lời của bác Năm"), zalo.text("lời của bác Tư"))
        # One is cut before the server takes it, and one takes an event with it.
        await server.until("getUpdates", len(FAULTS) + 1)
        for _ in range(len(FAULTS) + 1):
            try:
                await started.send("a", [Say(Markup("lời của con"))], delivery=1)
            except SendError as error:
                raised.append(error)
        server.token = "another"
        with pytest.raises(Misconfigured) as refused:
            await started.send("a", [Say(Markup("lời của con"))])

    said = [*caplog.messages, caplog.text, *(f"{e} {e!r} {e.__cause__}" for e in raised)]
    said.append(str(refused.value))
    assert len(raised) == len(FAULTS)
    secret = TOKEN.partition(":")[2]
    assert [line for line in said if secret in line or "lời của" in line] == []
    assert "is not stored: StorageDown" in caplog.text


@pytest.mark.parametrize("name", ["httpx", "httpcore"])
async def test_the_library_that_writes_addresses_is_silent(database: Database, name: str):
    logging.getLogger(name).setLevel(logging.NOTSET)
    async with ZaloBotServer() as server, running(server, database, Tutor().receive):
        assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING


@pytest.mark.parametrize(
    ("token", "url"),
    [
        ("", "https://bot-api.zaloplatforms.com"),
        ("4242:mã bot", "https://bot-api.zaloplatforms.com"),
        ("4242:a/b", "https://bot-api.zaloplatforms.com"),
        ("4242:a?b", "https://bot-api.zaloplatforms.com"),
        (TOKEN, "bot-api.zaloplatforms.com"),
        (TOKEN, ""),
    ],
)
def test_what_cannot_be_an_address_is_refused_without_being_repeated(token: str, url: str):
    with pytest.raises(Misconfigured) as refused:
        Api(token, url)

    assert "4242" not in str(refused.value)


async def test_a_host_that_is_none_has_seen_nothing():
    api = Api(TOKEN, "http://127.0.0.1:1")
    with pytest.raises(CallFailed) as failed:
        await api.call("getMe")
    await api.close()

    assert str(failed.value) == "getMe: unsent"
    assert failed.value.__cause__ is None
