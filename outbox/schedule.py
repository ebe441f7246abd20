"""The clock: a few static jobs that look for what is due. Never a job per learner."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.errors import StorageError

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(seconds=1)
RING_EVERY = timedelta(seconds=1)
SPREAD_EVERY = timedelta(seconds=1)
TIDY_EVERY = timedelta(hours=1)
# A job that has not gone well for so many of its times, and this long at least, is unwell.
_LATE = 10
_SHORTEST_LATE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is done again and again, from the start of the tutor on."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[object]]


class Schedule:
    """Runs each job at its times, none ever twice at once.

    A job that fails runs again at its next time. Trouble with the database is logged
    when it begins and when it is over, a fault of ours each time.
    """

    def __init__(self, jobs: Sequence[Job], now: Callable[[], datetime]) -> None:
        self._jobs = tuple(jobs)
        self._now = now
        self._went_well_at: dict[str, datetime] = {}
        self._trouble: dict[str, str] = {}
        self._running: set[asyncio.Task[None]] = set()
        # A start that takes a while is no reason to leave the first run out.
        defaults = {"coalesce": True, "misfire_grace_time": None}
        self._clock = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        for job in self._jobs:
            self._clock.add_job(
                self._run,
                "interval",
                args=(job,),
                seconds=job.every.total_seconds(),
                next_run_time=now(),
            )

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
        """Whether every job has gone well lately."""
        return all(self._is_well(job) for job in self._jobs)

    def _is_well(self, job: Job) -> bool:
        at = self._went_well_at.get(job.name)
        return at is not None and self._now() - at < max(_LATE * job.every, _SHORTEST_LATE)

    async def _run(self, job: Job) -> None:
        """In a task of its own: the clock's shutdown cancels its jobs."""

        async def once() -> None:
            await job.work()

        task = asyncio.create_task(once(), name=job.name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await asyncio.shield(task)
        except StorageError as error:
            if self._trouble.get(job.name) != str(error):
                log.error("%s: %s", job.name, error)  # noqa: TRY400
            self._trouble[job.name] = str(error)
            return
        except Exception:
            log.exception("%s failed", job.name)
            return
        self._went_well_at[job.name] = self._now()
        if self._trouble.pop(job.name, ""):
            log.warning("%s: chạy lại bình thường.", job.name)
