"""The open pages of this process, and how a new line wakes them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Pages of one address that are fed at once; one more closes the one open longest.
MOST_PER_ADDRESS = 4


@dataclass(slots=True, eq=False)
class Listener:
    """One open page: woken when there may be something new for it.

    ``redrawn`` are ids of lines drawn anew; ``passing`` are drawn lines that are
    shown once and kept nowhere. Both are for the listener to take.
    """

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    redrawn: set[int] = field(default_factory=set)
    passing: list[dict[str, Any]] = field(default_factory=list)
    closing: bool = False

    def close(self) -> None:
        self.closing = True
        self.woken.set()

    async def wait(self, seconds: float) -> None:
        """Until woken, or until ``seconds`` have passed."""
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return
        self.woken.clear()


class Streams:
    """Who listens at which address."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}
        self._closed = False

    @contextmanager
    def listen(self, address: str) -> Iterator[Listener]:
        listener = Listener()
        here = self._listeners.setdefault(address, [])
        here.append(listener)
        if len(here) > MOST_PER_ADDRESS:
            here.pop(0).close()
        if self._closed:
            listener.close()
        try:
            yield listener
        finally:
            if listener in here:
                here.remove(listener)
            if not here and self._listeners.get(address) is here:
                del self._listeners[address]

    def wake(
        self, address: str, *, redrawn: int = 0, passing: dict[str, Any] | None = None
    ) -> None:
        for listener in self._listeners.get(address, ()):
            if redrawn:
                listener.redrawn.add(redrawn)
            if passing:
                listener.passing.append(passing)
            listener.woken.set()

    def close(self) -> None:
        """End every stream, and each that is still to come."""
        self._closed = True
        for here in self._listeners.values():
            for listener in here:
                listener.close()
