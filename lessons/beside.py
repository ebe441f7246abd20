"""Work over many things, done by processes beside this one while this one does something else.

Threads would not help: all of it is Python's own work. The processes are forks, which start
within milliseconds and know all that this one does. Where forking is not safe, or there is no
second core, or anything goes wrong with one of them, this process does the work itself.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")

# For fewer things the processes would cost more than they save.
_WORTH_IT = 200
_MOST = 4


class Beside(Generic[Item, Result]):
    """Begins ``[work(item) for item in items]``; ``results`` waits for its end.

    ``work`` never raises, and its results can be pickled.
    """

    def __init__(self, work: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self._work = work
        self._items = items
        count = min(_cores(), _MOST) if len(items) >= _WORTH_IT else 1
        # Neighbours are alike, so dealt out like cards everybody has as much to do.
        self._shares = [
            _Share(work, items[first::count], forks=count > 1) for first in range(count)
        ]

    def results(self) -> list[Result]:
        """In the order of the items."""
        found: dict[int, Result] = {}
        for first, share in enumerate(self._shares):
            places = range(first, len(self._items), len(self._shares))
            found.update(zip(places, share.results(), strict=True))
        return [found[place] for place in range(len(self._items))]


class _Share(Generic[Item, Result]):
    """What one process does; this one, where it cannot have another do it."""

    def __init__(
        self, work: Callable[[Item], Result], items: Sequence[Item], *, forks: bool
    ) -> None:
        self._work = work
        self._items = items
        self._answer: Connection[list[Result], list[Result]] | None = None
        if forks:
            with suppress(OSError):  # no more processes, or no more memory
                self._fork()

    def _fork(self) -> None:
        from multiprocessing import get_context  # small projects do without

        context = get_context("fork")
        answer, other_end = context.Pipe(duplex=False)
        with other_end:
            self._process = context.Process(
                target=_do, args=(self._work, self._items, answer, other_end), daemon=True
            )
            self._process.start()
        self._answer = answer

    def results(self) -> list[Result]:
        if self._answer is None:
            return [self._work(item) for item in self._items]
        with self._answer:
            try:
                found = self._answer.recv()
            except (EOFError, OSError, pickle.UnpicklingError):  # it was killed
                found = [self._work(item) for item in self._items]
        self._process.join()
        return found


def _cores() -> int:
    """How many processes help; 1 where none may be forked: the libraries of macOS do not survive
    that, and beside another thread nobody's locks do.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def _do(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    taking: "Connection[list[Result], list[Result]]",
    answer: "Connection[list[Result], list[Result]]",
) -> None:
    # A fork holds that end open too, and would wait for itself when the other process is killed.
    taking.close()
    # What the event loop does about signals is no business of this process. Ctrl+C reaches it
    # too, and is for the one that waits for it.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(OSError):  # nobody is there any more to read it
        answer.send([work(item) for item in items])
