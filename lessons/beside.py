"""Work over many things, half of it done by a second process beside this one.

Threads would not help: all of it is Python's own work. The second process is a fork, which
starts within milliseconds and knows all that this one does. Where forking is not safe, or there
is no second core, or anything goes wrong with it, this process does all the work itself.
"""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")

# For less, a second process costs more than it saves.
_WORTH_IT = 200


def each(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """``[work(item) for item in items]``, in that order. ``work`` never raises; its results can
    be pickled.
    """
    if len(items) < _WORTH_IT or not can_fork():
        return [work(item) for item in items]
    mine, theirs = items[::2], items[1::2]
    context = multiprocessing.get_context("fork")
    answer, other_end = context.Pipe(duplex=False)
    beside = context.Process(target=_do, args=(work, theirs, other_end), daemon=True)
    try:
        beside.start()
    except OSError:  # no more processes, or no more memory
        return [work(item) for item in items]
    finally:
        other_end.close()
    with answer:
        done = [work(item) for item in mine]
        try:
            done_beside: list[Result] = answer.recv()
        except (EOFError, OSError, pickle.UnpicklingError):  # it was killed
            done_beside = [work(item) for item in theirs]
    beside.join()
    both: list[Result] = [*done, *done_beside]
    both[::2], both[1::2] = done, done_beside
    return both


def can_fork() -> bool:
    """On macOS the system's own libraries do not survive a fork, and beside another thread
    nobody's locks do.
    """
    return (
        sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
    )


def _do(
    work: Callable[[Item], Result], items: Sequence[Item], answer: "Connection[list[Result], None]"
) -> None:
    # What the event loop does about signals is no business of this process.
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    with suppress(OSError):  # nobody is there any more to read it
        answer.send([work(item) for item in items])
