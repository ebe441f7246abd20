"""Whose turn it is, on a clock that only the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from channels.base import Limits, Rate
from outbox.pace import Pace
from outbox.turns import Turns
from storage.deliveries import ANSWER, BROADCAST, REMINDER


@dataclass
class Alarm:
    when: float
    ring: Callable[[], None]
    off: bool = False

    def cancel(self) -> None:
        self.off = True


@dataclass
class ByHand:
    now: float = 1000.0
    alarms: list[Alarm] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], None], /) -> Alarm:
        self.alarms.append(Alarm(when, callback))
        return self.alarms[-1]


class Room:
    """Who begins, in order. ``quick`` ones are done at once, the others when a test says so."""

    def __init__(self, limits: Limits, senders: int = 100, *, quick: bool = True) -> None:
        self.quick = quick
        self.clock = ByHand()
        self.turns = Turns(Pace(limits), senders, self.clock)
        self.begun: list[str] = []
        self.refused: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, *addresses: str, priority: int = ANSWER) -> None:
        for address in addresses:
            self.tasks[address] = asyncio.create_task(self._take(address, priority))
            await self.settle()

    async def pass_to(self, seconds: float) -> None:
        """Let time pass, alarm by alarm."""
        await self.settle()
        end = 1000.0 + seconds
        while due := [alarm for alarm in self.clock.alarms if not alarm.off and alarm.when <= end]:
            alarm = min(due, key=lambda alarm: alarm.when)
            self.clock.alarms.remove(alarm)
            self.clock.now = max(self.clock.now, alarm.when)
            alarm.ring()
            await self.settle()
        self.clock.now = end

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def _take(self, address: str, priority: int) -> None:
        began = await self.turns.take(address, priority)
        (self.begun if began else self.refused).append(address)
        if began and self.quick:
            self.turns.done(address, 1)


ONE_A_SECOND = Limits(overall=Rate(1))


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room(ONE_A_SECOND)
    yield room
    room.turns.close()
    await asyncio.gather(*room.tasks.values(), return_exceptions=True)


async def test_the_most_urgent_goes_next_then_who_asked_first(room: Room) -> None:
    await room.ask("first", "second", priority=REMINDER)
    await room.ask("to all", priority=BROADCAST)
    await room.ask("asked", "asked later", priority=ANSWER)
    at_once = list(room.begun)
    await room.pass_to(10)

    assert at_once == ["first"]
    assert room.begun == ["first", "asked", "asked later", "second", "to all"]


async def test_an_answer_among_many_reminders_waits_for_one_place(room: Room) -> None:
    await room.ask(*map(str, range(200)), priority=REMINDER)
    await room.pass_to(5)
    await room.ask("asked", priority=ANSWER)
    await room.pass_to(6)

    assert room.begun[-1] == "asked"


async def test_who_waits_goes_sooner_when_something_urgent_comes_for_it(room: Room) -> None:
    await room.ask("1", "2", "3", "4", priority=REMINDER)
    room.turns.hurry("4", ANSWER)
    room.turns.hurry("3", BROADCAST)  # less urgent is no news
    room.turns.hurry("who does not wait", ANSWER)
    await room.pass_to(10)

    assert room.begun == ["1", "4", "2", "3"]


async def test_no_more_are_under_way_than_there_are_senders() -> None:
    room = Room(Limits(), senders=2, quick=False)
    await room.ask("1", "2", "3", "4")
    before = list(room.begun)
    room.turns.done("1", 1)
    await room.settle()

    assert (before, room.begun) == (["1", "2"], ["1", "2", "3"])
    room.turns.close()
    await asyncio.gather(*room.tasks.values())
    assert room.refused == ["4"]


async def test_one_address_that_must_rest_holds_up_no_other() -> None:
    room = Room(Limits(address=lambda _: Rate(0.1)))
    await room.ask("busy")
    await room.ask("busy", priority=ANSWER)
    await room.ask("another", priority=BROADCAST)
    room.turns.hurry("busy", ANSWER)
    early = list(room.begun)
    await room.pass_to(9)
    assert (early, room.begun) == (["busy", "another"],) * 2
    await room.pass_to(10)

    assert room.begun == ["busy", "another", "busy"]


async def test_a_turn_that_nothing_came_of_costs_nobody_a_place() -> None:
    room = Room(ONE_A_SECOND, quick=False)
    await room.ask("1", "2")
    room.turns.done("1", 0)
    await room.settle()

    assert room.begun == ["1", "2"]


@pytest.mark.parametrize("granted", [False, True])
async def test_who_gives_up_leaves_its_place_to_the_next(room: Room, granted: bool) -> None:
    await room.ask("1", "2", "3")
    if granted:
        # In the same breath: granted, and cancelled before it could begin.
        (alarm,) = (alarm for alarm in room.clock.alarms if not alarm.off)
        room.clock.now = alarm.when
        alarm.ring()
    room.tasks["2"].cancel()
    await room.pass_to(1.1)

    assert room.begun == ["1", "3"]


async def test_after_the_end_nothing_begins(room: Room) -> None:
    await room.ask("1", "2")
    room.turns.close()
    await room.ask("3")

    assert (room.begun, room.refused) == (["1"], ["2", "3"])
    assert [alarm for alarm in room.clock.alarms if not alarm.off] == []


async def test_a_refusal_makes_all_wait_longer(room: Room) -> None:
    await room.ask("1")
    room.turns.slow_down()
    room.turns.look_about(2)
    await room.ask("2", "3")
    await room.pass_to(2.0)
    early = list(room.begun)
    await room.pass_to(4.0)

    assert (early, room.begun) == (["1", "2"], ["1", "2", "3"])
