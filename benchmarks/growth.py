"""Turns a second, bytes on disk and memory as learners grow from a thousand to a million.

``python -m benchmarks.growth``. Each size has a database and a process of its own on the same
core; rounds are interleaved. Needs about 3 GB of disk in the temporary folder.
"""

import argparse
import asyncio
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE
from typing import Any

from benchmarks import processes
from benchmarks.growth_fill import fill
from benchmarks.measure import Progress, median, number, save, table, verdict
from benchmarks.processes import ROOT, Process
from lessons.loading import load
from storage.migrate import prepare

SIZES = (1_000, 100_000, 1_000_000)


@dataclass(slots=True)
class Size:
    """One size: its database, the process that runs turns on it, and what it answered."""

    learners: int
    bytes_on_disk: int
    rows: dict[str, int]
    process: Process
    memory_before: float = 0.0
    rounds: list[dict[str, float]] = field(default_factory=list)
    sweep_ms: float = 0.0
    tidy_ms: float = 0.0

    def middle(self, what: str) -> float:
        return median(one[what] for one in self.rounds)


def main() -> None:
    options = _options()
    say = Progress()
    core, own = processes.cores()
    processes.pin(own)
    with tempfile.TemporaryDirectory(prefix="hocso-benchmark-", dir=options.folder) as folder:
        sizes: list[Size] = []
        try:
            for learners in options.sizes:
                sizes.append(_prepare(Path(folder), learners, core))
                say(f"{learners:,} learners, {sizes[-1].bytes_on_disk / 1e6:,.0f} MB")
            for size in sizes:
                size.memory_before = _read(size)["memory_mb"]
                # Fills the caches, for everybody alike.
                _ask(size, f"turns {options.warm}")
            for place in range(options.rounds):
                for size in sizes:
                    size.rounds.append(_ask(size, f"turns {options.seconds}"))
                    rate = size.rounds[-1]["turns_per_second"]
                    say(f"round {place + 1}: {size.learners:,} learners, {rate:,.0f} turns/s")
            for size in sizes:
                size.sweep_ms = _ask(size, "sweep")["sweep_ms"]
                size.tidy_ms = _ask(size, "tidy")["tidy_ms"]
        finally:
            for size in sizes:
                size.process.stop()
    _report(sizes, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.5, help="measured in each round")
    parser.add_argument("--warm", type=float, default=3.0)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", help="where the databases are made, for a while")
    return parser.parse_args()


def _prepare(folder: Path, learners: int, core: int) -> Size:
    path = folder / f"{learners}.db"
    asyncio.run(prepare(f"sqlite:///{path}"))
    rows = fill(path, load(ROOT), learners)
    process = processes.start(
        f"{learners} learners",
        ["-m", "benchmarks.growth_worker", str(path), str(learners)],
        core=core,
        log=folder / f"{learners}.log",
        stdin=PIPE,
        stdout=PIPE,
    )
    return Size(learners, path.stat().st_size, rows, process)


def _ask(size: Size, order: str) -> dict[str, Any]:
    assert size.process.popen.stdin is not None
    size.process.popen.stdin.write(f"{order}\n".encode())
    size.process.popen.stdin.flush()
    return _read(size)


def _read(size: Size) -> dict[str, Any]:
    assert size.process.popen.stdout is not None
    line = size.process.popen.stdout.readline()
    if not line:
        raise SystemExit(f"{size.process.name} failed:\n{size.process.complaint()}")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _report(sizes: list[Size], options: argparse.Namespace) -> None:
    first = sizes[0]
    head = ["learners", "rows", "MB on disk", "bytes/learner", "turns/s", "÷ first"]
    head += ["p50 ms", "p99 ms", "CPU ms/turn", "MB before", "MB after", "sweep ms", "tidy ms"]
    rows = [
        (
            number(size.learners),
            number(sum(size.rows.values())),
            number(size.bytes_on_disk / 1e6, 1),
            number(size.bytes_on_disk / size.learners),
            number(size.middle("turns_per_second")),
            f"{_ratio(first, size):.2f}",
            number(size.middle("p50_ms"), 1),
            number(size.middle("p99_ms"), 1),
            number(size.middle("cpu_ms_per_turn"), 2),
            number(size.memory_before),
            number(size.rounds[-1]["memory_mb"]),
            number(size.sweep_ms, 2),
            number(size.tidy_ms),
        )
        for size in sizes
    ]
    print(f"\nMedians of {options.rounds} rounds of {options.seconds:g} s\n")
    print(table(head, rows))
    last = sizes[-1]
    grown = last.rounds[-1]["memory_mb"] - first.rounds[-1]["memory_mb"]
    verdicts = [
        verdict(
            f"turns/s at {last.learners:,} learners ÷ at {first.learners:,}",
            _ratio(first, last),
            0.85,
        ),
        # Each of SQLite's two connections may keep 16 MB of pages; a small file has fewer.
        verdict("MB more at the largest size than at the smallest", grown, 40, at_most=True),
    ]
    print("\n" + "\n".join(verdicts))
    path = save(
        "growth",
        {
            "sizes": [
                {
                    "learners": size.learners,
                    "rows": size.rows,
                    "bytes_on_disk": size.bytes_on_disk,
                    "rounds": size.rounds,
                    "turns_per_second": size.middle("turns_per_second"),
                    "ratio_to_first": _ratio(first, size),
                    "memory_before_mb": size.memory_before,
                    "memory_after_mb": size.rounds[-1]["memory_mb"],
                    "sweep_ms": size.sweep_ms,
                    "tidy_ms": size.tidy_ms,
                }
                for size in sizes
            ],
            "verdicts": verdicts,
        },
    )
    print(f"\n{path}")


def _ratio(first: Size, size: Size) -> float:
    """The median over the rounds: a slow minute of the machine falls on both alike."""
    return median(
        ours["turns_per_second"] / theirs["turns_per_second"]
        for ours, theirs in zip(size.rounds, first.rounds, strict=True)
    )


if __name__ == "__main__":
    main()
