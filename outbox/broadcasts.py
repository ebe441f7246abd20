"""Puts running broadcasts into the outbox, a piece at a time, each in its turn.

A piece is one transaction: the people in it, their deliveries and how far the broadcast has come
are committed together, so a kill between two pieces leaves nobody out, and nobody is there twice
because each has one row. Ten neighbours never wait behind a province: after each piece it is the
next broadcast's turn, and the outbox never holds more than a few seconds of them.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic

from conversation.broadcast import Broadcasting, line_of
from conversation.door import knock
from conversation.manners import Manners
from conversation.replies import Reply, dump_reply
from conversation.seats import under
from lessons.catalogue import Catalogue
from people.roles import EVERYWHERE, may, may_anywhere
from storage import (
    addresses,
    audiences,
    audit,
    broadcasts,
    deliveries,
    recipients,
    role_grants,
    seats,
    timers,
)
from storage.audiences import Audience, Member
from storage.broadcasts import Broadcast
from storage.database import Connection, Database
from storage.recipients import Waiting
from templates.words import Words

log = logging.getLogger(__name__)

# The kind of timer that tells a sender what came of it.
REPORT = "broadcast_report"
# So many seconds of broadcasts the outbox holds at most: who comes later waits no longer.
_HELD = 2.0
# While something of it is in the outbox, or nothing else is known, look again so much later.
_LOOK_AGAIN = timedelta(seconds=1)
_LAPSED_AT_ONCE = 50


def audience_of(broadcast: Broadcast, catalogue: Catalogue) -> Audience:
    """Whom it is for. A course that is gone has no learners."""
    course = catalogue.course(broadcast.course) if broadcast.course else None
    lessons = tuple(course.lessons) if course else ()
    if broadcast.course and not lessons:
        lessons = ("",)
    return Audience(cohort_id=broadcast.cohort_id, place=broadcast.place, lessons=lessons)


async def may_still_send(connection: Connection, broadcast: Broadcast, now: datetime) -> bool:
    """Whether its sender holds a role, now, that allows to send it. To a class nowhere in
    particular whoever may send anywhere at all.
    """
    if broadcast.sender_id is None:
        return False
    grants = await role_grants.of_learner(connection, broadcast.sender_id)
    if broadcast.cohort_id is not None and broadcast.place == EVERYWHERE:
        return may_anywhere(grants, "broadcast", now)
    return may(grants, "broadcast", broadcast.place, now)


async def halt(connection: Connection, broadcast: Broadcast, now: datetime) -> None:
    """Nothing more of it goes out. Who has it, has it."""
    await recipients.stop(connection, broadcast.id, now)
    await broadcasts.end(connection, broadcast.id, "stopped", now)


class Broadcasts:
    """``spread`` is called every second. ``clock`` is monotonic, in seconds."""

    def __init__(
        self,
        *,
        database: Database,
        words: Words,
        catalogue: Catalogue,
        manners: Manners,
        rules: Broadcasting,
        now: Callable[[], datetime],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._database = database
        self._words = words
        self._catalogue = catalogue
        self._manners = manners
        self._rules = rules
        self._now = now
        self._clock = clock
        self._looked_at = clock() - 1.0

    async def spread(self) -> int:
        """Let each running broadcast have its turn, as far as the rate allows; how many lines it
        came to. Raises ``StorageError``, and the rest follows next time.
        """
        since, self._looked_at = self._looked_at, self._clock()
        async with self._database.read() as connection:
            running = await broadcasts.is_any_running(connection)
            lapsed = await broadcasts.lapsed(connection, self._now(), 1)
        if lapsed:
            await self._lapse()
        if not running:
            return 0
        passed = min(self._looked_at - since, _HELD)
        left = max(1, round(self._rules.rate * passed))
        written = 0
        while left > 0:
            piece = min(left, self._rules.piece)
            async with self._database.transaction() as connection:
                done = await self._turn(connection, piece)
            if done is None:
                return written
            written += done
            left -= done
        return written

    async def _turn(self, connection: Connection, most: int) -> int | None:
        """One piece of the broadcast whose turn it is; ``None`` when nothing can be done now."""
        now, held = self._now(), round(self._rules.rate * _HELD) + self._rules.piece
        room = held - await deliveries.backlog(connection, deliveries.BROADCAST, now, held)
        broadcast = await broadcasts.next_turn(connection, now)
        if broadcast is None:
            return None
        if not await may_still_send(connection, broadcast, now):
            # A role was taken back, or ran out, while it was on its way.
            await halt(connection, broadcast, now)
            await audit.write(
                connection,
                "broadcast_stopped",
                now=now,
                actor_id=None,
                subject_id=broadcast.sender_id,
                place=broadcast.place,
                cohort_id=broadcast.cohort_id,
            )
            log.warning("broadcast %d is stopped: its sender may not send it", broadcast.id)
            return 1
        await self._collect(connection, broadcast, now)
        assert broadcast.ends_at is not None  # noqa: S101 - a running one has an end
        if now >= broadcast.ends_at:
            await recipients.give_up(connection, broadcast.id, "late", now)
            if not broadcast.is_spread:
                return await self._too_late(connection, broadcast, most, now)
        due = await recipients.due(connection, broadcast.id, now, most if room > 0 else 0)
        names = await _resting(connection, due)
        for one in due:
            await self._write(connection, broadcast, one, names, now)
        if due:
            return len(due)
        if not broadcast.is_spread and room > 0:
            return await self._piece(connection, broadcast, most, now)
        await self._rest_or_end(connection, broadcast, now)
        return 0

    async def _piece(
        self, connection: Connection, broadcast: Broadcast, most: int, now: datetime
    ) -> int:
        members = await self._reach(connection, broadcast, most)
        names = await _resting(connection, members)
        written = 0
        for one in members:
            if one.is_meant and await recipients.add(connection, broadcast.id, one.learner_id, now):
                waiting = Waiting(
                    one.learner_id, one.term, one.zone, one.is_refusing, one.address_id
                )
                await self._write(connection, broadcast, waiting, names, now)
                written += 1
        return max(written, 1)  # a piece without anybody new is work, too

    async def _too_late(
        self, connection: Connection, broadcast: Broadcast, most: int, now: datetime
    ) -> int:
        """Its time was over before everybody had a turn: they are counted all the same."""
        for one in await self._reach(connection, broadcast, most):
            if one.is_meant and await recipients.add(connection, broadcast.id, one.learner_id, now):
                await recipients.settle(connection, broadcast.id, one.learner_id, "late", now)
        return most

    async def _reach(
        self, connection: Connection, broadcast: Broadcast, most: int
    ) -> Sequence[audiences.Member]:
        """The next ones, and the cursor behind them."""
        audience = audience_of(broadcast, self._catalogue)
        members = await audiences.piece(connection, audience, broadcast.cursor, most)
        last = members[-1] if members else None
        cursor = (last.cohort_id, last.learner_id) if last else broadcast.cursor
        await broadcasts.reach(connection, broadcast.id, cursor, is_spread=len(members) < most)
        return members

    async def _write(
        self,
        connection: Connection,
        broadcast: Broadcast,
        to: Waiting,
        names: Mapping[int, str],
        now: datetime,
    ) -> None:
        """Into the outbox, or to a later hour, or not at all; and that is written down. Who is
        among ``names`` does not have the telephone just now, and is called by that name.
        """
        if to.is_refusing and not broadcast.is_urgent:
            await recipients.settle(connection, broadcast.id, to.learner_id, "refused", now)
            return
        if to.address_id is None:
            await recipients.settle(connection, broadcast.id, to.learner_id, "unreachable", now)
            return
        later = None
        if broadcast.is_urgent:
            has_it, later = await self._warned(connection, broadcast, to, now)
            if has_it:
                await recipients.drop(connection, broadcast.id, to.learner_id)
                return
        later = later or await knock(
            connection,
            self._manners,
            to.learner_id,
            to.zone,
            now,
            is_urgent=broadcast.is_urgent,
        )
        assert broadcast.ends_at is not None  # noqa: S101 - a running one has an end
        if later is not None:
            await self._later(connection, broadcast, to.learner_id, later, now)
            return
        silent = self._manners.falls_silent(now, self._manners.zone_of(to.zone))
        line: Reply = line_of(self._words, broadcast, to.term)
        if to.address_id in names:
            name = names[to.address_id]
            (line,) = under(self._words.render("telephone.is_for", to.term, name=name), (line,))
        number, _ = await deliveries.add(
            connection,
            to.address_id,
            dump_reply(line),
            priority=deliveries.BROADCAST,
            due_at=now,
            expires_at=min(silent, broadcast.ends_at),
            now=now,
        )
        await recipients.queue(connection, broadcast.id, to.learner_id, number)

    async def _warned(
        self, connection: Connection, broadcast: Broadcast, to: Waiting, now: datetime
    ) -> tuple[bool, datetime | None]:
        """Whether they have this very warning already; and when they had enough of them today, the
        next day. Whoever borrows a role could else ring at every door all day long.
        """
        there = self._manners.zone_of(to.zone)
        same, of_today = await recipients.warned(
            connection,
            to.learner_id,
            ready=broadcast.ready,
            but=broadcast.id,
            since=now - self._rules.same_again_after,
            today=now.astimezone(there).replace(hour=0, minute=0, second=0, microsecond=0),
        )
        if of_today < self._rules.most_warnings:
            return same, None
        return same, self._manners.next_open(now, there, tomorrow=True)

    async def _later(
        self,
        connection: Connection,
        broadcast: Broadcast,
        learner_id: int,
        until: datetime,
        now: datetime,
    ) -> None:
        if broadcast.ends_at is not None and until < broadcast.ends_at:
            await recipients.postpone(connection, broadcast.id, learner_id, until)
        else:
            await recipients.settle(connection, broadcast.id, learner_id, "late", now)

    async def _collect(self, connection: Connection, broadcast: Broadcast, now: datetime) -> None:
        """What the outbox could not send, and what fell silent before it came to it."""
        for learner_id, zone, outcome in await recipients.set_aside(connection, broadcast.id):
            if outcome == "late":
                there = self._manners.zone_of(zone)
                again = self._manners.next_open(now, there)
                await self._later(connection, broadcast, learner_id, again, now)
            else:
                await recipients.settle(connection, broadcast.id, learner_id, outcome, now)

    async def _rest_or_end(
        self, connection: Connection, broadcast: Broadcast, now: datetime
    ) -> None:
        queued = await recipients.is_any_queued(connection, broadcast.id)
        later = await recipients.next_due(connection, broadcast.id)
        if broadcast.is_spread and not queued and later is None:
            await broadcasts.end(connection, broadcast.id, "done", now)
            await report(connection, broadcast, now)
            log.info("broadcast %d is done", broadcast.id)
            return
        soon = now + _LOOK_AGAIN
        if queued or later is None or not broadcast.is_spread:
            later = soon
        await broadcasts.rest(connection, broadcast.id, max(soon, later))

    async def _lapse(self) -> None:
        async with self._database.transaction() as connection:
            now = self._now()
            for one in await broadcasts.lapsed(connection, now, _LAPSED_AT_ONCE):
                await broadcasts.end(connection, one.id, "lapsed", now)
                await report(connection, one, now)


async def _resting(
    connection: Connection, people: Sequence[Waiting] | Sequence[Member]
) -> Mapping[int, str]:
    """Who of these does not have their telephone just now, by their address."""
    where = [one.address_id for one in people if one.address_id is not None]
    return await seats.resting(connection, where)


async def report(connection: Connection, broadcast: Broadcast, now: datetime) -> None:
    """Have its sender told what came of it, where they were last heard of."""
    if broadcast.sender_id is None:
        return
    address_id = await addresses.last_used(connection, broadcast.sender_id)
    if address_id is not None:
        await timers.set_for(connection, address_id, REPORT, now, subject=str(broadcast.id))
