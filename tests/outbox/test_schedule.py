"""The clock: runs what it is given, survives its failures, and says whether it is well."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from outbox.schedule import Job, Schedule
from storage.errors import StorageError


class Work:
    """Work that can be waited for. ``errors`` are what its next runs fail with."""

    def __init__(self, *errors: Exception) -> None:
        self.runs = 0
        self.ran = asyncio.Event()
        self._errors = list(errors)

    async def __call__(self) -> None:
        self.runs += 1
        self.ran.set()
        if self._errors:
            raise self._errors.pop(0)


def now() -> datetime:
    return datetime.now(UTC)


def jobs(sweep: Callable[[], Awaitable[None]], tidy: Callable[[], Awaitable[None]]) -> list[Job]:
    return [Job("sweep", timedelta(seconds=1), sweep), Job("tidy", timedelta(hours=1), tidy)]


async def run_once(sweep: Work, tidy: Work) -> Schedule:
    schedule = Schedule(jobs(sweep, tidy), now)
    schedule.start()
    async with asyncio.timeout(10):
        await sweep.ran.wait()
        await tidy.ran.wait()
    await schedule.stop()
    return schedule


async def test_both_jobs_run_at_once_after_the_start() -> None:
    sweep, tidy = Work(), Work()

    schedule = await run_once(sweep, tidy)

    assert (sweep.runs, tidy.runs) == (1, 1)
    assert schedule.well()


async def test_clock_that_has_not_swept_is_not_well() -> None:
    schedule = Schedule(jobs(Work(), Work()), now)

    assert not schedule.well()


async def test_clock_that_swept_long_ago_is_not_well() -> None:
    late = timedelta()
    schedule = Schedule(jobs(sweep := Work(), tidy := Work()), lambda: now() + late)
    schedule.start()
    async with asyncio.timeout(10):
        await sweep.ran.wait()
        await tidy.ran.wait()
    await schedule.stop()
    assert schedule.well()

    late = timedelta(seconds=11)

    assert not schedule.well()


@pytest.mark.parametrize(
    ("error", "logged"),
    [(StorageError("đĩa đầy"), "sweep: đĩa đầy"), (RuntimeError("x"), "sweep failed")],
)
async def test_sweep_that_fails_is_logged_and_not_well(
    error: Exception, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    schedule = await run_once(Work(error), Work())

    assert not schedule.well()
    assert logged in caplog.text


async def test_stop_waits_for_what_is_running_and_may_come_twice() -> None:
    done = asyncio.Event()
    begun = asyncio.Event()

    async def slow() -> None:
        begun.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.set()

    schedule = Schedule(jobs(slow, Work()), now)
    schedule.start()
    async with asyncio.timeout(10):
        await begun.wait()

    await schedule.stop()
    await schedule.stop()

    assert done.is_set()


async def test_trouble_that_lasts_is_logged_once_and_its_end_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "outbox.schedule")
    sweep = Work(StorageError("đĩa đầy"), StorageError("đĩa đầy"))
    schedule = Schedule(jobs(sweep, Work()), now)

    for _ in range(3):
        await schedule._run(schedule._jobs[0])

    assert [record.getMessage() for record in caplog.records] == [
        "sweep: đĩa đầy",
        "sweep: chạy lại bình thường.",
    ]
