"""The one way out: every delivery is sent from here, with one retry policy.

A delivery that a turn has just committed comes in through ``wake``, already
claimed by this process, and goes out at once. Whatever is left behind (a retry, a
reminder, the rows of a process that was killed) is found by ``sweep``. Replies to
one address go out one after another in the order they were written, each only when
the one before is written down as sent: so a kill repeats at most one to each
address. Different addresses never wait for each other, nor channels for channels.
"""

import asyncio
import logging
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

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
from conversation.replies import load_reply
from conversation.turn import Ready
from outbox.claims import DEAD_AFTER, Claims
from outbox.retry import Backoff
from outbox.settler import Settler
from storage import addresses, deliveries
from storage.database import Connection, Database
from storage.deliveries import Delivery
from storage.errors import StorageError

log = logging.getLogger(__name__)

# Addresses of one channel taken up at most: some seconds of sending, so that a stop is quick.
CLAIM = 500
# No request takes so long; one that does must not hold its address for ever.
LONGEST_SEND = 120.0  # seconds
_STORE_AGAIN = 0.5  # seconds, while the database cannot be written
# A wrong token does not mend itself; look again once a minute all the same.
_MISCONFIGURED_WAIT = timedelta(minutes=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_Key: TypeAlias = tuple[str, str]  # a channel, and its own name of an address


@dataclass(frozen=True, slots=True)
class _Wait:
    """Why an address must wait. ``tried`` says that the platform saw its first reply."""

    reason: str
    tried: bool


class Dispatcher:
    """Sends what the outbox holds.

    ``now`` gives aware UTC time; ``backoff`` decides when a failed delivery is due
    again. ``senders`` bounds how many requests are under way at once on each channel.
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
        self._slots = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(senders))
        self._claims = Claims(database, worker, now, self._in_hand)
        self._settler = Settler(database, now, self._follow)
        # What this process holds: the first of each queue is the one being sent.
        self._queues: dict[_Key, deque[Ready]] = {}
        self._held = Counter[str]()  # addresses in hand, of each channel
        self._drains: set[asyncio.Task[None]] = set()
        self._paused: dict[str, datetime] = {}
        # Addresses lately put back: nothing written later may overtake what waits there.
        self._behind: dict[_Key, tuple[int, datetime]] = {}
        self._swept: set[int] = set()  # in hand by a claim: more may wait behind them
        self._stopping = False

    async def start(self) -> None:
        """Announce this process and begin to settle. Raises ``StorageError``."""
        await self._claims.begin()
        self._settler.start()

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
                if queue[-1].address_id != delivery.address_id:
                    self._forget_all_but_first(queue)
                queue.append(delivery)
                continue
            self._queues[key] = deque((delivery,))
            self._held[delivery.channel] += 1
            drain = asyncio.create_task(self._drain(key))
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
        for key, (_, since) in list(self._behind.items()):
            if now - since > DEAD_AFTER:
                del self._behind[key]
        await self._take_up(claimed)

    async def drain(self) -> None:
        """Wait until everything taken up so far is sent and settled, or put back."""
        while self._drains:
            await asyncio.wait(set(self._drains))
            await self._settler.quiet()

    async def stop(self, grace: float = 5.0) -> None:
        """Finish what is under way within ``grace`` seconds and leave the rest to others."""
        self._stopping = True
        if self._drains:
            await asyncio.wait(set(self._drains), timeout=grace)
        for drain in set(self._drains):
            drain.cancel()
        if self._drains:
            await asyncio.wait(set(self._drains))
        await self._settler.stop()
        with suppress(StorageError):
            await self._claims.end()

    async def _claim(self, connection: Connection) -> list[Delivery]:
        now = self._now()
        ready = [
            name
            for name in self._channels
            if self._paused.get(name, now) <= now and self._held[name] < CLAIM
        ]
        return await deliveries.claim(connection, self._worker, ready, now, CLAIM)

    async def _take_up(self, claimed: Sequence[Delivery]) -> None:
        self._swept.update(row.id for row in claimed)
        self.wake([ready for row in claimed if (ready := await self._load(row)) is not None])

    async def _follow(self, settled: Sequence[int]) -> None:
        """After a claimed row is gone the next of its address need not wait for a sweep."""
        if self._swept.isdisjoint(settled):
            return
        self._swept.difference_update(settled)
        if not self._stopping:
            async with self._database.transaction() as connection:
                claimed = await self._claim(connection)
            await self._take_up(claimed)

    async def _load(self, row: Delivery) -> Ready | None:
        """The row as it can be sent; one that cannot be read is set aside alone."""
        try:
            reply = load_reply(row.reply)
        except ValueError:
            log.error("delivery %d set aside: not a reply of this version", row.id)  # noqa: TRY400
            await self._store(lambda c: deliveries.fail(c, row.id, "unreadable", self._now()))
            self._swept.discard(row.id)
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

    def _in_hand(self) -> set[int]:
        return {delivery.id for queue in self._queues.values() for delivery in queue}

    def _ended(self, drain: "asyncio.Task[None]") -> None:
        self._drains.discard(drain)
        if not drain.cancelled() and (fault := drain.exception()):
            log.error("a sender died", exc_info=fault)

    async def _drain(self, key: _Key) -> None:
        queue = self._queues[key]
        wait = self._must_follow(key, queue[0])
        try:
            while queue and wait is None and not self._stopping:
                wait = await self._send(queue[0])
                if wait is None:
                    self._let_go(queue.popleft())
            while queue and wait is not None:
                # What follows an unsent reply must not overtake it, so all of them wait. It
                # stays in hand until then: a turn may add to it meanwhile.
                rows = tuple(queue)
                self._behind[key] = (rows[0].id, self._now())
                await self._put_back([r for r in rows if self._claims.holds(r.id)], wait)
                for _ in rows:
                    self._let_go(queue.popleft())
        finally:
            # Whatever is left has no sender any more; the next look for lost claims frees it.
            del self._queues[key]
            self._held[key[0]] -= 1

    def _forget_all_but_first(self, queue: deque[Ready]) -> None:
        """An erasure: what waited for the old acquaintance does not go out any more."""
        while len(queue) > 1:
            self._let_go(queue.pop())

    def _let_go(self, delivery: Ready) -> None:
        self._swept.discard(delivery.id)
        self._claims.let_go(delivery.id)

    def _must_follow(self, key: _Key, delivery: Ready) -> _Wait | None:
        """A turn's reply, committed while an earlier one was just being put back."""
        if key not in self._behind:
            return None
        first, _ = self._behind[key]
        if delivery.id > first and delivery.id not in self._swept:
            return _Wait("behind another", tried=False)
        del self._behind[key]
        return None

    async def _send(self, delivery: Ready) -> _Wait | None:
        """Try once. None when the delivery is finished with, else why it must wait."""
        async with self._slots[delivery.channel]:
            if self._paused.get(delivery.channel, _LONG_AGO) > self._now():
                return _Wait("the channel is paused", tried=False)
            if self._claims.lapsed():
                await self._insist(self._claims.prove)
                if self._claims.lapsed():
                    return _Wait("stopping", tried=False)
            if not self._claims.holds(delivery.id):
                return None
            outcome = await self._ask(delivery)
        if isinstance(outcome, SendError):
            return await self._failed(delivery, outcome)
        await self._settler.settle(delivery, outcome)
        return None

    async def _ask(self, delivery: Ready) -> Sent | SendError:
        """One attempt at the channel."""
        channel = self._channels.get(delivery.channel)
        if channel is None:
            return Rejected(f"no channel {delivery.channel!r} runs here")
        try:
            async with asyncio.timeout(LONGEST_SEND):
                return await channel.send(
                    delivery.address,
                    delivery.reply,
                    replaces=delivery.replaces,
                    delivery=delivery.id,
                )
        except SendError as error:
            return error
        except TimeoutError:
            return Unavailable("no answer")
        except Exception:
            # A fault of ours poisons this delivery only; its text stays out of the log.
            log.exception("delivery %d cannot be drawn or sent", delivery.id)
            return Rejected("fault in the channel")

    async def _failed(self, delivery: Ready, error: SendError) -> _Wait | None:
        now = self._now()
        if isinstance(error, Throttled | Misconfigured):
            wait = error.retry_after if isinstance(error, Throttled) else _MISCONFIGURED_WAIT
            self._paused[delivery.channel] = now + wait
            log.warning("channel %s waits %s: %s", delivery.channel, wait, _reason(error))
            return _Wait(_reason(error), tried=False)
        if isinstance(error, Unreachable):
            # The rows of this address that are still in memory go with it.
            queue = self._queues[delivery.channel, delivery.address]
            queue.clear()
            queue.append(delivery)
            await self._store(lambda c: addresses.stop(c, delivery.address_id, now))
            return None
        if isinstance(error, Rejected) or now - delivery.created_at > self._backoff.give_up_after:
            log.error("delivery %d set aside: %s", delivery.id, _reason(error))
            await self._store(lambda c: deliveries.fail(c, delivery.id, _reason(error), now))
            with suppress(StorageError):
                await self._follow((delivery.id,))
            return None
        return _Wait(_reason(error), tried=True)

    async def _put_back(self, rows: Sequence[Ready], wait: _Wait) -> None:
        """Give up the claim on these rows; the first decides when, the others follow it."""
        if not rows:
            return
        now = self._now()
        due = self._paused.get(rows[0].channel, now)
        if wait.tried:
            due = max(due, self._backoff.next_due(now, rows[0].tries))

        async def postpone(connection: Connection) -> None:
            for place, row in enumerate(rows):
                tried = wait.tried and place == 0
                await deliveries.postpone(connection, row.id, due, wait.reason, tried=tried)

        await self._store(postpone)

    async def _store(self, write: Callable[[Connection], Awaitable[None]]) -> None:
        """Write in a transaction of its own, trying until the database takes it.

        Giving up would leave the rows claimed by a process that lives and has
        forgotten them. Stopping ends it: then the claims are anybody's.
        """

        async def once() -> None:
            async with self._database.transaction() as connection:
                await write(connection)

        await self._insist(once)

    async def _insist(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except StorageError as error:
                log.error("outbox cannot be written: %s", error)  # noqa: TRY400
                if self._stopping:
                    return
                await asyncio.sleep(_STORE_AGAIN)
            else:
                return


def _reason(error: SendError) -> str:
    return f"{type(error).__name__}: {error}"
