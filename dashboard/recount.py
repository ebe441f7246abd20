"""The job that counts communes again, a few at a time, for the pages to read."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from storage.database import Database
from storage.reports import counting, kept

# How often it is looked whether any is due.
RECOUNT_EVERY = timedelta(seconds=20)
# A commune is counted again when so many times as long has passed as counting it took: with a
# hundred communes that is a hundredth of the time at most, however large they are.
_RESTS = 10_000
_SOONEST, _LATEST = timedelta(minutes=1), timedelta(hours=6)
# In one look no longer than this, so that pages and other jobs get their turn.
_MOST_SECONDS = 4.0
# Should this process die over it, another counts after so long.
_HELD = timedelta(minutes=10)


class Recount:
    """``courses`` are the lessons of each course; ``everything`` counts what is not of a commune."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        courses: Mapping[str, Sequence[str]],
        seconds: Callable[[], float] = perf_counter,
        everything: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._zone = zone
        self._courses = courses
        self._seconds = seconds
        self._everything = everything

    async def recount(self) -> None:
        """Count what is due, for a few seconds. Raises ``StorageError``."""
        await self._communes()
        if self._everything is not None:
            await self._everything()

    async def _communes(self) -> None:
        begun = self._seconds()
        now = self._now()
        async with self._database.read() as connection:
            new = await kept.unlisted(connection)
            due = await kept.any_due(connection, now)
        if new:
            async with self._database.transaction() as connection:
                await kept.list_due(connection, new, now)
        while (new or due) and self._seconds() - begun < _MOST_SECONDS:
            async with self._database.transaction() as connection:
                commune = await kept.claim(connection, self._now(), self._now() + _HELD)
            if commune is None:
                return
            await self._count(commune)

    async def _count(self, commune: str) -> None:
        begun, now = self._seconds(), self._now()
        async with self._database.read() as connection:
            counted = await counting.of_commune(
                connection, commune, now=now, zone=self._zone, courses=self._courses
            )
        took = timedelta(seconds=self._seconds() - begun)
        due_at = now + min(max(took * _RESTS, _SOONEST), _LATEST)
        async with self._database.transaction() as connection:
            await kept.keep(connection, commune, counted, now, due_at)
