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
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from channels.base import (
    Channel,
    Free,
    Misconfigured,
    Never,
    Rejected,
    SendError,
    Sent,
    Throttled,
    Uncertain,
    Unreachable,
    Wait,
)
from conversation.replies import load_reply
from conversation.turn import Ready
from outbox.attempt import attempt, leave
from outbox.claims import DEAD_AFTER, Claims
from outbox.ledger import Hold, Ledger
from outbox.pace import Pace
from outbox.queues import Key, Queue, Queues
from outbox.retry import Backoff
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
# Why a delivery was withheld that nobody needs any more.
LATE = "late"
# A wrong token does not mend itself; look again once a minute all the same.
_MISCONFIGURED_WAIT = timedelta(minutes=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

# What came of a sending; nothing when it is another process's by now.
_Outcome: TypeAlias = Sent | SendError | Wait | Never | None


class Dispatcher:
    """Sends what the outbox holds.

    ``now`` gives aware UTC time; ``backoff`` decides when a failed delivery is due
    again. ``senders`` bounds how many requests are under way at once on each channel, and
    ``in_hand`` how many addresses of a channel are taken up.
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
    ) -> None:
        self._database = database
        self._channels = channels
        self._worker = worker
        self._now = now
        self._backoff = backoff
        self._in_hand = in_hand
        self._turns = {
            name: Turns(Pace(channel.capabilities.limits), senders)
            for name, channel in channels.items()
        }
        self._queues = Queues()
        self._claims = Claims(database, worker, now, self._queues.ids)
        self._ledger = Ledger(database, now)
        self._settler = Settler(database, now)
        self._drains: set[asyncio.Task[None]] = set()
        self._paused: dict[str, datetime] = {}
        # Addresses lately put back, from which row on, and when: nothing written later may
        # overtake what waits there.
        self._behind: dict[Key, tuple[Ready, datetime]] = {}
        self._swept: set[int] = set()  # in hand by a sweep, and not from a turn
        self._alone: set[int] = set()  # refused together: each is to show whether it is the one
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
        for row in ready:
            queue = self._queues.find((row.channel, row.address))
            if queue is not None:
                self._let_go(queue.add(row))
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
        self._ledger.close()
        for turns in self._turns.values():
            turns.close()
        if self._drains:
            await asyncio.wait(set(self._drains), timeout=grace)
        for drain in set(self._drains):
            drain.cancel()
        if self._drains:
            await asyncio.wait(set(self._drains))
        await self._settler.stop()
        with suppress(StorageError):
            await self._claims.end()

    async def _claim(self, connection: Connection) -> Sequence[Delivery]:
        """What is due. What came too late is withheld without being looked at again."""
        now, held = self._now(), self._queues.addresses
        open_ = [name for name in self._channels if self._paused.get(name, now) <= now]
        some = [name for name in open_ if held(name) < self._in_hand]
        # With enough reminders in hand there is still room for answers that are tried again.
        few = [name for name in open_ if self._in_hand <= held(name) < 3 * self._in_hand]
        claimed = await deliveries.claim(connection, self._worker, some, now, self._in_hand)
        claimed += await deliveries.claim(
            connection, self._worker, few, now, self._in_hand, only_before=deliveries.REMINDER
        )
        late = [row.id for row in claimed if _late(row, now)]
        if late:
            log.warning("%d deliveries withheld: they came too late", len(late))
            await deliveries.withhold(connection, late, LATE, now)
        return [row for row in claimed if not _late(row, now)]

    async def _take_up(self, claimed: Sequence[Delivery]) -> None:
        self._swept.update(row.id for row in claimed)
        self.wake([ready for row in claimed if (ready := await self._load(row)) is not None])

    async def _load(self, row: Delivery) -> Ready | None:
        """The row as it can be sent; one that cannot be read is set aside alone."""
        try:
            reply = load_reply(row.reply)
        except ValueError:
            await self._ledger.fail([row.id], "unreadable: not a reply of this version")
            self._swept.discard(row.id)
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
        hold = self._must_follow(queue)
        try:
            while queue and not (hold is None and self._stopping):
                if hold is None:
                    hold = await self._send(queue)
                if hold is not None:
                    await self._put_back(queue, hold)
                    hold = None
        finally:
            # Whatever is left has no sender any more; the next look for lost claims frees it.
            self._let_go(list(queue))
            self._queues.close(queue)

    async def _put_back(self, queue: Queue, hold: Hold) -> None:
        """What follows an unsent reply must not overtake it, so all of them wait.

        They stay in hand until that is written: a turn may add to them meanwhile. What is
        more urgent goes on.
        """
        rows = queue.no_more_urgent(queue.first.priority)
        self._behind[queue.key] = (rows[0], self._now())
        await self._ledger.put_back([row for row in rows if self._claims.holds(row.id)], hold)
        queue.remove(rows)
        self._let_go(rows)

    def _let_go(self, rows: Sequence[Ready]) -> None:
        """These are not in hand any more."""
        for row in rows:
            self._swept.discard(row.id)
            self._alone.discard(row.id)
            self._claims.let_go(row.id)

    def _must_follow(self, queue: Queue) -> Hold | None:
        """A turn's reply, committed while an earlier one was just being put back."""
        row = queue.first
        put_back, _ = self._behind.get(queue.key, (row, _LONG_AGO))
        if put_back is row or row.priority < put_back.priority:
            return None
        if row.id > put_back.id and row.id not in self._swept:
            return Hold("behind another", self._now())
        del self._behind[queue.key]
        return None

    async def _send(self, queue: Queue) -> Hold | None:
        """Try what comes next. Why it and all that follows must wait, if they must."""
        channel, address = queue.key
        hold = self._break(channel)
        if hold is not None or not await self._turns[channel].take(address, queue.urgency):
            return hold
        requests = 0
        try:
            hold = await self._closed(channel)
            if hold is not None:
                return hold
            batch = queue.begin(self._together)
            outcome = await self._outcome(batch)
            requests = _requests(outcome)
        finally:
            self._turns[channel].done(address, requests)
        hold = await self._conclude(queue, batch, outcome)
        if hold is None and self._alone.isdisjoint(_ids(batch[1:])):
            queue.finish()
            self._let_go(batch)
        else:
            queue.end()
        return hold

    def _break(self, channel: str) -> Hold | None:
        paused = self._paused.get(channel, _LONG_AGO)
        return Hold("the channel is paused", paused) if paused > self._now() else None

    async def _closed(self, channel: str) -> Hold | None:
        """Why nothing at all may be sent there now."""
        if self._claims.lapsed():
            await self._ledger.insist(self._claims.prove)
            if self._claims.lapsed():
                return Hold("stopping", self._now())
        return self._break(channel)

    def _together(self, first: Ready, row: Ready) -> bool:
        """Whether this goes out in one with the first of its address."""
        now = self._now()
        return (
            self._channels[row.channel].capabilities.joins
            and row.priority == first.priority
            and self._alone.isdisjoint((first.id, row.id))
            and not _late(first, now)
            and not _late(row, now)
            and self._claims.holds(first.id)
            and self._claims.holds(row.id)
        )

    async def _outcome(self, batch: Sequence[Ready]) -> _Outcome:
        first, now = batch[0], self._now()
        if not self._claims.holds(first.id):
            return None
        if _late(first, now):
            return Never(LATE)
        channel = self._channels[first.channel]
        allowed = await leave(channel, first, now)
        return await attempt(channel, batch) if isinstance(allowed, Free) else allowed

    async def _conclude(
        self, queue: Queue, batch: Sequence[Ready], outcome: _Outcome
    ) -> Hold | None:
        """Write down what came of it. Why it must wait, if it must."""
        match outcome:
            case None:  # another process took it over
                pass
            case Wait(until):
                return Hold("not yet allowed", until)
            case Never(reason):
                await self._ledger.withhold(_ids(batch), reason)
            case Sent():
                await self._settler.settle(batch, outcome)
            case Uncertain():
                log.error("deliveries %s count as sent: %s", _ids(batch), _reason(outcome))
                await self._settler.settle(batch, Sent())
            case SendError():
                return await self._failed(queue, batch, outcome)
        return None

    async def _failed(self, queue: Queue, batch: Sequence[Ready], error: SendError) -> Hold | None:
        now, first, reason = self._now(), batch[0], _reason(error)
        if isinstance(error, Throttled | Misconfigured):
            wait = error.retry_after if isinstance(error, Throttled) else _MISCONFIGURED_WAIT
            if isinstance(error, Throttled) and error.only_here:
                return Hold(reason, now + wait)
            if isinstance(error, Throttled):
                self._turns[first.channel].slow_down()
            self._paused[first.channel] = now + wait
            log.warning("channel %s waits %s: %s", first.channel, wait, reason)
            return Hold(reason, now + wait)
        if isinstance(error, Unreachable):
            # What waits in memory for this address goes with it.
            self._let_go(queue.drop_waiting())
            await self._ledger.stop(first.address_id)
            return None
        if isinstance(error, Rejected) and len(batch) > 1:
            # One of them is poisoned: each goes again by itself, and that one shows.
            self._alone.update(_ids(batch))
            return None
        if isinstance(error, Rejected) or now - first.created_at > self._backoff.give_up_after:
            await self._ledger.fail(_ids(batch), reason)
            return None
        return Hold(reason, self._backoff.next_due(now, first.tries), tried=True)


def _requests(outcome: _Outcome) -> int:
    """How many the platform counts."""
    match outcome:
        case Sent(requests=requests):
            return requests
        case SendError():
            return 1
        case _:
            return 0


def _ids(rows: Sequence[Ready]) -> list[int]:
    return [row.id for row in rows]


def _late(row: Delivery | Ready, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now


def _reason(error: SendError) -> str:
    return f"{type(error).__name__}: {error}"
