"""The examples in the documents run as they stand."""

import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from markupsafe import Markup

from channels.base import (
    Channel,
    Misconfigured,
    Rejected,
    Sent,
    Throttled,
    Unavailable,
    Unreachable,
)
from conversation.actions import action
from conversation.events import Event, Inbound, Stopped, TextReceived
from conversation.replies import Button, Say
from conversation.router import Router
from handlers.registry import build_router
from lessons.catalogue import Catalogue
from storage.database import Database
from templates import words
from tests.docs.papers import blocks, named_blocks, read
from tests.support import golden, talk
from tests.support.talk import START, Talk

COMMAND = named_blocks("docs/adding-a-command.md")
CHANNEL = named_blocks("channels/README.md")


def built(name: str, code: str) -> ModuleType:
    module = ModuleType(name)
    sys.modules[name] = module
    exec(compile(code, name, "exec"), module.__dict__)
    return module


def test_the_first_minute_in_the_readme_is_true(played_readme: str) -> None:
    spoken = iter(played_readme.splitlines())

    told = [line for line in blocks("README.md", "text")[0].splitlines() if line]

    assert [line for line in told if line not in spoken] == []


@pytest.fixture
async def played_readme(database: Database, catalogue: Catalogue) -> str:
    return await golden.play(
        blocks("README.md", "text")[0], Talk(database, catalogue, taps=False), golden.plain
    )


async def test_a_link_to_a_lesson_leads_there_after_the_greeting(
    database: Database, catalogue: Catalogue
) -> None:
    slug = "gia-cong-an"
    assert f"/s/hoc-{slug}`" in read("README.md")
    assert f"?start=hoc-{slug}`" in read("README.md")
    assert catalogue.lesson(slug) is not None
    learner = Talk(database, catalogue)

    for line in (f"/start hoc-{slug}", "[Đồng ý, vào học]"):
        await learner.line(line)
    replies = await learner.line("[Bà]")

    lesson = catalogue.lesson(slug)
    assert lesson is not None
    assert f"<b>{lesson.title}</b>" in str(replies[-1]) or lesson.title in str(replies[-1])


@pytest.fixture
def with_the_new_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tutor with the command of the example, as its steps say to put it in."""
    folder = tmp_path / "vi"
    shutil.copytree(words._FOLDER, folder)
    (folder / "today.j2").write_text(COMMAND["templates/vi/today.j2"], encoding="utf-8")
    monkeypatch.setattr(words, "_FOLDER", folder)
    monkeypatch.setattr(talk, "WORDS", words.Words(tmp_path / "kept"))
    today = built("handlers.today", COMMAND["handlers/today.py"])
    known = build_router()
    router = Router((*known.handlers, today.HANDLER), known._otherwise)
    monkeypatch.setattr(talk, "ROUTER", router)
    yield
    del sys.modules["handlers.today"]


@pytest.mark.usefixtures("with_the_new_command")
async def test_the_example_command_answers_as_the_document_says(
    database: Database, catalogue: Catalogue
) -> None:
    script = COMMAND["tests/golden/plain/hom-nay.txt"]

    played = await golden.play(script, Talk(database, catalogue, taps=False), golden.plain)

    assert played.endswith(blocks("docs/adding-a-command.md", "text")[-1])


@pytest.fixture
def sms() -> Iterator[dict[str, ModuleType]]:
    names = ("channels.sms", "channels.sms.receive", "channels.sms.send", "channels.sms.channel")
    files = ("", *(f"{name.replace('.', '/')}.py" for name in names[1:]))
    yield {
        name.rpartition(".")[2]: built(name, CHANNEL.get(file, ""))
        for name, file in zip(names, files, strict=True)
    }
    for name in names:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("posted", "event"),
    [
        ({"id": "7", "from": "84900000001", "text": " cau 2 "}, TextReceived("cau 2")),
        ({"id": "8", "from": "84900000001", "text": "stop"}, Stopped()),
    ],
)
def test_the_example_channel_reads_a_post(
    sms: Mapping[str, ModuleType], posted: dict[str, str], event: Event
) -> None:
    assert sms["receive"].to_inbound(posted, START) == Inbound(
        channel="sms",
        address=posted["from"],
        external_id=posted["id"],
        received_at=START,
        event=event,
    )


@asynccontextmanager
async def gateway(status: int, got: list[Any]) -> AsyncIterator[str]:
    async def take(request: web.Request) -> web.Response:
        got.append((request.headers["Authorization"], await request.json()))
        return web.json_response({"id": len(got)}, status=status, headers={"Retry-After": "9"})

    app = web.Application()
    app.router.add_post("/send", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/send"))


async def test_the_example_channel_sends_numbered_lines(sms: Mapping[str, ModuleType]) -> None:
    got: list[Any] = []
    async with gateway(200, got) as url, ClientSession() as session:
        sender = sms["send"].Sender(session, url, "key")
        reply = Say(Markup("Học gì ạ?"), (Button("Học tiếp", action("next")),))

        sent = await sender.send("84900000001", reply, 12)

    body = {"to": "84900000001", "text": "Học gì ạ?\n\n1. Học tiếp", "key": "12.0"}
    assert (sent, got) == (Sent("1"), [("Bearer key", body)])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, Misconfigured),
        (404, Unreachable),
        (429, Throttled),
        (503, Unavailable),
        (400, Rejected),
    ],
)
async def test_the_example_channel_says_what_a_failure_means(
    sms: Mapping[str, ModuleType], status: int, error: type[Exception]
) -> None:
    async with gateway(status, []) as url, ClientSession() as session:
        with pytest.raises(error) as raised:
            await sms["send"].Sender(session, url, "key").send("1", Say(Markup("A")), 1)

    assert type(raised.value) is error
    assert "key" not in str(raised.value)
    assert getattr(raised.value, "retry_after", None) in (None, timedelta(seconds=9))


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        ("right", {"id": "7", "from": "1", "text": "A"}, 200),
        ("right", {"id": "7"}, 400),
        ("right", ["no post"], 400),
        ("right", {"id": "7", "from": "1", "text": "cannot be stored"}, 503),
        ("wrong", {"id": "7", "from": "1", "text": "A"}, 403),
    ],
)
async def test_the_example_channel_acknowledges_only_what_is_stored(
    sms: Mapping[str, ModuleType], secret: str, body: object, status: int
) -> None:
    taken = []

    async def receive(inbound: Inbound) -> None:
        if inbound.event == TextReceived("cannot be stored"):
            raise OSError
        taken.append(inbound)

    channel = sms["channel"].SmsChannel(
        url="http://localhost", token="key", secret="right", now=lambda: START
    )
    app = web.Application()
    app.add_routes(channel.routes())
    async with TestServer(app) as server, ClientSession() as session:
        await channel.start(receive)
        headers = {"X-Gateway-Secret": secret}
        async with session.post(server.make_url("/sms"), json=body, headers=headers) as answer:
            answered = answer.status
        await channel.stop()

    assert (answered, len(taken)) == (status, int(status == 200))


def test_the_example_channel_has_every_member_of_the_contract(
    sms: Mapping[str, ModuleType],
) -> None:
    contract = {*Channel.__annotations__, *vars(Channel)}
    wanted = {name for name in contract if not name.startswith("_")}

    assert wanted - set(dir(sms["channel"].SmsChannel)) == set()
