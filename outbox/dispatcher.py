"""The one way out: every delivery is sent from here, with one retry policy.

A delivery that a turn has just committed comes in through ``wake``, already
claimed by this process, and goes out at once. Whatever is left behind (a retry, a
reminder, the rows of a process that was killed) is found by ``sweep``. Replies to
one address go out one after another in the order they were written; different
addresses never wait for each other.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels.base import (
    Channel,
    Misconfigured,
    Rejected,
    SendError,
    Sent,
    Throttled,
    Unavailable,
    Unreachable,
)
from conversation.replies import AskQuestion, load_reply
from conversation.turn import Ready
from outbox.retry import Backoff
from storage import addresses, deliveries, polls, workers
from storage.database import Connection, Database
from storage.deliveries import Delivery
from storage.errors import StorageError

log = logging.getLogger(__name__)

# A process that has not shown itself for this long is taken for dead, and its
# claims go to whoever sweeps next. It beats at every sweep, once a second.
DEAD_AFTER = timedelta(seconds=8)
# Rows taken up in one sweep: some seconds of sending, so that a stop is quick.
CLAIM = 500
_STORE_AGAIN = 0.5  # seconds, while the database cannot be written
# A wrong token does not mend itself; look again once a minute all the same.
_MISCONFIGURED_WAIT = timedelta(minutes=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Settled:
    delivery: Ready
    sent: Sent


class Dispatcher:
    """Sends what the outbox holds.

    ``now`` gives aware UTC time; ``backoff`` decides when a failed delivery is due
    again. ``senders`` bounds how many requests are under way at once.
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
    ) -> None:
        self._database = database
        self._channels = channels
        self._worker = worker
        self._now = now
        self._backoff = backoff
        self._slots = asyncio.Semaphore(senders)
        self._queues: dict[tuple[str, str], deque[Ready]] = {}
        self._drains: set[asyncio.Task[None]] = set()
        self._paused: dict[str, datetime] = {}
        self._settled: list[_Settled] = []
        self._settle = asyncio.Event()
        self._settler: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Announce this process and begin to settle. Raises ``StorageError``."""
        async with self._database.transaction() as connection:
            await workers.beat(connection, self._worker, self._now())
        self._settler = asyncio.create_task(self._settle_forever(), name="outbox settler")

    def wake(self, ready: Sequence[Ready]) -> None:
        """Send these deliveries, which this process has claimed, as soon as may be.

        While stopping they are left alone: their claim ends with this process, and
        the next one sends them.
        """
        if self._stopping:
            return
        for delivery in ready:
            key = (delivery.channel, delivery.address)
            queue = self._queues.get(key)
            if queue is not None:
                queue.append(delivery)
                continue
            self._queues[key] = deque((delivery,))
            drain = asyncio.create_task(self._drain(key))
            self._drains.add(drain)
            drain.add_done_callback(self._drains.discard)

    async def sweep(self) -> None:
        """Show that this process lives, free what dead ones held, and take up what is due."""
        now = self._now()
        open_channels = [name for name in self._channels if self._paused.get(name, now) <= now]
        async with self._database.transaction() as connection:
            await workers.beat(connection, self._worker, now)
            freed = await deliveries.release_dead(connection, now, now - DEAD_AFTER)
            claimed = await deliveries.claim(connection, self._worker, open_channels, now, CLAIM)
        if freed:
            log.warning("took over %d deliveries of a process that is gone", freed)
        self.wake([ready for row in claimed if (ready := await self._load(row)) is not None])

    async def _load(self, row: Delivery) -> Ready | None:
        """The row as it can be sent; one that cannot be read is set aside alone."""
        try:
            reply = load_reply(row.reply)
        except ValueError:
            log.error("delivery %d set aside: not a reply of this version", row.id)
            await self._store(lambda c: deliveries.fail(c, row.id, "unreadable", self._now()))
            return None
        return Ready(
            id=row.id,
            address_id=row.address_id,
            channel=row.channel,
            address=row.address,
            reply=reply,
            created_at=row.created_at,
            replaces=row.replaces,
            tries=row.tries,
        )

    async def drain(self) -> None:
        """Wait until everything taken up so far is sent or put back, and settled."""
        while self._drains or self._settled:
            if self._drains:
                await asyncio.wait(set(self._drains))
            await self._settle_now()

    async def stop(self, grace: float = 5.0) -> None:
        """Finish what is under way within ``grace`` seconds and put the rest back."""
        self._stopping = True
        if self._drains:
            await asyncio.wait(set(self._drains), timeout=grace)
        for drain in set(self._drains):
            drain.cancel()
        if self._drains:
            await asyncio.wait(set(self._drains))
        if self._settler is not None:
            self._settler.cancel()
            with suppress(asyncio.CancelledError):
                await self._settler
            self._settler = None
        with suppress(StorageError):
            await self._settle_now()
            async with self._database.transaction() as connection:
                await workers.leave(connection, self._worker)

    async def _drain(self, key: tuple[str, str]) -> None:
        queue = self._queues[key]
        waits: SendError | None = None
        async with self._slots:
            while queue and waits is None and not self._stopping:
                waits = await self._send(queue[0])
                if waits is None:
                    queue.popleft()
        del self._queues[key]
        if queue:
            # What follows an unsent reply must not overtake it, so all of them wait.
            await self._put_back(queue, waits)

    async def _send(self, delivery: Ready) -> SendError | None:
        """Try once. None when the delivery is finished with, else why it must wait."""
        channel = self._channels.get(delivery.channel)
        if self._paused.get(delivery.channel, _LONG_AGO) > self._now():
            return Unavailable("the channel is paused")
        try:
            if channel is None:
                raise Rejected(f"no channel {delivery.channel!r} runs here")
            sent = await channel.send(
                delivery.address,
                delivery.reply,
                replaces=delivery.replaces,
                delivery=delivery.id,
            )
        except SendError as error:
            return await self._failed(delivery, error)
        except Exception:
            # A fault of ours poisons this delivery only; its text stays out of the log.
            log.exception("delivery %d cannot be drawn or sent", delivery.id)
            return await self._failed(delivery, Rejected("fault in the channel"))
        self._settled.append(_Settled(delivery, sent))
        self._settle.set()
        return None

    async def _failed(self, delivery: Ready, error: SendError) -> SendError | None:
        now = self._now()
        if isinstance(error, Throttled | Misconfigured):
            wait = error.retry_after if isinstance(error, Throttled) else _MISCONFIGURED_WAIT
            self._paused[delivery.channel] = now + wait
            log.warning("channel %s waits %s: %s", delivery.channel, wait, _reason(error))
            return error
        if isinstance(error, Unreachable):
            # The rows of this address that are still in memory go with it.
            self._queues[delivery.channel, delivery.address].clear()
            self._queues[delivery.channel, delivery.address].append(delivery)
            await self._store(lambda c: addresses.stop(c, delivery.address_id, now))
            return None
        if isinstance(error, Rejected) or now - delivery.created_at > self._backoff.give_up_after:
            log.error("delivery %d set aside: %s", delivery.id, _reason(error))
            await self._store(lambda c: deliveries.fail(c, delivery.id, _reason(error), now))
            return None
        return error

    async def _put_back(self, queue: Sequence[Ready], waits: SendError | None) -> None:
        """Give up the claim on these rows; the first decides when, the others follow it."""
        now = self._now()
        pause = max(self._paused.get(queue[0].channel, now) - now, timedelta())
        due = self._backoff.next_due(now, queue[0].tries, at_least=pause) if waits else now

        async def postpone(connection: Connection) -> None:
            for delivery in queue:
                await deliveries.postpone(connection, delivery.id, due, _reason(waits))

        await self._store(postpone)

    async def _settle_forever(self) -> None:
        while True:
            await self._settle.wait()
            self._settle.clear()
            try:
                await self._settle_now()
            except StorageError as error:
                # They are sent and must not be sent again: hold on until the row can say so.
                log.error("cannot settle %d deliveries: %s", len(self._settled), error)
                await asyncio.sleep(_STORE_AGAIN)
                self._settle.set()

    async def _settle_now(self) -> None:
        """Write down in one transaction everything that was sent since the last."""
        batch = self._settled
        if not batch:
            return
        self._settled = []
        now = self._now()
        try:
            async with self._database.transaction() as connection:
                await deliveries.settle_sent(connection, [one.delivery.id for one in batch])
                for one in batch:
                    reply = one.delivery.reply
                    if one.sent.poll and isinstance(reply, AskQuestion):
                        await polls.remember(
                            connection,
                            one.delivery.channel,
                            one.sent.poll,
                            one.delivery.address_id,
                            json.dumps([option.action.encode() for option in reply.options]),
                            now,
                        )
        except BaseException:
            self._settled = batch + self._settled
            raise

    async def _store(self, write: Callable[[Connection], Awaitable[None]]) -> None:
        """Write in a transaction of its own, trying until the database takes it.

        Giving up would leave the rows claimed by a process that lives and has
        forgotten them. Stopping ends it: then the claims are anybody's.
        """
        while True:
            try:
                async with self._database.transaction() as connection:
                    await write(connection)
            except StorageError as error:
                log.error("outbox cannot be written: %s", error)
                if self._stopping:
                    return
                await asyncio.sleep(_STORE_AGAIN)
            else:
                return


def _reason(error: SendError | None) -> str:
    return f"{type(error).__name__}: {error}" if error else ""
