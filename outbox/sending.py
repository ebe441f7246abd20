"""Sends what one address is to get, one attempt after another, and says what comes of each."""

import logging
from collections.abc import Callable, Mapping, Sequence
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
from conversation.turn import Ready
from outbox.attempt import attempt, attempt_once, leave, may_have_arrived
from outbox.claims import DEAD_AFTER, Claims
from outbox.journal import Journal
from outbox.ledger import Hold, Ledger
from outbox.queues import Key, Queue
from outbox.retry import Backoff
from outbox.settler import Settler
from outbox.turns import Turns
from storage.deliveries import BROADCAST, LATE, UNSURE

log = logging.getLogger(__name__)

# A wrong token does not mend itself; look again once a minute all the same.
_MISCONFIGURED_WAIT = timedelta(minutes=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

# What came of a sending; nothing when it is another process's by now.
_Outcome: TypeAlias = Sent | SendError | Wait | Never | None


class Sending:
    """``empty`` sees a queue to its end: everything in it is sent, set aside or put back."""

    def __init__(
        self,
        *,
        channels: Mapping[str, Channel],
        turns: Mapping[str, Turns],
        claims: Claims,
        ledger: Ledger,
        journal: Journal,
        settler: Settler,
        backoff: Backoff,
        now: Callable[[], datetime],
    ) -> None:
        self._channels = channels
        self._turns = turns
        self._claims = claims
        self._ledger = ledger
        self._journal = journal
        self._settler = settler
        self._backoff = backoff
        self._now = now
        self._paused: dict[str, datetime] = {}
        # Addresses lately put back, from which row on, and when: nothing written later may
        # overtake what waits there.
        self._behind: dict[Key, tuple[Ready, datetime]] = {}
        self._swept: set[int] = set()  # in hand by a sweep, and not from a turn
        self._alone: set[int] = set()  # refused together: each is to show whether it is the one
        self._stopping = False

    def is_open(self, channel: str) -> bool:
        return self._break(channel) is None

    def take_up(self, swept: Sequence[int]) -> None:
        """These were claimed by a sweep: they are what waited, and follow nothing."""
        self._swept.update(swept)

    def look_about(self) -> None:
        """Once in a while: what was put back long ago is in nobody's way."""
        now = self._now()
        for key, (_, since) in list(self._behind.items()):
            if now - since > DEAD_AFTER:
                del self._behind[key]

    def stop(self) -> None:
        """Begin nothing any more."""
        self._stopping = True
        self._ledger.close()
        for turns in self._turns.values():
            turns.close()

    async def empty(self, queue: Queue) -> None:
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
            self.let_go(list(queue))

    async def _put_back(self, queue: Queue, hold: Hold) -> None:
        """What follows an unsent reply must not overtake it, so all of them wait.

        They stay in hand until that is written: a turn may add to them meanwhile. What is
        more urgent goes on.
        """
        rows = queue.no_more_urgent(queue.first.priority)
        self._behind[queue.key] = (rows[0], self._now())
        await self._ledger.put_back([row for row in rows if self._claims.holds(row.id)], hold)
        self._journal.end(_ids(rows))
        queue.remove(rows)
        self.let_go(rows)

    def let_go(self, rows: Sequence[Ready]) -> None:
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
        if hold is None:
            self._journal.end(_ids(batch))
        if hold is None and self._alone.isdisjoint(_ids(batch[1:])):
            queue.finish()
            self.let_go(batch)
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
            and row.address_id == first.address_id  # two who share a telephone get two lines
            and self._alone.isdisjoint((first.id, row.id))
            and not is_late(first.expires_at, now)
            and not is_late(row.expires_at, now)
            and self._claims.holds(first.id)
            and self._claims.holds(row.id)
        )

    async def _outcome(self, batch: Sequence[Ready]) -> _Outcome:
        first, now = batch[0], self._now()
        if not self._claims.holds(first.id):
            return None
        if is_late(first.expires_at, now):
            return Never(LATE)
        channel = self._channels[first.channel]
        allowed = await leave(channel, first, now)
        if not isinstance(allowed, Free):
            return allowed
        if not _is_once(first):
            return await attempt(channel, batch, allowed.note)
        if channel.capabilities.tells_departure:
            self._journal.begin(_ids(batch))
        if not await self._ledger.begin(_ids(batch)):
            return None
        return await attempt_once(channel, batch, allowed.note, self._journal)

    async def _conclude(
        self, queue: Queue, batch: Sequence[Ready], outcome: _Outcome
    ) -> Hold | None:
        """Write down what came of it. Why it must wait, if it must."""
        match outcome:
            case None:  # another process took it over
                pass
            case Wait(until):
                return Hold("not yet allowed", until)
            case Never(reason, errand):
                asks = batch[0].address_id if errand else None
                await self._ledger.withhold(_ids(batch), reason, errand_to=asks)
            case Sent():
                await self._settler.settle(batch, outcome)
            case SendError() if _is_once(batch[0]) and may_have_arrived(outcome):
                await self._ledger.fail(_ids(batch), UNSURE)
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
            self.let_go(queue.drop_waiting())
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


def _is_once(row: Ready) -> bool:
    """Whether a second time would be worse than none."""
    return row.priority >= BROADCAST


def _ids(rows: Sequence[Ready]) -> list[int]:
    return [row.id for row in rows]


def _reason(error: SendError) -> str:
    return f"{type(error).__name__}: {error}"


def is_late(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now
