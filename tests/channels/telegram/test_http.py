"""The requests' own rules: time limits, one destination, and errors that give nothing away."""

import asyncio
import os
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
import uvloop
from aiohttp import ClientSession, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.connector import Connection
from aiohttp.test_utils import TestServer
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from channels.departure import on_departure
from channels.telegram.http import AiohttpRequest, Departing

TOKEN = "4242:test-token_of-nobody"


class Server:
    """Answers what ``path`` asks for, and remembers how many it served at once."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.waited_for = asyncio.Event()
        self.at_once = 0
        self.most_at_once = 0
        self.bodies: list[tuple[str, bytes]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.match_info["method"]:
            case "wait":
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
                self.waited_for.set()
                await self.let_go.wait()
                self.at_once -= 1
            case "move":
                raise web.HTTPTemporaryRedirect("/bot/elsewhere")
            case "hang_up":
                assert request.transport is not None
                request.transport.close()
            case _:
                self.bodies.append((request.content_type, await request.read()))
        return web.json_response({"ok": True, "result": request.match_info["method"]})


@asynccontextmanager
async def serving(connections: int = 4) -> AsyncIterator[tuple[Server, AiohttpRequest, str]]:
    server, app = Server(), web.Application()
    app.router.add_route("*", "/bot{token}/{method}", server.answer)
    async with TestServer(app) as running, requests(connections) as http:
        try:
            yield server, http, str(running.make_url(f"/bot{TOKEN}"))
        finally:
            server.let_go.set()


async def result(http: AiohttpRequest, url: str, data: RequestData | None = None) -> Any:
    return await http.post(url, data)


@asynccontextmanager
async def requests(connections: int = 4) -> AsyncIterator[AiohttpRequest]:
    http = AiohttpRequest(connections, timeout=10.0, connect_timeout=5.0, keep_alive=30.0)
    await http.initialize()
    await http.initialize()
    yield http
    await http.shutdown()
    await http.shutdown()


def parameters(**values: object) -> RequestData:
    return RequestData([RequestParameter(name, value, None) for name, value in values.items()])


async def test_parameters_travel_as_json_and_the_result_comes_back() -> None:
    async with serving() as (server, http, url):
        told = parameters(chat_id="7", text="Chào cô", limit=2, missing=None, under=[{"a": True}])
        assert await result(http, f"{url}/say", told) == "say"
        assert server.bodies == [
            (
                "application/json",
                '{"chat_id":"7","text":"Chào cô","limit":2,"under":[{"a":true}]}'.encode(),
            )
        ]


async def test_a_file_keeps_its_vietnamese_name() -> None:
    async with serving() as (server, http, url):
        file = InputFile(b"{}", filename="của tôi.json")
        await http.post(f"{url}/send", RequestData([RequestParameter("document", None, [file])]))
        ((kind, body),) = server.bodies
        assert kind == "multipart/form-data"
        assert 'name="document"; filename="của tôi.json"'.encode() in body


async def test_a_request_that_takes_too_long_is_timed_out() -> None:
    async with serving() as (_, http, url):
        with pytest.raises(TimedOut) as caught:
            await http.post(f"{url}/wait", read_timeout=0.01)
        assert_gives_nothing_away(caught.value)


async def test_waiting_for_a_free_connection_counts_into_the_time() -> None:
    async with serving(connections=1) as (server, http, url):
        first = asyncio.create_task(result(http, f"{url}/wait"))
        with pytest.raises(TimedOut):
            await http.post(f"{url}/wait", read_timeout=0.05)
        server.let_go.set()
        assert (await first, server.most_at_once) == ("wait", 1)


async def test_a_line_that_drops_is_a_network_error() -> None:
    async with serving() as (_, http, url):
        with pytest.raises(NetworkError, match=r"^ServerDisconnectedError$") as caught:
            await http.post(f"{url}/hang_up")
        assert_gives_nothing_away(caught.value)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://127.0.0.1:1", "ClientConnectorError"),
        ("http://127.0.0.1:99999", "InvalidUrlClientError"),
        ("https://[", "InvalidUrlClientError"),
    ],
)
async def test_an_address_nobody_answers_at_is_a_network_error(url: str, text: str) -> None:
    async with requests() as http:
        with pytest.raises(NetworkError) as caught:
            await http.post(f"{url}/bot{TOKEN}/say")
    assert caught.value.message == text
    assert_gives_nothing_away(caught.value)


def assert_gives_nothing_away(error: TelegramError) -> None:
    assert TOKEN not in repr(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


async def test_before_the_start_and_after_the_stop_nothing_is_sent() -> None:
    http = AiohttpRequest(1, timeout=1.0, connect_timeout=1.0, keep_alive=1.0)
    with pytest.raises(NetworkError):
        await http.post(f"http://127.0.0.1:1/bot{TOKEN}/say")


async def test_nobody_can_send_the_token_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with serving() as (server, http, url):
        assert await result(http, f"{url}/say") == "say"
        with pytest.raises(TelegramError):
            await http.post(f"{url}/move")
        assert len(server.bodies) == 1


async def test_a_file_of_telegrams_is_fetched_as_it_is() -> None:
    async with serving() as (_, http, url):
        assert await http.retrieve(f"{url}/get") == b'{"ok": true, "result": "get"}'


async def test_it_says_when_a_request_leaves_and_not_while_it_waits() -> None:
    left: list[str] = []
    async with serving(connections=1) as (server, http, url):

        async def ask(method: str) -> None:
            with on_departure(lambda: left.append(method)):
                await result(http, f"{url}/{method}", parameters(chat_id="7"))

        first = asyncio.create_task(ask("wait"))
        await server.waited_for.wait()
        second = asyncio.create_task(ask("say"))
        with pytest.raises(TimedOut), on_departure(lambda: left.append("never")):
            await http.post(f"{url}/say", parameters(chat_id="7"), read_timeout=0.05)
        before = list(left)
        server.let_go.set()
        await first
        await second

    assert (before, left) == (["wait"], ["wait", "say"])


class Watching(Departing):
    """How many bytes the kernel has taken of each request when it says that it leaves, and when
    ``write_bytes`` returns.
    """

    async def write_bytes(
        self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None
    ) -> None:
        assert conn.transport is not None
        taken = partial(bytes_sent, conn.transport.get_extra_info("socket"))
        start = taken()
        with on_departure(lambda: TAKEN.append(taken() - start)):
            await super().write_bytes(writer, conn, content_length)
        TAKEN.append(taken() - start)


TAKEN: list[int] = []


def bytes_sent(connection: socket.socket) -> int:
    """``tcpi_bytes_sent`` of <linux/tcp.h>."""
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        told = same.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 208)
    (found,) = struct.unpack_from("=Q", told, 200)
    return int(found)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_when_the_write_returns_the_kernel_has_it_all(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """What the journal of the outbox lives by: nothing of it waits inside the process."""
    TAKEN.clear()

    async def ask_twice() -> None:
        app, server = web.Application(), Server()
        app.router.add_post("/bot{token}/{method}", server.answer)
        async with TestServer(app) as running, ClientSession(request_class=Watching) as session:
            for _ in range(2):
                async with session.post(
                    running.make_url("/bottoken/say"), data=b"{}" * 500
                ) as told:
                    assert told.status == 200

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(ask_twice())

    before, after, before_second, after_second = TAKEN
    assert (before, before_second) == (0, 0)
    # The headers, and a body of 1,000 bytes.
    assert min(after, after_second) > 1_000
