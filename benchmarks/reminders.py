"""One look at the clock among a million learners: what it reads, how long it takes, what it holds.

``python -m benchmarks.reminders``. A SQLite file with so many learners who are reminded every day;
then ``Timers.ring`` with nobody, 100 and 10,000 due, every reminder a whole turn with its card and its
delivery. Beside it, what one APScheduler job for each learner would cost. Needs about 1 GB of disk.
"""

import argparse
import asyncio
import gc
import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.measure import Progress, median, number, save, table, verdict
from benchmarks.processes import ROOT
from conversation.handler import Rules
from conversation.turn import Tutor
from handlers.registry import build_router
from lessons.catalogue import Catalogue
from lessons.loading import load
from outbox.timers import Timers
from storage import timers
from storage.database import Database
from storage.migrate import prepare
from storage.opening import open_database
from templates.words import Words

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # half past seven in Viet Nam
DAY_MS = 86_400_000
DUE = (0, 100, 10_000)
JOBS = (1_000, 10_000, 100_000)
# Of those, so many are due at the busy minute.
BUSY = 0.1
TARGET_MS = 5.0
# A reminder among ten thousand may cost so much more than one among a hundred.
TARGET_GROWTH = 1.5
TARGET_MB = 30.0
_STEPS = 10  # how often SQLite tells of its work: every so many of its steps


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--learners", type=int, default=1_000_000)
    parser.add_argument(
        "--folder", type=Path, help="where the database is made, else the usual one"
    )
    chosen = parser.parse_args()
    say = Progress()
    with tempfile.TemporaryDirectory(prefix="hocso-benchmark-", dir=chosen.folder) as folder:
        file = Path(folder) / "reminders.db"
        asyncio.run(prepare(f"sqlite:///{file}"))
        catalogue = load(ROOT)
        _fill(file, chosen.learners, catalogue.lessons[0].slug)
        say(f"{chosen.learners:,} learners, {file.stat().st_size / 1e6:,.0f} MB")
        ticks = asyncio.run(_ticks(file, catalogue, say))
    jobs = [_in_a_process(of_jobs, many) for many in JOBS]
    _print(chosen.learners, ticks, jobs)
    save("reminders", {"learners": chosen.learners, "ticks": ticks, "apscheduler": jobs})


def _print(learners: int, ticks: list[dict[str, float]], jobs: list[dict[str, float]]) -> None:
    print(f"\nHọc Số, {learners:,} learners with a timer each:\n")
    print(
        table(
            ("due", "rows read", "SQLite steps", "tick ms", "ms a reminder", "CPU ms", "MB more"),
            [
                (
                    number(tick["due"]),
                    number(tick["rows"]),
                    number(tick["steps"]),
                    number(tick["ms"], 2),
                    number(tick["ms_each"], 2) if tick["due"] else number(None),
                    number(tick["cpu_ms"], 2),
                    number(tick["mb"], 1),
                )
                for tick in ticks
            ],
        )
    )
    print("\nAPScheduler, one cron job for each learner, in memory:\n")
    print(
        table(
            ("jobs", "s to add", "MB", "idle wake ms", "due", "busy wake ms"),
            [
                (
                    number(one["jobs"]),
                    number(one["add_s"], 1),
                    number(one["mb"], 0),
                    number(one["idle_ms"], 2),
                    number(one["due"]),
                    number(one["busy_ms"], 0),
                )
                for one in jobs
            ],
        )
    )
    print()
    idle, few, many = ticks
    print(verdict("nothing due, ms", idle["ms"], TARGET_MS, at_most=True))
    growth = many["ms_each"] / few["ms_each"]
    print(verdict("a reminder of 10,000 ÷ one of 100", growth, TARGET_GROWTH, at_most=True))
    print(verdict("memory more after 10,000, MB", many["mb"], TARGET_MB, at_most=True))


# Places: :n learners, :now epoch milliseconds, :lesson the one that each is reading.
_FILL = (
    """
    WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < :n)
    INSERT INTO learner (id, term, consented_at, consent_version, created_at)
    SELECT n, 'bac', :now, '2026-11', :now FROM count
    """,
    """
    INSERT INTO address (id, learner_id, channel, external_id, last_at, created_at)
    SELECT id, id, 'null', CAST(1000000000 + id AS TEXT), :now - 90000000, :now FROM learner
    """,
    """
    INSERT INTO lesson_progress (learner_id, lesson, card, started_at, updated_at)
    SELECT id, :lesson, 1, :now, :now FROM learner
    """,
    """
    INSERT INTO rhythm (learner_id, state, days, sessions, is_free, minute, begun_at)
    SELECT id, 'on', 127, 5, 0, 1170, :now FROM learner
    """,
    # As a day has them: from seven in the morning to nine in the evening, tomorrow.
    """
    INSERT INTO timer (address_id, kind, due_at)
    SELECT id, 'remind', :now + 41400000 + id % 1680 * 30000 FROM learner
    """,
)


def _fill(file: Path, learners: int, lesson: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    values = {"n": learners, "now": int(NOW.timestamp() * 1000), "lesson": lesson}
    for sql in _FILL:
        connection.execute(sql, values)
    connection.execute("COMMIT")
    connection.close()


async def _ticks(file: Path, catalogue: Catalogue, say: Progress) -> list[dict[str, float]]:
    database = await open_database(f"sqlite:///{file}")
    tutor = Tutor(
        database=database,
        router=build_router(),
        catalogue=catalogue,
        words=Words(),
        rules=Rules(),
        seed=lambda: 7,
        worker="benchmark",
        wake=lambda _: None,
    )
    looking = Timers(database, tutor.receive, lambda: NOW)
    found = []
    try:
        # The first turns fill caches, for everybody alike.
        await _let_be_due(database, 50, since=0)
        await looking.ring()
        begin = 50
        for due in DUE:
            await _let_be_due(database, due, since=begin)
            begin += due
            rows, steps = _look(file, due)
            found.append({"due": due, "rows": rows, "steps": steps, **await _tick(looking, due)})
            say(f"{due:,} due")
    finally:
        await database.close()
    return found


async def _let_be_due(database: Database, due: int, *, since: int) -> None:
    """So many learners, far from one another, whose time is now."""
    async with database.transaction() as connection:
        learners = int(await connection.fetchval("SELECT MAX(id) FROM learner"))
        # A prime, so that no learner comes twice.
        chosen = [((since + n) * 7_919 % learners + 1,) for n in range(due)]
        moment = int(NOW.timestamp() * 1000)
        sql = f"UPDATE timer SET due_at = {moment} WHERE address_id = $1"
        if chosen:
            await connection.executemany(sql, chosen)


async def _tick(looking: Timers, due: int) -> dict[str, float]:
    """All looks until nothing is due: a thousand reminders each at most. Idle, the middle of many."""
    gc.collect()
    before = _memory_mb()
    took, cpu, rung = [], [], 0
    for _ in range(1 if due else 200):
        began, began_cpu = time.perf_counter(), time.process_time()
        while many := await looking.ring():
            rung += many
        took.append((time.perf_counter() - began) * 1e3)
        cpu.append((time.process_time() - began_cpu) * 1e3)
    if rung != due:
        raise RuntimeError(f"{rung} rang, where {due} were due")
    gc.collect()
    ms = median(took)
    return {
        "ms": ms,
        "ms_each": ms / due if due else 0.0,
        "cpu_ms": median(cpu),
        "mb": _memory_mb() - before,
    }


def _look(file: Path, due: int) -> tuple[int, int]:
    """Rows that the look for what is due gives, and about how many steps SQLite takes for it."""
    told = count()
    connection = sqlite3.connect(file)
    connection.set_progress_handler(lambda: next(told) * 0, _STEPS)
    sql = timers.due_sql().replace("$1", "?").replace("$2", "?")
    rows = connection.execute(sql, (int(NOW.timestamp() * 1000), max(due, 1))).fetchall()
    connection.set_progress_handler(None, 0)
    connection.close()
    return len(rows), next(told) * _STEPS


def of_jobs(jobs: int) -> dict[str, float]:
    """One APScheduler job for each learner: what adding and waking cost, in a process of its own."""
    return asyncio.run(_jobs(jobs))


async def _jobs(jobs: int) -> dict[str, float]:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.triggers.cron import CronTrigger

    scheduler = AsyncIOScheduler(timezone=UTC)
    before = _memory_mb()
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    later, due = now + timedelta(hours=1), int(jobs * BUSY)
    began = time.perf_counter()
    for place in range(jobs):
        trigger = CronTrigger(hour=12, minute=30, timezone=UTC)
        scheduler.add_job(
            _nothing, trigger, args=(place,), next_run_time=later, misfire_grace_time=None
        )
    added = time.perf_counter() - began
    memory = _memory_mb() - before
    wake = scheduler._process_jobs  # noqa: SLF001  (what its timer calls)
    wakes = [_timed(wake) for _ in range(5)]
    for job in scheduler.get_jobs()[:due]:
        job.modify(next_run_time=datetime.now(UTC))
    scheduler.resume()
    busy = _timed(wake)
    scheduler.shutdown(wait=False)
    return {
        "jobs": jobs,
        "add_s": added,
        "mb": memory,
        "idle_ms": median(wakes),
        "due": due,
        "busy_ms": busy,
    }


async def _nothing(place: int) -> None:
    del place


def _timed(run: Callable[[], object]) -> float:
    """Milliseconds for which the event loop stands still."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1e3


def _in_a_process(work: Callable[[int], dict[str, float]], argument: int) -> dict[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, argument).result()


def _memory_mb() -> float:
    """What this process holds in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1e3
    return 0.0


if __name__ == "__main__":
    main()
