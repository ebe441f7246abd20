"""Whose request is next on a channel: the most urgent, then who asked first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from outbox.pace import Pace


class Alarm(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """What an event loop has."""

    def time(self) -> float: ...

    def call_at(self, when: float, callback: Callable[[], None], /) -> Alarm: ...


@dataclass(slots=True)
class _Waiter:
    """``ready`` when only the channel holds it up, and its address no more."""

    address: str
    priority: int
    place: int
    granted: "asyncio.Future[bool]"
    ready: bool = False


class Turns:
    """Lets one request after another begin, at the channel's pace.

    ``senders`` is how many may be under way at once. ``clock`` is the running event loop's,
    except in tests.
    """

    def __init__(self, pace: Pace, senders: int, clock: Clock | None = None) -> None:
        self._pace = pace
        self._free = senders
        self._clock: Clock = clock or asyncio.get_running_loop()
        self._order = count()
        self._waiters: dict[str, _Waiter] = {}
        self._ready: list[tuple[int, int, _Waiter]] = []  # by priority, then order of asking
        self._resting: list[tuple[float, int, _Waiter]] = []  # by when their address may again
        self._alarm: Alarm | None = None
        self._closed = False

    async def take(self, address: str, priority: int) -> bool:
        """Wait until a request to this address may begin; ``done`` follows when it is over.

        One at a time for an address. False once closed: nothing may begin any more, and no
        ``done`` follows.
        """
        now = self._clock.time()
        opens = self._pace.opens_to(address)
        if self._closed:
            return False
        if self._free and not self._ready and max(opens, self._pace.opens(now)) <= now:
            self._begin(address, now)
            return True
        granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(address, priority, next(self._order), granted)
        self._waiters[address] = waiter
        heappush(self._resting, (opens, waiter.place, waiter))
        self._go_on()
        try:
            return await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled() and granted.result():
                self.done(address, 0)
            raise
        finally:
            del self._waiters[address]

    def hurry(self, address: str, priority: int) -> None:
        """Something more urgent waits there now."""
        waiter = self._waiters.get(address)
        if waiter is not None and priority < waiter.priority:
            waiter.priority = priority
            if waiter.ready:
                heappush(self._ready, (priority, waiter.place, waiter))

    def done(self, address: str, requests: int) -> None:
        """It is over, and took so many requests: one, several, or none after all."""
        self._free += 1
        self._pace.end(address, self._clock.time(), requests)
        if self._waiters:
            self._go_on()

    def rest(self) -> None:
        """Begin nothing for a second: the platform may have had its fill of another process."""
        self._pace.rest(self._clock.time())

    def slow_down(self) -> None:
        """The platform found us too fast."""
        self._pace.slow_down(self._clock.time())

    def look_about(self, processes: int) -> None:
        """Once in a while: so many processes share the pace, and old addresses are forgotten."""
        self._pace.share(processes)
        self._pace.forget(self._clock.time())

    def close(self) -> None:
        """Nothing begins any more."""
        self._closed = True
        if self._alarm is not None:
            self._alarm.cancel()
        for waiter in self._waiters.values():
            if not waiter.granted.done():
                waiter.granted.set_result(False)

    def _begin(self, address: str, now: float) -> None:
        self._free -= 1
        self._pace.begin(address, now)

    def _go_on(self) -> None:
        """Let begin whoever may by now, and come back when the next one may."""
        self._alarm, alarm = None, self._alarm
        if alarm is not None:
            alarm.cancel()
        if self._closed:
            return
        now = self._clock.time()
        while self._resting and self._resting[0][0] <= now:
            _, _, waiter = heappop(self._resting)
            waiter.ready = True
            heappush(self._ready, (waiter.priority, waiter.place, waiter))
        while self._ready and self._free:
            priority, _, waiter = self._ready[0]
            if waiter.granted.done() or priority != waiter.priority:  # gone, or hurried on
                heappop(self._ready)
            elif self._pace.opens(now) <= now:
                heappop(self._ready)
                self._begin(waiter.address, now)
                waiter.granted.set_result(True)
            else:
                break
        times = [self._resting[0][0]] if self._resting else []
        if self._ready and self._free:
            times.append(self._pace.opens(now))
        if times:
            self._alarm = self._clock.call_at(min(times), self._go_on)
