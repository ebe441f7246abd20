"""Time that passes only when everybody waits: one person acts at a time, always in the same order."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeAlias

Life: TypeAlias = Callable[[], Coroutine[Any, Any, None]]


class Clockwork:
    """A clock that stands still while somebody acts.

    People are coroutines that wait with ``pause``. Whoever wakes first acts until they wait again
    or are done, so whatever is random is drawn in the same order every time. ``meanwhile`` is
    called with the next moment before anybody wakes at it: what rings on the way rings first.
    """

    def __init__(self, begins: datetime) -> None:
        self.moment = begins
        self.meanwhile: Callable[[datetime], Awaitable[None]] | None = None
        self._numbers = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._idle = asyncio.Event()
        self._failed: BaseException | None = None

    def __call__(self) -> datetime:
        return self.moment

    def at(self, moment: datetime, life: Life) -> None:
        """Let somebody begin at that moment; in the past is now."""
        woken = self._sleep_until(moment)

        async def lives() -> None:
            await woken
            await life()

        asyncio.create_task(lives()).add_done_callback(self._done)

    async def pause(self, time: timedelta) -> None:
        woken = self._sleep_until(self.moment + time)
        self._idle.set()
        await woken

    async def run(self, until: datetime) -> None:
        """Until then, or until nobody waits. Raises whatever somebody's life raised."""
        while self._sleepers and self._sleepers[0][0] <= until:
            moment, _, woken = heappop(self._sleepers)
            await self._pass(moment)
            self._idle.clear()
            woken.set_result(None)
            await self._idle.wait()
            if self._failed is not None:
                raise self._failed
        await self._pass(until)

    def stop(self) -> None:
        """Nobody who still waits goes on."""
        for _, _, woken in self._sleepers:
            woken.cancel()
        self._sleepers.clear()

    async def _pass(self, moment: datetime) -> None:
        if self.meanwhile is not None:
            await self.meanwhile(moment)
        self.moment = max(self.moment, moment)

    def _sleep_until(self, moment: datetime) -> "asyncio.Future[None]":
        woken = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (max(moment, self.moment), next(self._numbers), woken))
        return woken

    def _done(self, life: "asyncio.Task[None]") -> None:
        if not life.cancelled() and life.exception() is not None:
            self._failed = self._failed or life.exception()
        self._idle.set()
