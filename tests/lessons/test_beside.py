"""Work shared with a second process. In a process of its own: beside other threads nobody forks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.beside import Beside

ROOT = Path(__file__).resolve().parents[2]

# Each prints what came back, and how many other processes made it.
SHARED = """
import os
from lessons.beside import Beside
done = Beside(lambda thing: (thing * thing, os.getpid()), range(1001)).results()
print([square for square, _ in done] == [n * n for n in range(1001)], len({p for _, p in done} - {os.getpid()}))
"""
KILLED = """
import os, signal
from lessons.beside import Beside
here = os.getpid()
def work(thing):
    if os.getpid() != here and thing > 500:  # each of them
        os.kill(os.getpid(), signal.SIGKILL)
    return thing * thing, os.getpid()
done = Beside(work, range(1001)).results()
print([square for square, _ in done] == [n * n for n in range(1001)], len({p for _, p in done} - {here}))
"""
ONE_CORE = (
    """
import os
os.sched_setaffinity(0, list(os.sched_getaffinity(0))[:1])
"""
    + SHARED
)
TELLING = """
import os, signal, time
from lessons.beside import Beside
here = os.getpid()
signal.signal(signal.SIGTERM, lambda *_: print("told"))
def work(thing):
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGTERM)
    return thing
print(Beside(work, range(1001)).results() == list(range(1001)))
"""
# More than a pipe holds comes of it, and nobody is there to take it.
LEFT_ALONE = """
import os, signal
from lessons.beside import Beside
begun = Beside(lambda thing: str(thing) * 1000, range(1001))
os.kill(os.getpid(), signal.SIGKILL)
"""
PATIENCE = 30.0

CORES = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
linux_with_two_cores = pytest.mark.skipif(
    CORES < 2,
    reason="only there a second process helps",
)


@linux_with_two_cores
@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (SHARED, f"True {min(4, CORES)}"),
        (KILLED, "True 0"),
        (ONE_CORE, "True 0"),
        # A signal to the second process is not taken for one to us.
        (TELLING, "True"),
    ],
    ids=["shared", "killed", "one core", "signal"],
)
def test_everything_is_done_once_and_comes_back_in_order(script: str, printed: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.stdout.strip(), run.stderr) == (printed, "")


@linux_with_two_cores
def test_nobody_stays_behind_when_the_first_process_is_killed() -> None:
    # It reads to the end of what the others hold open too.
    run = subprocess.run(
        [sys.executable, "-c", LEFT_ALONE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (run.returncode, run.stdout, run.stderr) == (-signal.SIGKILL, "", "")


def test_a_few_things_are_done_here() -> None:
    here = os.getpid()
    done = Beside(lambda thing: (thing, os.getpid()), [1, 2, 3]).results()
    assert done == [(1, here), (2, here), (3, here)]


def test_of_nothing_comes_nothing() -> None:
    assert Beside(str, []).results() == []
