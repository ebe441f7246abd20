"""A page that speaks to the real web server over loopback, and a tutor that only listens."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import aiohttp
from yarl import URL

from channels.web.channel import WebChannel
from channels.web.cookie import NAME
from channels.web.server import Server, build_app
from conversation.events import Inbound
from storage import addresses, learners
from storage.database import Database
from storage.errors import DatabaseBusy

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@dataclass
class Listening:
    """Stands where the tutor stands: keeps the events, and makes the address as a turn does.

    Who comes agrees at once to be remembered, unless ``agreed`` is off.
    """

    database: Database
    events: list[Inbound] = field(default_factory=list)
    fails: bool = False
    agreed: bool = True

    async def receive(self, inbound: Inbound) -> None:
        if self.fails:
            raise DatabaseBusy
        async with self.database.transaction() as connection:
            arrived = await addresses.arrive(
                connection,
                channel=inbound.channel,
                external_id=inbound.address,
                event_id=inbound.external_id,
                now=inbound.received_at,
            )
            if arrived is not None and self.agreed:
                learner = arrived[1].id
                await learners.give_consent(connection, learner, "test", inbound.received_at)
        if arrived is not None:
            self.events.append(inbound)


@dataclass
class Clock:
    """Seconds that pass when told to."""

    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class Site:
    """A channel on a real server at a free port."""

    def __init__(self, database: Database, *, heartbeat: float = 15.0, **options: Any) -> None:
        self.listening = Listening(database)
        self.clock = Clock()
        self.heartbeat = heartbeat
        self.channel = WebChannel(
            database=database,
            draw=lambda picture, content: f"PNG {picture} {content}".encode(),
            commands=[("hoc", "Học bài"), ("trogiup", "Cần người giúp")],
            heartbeat=heartbeat,
            now=lambda: NOW,
            monotonic=self.clock,
            **{"public_url": "http://localhost:8080", **options},
        )
        self.server = Server(build_app(self.channel.routes, _well), "127.0.0.1", 0)

    async def __aenter__(self) -> Self:
        await self.channel.start(self.listening.receive)
        await self.server.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.channel.stop()
        await self.server.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def events(self) -> list[Any]:
        return [inbound.event for inbound in self.listening.events]

    @asynccontextmanager
    async def page(self) -> AsyncIterator["Page"]:
        """A browser of its own, with no cookie yet."""
        jar = aiohttp.CookieJar(unsafe=True)  # also for an address that is a number
        async with aiohttp.ClientSession(self.url, cookie_jar=jar) as session:
            yield Page(session, self.url)


async def _well() -> tuple[bool, dict[str, Any]]:
    return True, {"web": "well"}


@dataclass
class Page:
    """What the page's script does, without the script."""

    session: aiohttp.ClientSession
    url: str

    async def post(self, path: str, body: Any, **options: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(path, json=body, **options) as answer:
            return answer.status, await answer.json()

    async def open(self, start: str = "") -> dict[str, Any]:
        status, body = await self.post("/open", {"id": str(uuid4()), "start": start})
        assert status == 200, body
        return body

    async def say(self, text: str, said: str = "") -> int:
        return (await self.post("/say", {"id": said or str(uuid4()), "text": text}))[0]

    async def tap(self, action: str, source: str = "") -> int:
        body = {"id": str(uuid4()), "action": action, "source": source}
        return (await self.post("/say", body))[0]

    @property
    def cookie(self) -> str:
        return next(morsel.value for morsel in self.session.cookie_jar if morsel.key == NAME)

    def bear(self, cookie: str) -> None:
        """Come with this cookie from now on."""
        self.session.cookie_jar.clear()
        self.session.cookie_jar.update_cookies({NAME: cookie}, URL(self.url))

    @asynccontextmanager
    async def events(
        self, after: int = 0, **headers: str
    ) -> AsyncIterator[AsyncIterator["StreamEvent"]]:
        """The open stream, past its greeting."""
        async with self.session.get(f"/events?after={after}", headers=headers) as answer:
            assert answer.status == 200
            stream = _read_events(answer.content)
            assert (await anext(stream)).name == "hello"
            yield stream
            await stream.aclose()


@dataclass(frozen=True)
class StreamEvent:
    name: str
    id: str
    data: dict[str, Any]


async def _read_events(content: aiohttp.StreamReader) -> Any:
    fields: dict[str, str] = {}
    async for raw in content:
        line = raw.decode().rstrip("\r\n")
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields.keys() & {"data"}:
            yield StreamEvent(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
            fields = {}
