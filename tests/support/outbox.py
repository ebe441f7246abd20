"""A dispatcher between a real database and channels that fail as they are told, at a frozen time."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup

from channels.base import Capabilities, Free, Health, Leave, Receive, Sent
from channels.departure import departs
from conversation.actions import action
from conversation.replies import AskQuestion, Button, Reply, Say, dump_reply
from conversation.turn import Ready
from outbox.dispatcher import IN_HAND, Dispatcher
from outbox.journal import Journal
from outbox.retry import Backoff
from storage import addresses, deliveries
from storage.database import Database
from tests.support.talk import Clock


@dataclass
class Scripted:
    """A channel: what it got, in order, and what goes wrong with the next sends to an address.

    ``gates`` hold the sends to an address back until they are set. ``leave`` is what it says
    when asked whether it may write first, and ``questions`` is what it was asked. Requests to
    ``stuck`` addresses never leave.
    """

    name: str = "telegram"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(text_limit=4096, buttons=True)
    )
    got: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    faults: defaultdict[str, deque[BaseException | None]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    polls: bool = False
    stuck: set[str] = field(default_factory=set)
    leave: Leave = field(default_factory=Free)
    questions: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    _held: tuple[str, str] | None = None
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, sound: Callable[[], bool]) -> None:
        """Wait, send by send, until this holds."""
        async with asyncio.timeout(10):
            while not sound():
                self._moved.clear()
                await self._moved.wait()

    async def hold_at(self, address: str, text: str, begin: Callable[[], Awaitable[None]]) -> None:
        """Let it begin, and go on until this text is under way; it waits for the gate."""
        self._held = (address, text)
        self.gates[address] = asyncio.Event()
        await begin()
        await self.until(lambda: (address, text) in self.asked)

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        text = " + ".join(str(getattr(reply, "text", "")) for reply in replies)
        self.asked.append((address, text))
        self._moved.set()
        if self.capabilities.tells_departure and address not in self.stuck:
            departs()
        if address in self.gates and self._held in (None, (address, text)):
            await self.gates[address].wait()
        fault = self.faults[address].popleft() if self.faults[address] else None
        if fault is not None:
            raise fault
        self.got.append((address, text))
        self._moved.set()
        return Sent(f"line-{delivery}", f"poll-{delivery}" if self.polls else "")

    async def may_send(self, address: str, *, last_heard: datetime, now: datetime) -> Leave:
        self.questions.append((address, last_heard, now))
        return self.leave

    def link(self, payload: str = "") -> str:
        return ""

    def health(self) -> Health:
        return Health(well=True)

    def to(self, address: str) -> list[str]:
        return [text for where, text in self.got if where == address]


@dataclass
class Outbox:
    """One process's part of the outbox."""

    database: Database
    clock: Clock
    dispatcher: Dispatcher
    worker: str

    async def add_unasked(
        self,
        address: str,
        *texts: str,
        priority: int = deliveries.REMINDER,
        expires_at: datetime | None = None,
        channel: str = "telegram",
    ) -> None:
        """As a timer or a broadcast does: rows that wait for anybody."""
        now = self.clock()
        async with self.database.transaction() as connection:
            row, _ = await addresses.load(connection, channel, address, now)
            for text in texts:
                await deliveries.add(
                    connection,
                    row.id,
                    dump_reply(Say(Markup("{}").format(text))),
                    priority=priority,
                    due_at=now,
                    expires_at=expires_at,
                    now=now,
                )

    async def add(self, address: str, *texts: str, channel: str = "telegram") -> list[Ready]:
        """As a turn does: commit these replies, claimed where they may be; not woken yet."""
        replies = [Say(Markup("{}").format(text)) for text in texts]
        return await self.add_replies(address, replies, channel=channel)

    async def add_replies(
        self, address: str, replies: Iterable[Reply], *, channel: str = "telegram"
    ) -> list[Ready]:
        now, ready = self.clock(), []
        async with self.database.transaction() as connection:
            row, _ = await addresses.load(connection, channel, address, now)
            for reply in replies:
                number, claimed = await deliveries.add(
                    connection,
                    row.id,
                    dump_reply(reply),
                    priority=0,
                    due_at=now,
                    worker=self.worker,
                    now=now,
                )
                if claimed:
                    ready.append(Ready(number, row.id, channel, address, reply, now, now))
        return ready

    async def say(self, address: str, *texts: str, channel: str = "telegram") -> None:
        """As a whole turn does."""
        self.dispatcher.wake(await self.add(address, *texts, channel=channel))

    async def later(self, **time: float) -> None:
        """Let so much time pass, sweep, and wait until all is sent or put back."""
        self.clock.passes(timedelta(**time))
        await self.dispatcher.sweep()
        await self.dispatcher.drain()

    async def aside(self) -> list[tuple[str, str]]:
        """What was set aside, and why."""
        async with self.database.read() as connection:
            rows = await connection.fetch(
                "SELECT status, error FROM delivery WHERE settled_at IS NOT NULL ORDER BY id"
            )
        return [(status, error) for status, error in rows]

    async def rows(self) -> list[tuple[str, str, int, float]]:
        """What is in the table: address, status, tries, and seconds until it is due."""
        async with self.database.read() as connection:
            rows = await connection.fetch(
                "SELECT a.external_id, d.status, d.tries, d.due_at FROM delivery AS d "
                "JOIN address AS a ON a.id = d.address_id ORDER BY d.id"
            )
        now = self.clock().timestamp()
        return [(where, status, tries, due / 1000 - now) for where, status, tries, due in rows]


@asynccontextmanager
async def outbox(
    database: Database,
    *channels: Scripted,
    worker: str = "one",
    clock: Clock | None = None,
    senders: int = 4,
    in_hand: int = IN_HAND,
    journal: Journal | None = None,
) -> AsyncIterator[Outbox]:
    """A dispatcher that is started, with no sweeps but those the test asks for."""
    clock = clock or Clock()
    dispatcher = Dispatcher(
        database=database,
        channels={channel.name: channel for channel in channels},
        worker=worker,
        now=clock,
        backoff=Backoff(lambda: 1.0),
        senders=senders,
        in_hand=in_hand,
        journal=journal,
    )
    await dispatcher.start()
    try:
        yield Outbox(database, clock, dispatcher, worker)
    finally:
        await dispatcher.stop(grace=0)


def question() -> AskQuestion:
    return AskQuestion(
        Markup("Câu 1"),
        (Button("Có", action("a", "1")), Button("Không", action("a", "2"))),
        right=0,
    )
