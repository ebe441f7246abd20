"""Rings the timers that are due: each becomes an event, and a turn answers it like any other."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from conversation.events import Due, Inbound
from storage import timers
from storage.database import Database
from storage.timers import Timer

# Turns of one batch that share commits. A learner who writes meanwhile waits for no more
# of them than this.
BATCH = 16
# What one look takes up at most; the next look, a second later, goes on.
MOST = 1_000


class Timers:
    """Looks for what is due and hands it to the tutor.

    Cost follows what is due and not how many timers are set: one look through an index.
    ``receive`` takes an event to its commit, as channels call it.
    """

    def __init__(
        self,
        database: Database,
        receive: Callable[[Inbound], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._receive = receive
        self._now = now

    async def ring(self) -> int:
        """What is due by now; how many. Raises ``StorageError``, and the rest rings next time."""
        rung = 0
        now = self._now()
        while rung < MOST:
            async with self._database.read() as connection:
                due = await timers.due(connection, now, BATCH)
            if not due:
                return rung
            # All are seen to their end: none may go on behind a caller that was told of a fault.
            outcomes = await asyncio.gather(
                *(self._receive(_event(timer, now)) for timer in due), return_exceptions=True
            )
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
            rung += len(due)
        return rung


def _event(timer: Timer, now: datetime) -> Inbound:
    return Inbound(
        channel=timer.channel,
        address=timer.address,
        external_id=f"timer-{timer.id}-{timer.due_at.timestamp():.3f}",
        received_at=now,
        event=Due(timer.id, timer.kind, timer.subject, timer.due_at, timer.address_id),
    )
