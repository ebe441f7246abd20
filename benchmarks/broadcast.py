"""A broadcast to many whose process is killed twice (-9) at random moments and started again.

``python -m benchmarks.broadcast``. The real bot on one core, a server that remembers what it got
on the other. ``--count`` people, ``--rate`` lines that a second may hold, ``--seed`` of the moments,
``--times`` one run after another, each of the next seed. Lost and doubled must be none. "Unsure" is
what the bot itself says it does not know, and "came" how many of these the server got all the same.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import processes
from benchmarks.fake_telegram import Desk, FakeTelegram, Line, Meter
from benchmarks.measure import Progress, number, save, table, verdict
from channels.telegram.limits import ALLOWED, PER_SECOND
from places.model import Place
from storage import addresses, broadcasts, cohorts, enrolments, learners, role_grants
from storage.migrate import prepare
from storage.opening import open_database

_TOKEN = "1:token"
_SENDER = 1
_KILLS = 2
_UNSURE = """
    SELECT external_id FROM recipient JOIN address ON address.learner_id = recipient.learner_id
    WHERE outcome = 'unsure'
"""
_PATIENCE = 120.0  # seconds without a line, and it is stuck


async def main() -> None:
    options = _options()
    say = Progress()
    rows = [await _once(options, seed, say) for seed in _seeds(options)]
    head = ["people", "seed", "lost", "doubled", "unsure", "came", "429s", "seconds", "a second"]
    print(table(head, [tuple(number(value) for value in list(row.values())[:9]) for row in rows]))
    print()
    for what in ("lost", "doubled", "refused_429"):
        print(verdict(what, sum(row[what] for row in rows), 0, at_most=True))
    path = save("broadcast", {"options": vars(options), "kills": _KILLS, "runs": rows})
    print(f"\nwritten to {path.relative_to(Path.cwd())}")


def _seeds(options: argparse.Namespace) -> range:
    return range(options.seed, options.seed + options.times)


async def _once(options: argparse.Namespace, seed: int, say: Progress) -> dict[str, Any]:
    """One broadcast, from its start until the last process says that it is done."""
    core, own = processes.cores()
    telegram = FakeTelegram()
    await telegram.start()
    desk = telegram.desk(_TOKEN)
    desk.delay = options.delay / 1000
    desk.meter = Meter(options.rate)
    got: Counter[int] = Counter()
    moments: list[float] = []

    def on_line(line: Line, at: float) -> None:
        if line.chat != _SENDER:
            got[line.chat] += 1
            moments.append(at)

    desk.on_line = on_line
    with tempfile.TemporaryDirectory(prefix="hocso-benchmark-") as folder:
        database = Path(folder) / "hocso.db"
        await _fill(f"sqlite:///{database}", options.count)
        say(f"a class of {options.count:,} and a broadcast to it")
        processes.pin(own)
        try:
            await _run(telegram, desk, database, core, moments, options, Random(seed), say)
        finally:
            await telegram.stop()
        with closing(sqlite3.connect(database)) as connection:
            outcomes = dict(
                connection.execute("SELECT outcome, COUNT(*) FROM recipient GROUP BY outcome")
            )
            unsure = connection.execute(_UNSURE).fetchall()
    for at in desk.meter.refused_at:
        say(f"429 {at - min(moments):.2f} s after the first line")
    seconds = max(moments) - min(moments)
    return {
        "people": options.count,
        "seed": seed,
        "lost": options.count - len(got),
        "doubled": sum(times - 1 for times in got.values()),
        "unsure": len(unsure),
        "came": sum(int(chat) in got for (chat,) in unsure),
        "refused_429": desk.meter.refused,
        "seconds": seconds,
        "per_second": len(moments) / seconds,
        "outcomes": outcomes,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broadcast", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="people")
    parser.add_argument("--rate", type=int, default=120, help="sends that a second may hold")
    parser.add_argument("--delay", type=float, default=50.0, help="ms that each send takes")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    parser.add_argument("--times", type=int, default=1, help="runs, each of the next seed")
    return parser.parse_args()


async def _fill(url: str, count: int) -> None:
    await prepare(url)
    database = await open_database(url)
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        _, sender = await addresses.load(connection, "telegram", str(_SENDER), now)
        await learners.give_consent(connection, sender.id, "test", now)
        await role_grants.give(
            connection, sender.id, "administrator", Place(), granted_by=None, now=now
        )
        cohort = await cohorts.add(connection, "Lớp", sender.id, Place(), now)
        for chat in range(1_001, 1_001 + count):
            _, learner = await addresses.load(connection, "telegram", str(chat), now)
            await learners.give_consent(connection, learner.id, "test", now)
            await enrolments.join(connection, cohort, learner.id, "", now)
        one = await broadcasts.draft(
            connection, sender.id, cohort_id=cohort, place=Place(), course="", signed="Tổ", now=now
        )
        await broadcasts.write(connection, one, ready="fake_app", words="", is_urgent=True)
        await broadcasts.run(
            connection, one, approver_id=None, ends_at=now + timedelta(days=2), now=now
        )
    await database.close()


async def _run(
    telegram: FakeTelegram,
    desk: Desk,
    database: Path,
    core: int,
    moments: list[float],
    options: argparse.Namespace,
    random: Random,
    say: Progress,
) -> None:
    """Killed at random places of the first nine tenths, each time started again at once."""
    places = sorted(random.sample(range(options.count // 10, options.count * 9 // 10), _KILLS))
    hour = datetime.now(UTC).hour
    environment = {
        "HOCSO_DATABASE__URL": f"sqlite:///{database}",
        "HOCSO_WEB__PORT": str(processes.free_port()),
        "HOCSO_TELEGRAM__TOKEN": desk.token,
        "HOCSO_TELEGRAM__API_URL": telegram.url,
        "HOCSO_TELEGRAM__SENDS_PER_SECOND": str(PER_SECOND / ALLOWED * options.rate),
        "HOCSO_BROADCAST__RATE": str(options.rate),
        # Where it is noon now, and no feast.
        "HOCSO_QUIET__ZONE": f"Etc/GMT{hour - 12:+d}",
        "HOCSO_QUIET__LUNAR_DAYS": "",
    }
    for place in (*places, None):
        log = database.parent / f"{place or 'end'}.log"
        process = processes.start("Học Số", ["bot.py"], core=core, log=log, environment=environment)
        try:
            await _until(database, moments, place)
        finally:
            if place is None:
                process.stop()
            else:
                process.popen.kill()
                process.popen.wait()
                say(f"killed after {len(moments):,} lines, {moments[-1] - moments[0]:.2f} s")


async def _until(database: Path, moments: list[float], place: int | None) -> None:
    """So many lines are there; or the broadcast is done, when there is no more kill to come."""
    last, since = len(moments), time.perf_counter()
    while True:
        await asyncio.sleep(0.003 if place is not None else 0.5)
        if place is not None and len(moments) >= place:
            return
        if place is None:
            with closing(sqlite3.connect(database, timeout=5)) as connection:
                ((state,),) = connection.execute("SELECT state FROM broadcast").fetchall()
            if state == "done":
                return
        if len(moments) != last:
            last, since = len(moments), time.perf_counter()
        elif time.perf_counter() - since > _PATIENCE:
            raise SystemExit("nothing comes any more")


if __name__ == "__main__":
    asyncio.run(main())
