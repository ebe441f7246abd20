"""Processes under measurement: started on one core, watched from outside. Linux only."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
_TICK = os.sysconf("SC_CLK_TCK")
_PATIENCE = 15.0  # seconds that a process gets to end by itself


def cores() -> tuple[int, int]:
    """The core for what is measured and the core for the load; one and the same if there is one."""
    free = sorted(os.sched_getaffinity(0))
    return free[0], free[-1]


def pin(core: int) -> None:
    """Keep this process, and the threads it starts from now on, on one core."""
    os.sched_setaffinity(0, {core})


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Process:
    """A started process; ``log`` is the file that holds what it wrote to stderr."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def alive(self) -> bool:
        return self.popen.poll() is None

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far, and of its own processes that have ended."""
        stat = Path(f"/proc/{self.popen.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _TICK

    def memory_mb(self, what: str = "VmRSS") -> float:
        return memory_mb(self.popen.pid, what)

    def stop(self) -> None:
        """End it, and see it out."""
        if self.alive:
            self.popen.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(_PATIENCE)
        if self.alive:
            self.popen.kill()
            self.popen.wait()
        if self.popen.stdout is not None:
            self.popen.stdout.close()

    def complaint(self) -> str:
        """The end of what it wrote to stderr, for when it has failed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:]


def memory_mb(process_id: int, what: str = "VmRSS") -> float:
    """Memory in MB: "VmRSS" is what it holds now, "VmHWM" the most it ever held."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii", errors="replace")
    (line,) = (line for line in status.splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) / 1024


def start(
    name: str,
    arguments: Sequence[str],
    *,
    core: int | None,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
) -> Process:
    """Start ``python <arguments>`` in ``folder``, with nothing of HOCSO_* inherited.

    On one core, or for None wherever this process may run.
    """
    cores_for_it = os.sched_getaffinity(0) if core is None else {core}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("HOCSO_")}
    with log.open("wb") as complaints:
        popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env={**inherited, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=stdin,
            stdout=stdout,
            stderr=complaints,
            # Set before the program begins, so that its threads inherit it.
            preexec_fn=lambda: os.sched_setaffinity(0, cores_for_it),  # noqa: PLW1509
        )
    return Process(name, popen, log)
