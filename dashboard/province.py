"""What is counted over everything at once takes seconds with a million learners. It is counted
once, kept for a while, and counted again behind whoever looks.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Generic, TypeVar

from storage.errors import StorageError

log = logging.getLogger(__name__)
Value = TypeVar("Value")

# Counted again when so many times as long has passed as counting took: a six-hundredth of the
# time of one core, whoever looks and however often.
_RESTS = 600
_SOONEST, _LATEST = timedelta(seconds=20), timedelta(hours=1)
_MOST = 64


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    value: Value
    counted_at: datetime
    fresh_until: datetime


class Province(Generic[Value]):
    """By what was asked for. One count at a time, for the database is everybody's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: OrderedDict[Hashable, Kept[Value]] = OrderedDict()
        self._counting = asyncio.Lock()
        self._behind: dict[Hashable, asyncio.Task[None]] = {}

    @property
    def behind(self) -> tuple[asyncio.Task[None], ...]:
        """What is being counted again just now."""
        return tuple(self._behind.values())

    async def of(self, asked: Hashable, count: Callable[[], Awaitable[Value]]) -> Kept[Value]:
        """Only the first who asks waits until it is counted. Raises what ``count`` raises."""
        kept = self._kept.get(asked)
        if kept is None:
            async with self._counting:
                kept = self._kept.get(asked) or await self._count(asked, count)
        elif kept.fresh_until <= self._now() and asked not in self._behind:
            task = asyncio.create_task(self._again(asked, count))
            self._behind[asked] = task
            task.add_done_callback(lambda _: self._behind.pop(asked, None))
        return kept

    def kept(self, asked: Hashable) -> Value | None:
        """What somebody was told already, however old; nothing is counted for it."""
        found = self._kept.get(asked)
        return None if found is None else found.value

    async def renew(self, asked: Hashable, count: Callable[[], Awaitable[Value]]) -> bool:
        """Count it when it never was, or not for long; whether it was. Raises what ``count`` raises."""
        async with self._counting:
            kept = self._kept.get(asked)
            if kept is not None and kept.fresh_until > self._now():
                return False
            await self._count(asked, count)
            return True

    async def _again(self, asked: Hashable, count: Callable[[], Awaitable[Value]]) -> None:
        try:
            async with self._counting:
                await self._count(asked, count)
        except StorageError as error:
            log.warning("a province could not be counted again: %s", type(error).__name__)

    async def _count(self, asked: Hashable, count: Callable[[], Awaitable[Value]]) -> Kept[Value]:
        begun, now = perf_counter(), self._now()
        value = await count()
        took = timedelta(seconds=perf_counter() - begun)
        kept = Kept(value, now, now + min(max(took * _RESTS, _SOONEST), _LATEST))
        self._kept[asked] = kept
        self._kept.move_to_end(asked)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return kept
