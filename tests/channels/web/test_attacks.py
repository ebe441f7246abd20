"""What only an attacker, or a broken browser, sends."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from markupsafe import Markup

from channels.web import desk, receive, server
from channels.web.desk import MOST_READS
from conversation.replies import GiveFile
from storage.database import Database
from tests.support.web_page import Page, Site


async def _status(site: Site, request: bytes) -> int:
    """The status that a request gets, byte for byte as given."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(request)
    async with asyncio.timeout(5):
        line = await reader.readline()
    writer.close()
    return int(line.split()[1])


def _opening(headers: bytes) -> bytes:
    body = b'{"id": "%s"}' % str(uuid4()).encode()
    return (
        b"POST /open HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n%b\r\n%b" % (len(body), headers, body)
    )


async def test_a_cookie_of_bytes_that_are_no_text_proves_nothing(site: Site) -> None:
    request = b"GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: hocso=\xff\xfe.a.b\r\n\r\n"
    assert await _status(site, request) == 401


@pytest.mark.parametrize("origin", [b"null", b"http://[", b"\xff", b"http://localhost@x.vn"])
async def test_an_origin_that_is_none_is_refused(site: Site, origin: bytes) -> None:
    assert await _status(site, _opening(b"Origin: %b\r\n" % origin)) == 403


async def test_a_body_that_never_comes_is_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "MOST_SECONDS", 0.05)
    assert await _status(site, _opening(b"")[:-1]) == 408


async def test_a_proxy_that_adds_a_header_of_its_own_is_believed_too(database: Database) -> None:
    async with Site(database, new_addresses_per_hour=1, behind_proxy=True) as site:
        by_proxy = b"X-Forwarded-For: 113.160.0.1\r\n"
        forged = [b"X-Forwarded-For: 10.0.0.%d\r\n" % n for n in range(2)]
        statuses = [await _status(site, _opening(one + by_proxy)) for one in forged]
    assert statuses == [200, 429]


async def test_who_asks_for_pictures_without_end_is_told_to_wait(site: Site, page: Page) -> None:
    async def ask() -> int:
        async with page.session.get("/picture/1") as answer:
            return answer.status

    assert {await ask() for _ in range(MOST_READS)} == {404}
    assert await ask() == 429
    site.clock.seconds += 60
    assert await ask() == 404


async def test_only_the_file_given_last_is_kept(site: Site, page: Page, address: str) -> None:
    files = [GiveFile("a.json", f'{{"n": {n}}}', Markup("Đây")) for n in range(3)]
    sent = [await site.channel.send(address, [file], delivery=n) for n, file in enumerate(files, 1)]
    got = []
    for one in sent:
        async with page.session.get(f"/file/{one.external_id}") as answer:
            got.append(answer.status)
    assert got == [404, 404, 200]


async def test_a_request_that_is_never_finished_does_not_hold_its_line(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_IDLE_SECONDS", 0.05)
    async with Site(database) as site:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: ")
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize("request_line", [b"GET /%b HTTP/1.1" % (b"a" * 9000), b"\x16\x03\x01"])
async def test_what_is_no_request_of_ours_is_refused_without_a_word_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture, request_line: bytes
) -> None:
    assert await _status(site, request_line + b"\r\nHost: localhost\r\n\r\n") == 400
    assert caplog.records == []


async def test_a_body_that_is_not_packed_as_it_says_is_refused_without_a_word_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    assert await _status(site, _opening(b"Content-Encoding: gzip\r\n")) == 400
    assert caplog.records == []


async def test_a_line_that_breaks_in_the_middle_of_a_post_is_no_fault_of_ours(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, over = asyncio.Event(), asyncio.Event()
    read_post = receive.read_post

    async def watched(request: web.Request, model: Any) -> Any:
        began.set()
        try:
            return await read_post(request, model)
        finally:
            asyncio.get_running_loop().call_later(0, over.set)

    monkeypatch.setattr(desk, "read_post", watched)
    _, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(_opening(b"")[:-1])
    async with asyncio.timeout(5):
        await began.wait()
        writer.close()
        await over.wait()
    assert caplog.records == []
