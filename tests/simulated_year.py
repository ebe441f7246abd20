"""A year and more of reminders in some seconds: ``python -m tests.simulated_year``.

Everything is real but the clock and the platform: the tutor, the database, two processes that ring
and send. The clock stands still and jumps to whatever happens next. The machine is down for two
hours and for two days, its clock is put back and forward, a process dies with reminders in hand.
``Year.faults`` says what went wrong, by rules that know nothing of how reminders are planned.
"""

import argparse
import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
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
from handlers.registry import build_router
from lessons.catalogue import Catalogue, load
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from outbox.timers import Timers
from storage import addresses
from storage.database import Database
from storage.deliveries import REMINDER
from storage.times import from_ms
from tests.conftest import ROOT
from tests.support.databases import fresh_database
from tests.support.talk import WORDS, Clock

VN = "Asia/Ho_Chi_Minh"
FIRST = datetime(2027, 1, 20, 2, tzinfo=UTC)
# Two lunar new years, a leap day, and four changes to or from summer time.
DAYS = 415
# https://www.informatik.uni-leipzig.de/~duc/amlich/, the calendar that Viet Nam goes by.
TET = {date(2027, 2, 6) + timedelta(n) for n in range(3)} | {
    date(2028, 1, 26) + timedelta(n) for n in range(3)
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPENS, CLOSES = time(7), time(21)


@dataclass(frozen=True, slots=True)
class Person:
    """``answers`` says whether the reminder of that number, from 0, is answered; ``studies`` is the
    local hour at which they learn by themselves on ``studies_on``, Monday 0. ``says`` are lines typed on a day, at a local hour.
    """

    name: str
    hour: str
    zone: str = VN
    answers: Callable[[int], bool] = lambda _: False
    studies: time | None = None
    studies_on: tuple[int, ...] = ()
    says: tuple[tuple[int, time, str], ...] = ()
    chats: int = 1


PEOPLE = (
    Person("chăm", "19:30 mỗi ngày", answers=lambda _: True),
    Person("tự học", "19:30 thứ 2 4 6", studies=time(18), studies_on=(0, 2, 4)),
    Person("ba buổi", "3 buổi một tuần 19:30", answers=lambda n: n % 2 == 0),
    Person("quên", "7h sáng mỗi ngày", says=((120, time(10), "chào con"),)),
    Person(
        "dừng", "19:30 mỗi ngày",
        answers=lambda _: True,
        says=((40, time(19, 30, 5), "dừng"), (100, time(9), "nhắc 19:30 mỗi ngày"),
              (130, time(9), "dung nhan nua"), (300, time(8), "nhắc 11 giờ rưỡi"),
              (320, time(20), "thôi đừng nhắn nữa")),
    ),
    Person(
        "nghỉ", "19h30 mỗi ngày",
        answers=lambda _: True,
        says=((30, time(9), "tạm nghỉ"), (60, time(9), "nhà có việc"), (110, time(9), "dừng hẳn")),
    ),
    Person("Berlin", "7h sáng thứ 2 thứ 7 chủ nhật", zone="Europe/Berlin", answers=lambda _: True),
    Person("New York", "20h30 chủ nhật thứ 2", zone="America/New_York", answers=lambda n: n % 3 == 0),
    Person("hai máy", "19:30 chủ nhật", answers=lambda _: True, chats=2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incident:
    """At this time of Viet Nam, on that day of the year, something happens to the machine.

    ``down`` is for how long it is off. ``clock`` is by how much its clock is put forward. ``kills``
    says that the processes die after the next ring, before anything is sent.
    """

    day: int
    hour: time
    down: timedelta = timedelta()
    clock: timedelta = timedelta()
    kills: bool = False

    def moment(self, first: datetime) -> datetime:
        local = first.astimezone(ZoneInfo(VN)).date() + timedelta(self.day)
        return datetime.combine(local, self.hour, ZoneInfo(VN)).astimezone(UTC)


INCIDENTS = (
    Incident(7, time(19), down=1 * HOUR),  # up again the same evening: late, but today
    Incident(16, time(18), down=2 * HOUR),  # on the eve of Tết, through half past seven
    Incident(50, time(19), down=3 * HOUR),  # until ten at night: not today any more
    Incident(61, time(12), down=2 * DAY),
    Incident(75, time(19, 45), clock=-HOUR),  # half past seven comes twice
    Incident(76, time(18, 45), clock=HOUR),  # and is left out
    Incident(140, time(19, 29, 59), down=2 * HOUR, kills=True),
    Incident(386, time(23), down=2 * DAY),  # over the next lunar new year
)


@dataclass(frozen=True, slots=True)
class Said:
    """An unasked line that went out: to whom, when by the machine's clock, and whether to the chat
    where they were heard of last.
    """

    name: str
    moment: datetime
    is_last_used: bool


@dataclass
class Year:
    """What came of it."""

    people: Sequence[Person]
    said: list[Said] = field(default_factory=list)
    stops: dict[str, list[tuple[datetime, bool]]] = field(default_factory=lambda: defaultdict(list))
    chats: dict[str, str] = field(default_factory=dict)
    rung: int = 0
    moments: int = 0
    turns: int = 0
    seconds: float = 0.0
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    last: datetime = FIRST

    def to(self, name: str) -> list[Said]:
        return [one for one in self.said if one.name == name]

    def local(self, one: Said) -> datetime:
        return one.moment.astimezone(ZoneInfo(_person(self.people, one.name).zone))

    def faults(self) -> list[str]:
        """Every line that should not have come, and every day that should have had one."""
        return [
            *(f"by night: {self._told(one)}" for one in self.said if self._is_quiet(one)),
            *(f"after stop: {self._told(one)}" for one in self.said if self._was_stopped(one)),
            *self._too_many(),
            *self._missing("chăm", time(19, 30), range(7)),
            *self._missing("Berlin", time(7), (0, 5, 6)),
            *self._missing("New York", time(20, 30), (0, 6)),
            *(f"wrong chat: {self._told(one)}" for one in self.said if not one.is_last_used),
        ]

    def _told(self, one: Said) -> str:
        return f"{one.name} {self.local(one):%Y-%m-%d %H:%M}"

    def _is_quiet(self, one: Said) -> bool:
        local = self.local(one)
        return not OPENS <= local.time() < CLOSES or local.date() in TET

    def _was_stopped(self, one: Said) -> bool:
        """Whether the last wish before it was to be left alone."""
        wishes = [wish for at, wish in self.stops[one.name] if at <= one.moment]
        return bool(wishes) and wishes[-1]

    def _too_many(self) -> Iterable[str]:
        """Two reminders on one day of the learner's calendar, for whatever reason."""
        a_day = Counter((one.name, self.local(one).date()) for one in self.said)
        return [f"{many} on one day: {who} {day}" for (who, day), many in a_day.items() if many > 1]

    def _missing(self, name: str, hour: time, weekdays: Container[int]) -> Iterable[str]:
        """Days of the week, Monday 0, without a reminder, for who answers each and never learns before it."""
        zone = ZoneInfo(_person(self.people, name).zone)
        came = {self.local(one).date() for one in self.to(name)}
        day = FIRST.astimezone(zone).date() + DAY
        end = self.last.astimezone(zone).date() - DAY
        while day <= end:
            wanted = day.weekday() in weekdays and day not in TET
            if wanted and day not in came and not self._was_down(day, hour, zone):
                yield f"missing: {name} {day}"
            day += DAY

    def _was_down(self, day: date, hour: time, zone: ZoneInfo) -> bool:
        """Whether nothing ran from the learner's hour until the quiet hours of that day."""
        due = datetime.combine(day, hour, zone)
        closes = datetime.combine(day, CLOSES, zone)
        return any(since <= due and closes <= until for since, until in self.down)


def _person(people: Sequence[Person], name: str) -> Person:
    return next(one for one in people if one.name == name)


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
            router=build_router(),
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
            person = _person(self.year.people, one.name)
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


def report(year: Year) -> str:
    """A page that a person can read."""
    days = (year.last - FIRST) / DAY
    lines = [
        f"{days:.0f} days from {FIRST:%d/%m/%Y}, {len(year.people)} learners, two processes,",
        f"{len(year.down)} standstills, a clock put back and forward, two lunar new years, 29/2/2028.",
        "",
        f"{'learner':<10} {'wish':<24} {'zone':<18} reminders",
    ]
    for person in year.people:
        came = len(year.to(person.name))
        lines.append(f"{person.name:<10} {person.hour:<24} {person.zone:<18} {came:>9}")
    lines += [
        "",
        f"{len(year.said)} unasked lines; {year.rung} timers rang in {year.moments} moments;",
        f"{year.turns} turns of learners; {year.seconds:.1f} s",
    ]
    faults = year.faults()
    lines += faults[:20] or [
        "No double, none lost, none by night or at Tết, none after «dừng», one a day at most."
    ]
    return "\n".join(lines)


async def _main(days: int) -> int:
    async with fresh_database(is_brief=True) as database:
        year = await live(database, load(ROOT), days=days)
    sys.stdout.write(report(year) + "\n")
    return 1 if year.faults() else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=DAYS)
    sys.exit(asyncio.run(_main(parser.parse_args().days)))
