"""Whole turns through the web channel, beside a bare aiohttp page that echoes and stores nothing.

``python -m benchmarks.web``. The tutor has one core to itself, the pages the other.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp

from benchmarks import processes
from benchmarks.measure import Progress, median, number, percentile, save, table, times
from benchmarks.processes import Process
from benchmarks.web_load import Load, Turn

TUTOR, ECHO = "Học Số", "bare aiohttp echo"
_READY = 60.0
OPEN_RATE = 100.0


@dataclass(slots=True)
class Server:
    """One server under measurement, and what its rounds gave."""

    name: str
    process: Process
    load: Load
    database: Path | None = None
    rates: list[float] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    load_share: list[float] = field(default_factory=list)
    paced: list[Turn] = field(default_factory=list)


async def main() -> None:
    options = _options()
    say = Progress()
    core, own = processes.cores()
    processes.pin(own)
    with tempfile.TemporaryDirectory(prefix="hocso-benchmark-") as folder:
        servers = [_start_tutor(core, Path(folder), options.extra), _start_echo(core, Path(folder))]
        try:
            for server in servers:
                await _ready(server)
                await server.load.open_pages(options.pages)
                say(f"{options.pages} pages of {server.name} are open")
            # Everybody has arrived, agreed and read on to the first quiz before it counts.
            played = await servers[0].load.closed(options.hands, options.warm)
            say(f"{len(played) / options.pages:.0f} turns on each page before the first round")
            for place in range(options.rounds):
                for server in servers:
                    await _closed(server, options)
                    say(f"round {place + 1}: {server.name} {server.rates[-1]:,.0f} turns/s")
            for server in servers:
                # A pause, so that nobody is over the limit of posts from the rounds before.
                await asyncio.sleep(5.0)
                server.paced = await server.load.open_loop(OPEN_RATE, options.open_seconds)
                say(f"{OPEN_RATE:.0f} posts/s: {server.name}")
            _report(servers, options)
        finally:
            for server in servers:
                await server.load.close()
                server.process.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="measured in each round")
    parser.add_argument("--warm", type=float, default=12.0, help="seconds of turns before")
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--hands", type=int, default=64, help="posts under way at once")
    parser.add_argument("--open-seconds", type=float, default=8.0)
    parser.add_argument(
        "--with",
        dest="extra",
        metavar="HOCSO_SECTION__KEY=value",
        action="append",
        default=[],
        help="a setting for the tutor, other than the shipped one",
    )
    return parser.parse_args()


def _start_tutor(core: int, folder: Path, extra: Sequence[str]) -> Server:
    port = processes.free_port()
    database = folder / "web.db"
    environment = {
        "HOCSO_DATABASE__URL": f"sqlite:///{database}",
        "HOCSO_WEB__PORT": str(port),
        # So that each page may come from a network of its own.
        "HOCSO_WEB__BEHIND_PROXY": "true",
        **dict(one.split("=", 1) for one in extra),
    }
    process = processes.start(
        TUTOR, ["bot.py"], core=core, log=folder / "tutor.log", environment=environment
    )
    load = Load(f"http://127.0.0.1:{port}", echo=False, random=Random(TUTOR))
    return Server(TUTOR, process, load, database)


def _start_echo(core: int, folder: Path) -> Server:
    port = processes.free_port()
    process = processes.start(
        ECHO, ["-m", "benchmarks.peers.web_echo", str(port)], core=core, log=folder / "echo.log"
    )
    return Server(ECHO, process, Load(f"http://127.0.0.1:{port}", echo=True, random=Random(ECHO)))


async def _ready(server: Server) -> None:
    until = time.monotonic() + _READY
    while True:
        try:
            async with server.load.session.get(f"{server.load.url}/healthz"):
                return
        except aiohttp.ClientConnectionError:
            if not server.process.alive or time.monotonic() > until:
                raise SystemExit(
                    f"{server.name} did not start:\n{server.process.complaint()}"
                ) from None
            await asyncio.sleep(0.05)


async def _closed(server: Server, options: argparse.Namespace) -> None:
    cpu, own, began = server.process.cpu_seconds(), time.process_time(), time.perf_counter()
    turns = await server.load.closed(options.hands, options.seconds)
    server.load_share.append((time.process_time() - own) / (time.perf_counter() - began))
    all_turns = max(1, len(server.load.turns))
    server.cpu_ms.append((server.process.cpu_seconds() - cpu) * 1000 / all_turns)
    server.rates.append(len(turns) / options.seconds)
    server.turns.extend(turns)


def _report(servers: Sequence[Server], options: argparse.Namespace) -> None:
    ours, echo = (median(server.rates) for server in servers)
    head = ["server", "turns/s", "÷ echo", "p50 ms", "p99 ms", "CPU ms/turn", "load's core"]
    head += [f"p50 ms at {OPEN_RATE:.0f}/s", f"p99 ms at {OPEN_RATE:.0f}/s", "MB", "refused"]
    rows = [
        (
            server.name,
            number(median(server.rates)),
            times(median(server.rates) / echo),
            *_tails(server.turns),
            number(median(server.cpu_ms), 2),
            number(median(server.load_share), 2),
            *_tails(server.paced),
            number(server.process.memory_mb()),
            str(server.load.refused + server.load.silent + server.load.late),
        )
        for server in servers
    ]
    print(f"\n{options.hands} posts under way at once on {options.pages} pages, ", end="")
    print(f"medians of {options.rounds} rounds; milliseconds from post to line\n")
    print(table(head, rows))
    answers = _graded_answers(servers[0])
    print(f"\nGraded answers stored: {answers}")
    path = save(
        "web",
        {
            "pages": options.pages,
            "hands": options.hands,
            "turns_per_second": ours,
            "echo_per_second": echo,
            "graded_answers": answers,
            "servers": [
                {
                    "name": server.name,
                    "rounds": server.rates,
                    "p50_ms": _at(server.turns, 0.5),
                    "p99_ms": _at(server.turns, 0.99),
                    "paced_p50_ms": _at(server.paced, 0.5),
                    "paced_p99_ms": _at(server.paced, 0.99),
                    "cpu_ms_per_turn": median(server.cpu_ms),
                    "load_core_share": median(server.load_share),
                    "memory_mb": server.process.memory_mb(),
                    "refused": server.load.refused,
                    "silent": server.load.silent,
                    "nobody_free": server.load.late,
                }
                for server in servers
            ],
        },
    )
    print(f"\n{path}")


def _at(turns: Sequence[Turn], share: float) -> float:
    return percentile((turn.to_line for turn in turns), share) * 1000


def _tails(turns: Sequence[Turn]) -> tuple[str, str]:
    return number(_at(turns, 0.5), 1), number(_at(turns, 0.99), 1)


def _graded_answers(server: Server) -> int:
    assert server.database is not None
    connection = sqlite3.connect(server.database)
    (answers,) = connection.execute("SELECT COUNT(*) FROM answer").fetchone()
    connection.close()
    return int(answers)


if __name__ == "__main__":
    asyncio.run(main())
