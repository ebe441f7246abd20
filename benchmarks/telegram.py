"""Whole turns through the real bot, beside bare echo bots on the same server in the same run.

``python -m benchmarks.telegram``. The bots have one core to themselves, the fake server and
the learners the other; rounds are interleaved, so that a slow minute of the machine
falls on everybody.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from subprocess import PIPE
from typing import Any

from benchmarks import processes
from benchmarks.fake_telegram import Desk, FakeTelegram
from benchmarks.fake_zalo import ZaloDesk
from benchmarks.measure import Progress, percentile
from benchmarks.processes import Process
from benchmarks.telegram_load import Load
from benchmarks.telegram_report import (
    AIOGRAM,
    DELAYS,
    MODES,
    OPEN_RATE,
    PTB,
    TUTOR,
    ZALO,
    Key,
    Measured,
    report,
)

CHATS = 100
# Turns that each of the tutor's learners takes before the first round, so that all the rounds
# see the same mix of arriving, reading and being asked.
SETTLED = 20
# On Zalo one chat may say 30 lines a minute, so many chats take turns; each settles in briefly.
ZALO_CHATS = 2500
ZALO_SETTLED = 4
_READY = 90.0  # seconds that a bot may take to start


@dataclass(slots=True)
class Bot:
    """One bot under measurement, and its side of the fake server."""

    name: str
    mode: str
    process: Process
    desk: Desk
    load: Load
    database: Path | None = None


async def main() -> None:
    options = _options()
    say = Progress()
    core, own = processes.cores()
    processes.pin(own)
    telegram = FakeTelegram()
    await telegram.start()
    with tempfile.TemporaryDirectory(prefix="hocso-benchmark-") as folder:
        try:
            ceiling = await _ceiling(telegram, core, Path(folder))
            say(f"the fake server's own ceiling: {ceiling:,.0f} requests/s")
            async with _bots(telegram, core, Path(folder), options) as bots:
                say(f"{len(bots)} bots are ready")
                for bot in bots:
                    if bot.name == ZALO:
                        await bot.load.settle_in(ZALO_CHATS, ZALO_SETTLED)
                        continue
                    await bot.load.settle_in(options.chats, SETTLED if bot.name == TUTOR else 1)
                say("everybody has settled in")
                measured = await _closed_rounds(bots, options, say)
                paced = await _open_loop(bots, options, say)
                memory = {f"{bot.name}, {bot.mode}": bot.process.memory_mb() for bot in bots}
        finally:
            await telegram.stop()
        kept = [_kept(bot) for bot in bots if bot.database is not None]
    report(measured, paced, memory, kept, ceiling, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.telegram", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="measured in each round")
    parser.add_argument("--warm", type=float, default=0.7, help="seconds before, not measured")
    parser.add_argument("--chats", type=int, default=CHATS)
    parser.add_argument("--open-seconds", type=float, default=8.0)
    parser.add_argument("--only", choices=(TUTOR, ZALO, PTB, AIOGRAM), help="one bot alone")
    parser.add_argument("--mode", choices=MODES, help="one mode alone")
    parser.add_argument(
        "--with",
        dest="extra",
        metavar="HOCSO_SECTION__KEY=value",
        action="append",
        default=[],
        help="a setting for the tutor, other than the shipped one",
    )
    return parser.parse_args()


async def _ceiling(telegram: FakeTelegram, core: int, folder: Path) -> float:
    telegram.desk("1:ceiling")
    port = telegram.url.rpartition(":")[2]
    asker = processes.start(
        "ceiling",
        ["-m", "benchmarks.ceiling", port, "/bot1:ceiling/sendMessage"],
        core=core,
        log=folder / "ceiling.log",
        stdout=PIPE,
    )
    assert asker.popen.stdout is not None
    printed = await asyncio.to_thread(asker.popen.stdout.read)
    asker.stop()
    return float(printed)


@asynccontextmanager
async def _bots(
    telegram: FakeTelegram, core: int, folder: Path, options: argparse.Namespace
) -> AsyncIterator[list[Bot]]:
    """Every bot in every mode, started side by side; an idle one costs the others nothing."""
    bots: list[Bot] = []
    try:
        bots.extend(
            _start(telegram, name, mode, core, folder, options.extra)
            for mode in MODES
            for name in (TUTOR, PTB, AIOGRAM)
            if options.only in (None, name) and options.mode in (None, mode)
        )
        if options.only in (None, ZALO) and options.mode in (None, "webhook"):
            bots.append(_start_zalo(telegram, core, folder, options))
        for bot in bots:
            await _ready(bot)
        yield bots
    finally:
        for bot in bots:
            bot.process.stop()


def _start(
    telegram: FakeTelegram, name: str, mode: str, core: int, folder: Path, extra: Sequence[str]
) -> Bot:
    token = f"{len(telegram.desks)}:token"
    port = processes.free_port()
    log = folder / f"{token.partition(':')[0]}.log"
    desk = telegram.desk(token)
    load = Load(desk, echo=name != TUTOR, random=Random(token))
    if name != TUTOR:
        module = "ptb_echo" if name == PTB else "aiogram_echo"
        arguments = ["-m", f"benchmarks.peers.{module}", mode, token, telegram.url, str(port)]
        return Bot(name, mode, processes.start(name, arguments, core=core, log=log), desk, load)
    database = folder / f"{mode}.db"
    environment = {
        "HOCSO_DATABASE__URL": f"sqlite:///{database}",
        "HOCSO_WEB__PORT": str(port),
        "HOCSO_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HOCSO_TELEGRAM__TOKEN": token,
        "HOCSO_TELEGRAM__API_URL": telegram.url,
        "HOCSO_TELEGRAM__MODE": mode,
        # The echo bots keep to no limits either; benchmarks/dispatch.py measures the pace.
        "HOCSO_TELEGRAM__SENDS_PER_SECOND": "0",
        **dict(one.split("=", 1) for one in extra),
    }
    process = processes.start(name, ["bot.py"], core=core, log=log, environment=environment)
    return Bot(name, mode, process, desk, load, database)


def _start_zalo(
    telegram: FakeTelegram, core: int, folder: Path, options: argparse.Namespace
) -> Bot:
    """By webhook only: polling is one event after another, and for trying out."""
    token, secret = f"{len(telegram.desks)}:token", "benchmark-secret"
    port = processes.free_port()
    desk = telegram.desk(token, ZaloDesk)
    desk.webhook, desk.secret = f"http://127.0.0.1:{port}/zalo/bot/webhook", secret
    database = folder / "zalo.db"
    environment = {
        "HOCSO_DATABASE__URL": f"sqlite:///{database}",
        "HOCSO_WEB__PORT": str(port),
        "HOCSO_WEB__PUBLIC_URL": "https://benchmark.example.vn",
        "HOCSO_ZALO_BOT__TOKEN": token,
        "HOCSO_ZALO_BOT__API_URL": telegram.url,
        "HOCSO_ZALO_BOT__MODE": "webhook",
        "HOCSO_ZALO_BOT__WEBHOOK_SECRET": secret,
        "HOCSO_ZALO_BOT__SENDS_PER_SECOND": "0",
        "HOCSO_ZALO_BOT__LINES_A_MONTH": "100000000",
        "HOCSO_ZALO_BOT__PEOPLE": "10000000",
        **dict(one.split("=", 1) for one in options.extra),
    }
    log = folder / "zalo.log"
    process = processes.start(ZALO, ["bot.py"], core=core, log=log, environment=environment)
    load = Load(desk, echo=False, random=Random(token), zalo=True, at_once=options.chats)
    return Bot(ZALO, "webhook", process, desk, load, database)


async def _ready(bot: Bot) -> None:
    until = time.monotonic() + _READY
    while not bot.desk.ready.is_set():
        if not bot.process.alive or time.monotonic() > until:
            raise SystemExit(f"{bot.name} ({bot.mode}) did not start:\n{bot.process.complaint()}")
        await asyncio.sleep(0.05)


async def _closed_rounds(
    bots: Sequence[Bot], options: argparse.Namespace, say: Progress
) -> Mapping[Key, Measured]:
    measured: dict[Key, Measured] = defaultdict(Measured)
    for place in range(options.rounds):
        for delay in DELAYS:
            for bot in bots:
                into = measured[bot.name, bot.mode, delay]
                await _closed(bot, delay, options, into)
                say(
                    f"round {place + 1}, {delay * 1000:.0f} ms per send: {bot.name} "
                    f"({bot.mode}) {into.rates[-1]:,.0f} turns/s"
                )
    return measured


async def _closed(bot: Bot, delay: float, options: argparse.Namespace, into: Measured) -> None:
    bot.desk.delay = delay
    cpu, own, began = bot.process.cpu_seconds(), time.process_time(), time.perf_counter()
    turns = await bot.load.closed(options.warm, options.seconds)
    own_share = (time.process_time() - own) / (time.perf_counter() - began)
    all_turns = max(1, len(bot.load.turns))
    into.cpu_ms.append((bot.process.cpu_seconds() - cpu) * 1000 / all_turns)
    into.server_share.append(own_share)
    into.rates.append(len(turns) / options.seconds)
    into.turns.extend(turns)
    # What is under way is let through at once: the next bot begins on a quiet machine.
    bot.desk.delay = 0.0
    into.silent += await bot.load.drained()


async def _open_loop(
    bots: Sequence[Bot], options: argparse.Namespace, say: Progress
) -> Mapping[Key, Measured]:
    """Bots that cannot keep up with the rate are left out: their queue would only grow."""
    delay = DELAYS[-1]
    paced: dict[Key, Measured] = {}
    for bot in bots:
        if bot.name == PTB:
            continue
        bot.desk.delay = delay
        turns = await bot.load.open(OPEN_RATE, options.open_seconds)
        silent = await bot.load.drained()
        one = Measured(turns=turns, silent=silent, late=bot.load.late)
        paced[bot.name, bot.mode, delay] = one
        bot.desk.delay = 0.0
        say(
            f"{OPEN_RATE:.0f} updates/s, {delay * 1000:.0f} ms per send: {bot.name} ({bot.mode}) "
            f"p99 {percentile((turn.to_seen for turn in turns), 0.99) * 1000:,.0f} ms"
        )
    return paced


def _kept(bot: Bot) -> dict[str, Any]:
    """What the tutor has stored: proof that the turns were whole."""
    assert bot.database is not None
    counted = {
        "learners": "SELECT COUNT(*) FROM learner WHERE consented_at IS NOT NULL",
        "lessons_done": "SELECT COUNT(*) FROM lesson_progress WHERE done_at IS NOT NULL",
        "graded_answers": "SELECT COUNT(*) FROM answer",
        "quizzes_finished": "SELECT COUNT(*) FROM attempt WHERE finished_at IS NOT NULL",
        "updates_seen": "SELECT COUNT(*) FROM seen",
        "not_sent": "SELECT COUNT(*) FROM delivery",
    }
    with sqlite3.connect(bot.database) as connection:
        found = {name: connection.execute(sql).fetchone()[0] for name, sql in counted.items()}
    connection.close()
    return {"mode": bot.mode, **found, "lines_unasked": bot.load.unasked}


if __name__ == "__main__":
    asyncio.run(main())
