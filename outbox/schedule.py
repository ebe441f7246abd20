"""The clock: a few static jobs that look for what is due. Never a job per learner."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

SWEEP_EVERY = timedelta(seconds=1)
TIDY_EVERY = timedelta(hours=1)


class Schedule:
    """Runs ``sweep`` every second and ``tidy`` every hour, neither ever twice at once.

    A job that fails is logged by the clock and runs again at its next time.
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
        self._swept_at: datetime | None = None
        self._clock = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True})
        self._clock.add_job(
            self._sweep_once,
            "interval",
            seconds=SWEEP_EVERY.total_seconds(),
            id="sweep",
            next_run_time=now(),
        )
        self._clock.add_job(
            tidy, "interval", seconds=TIDY_EVERY.total_seconds(), id="tidy", next_run_time=now()
        )

    def start(self) -> None:
        self._clock.start()

    def stop(self) -> None:
        if self._clock.running:
            self._clock.shutdown(wait=False)

    def well(self) -> bool:
        """Whether a sweep has finished within the last few seconds."""
        return self._swept_at is not None and self._now() - self._swept_at < 10 * SWEEP_EVERY

    async def _sweep_once(self) -> None:
        await self._sweep()
        self._swept_at = self._now()
