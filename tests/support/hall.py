"""A village hall: a class and a fair with their screens on a real server, and people with telephones
who answer through real turns.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from types import TracebackType
from typing import Any, Self

import aiohttp

from channels.web.server import Server, build_app
from conversation.actions import action
from conversation.events import Chosen, Event, Inbound, Started
from lessons.catalogue import Catalogue
from live import hosting
from outbox.timers import Timers
from places.model import Place
from screens.board import Board
from screens.site import Site
from storage import addresses, cohorts, fairs, role_grants, screens
from storage.database import Database
from storage.screens import Screen
from tests.support.talk import COMMUNE, PLACES, WORDS, Clock, Talk

CODE, FAIR_CODE = "K7M2XD", "B5H9TK"
LESSON = "gia-cong-an"


@dataclass
class Ticking:
    """Seconds that pass when told to."""

    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Hall:
    """``bars_from`` is as in the settings."""

    database: Database
    catalogue: Catalogue
    bars_from: int = 5
    clock: Clock = field(default_factory=Clock)
    ticking: Ticking = field(default_factory=Ticking)

    async def __aenter__(self) -> Self:
        await self._furnish()
        self.site = Site(
            database=self.database,
            board=Board(self.catalogue, WORDS, PLACES, self.bars_from),
            link=lambda payload: f"https://hoc.example.vn/s/{payload}",
            public_url="http://127.0.0.1",
            behind_proxy=False,
            host_hours=6,
            now=self.clock,
            monotonic=self.ticking,
        )
        self.server = Server(build_app(self.site.routes, _well), "127.0.0.1", 0)
        await self.server.start()
        talk = Talk(self.database, self.catalogue, clock=self.clock)
        self._tutor, self._dispatcher = talk.build()
        await self._dispatcher.start()
        self._ids = count(1)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.site.stop()
        await self.server.stop()
        await self._dispatcher.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def _furnish(self) -> None:
        now = self.clock()
        async with self.database.transaction() as connection:
            _, host = await addresses.load(connection, "plain", "host", now)
            self.host = host.id
            await role_grants.give(
                connection, host.id, "ambassador", Place(COMMUNE), granted_by=None, now=now
            )
            self.cohort = await cohorts.add(
                connection, "Lớp nhà văn hóa ấp 3", host.id, Place(COMMUNE), now
            )
            await cohorts.set_code(connection, self.cohort, CODE, now, now + timedelta(days=30))
            fair = await fairs.add(
                connection,
                FAIR_CODE,
                "Ngày hội học tập số xã Tân Phú Đông",
                host.id,
                Place(COMMUNE),
                day=now.date(),
                lesson=LESSON,
                opens_at=now - timedelta(hours=12),
                ends_at=now + timedelta(hours=5),
                now=now,
            )
            assert fair is not None
            self.fair = fair

    async def open_class(self) -> Screen:
        async with self.database.transaction() as connection:
            return await screens.for_class(connection, self.cohort, LESSON, self.clock())

    async def open_fair(self) -> Screen:
        async with self.database.transaction() as connection:
            return await screens.for_fair(connection, self.fair, LESSON, self.clock())

    async def key(self, screen: Screen, key: str = "BDH34KMT") -> str:
        """A key that opens that screen."""
        async with self.database.transaction() as connection:
            await hosting.give_key(connection, screen, self.host, key, self.clock())
        return key

    async def phone(self, name: str, event: Event) -> None:
        """One event from somebody's telephone, taken by the real tutor."""
        self.clock.passes(timedelta(milliseconds=50))
        await self._tutor.receive(
            Inbound(
                channel="plain",
                address=name,
                external_id=f"{name}-{next(self._ids)}",
                received_at=self.clock(),
                event=event,
            )
        )

    async def sit_down(self, names: Sequence[str], payload: str) -> None:
        """Everybody scans the code, agrees, and says how to be addressed."""
        for name in names:
            await self.phone(name, Started(payload))
            await self.phone(name, Chosen(action("agree", payload)))
            await self.phone(name, Chosen(action("term", "co", payload)))

    async def ring(self) -> int:
        """Timers that are due, as the clock of the tutor rings them; how many."""
        return await Timers(self.database, self._tutor.receive, self.clock).ring()

    async def answer(self, name: str, question: int, given: str) -> None:
        await self.phone(name, Chosen(action("live", question, given)))

    @asynccontextmanager
    async def browser(self) -> AsyncIterator["Browser"]:
        """One with no cookie yet."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.url, cookie_jar=jar) as session:
            yield Browser(session)


async def _well() -> tuple[bool, dict[str, Any]]:
    return True, {}


@dataclass
class Browser:
    """What the page's script does, without the script."""

    session: aiohttp.ClientSession
    base: str = f"/lop/{CODE}"

    async def get(self, path: str = "") -> tuple[int, Any]:
        async with self.session.get(self.base + path) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await (answer.json() if is_json else answer.text())

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        async with self.session.post(self.base + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def lead(self, key: str) -> int:
        return (await self.post("/host", {"key": key}))[0]

    async def press(self, **what: Any) -> Any:
        """One press, as who knows what is so now."""
        # With a version that never was nothing is moved, and the answer says what is so.
        _, told = await self.post("/press", {"version": -1})
        version = told["now"]["version"]
        status, answer = await self.post("/press", {"version": version, **what})
        assert status == 200, answer
        return answer

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """The open stream: what it tells, past its greeting."""
        async with self.session.get(f"{self.base}/live") as answer:
            assert answer.status == 200
            stream = _told(answer.content)
            yield stream
            await stream.aclose()


async def _told(content: aiohttp.StreamReader) -> Any:
    name = ""
    async for raw in content:
        line = raw.decode().rstrip("\r\n")
        field_, _, value = line.partition(": ")
        if field_ == "event":
            name = value
        elif field_ == "data" and name == "now":
            yield json.loads(value)
