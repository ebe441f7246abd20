"""Many reminders within a platform's limit, while other learners want their answers.

``python -m benchmarks.dispatch``. The real bot with its outbox full, on one core; on the other a
server that allows so many sends in any second and punishes one more, as Telegram does, and
learners who ask something all the while. Beside it, one after the other, python-telegram-bot with
its own rate limiter. The real thing is ``--rate 30 --count 10000`` and takes six minutes for each
bot; the default does the same in a shorter time.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from markupsafe import Markup

from benchmarks import processes
from benchmarks.dispatch_load import TEXT, Run
from benchmarks.fake_telegram import FakeTelegram, Meter
from benchmarks.measure import Progress, number, percentile, save, table, verdict
from channels.telegram.limits import ALLOWED, PER_SECOND
from conversation.actions import action
from conversation.replies import Button, Say, dump_reply
from storage import addresses, deliveries
from storage.migrate import prepare
from storage.opening import open_database

TUTOR = "Học Số"
SHIPPED = "PTB AIORateLimiter, as shipped"
RETRYING = "PTB AIORateLimiter, 5 retries"
_RETRIES = {SHIPPED: 0, RETRYING: 5}


@dataclass(frozen=True, slots=True)
class Bot:
    name: str
    process: processes.Process
    run: Run


async def main() -> None:
    options = _options()
    say = Progress()
    core, own = processes.cores()
    telegram = FakeTelegram()
    await telegram.start()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="hocso-benchmark-") as folder:
        database = Path(folder) / "hocso.db"
        if TUTOR in options.bots:
            await _fill(f"sqlite:///{database}", options.count)
            say(f"{options.count:,} reminders are in the outbox")
        processes.pin(own)
        try:
            for name in options.bots:
                async with _started(name, telegram, core, Path(folder), options) as bot:
                    began = bot.process.cpu_seconds()
                    await bot.run.go_on(options.questions, Random(name))
                    rows.append(_row(bot, bot.process.cpu_seconds() - began, options.rate))
                say(f"{name}: {rows[-1]['share']:.1%} of what is allowed")
        finally:
            await telegram.stop()
    _report(rows, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dispatch", description=__doc__)
    parser.add_argument("--rate", type=int, default=120, help="sends that a second may hold")
    parser.add_argument("--count", type=int, default=3000, help="reminders")
    parser.add_argument("--delay", type=float, default=50.0, help="ms that each send takes")
    parser.add_argument("--questions", type=float, help="a second; default 5%% of the rate")
    parser.add_argument("--only", choices=(TUTOR, SHIPPED, RETRYING), help="one bot alone")
    options = parser.parse_args()
    options.questions = options.questions or options.rate * 0.05
    options.bots = [options.only] if options.only else [TUTOR, SHIPPED, RETRYING]
    return options


async def _fill(url: str, count: int) -> None:
    """An outbox in which a reminder waits for each of so many learners."""
    await prepare(url)
    database = await open_database(url)
    reply = dump_reply(Say(Markup(TEXT), (Button("Học luôn", action("next")),)))
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        for chat in range(1, count + 1):
            address, _ = await addresses.load(connection, "telegram", str(chat), now)
            await deliveries.add(
                connection,
                address.id,
                reply,
                priority=deliveries.REMINDER,
                due_at=now,
                expires_at=now + timedelta(hours=2),
                now=now,
            )
    await database.close()


@asynccontextmanager
async def _started(
    name: str, telegram: FakeTelegram, core: int, folder: Path, options: argparse.Namespace
) -> AsyncIterator[Bot]:
    token = f"{len(telegram.desks)}:token"
    desk = telegram.desk(token)
    desk.delay = options.delay / 1000
    run = Run(desk, Meter(options.rate), options.count)
    log = folder / f"{token.partition(':')[0]}.log"
    if name == TUTOR:
        environment = {
            "HOCSO_DATABASE__URL": f"sqlite:///{folder / 'hocso.db'}",
            "HOCSO_WEB__PORT": str(processes.free_port()),
            "HOCSO_TELEGRAM__TOKEN": token,
            "HOCSO_TELEGRAM__API_URL": telegram.url,
            # The shipped share of what is allowed, at this rate.
            "HOCSO_TELEGRAM__SENDS_PER_SECOND": str(PER_SECOND / ALLOWED * options.rate),
        }
        process = processes.start(name, ["bot.py"], core=core, log=log, environment=environment)
    else:
        arguments = [str(options.rate), str(options.count), str(_RETRIES[name])]
        process = processes.start(
            name,
            ["-m", "benchmarks.peers.ptb_reminders", token, telegram.url, *arguments],
            core=core,
            log=log,
        )
    try:
        await asyncio.wait_for(desk.ready.wait(), 90)
        yield Bot(name, process, run)
    except TimeoutError:
        raise SystemExit(f"{name} did not start:\n{process.complaint()}") from None
    finally:
        process.stop()


def _row(bot: Bot, cpu: float, allowed: int) -> dict[str, Any]:
    run = bot.run
    return {
        "bot": bot.name,
        "seconds": run.seconds,
        "sends_per_second": run.rate,
        "share": run.rate / allowed,
        "refused_429": run.meter.refused,
        "lost": run.lost,
        "doubled": run.doubled,
        "answers": len(run.waits),
        "unanswered": run.unanswered,
        "answer_p50_ms": percentile(run.waits, 0.5) * 1000,
        "answer_p99_ms": percentile(run.waits, 0.99) * 1000,
        "cpu_ms_per_send": cpu * 1000 / max(1, len(run.meter.passed)),
    }


def _report(rows: list[dict[str, Any]], options: argparse.Namespace) -> None:
    print(
        f"\n{options.count:,} reminders, {options.rate} sends allowed in any second, "
        f"{options.delay:.0f} ms per send, {options.questions:.1f} questions a second\n"
    )
    head = ["bot", "seconds", "of allowed", "429s", "lost", "doubled", "answers"]
    head += ["unanswered", "p50 ms", "p99 ms", "CPU ms/send"]
    print(
        table(
            head,
            (
                (
                    row["bot"],
                    number(row["seconds"]),
                    f"{row['share']:.1%}",
                    number(row["refused_429"]),
                    number(row["lost"]),
                    number(row["doubled"]),
                    number(row["answers"]),
                    number(row["unanswered"]),
                    number(row["answer_p50_ms"]),
                    number(row["answer_p99_ms"]),
                    number(row["cpu_ms_per_send"], 2),
                )
                for row in rows
            ),
        )
    )
    print()
    for row in rows:
        if row["bot"] == TUTOR:
            print(verdict("share of what is allowed", row["share"], 0.97))
            print(verdict("429s", row["refused_429"], 0, at_most=True))
            print(verdict("answers p99 ms", row["answer_p99_ms"], 1000, at_most=True))
            print(verdict("lost", row["lost"], 0, at_most=True))
            print(verdict("doubled", row["doubled"], 0, at_most=True))
    path = save("dispatch", {"options": vars(options), "bots": rows})
    print(f"\nwritten to {path.relative_to(Path.cwd())}")


if __name__ == "__main__":
    asyncio.run(main())
