"""The open pages of this process: one look at the database a second for each screen that anybody
watches, however many watch it and however many answer.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from storage.errors import StorageError

# What a screen's page is told now; ``None`` when the screen is gone.
Look: TypeAlias = Callable[[int], Awaitable[dict[str, Any] | None]]

EVERY = 1.0  # seconds
# Pages of one screen that are fed at once. A hall has one projector and a few who look along.
MOST_WATCHERS = 300


class Full(Exception):
    """More watch this screen than one is fed."""


class _Watched:
    """One screen, while somebody watches it."""

    def __init__(self) -> None:
        self.told = ""
        self.changed = asyncio.Event()
        self.soon = asyncio.Event()
        self.watchers = 0
        self.task: asyncio.Task[None] | None = None

    def tell(self, told: str) -> None:
        if told != self.told:
            self.told = told
            before, self.changed = self.changed, asyncio.Event()
            before.set()


class Hall:
    """Looks for whoever watches. ``look`` is asked once a second and screen."""

    def __init__(self, look: Look, every: float = EVERY) -> None:
        self._look = look
        self._every = every
        self._watched: dict[int, _Watched] = {}
        self._closed = False

    @asynccontextmanager
    async def watch(self, screen: int) -> AsyncIterator[AsyncIterator[str]]:
        """What is told of the screen, now and at each change; "" as a sign of life now and then.
        Raises ``Full``.
        """
        here = self._watched.setdefault(screen, _Watched())
        if here.watchers >= MOST_WATCHERS or self._closed:
            raise Full
        here.watchers += 1
        if here.task is None:
            here.task = asyncio.create_task(self._keep_looking(screen, here))
        try:
            yield self._changes(here)
        finally:
            here.watchers -= 1
            if not here.watchers:
                self._watched.pop(screen, None)
                here.task.cancel()

    def nudge(self, screen: int) -> None:
        """Look at once: the host of this process has pressed."""
        here = self._watched.get(screen)
        if here is not None:
            here.soon.set()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for here in self._watched.values():
            here.changed.set()

    async def _changes(self, here: _Watched) -> AsyncIterator[str]:
        told = ""
        while not self._closed:
            changed = here.changed
            if here.told != told:
                told = here.told
                yield told
                continue
            try:
                async with asyncio.timeout(15):
                    await changed.wait()
            except TimeoutError:
                yield ""

    async def _keep_looking(self, screen: int, here: _Watched) -> None:
        while True:
            here.soon.clear()
            try:
                found = await self._look(screen)
            except StorageError:
                pass  # whoever watches keeps what they have
            else:
                here.tell(json.dumps(found or {"gone": True}, ensure_ascii=False))
            try:
                async with asyncio.timeout(self._every):
                    await here.soon.wait()
            except TimeoutError:
                continue
