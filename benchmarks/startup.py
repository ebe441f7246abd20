"""How long a start takes, and what memory it needs, with the lessons there are and with 1,000.

``python -m benchmarks.startup``. Each start is a fresh process of a copy of the project in a
temporary folder, on all the cores there are. The first start has no compiled code, no kept
content and no database; the later ones have all of it.
"""

import argparse
import asyncio
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE

from benchmarks import processes
from benchmarks.fake_telegram import FakeTelegram
from benchmarks.measure import Progress, median, number, save, table, verdict
from benchmarks.processes import ROOT

MANY = 1_000
TARGET = 2.0
_PATIENCE = 120.0
_LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "benchmarks", "docs", "tests", "var", "*.db", "*.db-*"
)


@dataclass(slots=True)
class Start:
    """One way of starting: seconds until the line that says where to go, and what it took till then."""

    lessons: int
    channels: str
    kind: str
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)


async def main() -> None:
    options = _options()
    say = Progress()
    telegram = FakeTelegram()
    telegram.desk("1:token")
    await telegram.start()
    starts: list[Start] = []
    try:
        with tempfile.TemporaryDirectory(prefix="hocso-benchmark-") as folder:
            for wanted in (0, options.lessons):
                project = Path(folder) / str(wanted)
                lessons = copy_project(project, wanted)
                for api_url in ("", telegram.url):
                    starts += await _measure(project, lessons, api_url, options.rounds)
                    for start in starts[-2:]:
                        shown = number(median(start.seconds), 2)
                        say(f"{lessons} lessons, {start.channels}, {start.kind}: {shown} s")
    finally:
        await telegram.stop()
    _report(starts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lessons", type=int, default=MANY)
    return parser.parse_args()


def copy_project(into: Path, lessons: int) -> int:
    """Copy what runs, with at least ``lessons`` lessons in it; how many there are."""
    shutil.copytree(ROOT, into, ignore=_LEFT_OUT)
    content = into / "lessons" / "content"
    courses = [path.parent.name for path in sorted(content.glob("*/course.yaml"))]
    real = len(list(content.glob("*/*.yaml"))) - len(courses)
    copies = max(0, -(-lessons // real) - 1)
    for copy in range(1, copies + 1):
        for course in courses:
            _copy_course(into, course, f"-{copy:02d}")
    with (content / "courses.yaml").open("a", encoding="utf-8") as order:
        order.writelines(
            f"  - {course}-{copy:02d}\n" for copy in range(1, copies + 1) for course in courses
        )
    return real * (copies + 1)


def _copy_course(project: Path, course: str, mark: str) -> None:
    """A course with all its names marked: courses, lessons and questions are named once."""
    for kind in ("lessons", "quizzes"):
        target = project / kind / "content" / f"{course}{mark}"
        target.mkdir()
        for path in (project / kind / "content" / course).glob("*.yaml"):
            text = path.read_text(encoding="utf-8")
            if path.name == "course.yaml":
                text = re.sub(r"(?m)^(slug: |  - )(\S+)$", rf"\1\2{mark}", text)
                new_name = path.name
            else:
                text = re.sub(
                    r"(?m)^(slug: |course: |lesson: |  - id: )(\S+)$", rf"\1\2{mark}", text
                )
                new_name = f"{path.stem}{mark}.yaml"
            (target / new_name).write_text(text, encoding="utf-8")


async def _measure(project: Path, lessons: int, api_url: str, rounds: int) -> tuple[Start, Start]:
    channels = "web + Telegram" if api_url else "web"
    first, later = Start(lessons, channels, "first"), Start(lessons, channels, "later")
    for place in range(rounds + 1):
        start = later if place else first
        if start is first:
            _forget(project)
        seconds, cpu, memory, peak = await _once(project, api_url)
        start.seconds.append(seconds)
        start.cpu_seconds.append(cpu)
        start.memory_mb.append(memory)
        start.peak_mb.append(peak)
    return first, later


def _forget(project: Path) -> None:
    """Leave nothing of an earlier start."""
    for found in (*project.rglob("__pycache__"), project / ".cache", project / "var"):
        shutil.rmtree(found, ignore_errors=True)
    for found in project.glob("*.db*"):
        if found.is_dir():
            shutil.rmtree(found)
        else:
            found.unlink()


async def _once(project: Path, api_url: str) -> tuple[float, float, float, float]:
    environment = {
        "HOCSO_WEB__PORT": str(processes.free_port()),
        # Compiled code is kept, as it is on a machine where nobody says otherwise.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    if api_url:
        environment |= {"HOCSO_TELEGRAM__TOKEN": "1:token", "HOCSO_TELEGRAM__API_URL": api_url}
    began = time.perf_counter()
    process = processes.start(
        "start",
        ["bot.py"],
        core=None,
        log=project / "start.log",
        environment=environment,
        folder=project,
        stdout=PIPE,
    )
    assert process.popen.stdout is not None
    try:
        async with asyncio.timeout(_PATIENCE):
            line = await asyncio.to_thread(process.popen.stdout.readline)
        seconds = time.perf_counter() - began
        if b"http://" not in line:
            raise SystemExit(f"it did not start:\n{process.complaint()}")
        return (
            seconds,
            process.cpu_seconds(),
            process.memory_mb(),
            process.memory_mb("VmHWM"),
        )
    finally:
        process.stop()


def _report(starts: Sequence[Start]) -> None:
    head = ("lessons", "channels", "start", "ready after s", "worst s", "CPU s", "MB", "peak MB")
    rows = [
        (
            number(start.lessons),
            start.channels,
            start.kind,
            number(median(start.seconds), 2),
            number(max(start.seconds), 2),
            number(median(start.cpu_seconds), 2),
            number(median(start.memory_mb)),
            number(max(start.peak_mb)),
        )
        for start in starts
    ]
    print("\nFrom the start of the process to the line that says where to go; medians\n")
    print(table(head, rows))
    verdicts = [
        verdict(
            f"seconds to ready with {start.lessons:,} lessons, {start.channels}, {start.kind} start",
            median(start.seconds),
            TARGET,
            at_most=True,
        )
        for start in starts
        if start.lessons >= MANY
    ]
    print("\n" + "\n".join(verdicts))
    path = save(
        "startup",
        {
            "starts": [
                {
                    "lessons": start.lessons,
                    "channels": start.channels,
                    "start": start.kind,
                    "seconds": start.seconds,
                    "cpu_seconds": start.cpu_seconds,
                    "memory_mb": start.memory_mb,
                    "peak_mb": start.peak_mb,
                }
                for start in starts
            ],
            "verdicts": verdicts,
        },
    )
    print(f"\n{path}")


if __name__ == "__main__":
    asyncio.run(main())
