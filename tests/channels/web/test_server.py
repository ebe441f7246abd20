import errno
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from channels.web import pages
from channels.web.server import Server, build_app
from tests.support.web_page import Page, Site

PAGE = Path(pages.__file__).parent / "page"


async def _unwell() -> tuple[bool, dict[str, Any]]:
    return False, {"database": "DatabaseBusy"}


async def test_a_taken_port_is_an_error_that_says_so(site: Site) -> None:
    second = Server(build_app((), _unwell), "127.0.0.1", site.server.port)
    with pytest.raises(OSError, match="address already in use") as taken:
        await second.start()
    assert taken.value.errno == errno.EADDRINUSE


async def test_healthz_says_what_the_composition_root_knows(site: Site, page: Page) -> None:
    async with page.session.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"well": True, "web": "well"})


async def test_healthz_is_503_when_something_is_not_well() -> None:
    server = Server(build_app((), _unwell), "127.0.0.1", 0)
    await server.start()
    url = f"http://127.0.0.1:{server.port}/healthz"
    async with ClientSession() as session, session.get(url) as answer:
        assert answer.status == 503
        assert await answer.json() == {"well": False, "database": "DatabaseBusy"}
    await server.stop()
    await server.stop()


async def test_a_fault_of_a_route_is_logged_without_what_was_asked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(_request: web.Request) -> web.Response:
        raise RuntimeError("broken")

    server = Server(build_app([web.get("/x/{secret}", broken)], _unwell), "127.0.0.1", 0)
    await server.start()
    url = f"http://127.0.0.1:{server.port}/x/079064001234?q=1"
    with caplog.at_level(logging.DEBUG):
        async with ClientSession() as session, session.get(url) as answer:
            assert answer.status == 500
            assert "broken" not in await answer.text()
    await server.stop()
    assert [record.getMessage() for record in caplog.records] == ["GET /x/{secret} failed"]
    assert "079064001234" not in caplog.text


async def test_nothing_a_learner_does_is_logged(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    # The driver's own logger shows every statement; set_up_logging keeps it quiet.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.WARNING, "aiosqlite"):
        await page.say("chuyện riêng của tôi")
        await page.open("lop-rieng")
        async with page.session.get("/s/lop-rieng") as answer:
            assert answer.status == 200
    assert "riêng" not in caplog.text
    assert "lop-rieng" not in caplog.text


@pytest.mark.parametrize(
    "path", ["/", "/s/x", "/page/chat.js", "/nowhere", "/healthz", "/picture/1"]
)
async def test_every_answer_carries_the_safe_headers(page: Page, path: str) -> None:
    async with page.session.get(path) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"] == "hoc-so"


async def test_private_answers_are_not_stored(page: Page) -> None:
    async with page.session.post("/open", json={}) as answer:
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_page_is_asked_for_again_and_answered_with_304(page: Page) -> None:
    async with page.session.get("/page/chat.js") as answer:
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        tag = answer.headers["ETag"]
    async with page.session.get("/page/chat.js", headers={"If-None-Match": tag}) as again:
        assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("name", ["pages.py", "..%2fpages.py", "%2e%2e/pages.py", "x.js"])
async def test_only_the_pages_own_files_are_served(page: Page, name: str) -> None:
    async with page.session.get(f"/page/{name}") as answer:
        assert answer.status == 404


def test_the_page_names_no_other_host_and_no_inline_script() -> None:
    for path in PAGE.iterdir():
        text = path.read_text()
        hosts = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text))
        assert hosts <= {"http://www.w3.org"}, path.name
    html = (PAGE / "index.html").read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", html) == []


def test_the_pages_own_words_are_plain_southern_and_marked_the_older_way() -> None:
    # Marks the older way: hòa, khóa, tùy; not hoà, khoá, tuỳ (quý is the same in both).
    newer_marks = r"o[àáảãạèéẻẽẹ](?!\w)|(?<![qQ])u[ỳýỷỹỵ](?!\w)"
    stiff = r"nhé|trình duyệt|đường dẫn|tải lại|" + newer_marks
    for path in (*PAGE.iterdir(), *PAGE.parent.glob("*.py")):
        assert re.findall(stiff, path.read_text(), re.IGNORECASE) == [], path.name


def test_the_page_never_turns_text_into_html() -> None:
    for path in PAGE.glob("*.js"):
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text()
        )
        assert found == [], path.name


def test_every_file_the_page_names_is_there() -> None:
    named = {
        name
        for path in PAGE.iterdir()
        for name in re.findall(r"(?:/page/|\./)([\w-]+\.\w+)", path.read_text())
    }
    assert named == {path.name for path in PAGE.iterdir()} - {"index.html"}
