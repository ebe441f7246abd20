"""The open pages of this process: one look at the database a second for each screen that anybody
watches, however many watch it and however many answer.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from storage.errors import StorageError

# What a screen's page is told now; ``None`` when the screen is gone.
Look: TypeAlias = Callable[[int], Awaitable[dict[str, Any] | None]]

EVERY = 1.0  # seconds
# Pages of one screen that are fed at once. A hall has one projector and a few who look along; from
# one network so many over all screens, or one browser could take every place.
MOST_WATCHERS = 300
MOST_OF_NETWORK = 30
# These are kept for the pages of a screen's hosts, whatever the others do.
MOST_HOSTS = 10


class Full(Exception):
    """More watch this screen, or from this network, than are fed."""


class _Watched:
    """One screen, while somebody watches it."""

    def __init__(self) -> None:
        self.told = ""
        self.changed = asyncio.Event()
        self.soon = asyncio.Event()
        self.watchers = 0
        self.hosts = 0
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
        self._networks: Counter[str] = Counter()

    @asynccontextmanager
    async def watch(
        self, screen: int, network: str, *, is_host: bool = False
    ) -> AsyncIterator[AsyncIterator[str]]:
        """What is told of the screen, now and at each change; "" as a sign of life now and then.
        Raises ``Full``.
        """
        here = self._watched.get(screen) or _Watched()
        if is_host:
            full = here.hosts >= MOST_HOSTS
        else:
            full = here.watchers >= MOST_WATCHERS or self._networks[network] >= MOST_OF_NETWORK
        if full or self._closed:
            raise Full
        self._watched[screen] = here
        self._count(here, network, 1, is_host=is_host)
        if here.task is None:
            here.task = asyncio.create_task(self._keep_looking(screen, here))
        try:
            yield self._changes(here)
        finally:
            self._count(here, network, -1, is_host=is_host)
            if not here.watchers + here.hosts:
                self._watched.pop(screen, None)
                here.task.cancel()

    def _count(self, here: _Watched, network: str, one: int, *, is_host: bool) -> None:
        if is_host:
            here.hosts += one
            return
        here.watchers += one
        self._networks[network] += one
        if not self._networks[network]:
            del self._networks[network]

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
