"""A year and more of reminders in some seconds: ``python -m tests.simulated_year``.

Everything is real but the clock and the platform: the tutor, the database, two processes that ring
and send. The clock stands still and jumps to whatever happens next. The machine is down for two
hours and for two days, its clock is put back and forward, a process dies with reminders in hand.
``Year.faults`` says what went wrong, by rules that know nothing of how reminders are planned.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from time import perf_counter
from zoneinfo import ZoneInfo

from channels.base import Capabilities, Health, Receive, Sent
from conversation.actions import Action, action
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    Inbound,
    Started,
    TextReceived,
)
from conversation.handler import Rules
from conversation.replies import Reply
from conversation.turn import Tutor
from lessons.catalogue import Catalogue
from lessons.loading import load
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from outbox.timers import Timers
from storage import addresses
from storage.database import Database
from storage.deliveries import REMINDER
from storage.times import from_ms
from tests.conftest import ROOT
from tests.support.databases import fresh_database
from tests.support.talk import ROUTER, WORDS, Clock
from tests.support.year import (
    DAY,
    DAYS,
    FIRST,
    HOUR,
    INCIDENTS,
    PEOPLE,
    VN,
    Incident,
    Person,
    Said,
    Year,
    person_of,
    report,
)


@dataclass
class _Platform:
    """A channel that notes what went out, and to whom."""

    year: Year
    clock: Clock
    unasked: set[int]
    names: dict[str, str]
    name: str = "plain"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(text_limit=2000, buttons=False)
    )

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        if delivery in self.unasked:
            name = self.names[address]
            said = Said(name, self.clock(), self.year.chats[name] == address)
            self.year.said.append(said)
        return Sent(f"line-{delivery}")

    def link(self, payload: str = "") -> str:
        return f"https://hoc.example.vn/{payload}"

    def health(self) -> Health:
        return Health(well=True)


class _World:
    """Two processes, the people, and the hours between which nothing happens."""

    def __init__(self, database: Database, catalogue: Catalogue, people: Sequence[Person]) -> None:
        self.database = database
        self.catalogue = catalogue
        self.clock = Clock(FIRST)
        self.year = Year(people)
        self.unasked: set[int] = set()
        self.names = {
            f"{person.name} {chat}": person.name
            for person in people
            for chat in range(person.chats)
        }
        self.platform = _Platform(self.year, self.clock, self.unasked, self.names)
        self._ids = count(1)
        self._starts = count(1)
        # What people do, by the machine's clock: an order of its own among equal moments.
        self._plans: list[tuple[datetime, int, Person, str | Action]] = []
        self._order = count()
        self._answered = Counter[str]()
        self.processes: list[tuple[Timers, Dispatcher, Tutor]] = []

    async def start(self) -> None:
        self.processes = [self._process(f"{which}-{next(self._starts)}") for which in "ab"]
        for _, dispatcher, _ in self.processes:
            await dispatcher.start()

    async def stop(self) -> None:
        for _, dispatcher, _ in self.processes:
            await dispatcher.stop(grace=0)

    def _process(self, worker: str) -> tuple[Timers, Dispatcher, Tutor]:
        dispatcher = Dispatcher(
            database=self.database,
            channels={"plain": self.platform},
            worker=worker,
            now=self.clock,
            backoff=Backoff(lambda: 0.0),
            senders=4,
        )
        tutor = Tutor(
            database=self.database,
            router=ROUTER,
            catalogue=self.catalogue,
            words=WORDS,
            rules=Rules(links={"plain": lambda _payload: "https://hoc.example.vn/"}),
            seed=lambda: 1,
            worker=worker,
            wake=dispatcher.wake,
        )

        async def rings(inbound: Inbound) -> None:
            self.year.rung += 1
            await tutor.receive(inbound)

        return Timers(self.database, rings, self.clock), dispatcher, tutor

    def plan(self, moment: datetime, person: Person, what: str | Action) -> None:
        heappush(self._plans, (moment, next(self._order), person, what))

    @property
    def next_plan(self) -> datetime:
        return self._plans[0][0] if self._plans else datetime.max.replace(tzinfo=UTC)

    async def act(self) -> None:
        _, _, person, what = heappop(self._plans)
        await self.does(person, TextReceived(what) if isinstance(what, str) else Chosen(what))

    async def does(self, person: Person, event: Event) -> None:
        """One turn of a person's, in the chat they use that week."""
        chat = self.clock().isocalendar().week % person.chats
        if isinstance(event, TextReceived):
            is_stop = event.text.startswith(("dừng", "dung", "thôi"))
            if is_stop or event.text.startswith("nhắc"):
                self.year.stops[person.name].append((self.clock(), is_stop))
        self.year.chats[person.name] = f"{person.name} {chat}"
        _, dispatcher, tutor = self.processes[0]
        self.year.turns += 1
        await tutor.receive(
            Inbound(
                channel="plain",
                address=f"{person.name} {chat}",
                external_id=f"line-{next(self._ids)}",
                received_at=self.clock(),
                event=event,
            )
        )
        await dispatcher.drain()

    async def next_ring(self) -> datetime | None:
        async with self.database.read() as connection:
            due: int | None = await connection.fetchval(
                "SELECT MIN(due_at) FROM timer WHERE parked = 0"
            )
        return from_ms(due)

    async def ring(self) -> None:
        """One process looks, or the other, or both at once."""
        self.year.moments += 1
        looking = (self.processes, self.processes[:1], self.processes[1:])[self.year.moments % 3]
        await asyncio.gather(*(timers.ring() for timers, _, _ in looking))
        async with self.database.read() as connection:
            waiting = await connection.fetch(
                "SELECT id FROM delivery WHERE priority = $1 AND status = 'waiting'", REMINDER
            )
        self.unasked.update(row[0] for row in waiting)

    async def send(self) -> None:
        """One of them sends; the other one's turn comes with the next."""
        before = len(self.year.said)
        _, dispatcher, _ = self.processes[self.year.moments % 2]
        await dispatcher.sweep()
        await dispatcher.drain()
        for one in self.year.said[before:]:
            person = person_of(self.year.people, one.name)
            number = self._answered[person.name]
            self._answered[person.name] += 1
            if person.answers(number):
                self.plan(self.clock() + timedelta(minutes=3), person, action("next"))


async def live(
    database: Database,
    catalogue: Catalogue,
    *,
    days: int = DAYS,
    people: Sequence[Person] = PEOPLE,
    incidents: Sequence[Incident] = INCIDENTS,
) -> Year:
    """So many days of these people's lives."""
    began = perf_counter()
    world = _World(database, catalogue, people)
    await world.start()
    for person in people:
        await _arrive(world, person, days)
    end = FIRST + days * DAY
    ahead = sorted(incidents, key=lambda one: one.moment(FIRST))
    while world.clock() < end:
        due = await world.next_ring()
        ring_at = max(due, world.clock()) if due is not None else end
        incident = ahead[0].moment(FIRST) if ahead else end
        nearest = min(ring_at, max(world.next_plan, world.clock()), incident, end)
        world.clock.moment = max(world.clock(), nearest)
        if nearest == end:
            break
        if ahead and nearest == incident:
            await _happens(world, ahead.pop(0))
        elif nearest == ring_at:
            await world.ring()
            await world.send()
        else:
            await world.act()
    await world.stop()
    world.year.last = world.clock()
    world.year.seconds = perf_counter() - began
    return world.year


async def _arrive(world: _World, person: Person, days: int) -> None:
    """Agree, choose an hour, and plan what this person does of their own accord."""
    for event in (Started(), Chosen(action("agree")), Chosen(action("term", "bac"))):
        await world.does(person, event)
    if person.chats > 1:
        await _second_chat(world, person)
    if person.zone != VN:
        await world.does(person, CommandReceived("muigio", person.zone))
    await world.does(person, TextReceived(f"nhắc {person.hour}"))
    zone = ZoneInfo(person.zone)
    first = FIRST.astimezone(zone).date()
    for day, hour, line in person.says:
        if day < days:
            world.plan(
                datetime.combine(first + day * DAY, hour, zone).astimezone(UTC), person, line
            )
    if person.studies is not None:
        for day in range(days):
            on = first + day * DAY
            at = datetime.combine(on, person.studies, zone).astimezone(UTC)
            if at > FIRST and on.weekday() in person.studies_on:
                world.plan(at, person, action("next"))


async def _second_chat(world: _World, person: Person) -> None:
    """The same learner in another chat, to be used in other weeks."""
    async with world.database.transaction() as connection:
        used = 1 - world.clock().isocalendar().week % 2
        fresh, _ = await addresses.load(connection, "plain", f"{person.name} {used}", FIRST - DAY)
        known = await addresses.find(connection, "plain", f"{person.name} {1 - used}")
        assert known is not None
        await addresses.join(connection, fresh.id, known.learner_id)


async def _happens(world: _World, incident: Incident) -> None:
    if incident.clock:
        world.clock.moment += incident.clock
        # People live by the sun and not by this machine's clock.
        world._plans = [
            (at + incident.clock, order, person, what) for at, order, person, what in world._plans
        ]
        return
    if incident.kills:
        world.clock.moment += timedelta(seconds=2)
        await world.ring()
    since = world.clock()
    await world.stop()
    world.clock.moment += incident.down
    world.year.down.append((since if not incident.kills else since - HOUR, world.clock()))
    while world.next_plan < world.clock():
        # Nobody answered them, so they come back when the tutor does.
        _, _, person, what = heappop(world._plans)
        world.plan(world.clock() + timedelta(minutes=5), person, what)
    await world.start()
    await world.send()


async def _main(days: int) -> int:
    async with fresh_database() as database:
        year = await live(database, load(ROOT), days=days)
    sys.stdout.write(report(year) + "\n")
    return 1 if year.faults() else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=DAYS)
    sys.exit(asyncio.run(_main(parser.parse_args().days)))
