"""The one way out: every delivery is sent from here, with one retry policy.

A delivery that a turn has just committed comes in through ``wake``, already
claimed by this process, and goes out at once. Whatever is left behind (a retry, a
reminder, the rows of a process that was killed) is found by ``sweep``. Replies to
one address go out one after another in the order they were written, each only when
the one before is written down as sent: so a kill repeats at most one to each
address. What is more urgent goes first. Different addresses never wait for each
other, nor channels for channels.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from channels.base import Channel
from conversation.replies import load_reply
from conversation.turn import Ready
from outbox.claims import Claims
from outbox.journal import Journal
from outbox.ledger import Ledger
from outbox.pace import Pace
from outbox.queues import Queue, Queues
from outbox.retry import Backoff
from outbox.sending import Sending, is_late
from outbox.settler import Settler
from outbox.turns import Turns
from storage import deliveries
from storage.database import Connection, Database
from storage.deliveries import Delivery
from storage.errors import StorageError

log = logging.getLogger(__name__)

# Some seconds of sending at the pace of a large channel. What is claimed by a process that dies
# waits until it is found dead, so it is no more than this.
IN_HAND = 500


class Dispatcher:
    """Sends what the outbox holds.

    ``now`` gives aware UTC time; ``backoff`` decides when a failed delivery is due
    again. ``senders`` bounds how many requests are under way at once on each channel, and
    ``in_hand`` how many addresses of a channel are taken up. ``journal`` is where the next
    process learns what left this one, if it is killed.
    """

    def __init__(
        self,
        *,
        database: Database,
        channels: Mapping[str, Channel],
        worker: str,
        now: Callable[[], datetime],
        backoff: Backoff,
        senders: int,
        in_hand: int = IN_HAND,
        journal: Journal | None = None,
    ) -> None:
        self._database = database
        self._channels = channels
        self._worker = worker
        self._now = now
        self._in_hand = in_hand
        self._turns = {
            name: Turns(Pace(channel.capabilities.limits), senders)
            for name, channel in channels.items()
        }
        self._queues = Queues()
        self._journal = journal or Journal(worker)
        self._claims = Claims(database, worker, now, self._queues.ids, self._journal)
        self._ledger = Ledger(database, now, worker)
        self._settler = Settler(database, now)
        self._sending = Sending(
            channels=channels,
            turns=self._turns,
            claims=self._claims,
            ledger=self._ledger,
            journal=self._journal,
            settler=self._settler,
            backoff=backoff,
            now=now,
        )
        self._drains: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self) -> None:
        """Announce this process and begin to settle. Raises ``StorageError``."""
        self._journal.start()
        await self._claims.begin()
        if self._claims.living > 1:
            # Another was here a moment ago: what it sent counts, and it may not know of us yet.
            for turns in self._turns.values():
                turns.rest()
        self._settler.start()

    def wake(self, ready: Sequence[Ready]) -> None:
        """Send these deliveries, which this process has claimed, as soon as may be.

        While stopping they are left alone: their claim ends with this process, and
        the next one sends them.
        """
        if self._stopping:
            return
        for row in ready:
            queue = self._queues.find((row.channel, row.address))
            if queue is not None:
                self._sending.let_go(queue.add(row))
                self._turns[row.channel].hurry(row.address, row.priority)
                continue
            drain = asyncio.create_task(self._drain(self._queues.open(row)))
            self._drains.add(drain)
            drain.add_done_callback(self._ended)

    async def sweep(self) -> None:
        """Show that this process lives, free what dead ones held, and take up what is due.

        Raises ``StorageError``.
        """
        now = self._now()
        if self._claims.lapsed():
            await self._claims.prove()
        async with self._database.transaction() as connection:
            await self._claims.renew(connection)
            claimed = await self._claim(connection)
        self._claims.renewed(now)
        for turns in self._turns.values():
            turns.look_about(self._claims.living)
        self._sending.look_about()
        await self._take_up(claimed)

    async def drain(self) -> None:
        """Wait until everything taken up so far is sent and settled, or put back."""
        while self._drains:
            await asyncio.wait(set(self._drains))
            await self._settler.quiet()

    async def stop(self, grace: float = 5.0) -> None:
        """Finish what is under way within ``grace`` seconds and leave the rest to others."""
        self._stopping = True
        self._sending.stop()
        if self._drains:
            await asyncio.wait(set(self._drains), timeout=grace)
        for drain in set(self._drains):
            drain.cancel()
        if self._drains:
            await asyncio.wait(set(self._drains))
        await self._settler.stop()
        with suppress(StorageError):
            await self._claims.end()
            self._journal.stop()

    async def _claim(self, connection: Connection) -> Sequence[Delivery]:
        """What is due. What came too late is withheld without being looked at again."""
        now, held = self._now(), self._queues.addresses
        open_ = [name for name in self._channels if self._sending.is_open(name)]
        some = [name for name in open_ if held(name) < self._in_hand]
        # With enough reminders in hand there is still room for answers that are tried again.
        few = [name for name in open_ if self._in_hand <= held(name) < 3 * self._in_hand]
        claimed = await deliveries.claim(connection, self._worker, some, now, self._in_hand)
        claimed += await deliveries.claim(
            connection, self._worker, few, now, self._in_hand, only_before=deliveries.REMINDER
        )
        late = [row.id for row in claimed if is_late(row.expires_at, now)]
        if late:
            log.warning("%d deliveries withheld: they came too late", len(late))
            await deliveries.withhold(connection, late, deliveries.LATE, now)
        return [row for row in claimed if not is_late(row.expires_at, now)]

    async def _take_up(self, claimed: Sequence[Delivery]) -> None:
        """Send what a sweep claimed."""
        ready = [one for row in claimed if (one := await self._load(row)) is not None]
        self._sending.take_up([row.id for row in ready])
        self.wake(ready)

    async def _load(self, row: Delivery) -> Ready | None:
        """The row as it can be sent; one that cannot be read is set aside alone."""
        try:
            reply = load_reply(row.reply)
        except ValueError:
            await self._ledger.fail([row.id], "unreadable: not a reply of this version")
            return None
        return Ready(
            id=row.id,
            address_id=row.address_id,
            channel=row.channel,
            address=row.address,
            reply=reply,
            created_at=row.created_at,
            last_heard=row.last_heard,
            replaces=row.replaces,
            tries=row.tries,
            priority=row.priority,
            expires_at=row.expires_at,
        )

    def _ended(self, drain: "asyncio.Task[None]") -> None:
        self._drains.discard(drain)
        if not drain.cancelled() and (fault := drain.exception()):
            log.error("a sender died", exc_info=fault)

    async def _drain(self, queue: Queue) -> None:
        try:
            await self._sending.empty(queue)
        finally:
            self._queues.close(queue)
