"""Pages that talk to the web channel: a cookie, posts, and lines over server-sent events.

A page is what ``channels/web/page`` is in a browser: it opens, listens, and posts what
its learner types or taps. A few hands share many pages, because one page may post only twice
a second.
"""

import asyncio
import json
import time
import uuid
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import count
from random import Random
from typing import Any

import aiohttp

from benchmarks.learners import Learner, Tap, Typed

_FIRST_NETWORK = int(IPv4Address("10.0.0.1"))
_networks = count(_FIRST_NETWORK)
_PATIENCE = 20.0  # seconds for one line
_OPENED_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Turn:
    """``to_line`` is seconds from the post to the tutor's line with the next choices."""

    ended_at: float
    to_line: float


@dataclass(slots=True)
class Page:
    """One browser page. ``came`` is set when a line with choices has come."""

    cookie: str
    learner: Learner
    network: str
    came: asyncio.Event = field(default_factory=asyncio.Event)
    came_at: float = 0.0
    actions: tuple[str, ...] = ()
    source: str = ""
    listening: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Load:
    """All pages of one server. ``echo`` types plain text."""

    url: str
    echo: bool
    random: Random
    turns: list[Turn] = field(default_factory=list)
    refused: int = 0
    silent: int = 0
    late: int = 0
    _idle: deque[Page] = field(default_factory=deque)
    _session: aiohttp.ClientSession | None = None
    _running: bool = False

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._session

    async def open_pages(self, pages: int) -> None:
        """That many newcomers open the page, each from a network of its own."""
        at_once = asyncio.Semaphore(_OPENED_AT_ONCE)

        async def one() -> None:
            async with at_once:
                self._idle.append(await self._open())

        await asyncio.gather(*(one() for _ in range(pages)))

    async def closed(self, hands: int, seconds: float) -> list[Turn]:
        """``hands`` people tap as fast as they get answers, on one page after another."""
        self.turns = []
        self._running = True
        workers = [asyncio.ensure_future(self._tap_on()) for _ in range(hands)]
        await asyncio.sleep(seconds)
        ended = time.perf_counter()
        self._running = False
        await asyncio.gather(*workers)
        return [turn for turn in self.turns if turn.ended_at <= ended]

    async def open_loop(self, rate: float, seconds: float) -> list[Turn]:
        """Posts come up at ``rate`` a second at random moments, timed from when they were due."""
        self.turns = []
        under_way: set[asyncio.Task[None]] = set()
        due = time.perf_counter()
        until = due + seconds
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if self._idle:
                task = asyncio.ensure_future(self._turn(self._idle.popleft(), due))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            else:
                self.late += 1
            due += self.random.expovariate(rate)
        await asyncio.gather(*under_way)
        return self.turns

    async def close(self) -> None:
        for page in self._idle:
            if page.listening is not None:
                page.listening.cancel()
                with suppress(asyncio.CancelledError):
                    await page.listening
        if self._session is not None:
            await self._session.close()

    async def _tap_on(self) -> None:
        while self._running:
            await self._turn(self._idle.popleft(), time.perf_counter())

    async def _turn(self, page: Page, began: float) -> None:
        page.came.clear()
        try:
            async with self.session.post(
                f"{self.url}/say", json=self._said(page), headers=_headers(page)
            ) as response:
                self.refused += response.status != 200
                await response.read()
                taken = response.status == 200
            async with asyncio.timeout(_PATIENCE):
                if taken:
                    await page.came.wait()
                    self.turns.append(Turn(page.came_at, page.came_at - began))
        except TimeoutError:
            self.silent += 1
        self._idle.append(page)

    def _said(self, page: Page) -> dict[str, str]:
        said = {"id": str(uuid.uuid4())}
        if self.echo:
            return {**said, "text": "Chào con, bác học tới bài này rồi đó."}
        match page.learner.move(page.actions):
            case Tap(action):
                return {**said, "action": action, "source": page.source}
            case Typed(text):
                return {**said, "text": text}
            case _:
                raise ValueError("the web page has no polls")

    async def _open(self) -> Page:
        network = str(IPv4Address(next(_networks)))
        page = Page("", Learner(self.random), network)
        async with self.session.post(
            f"{self.url}/open", json={"id": str(uuid.uuid4())}, headers=_headers(page)
        ) as response:
            if response.status != 200:
                raise RuntimeError(f"/open answered {response.status}: {await response.text()}")
            await response.read()
            page.cookie = "; ".join(
                f"{name}={morsel.value}" for name, morsel in response.cookies.items()
            )
        page.listening = asyncio.ensure_future(self._listen(page))
        async with asyncio.timeout(_PATIENCE):
            await page.came.wait()
        return page

    async def _listen(self, page: Page) -> None:
        async with self.session.get(f"{self.url}/events", headers=_headers(page)) as response:
            event = ""
            async for raw in response.content:
                name, _, value = raw.rstrip(b"\r\n").partition(b": ")
                if name == b"event":
                    event = value.decode()
                elif name == b"data" and event in ("line", "redraw"):
                    _take(page, json.loads(value))


def _take(page: Page, line: dict[str, Any]) -> None:
    choices: list[dict[str, Any]] = line.get("choices", [])
    if line["side"] != "tutor" or not choices:
        return
    page.actions = tuple(choice["action"] for choice in choices)
    page.source = str(line["id"])
    page.came_at = time.perf_counter()
    page.came.set()


def _headers(page: Page) -> dict[str, str]:
    cookie = {"Cookie": page.cookie} if page.cookie else {}
    return {"X-Forwarded-For": page.network, **cookie}
