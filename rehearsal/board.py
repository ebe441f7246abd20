"""The dashboard as a browser has it, on a port of this machine: its pages and what it gives away."""

import csv
import html
import io
import re
import zipfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TypeAlias
from xml.etree import ElementTree as ET

import aiohttp
from aiohttp.web import AbstractRouteDef

from channels.web.server import Server, build_app

Figures: TypeAlias = dict[str, str]

_BOX = re.compile(r"<li><b>([^<]+)</b> <span>([^<]+)</span></li>")
_CLASS = re.compile(r'<a href="/bang/lop/([0-9]+)"><bdi>([^<]+)</bdi>')
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Shut(Exception):
    """A page that should open does not; the text says which."""


class Browser:
    """Somebody's, who came in by the link from their chat."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def enters(self, secret: str) -> None:
        async with self._session.post("/bang/vao", data={"ma": secret}) as answer:
            if answer.status != 200:
                raise Shut(f"/bang/vao: {answer.status}")

    async def boxes(self, path: str) -> Figures:
        """The figures at the head of a page, by what stands under them."""
        return {
            what: number for number, what in _BOX.findall(html.unescape(await self._page(path)))
        }

    async def classes(self) -> dict[str, str]:
        """The numbers of classes by their names."""
        found = _CLASS.findall(html.unescape(await self._page("/bang/lop")))
        return {name: number for number, name in found}

    async def csv(self, path: str) -> Figures:
        """The first table of an export, by its first column."""
        text = (await self._bytes(path)).decode("utf-8-sig")
        return _pairs(csv.reader(io.StringIO(text)))

    async def xlsx(self, path: str) -> Figures:
        with zipfile.ZipFile(io.BytesIO(await self._bytes(path))) as book:
            strings = ["".join(one.itertext()) for one in _parsed(book, "xl/sharedStrings.xml")]
            rows = _parsed(book, "xl/worksheets/sheet1.xml").iter(f"{_SHEET}row")
            return _pairs([_cell(cell, strings) for cell in row] for row in rows)

    async def _page(self, path: str) -> str:
        return (await self._bytes(path)).decode()

    async def _bytes(self, path: str) -> bytes:
        async with self._session.get(path) as answer:
            if answer.status != 200:
                raise Shut(f"{path}: {answer.status}")
            return await answer.read()


def _parsed(book: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(book.read(name))  # noqa: S314 - this program wrote it just now


def _cell(cell: ET.Element, strings: list[str]) -> str:
    value = cell.findtext(f"{_SHEET}v", "")
    return strings[int(value)] if cell.get("t") == "s" else value


def _pairs(rows: Iterable[list[str]]) -> Figures:
    """Up to the first empty row."""
    found = {}
    for row in rows:
        if not row:
            break
        if len(row) > 1:
            found[row[0]] = row[1]
    return found


@asynccontextmanager
async def open_board(routes: Iterable[AbstractRouteDef]) -> AsyncIterator[Browser]:
    """The pages on a free port, and a browser that has nothing yet."""
    server = Server(build_app(routes, _well), "127.0.0.1", 0)
    await server.start()
    try:
        jar = aiohttp.CookieJar(unsafe=True)  # also for an address that is a number
        url = f"http://127.0.0.1:{server.port}"
        async with aiohttp.ClientSession(url, cookie_jar=jar) as session:
            yield Browser(session)
    finally:
        await server.stop()


async def _well() -> tuple[bool, dict[str, object]]:
    return True, {}
