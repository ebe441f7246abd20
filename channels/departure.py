"""The moment at which a request's bytes leave.

Whoever sends a line that must not come twice wants to know it to the microsecond, in case the
process is killed around it; a line of chat has no other use for it, and the way from the outbox to
the socket leads through a library. So it travels in the task's context.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_told: ContextVar[Callable[[], None] | None] = ContextVar("departure", default=None)


def departs() -> None:
    """Said by a channel that ``tells_departure``, right before it writes to the connection."""
    told = _told.get()
    if told is not None:
        told()


@contextmanager
def on_departure(told: Callable[[], None]) -> Iterator[None]:
    """``told`` is called before each request that is written within."""
    token = _told.set(told)
    try:
        yield
    finally:
        _told.reset(token)
