"""Which rows of the outbox are this process's to send, and which nobody sends any more."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from outbox.journal import Fate, Journal
from storage import claimed_deliveries, deliveries, recipients, workers
from storage.database import Connection, Database

log = logging.getLogger(__name__)

# A process that has not shown itself for this long is taken for dead, and its
# claims go to whoever sweeps next. It beats at every sweep, once a second.
DEAD_AFTER = timedelta(seconds=8)
# How often this process looks for claims of its own that it has forgotten.
LOOK_FOR_LOST = timedelta(seconds=5)


class Claims:
    """Shows that this process lives, and compares what it claimed with what it has in hand.

    ``in_hand`` gives the ids that this process is about to send or is sending; ``journal`` knows
    what left this machine.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        now: Callable[[], datetime],
        in_hand: Callable[[], set[int]],
        journal: Journal,
    ) -> None:
        self._database = database
        self._worker = worker
        self._now = now
        self._in_hand = in_hand
        self._journal = journal
        self._beat_at = self._looked_at = datetime.min.replace(tzinfo=UTC)
        self._missed: set[int] = set()  # claimed and not in hand, at the last look
        self._taken_over: set[int] = set()  # in hand, and another process's by now
        self._buried: set[str] = set()  # dead, and all they had begun is judged
        self._proving = asyncio.Lock()
        self.living = 1  # processes that send, this one among them

    async def begin(self) -> None:
        """Announce this process. Raises ``StorageError``."""
        async with self._database.transaction() as connection:
            await workers.beat(connection, self._worker, self._now())
            self.living = await workers.living(connection, self._now() - DEAD_AFTER)
        self._beat_at = self._looked_at = self._now()

    async def end(self) -> None:
        """Whatever is still claimed is anybody's. Raises ``StorageError``."""
        async with self._database.transaction() as connection:
            await self._judge(
                connection, await claimed_deliveries.begun_by(connection, self._worker)
            )
            await workers.leave(connection, self._worker)

    async def renew(self, connection: Connection) -> None:
        """Beat, and free what dead processes held and what this one has lost."""
        now = self._now()
        await workers.beat(connection, self._worker, now)
        await self._judge(
            connection, await claimed_deliveries.begun_by_dead(connection, now - DEAD_AFTER)
        )
        freed = await claimed_deliveries.release_dead(connection, now, now - DEAD_AFTER)
        self.living = await workers.living(connection, now - DEAD_AFTER)
        if freed:
            log.warning("took over %d deliveries of a process that is gone", freed)
        if now - self._looked_at >= LOOK_FOR_LOST:
            self._looked_at = now
            await self._free_lost(connection, now)

    def renewed(self, at: datetime) -> None:
        """The beat of that moment is committed."""
        self._beat_at = at
        for worker in self._buried:
            self._journal.forget(worker)
        self._buried.clear()

    def lapsed(self) -> bool:
        """Whether others may take this process for dead: its machine slept, or storage was down."""
        return self._now() - self._beat_at > DEAD_AFTER

    async def prove(self) -> None:
        """After a lapse, learn which claims are still ours. Raises ``StorageError``."""
        async with self._proving:
            if not self.lapsed():
                return
            now, in_hand = self._now(), self._in_hand()
            async with self._database.transaction() as connection:
                await workers.beat(connection, self._worker, now)
                ours = await claimed_deliveries.held_by(connection, self._worker)
            self._taken_over |= in_hand - ours
            self._beat_at = now

    def holds(self, delivery: int) -> bool:
        """Whether a delivery in hand may still be sent from here."""
        return delivery not in self._taken_over

    def let_go(self, delivery: int) -> None:
        """This delivery is no longer in hand."""
        self._taken_over.discard(delivery)

    async def _judge(self, connection: Connection, begun: Sequence[tuple[str, int]]) -> None:
        """Of what was begun and never ended: what stayed may be sent, what arrived was sent.

        The rest stays begun, and is unsure.
        """
        for worker in {worker for worker, _ in begun}:
            fates = self._journal.of(worker)
            theirs = [(number, fates.get(number)) for of, number in begun if of == worker]
            stayed = [number for number, fate in theirs if fate is Fate.STAYED]
            arrived = [number for number, fate in theirs if fate is Fate.ARRIVED]
            await claimed_deliveries.unbegin(connection, stayed, worker)
            if arrived:
                await recipients.sent(connection, arrived, self._now())
                await deliveries.settle_sent(connection, arrived)
            left = len(theirs) - len(stayed) - len(arrived)
            log.warning(
                "of what a process had begun %d never left, %d arrived, %d may have",
                len(stayed),
                len(arrived),
                left,
            )
            self._buried.add(worker)

    async def _free_lost(self, connection: Connection, now: datetime) -> None:
        """Put back what the outbox says this process holds and it does not know of.

        A task may have died between the commit and the sending, or while sending. Missed
        at two looks in a row, so it is not a turn that is only just committed.
        """
        missed = await claimed_deliveries.held_by(connection, self._worker) - self._in_hand()
        lost, self._missed = missed & self._missed, missed
        begun = [(self._worker, number) for number in lost if self._journal.fate(number)]
        await self._judge(connection, begun)
        for number in sorted(lost):
            if not await claimed_deliveries.lose(connection, number, now):
                await deliveries.postpone(connection, number, now, "lost", tried=False)
        self._journal.end(lost)
        if lost:
            log.warning("found %d deliveries that nobody was sending", len(lost))
