"""The clock: a few static jobs that look for what is due. Never a job per learner."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.errors import StorageError

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(seconds=1)
TIDY_EVERY = timedelta(hours=1)


class Schedule:
    """Runs ``sweep`` every second and ``tidy`` every hour, neither ever twice at once.

    A job that fails runs again at its next time. Trouble with the database is logged
    when it begins and when it is over, a fault of ours each time.
    """

    def __init__(
        self,
        *,
        sweep: Callable[[], Awaitable[None]],
        tidy: Callable[[], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._now = now
        self._sweep = sweep
        self._tidy = tidy
        self._swept_at: datetime | None = None
        self._trouble: dict[str, str] = {}
        self._running: set[asyncio.Task[None]] = set()
        # A start that takes a while is no reason to leave the first run out.
        defaults = {"coalesce": True, "misfire_grace_time": None}
        self._clock = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        for job, every in ((self._sweep_once, SWEEP_EVERY), (self._tidy_once, TIDY_EVERY)):
            self._clock.add_job(job, "interval", seconds=every.total_seconds(), next_run_time=now())

    def start(self) -> None:
        self._clock.start()

    async def stop(self) -> None:
        """Begin no more, and see out what is running. Safe to call twice."""
        if not self._clock.running:
            return
        self._clock.pause()
        if self._running:
            await asyncio.wait(set(self._running))
        self._clock.shutdown(wait=False)

    def well(self) -> bool:
        """Whether a sweep has finished within the last few seconds."""
        return self._swept_at is not None and self._now() - self._swept_at < 10 * SWEEP_EVERY

    async def _sweep_once(self) -> None:
        if await self._run("sweep", self._sweep):
            self._swept_at = self._now()

    async def _tidy_once(self) -> None:
        await self._run("tidy", self._tidy)

    async def _run(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Whether it went well. In a task of its own: the clock's shutdown cancels its jobs."""

        async def once() -> None:
            await work()

        task = asyncio.create_task(once(), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await asyncio.shield(task)
        except StorageError as error:
            if self._trouble.get(name) != str(error):
                log.error("%s: %s", name, error)  # noqa: TRY400
            self._trouble[name] = str(error)
            return False
        except Exception:
            log.exception("%s failed", name)
            return False
        if self._trouble.pop(name, ""):
            log.warning("%s: chạy lại bình thường.", name)
        return True
