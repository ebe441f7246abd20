"""The turn: one inbound event and the stored state in, replies and the next state out.

Everything a turn does is one transaction. Nothing is sent here: replies become
deliveries, and the dispatcher sends them once they are committed.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from weakref import WeakValueDictionary

from conversation.actions import Action, action
from conversation.aside import take_aside
from conversation.choices import Asked
from conversation.events import Chosen, Due, Event, Inbound, PollAnswered, Stopped
from conversation.handler import Context, Rules, Step
from conversation.replies import AskQuestion, Reply, Say, dump_reply
from conversation.router import Router
from conversation.seats import another, for_anybody, mark_of, marked, shut_by_itself, under
from lessons.catalogue import Catalogue
from storage import addresses, deliveries, learners, seats, timers
from storage.addresses import Address
from storage.database import Connection, Database
from storage.errors import StorageError
from storage.learners import Learner
from storage.polls import Poll
from templates.words import Words

log = logging.getLogger(__name__)

Answer: TypeAlias = Callable[[Context, Event], Awaitable[Step]]

# The same button tapped again this soon is a trembling finger, not a wish.
DOUBLE_TAP = timedelta(seconds=3)
# A timer whose turn failed rings again this much later.
RING_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ready:
    """A committed delivery that this process has claimed and may send at once.

    ``last_heard`` is when the learner was last heard at this address. With ``erased`` this answers
    an erasure: the address with that id is gone, and what waits for it must not go out.
    """

    id: int
    address_id: int
    channel: str
    address: str
    reply: Reply
    created_at: datetime
    last_heard: datetime
    replaces: str = ""
    tries: int = 0
    priority: int = deliveries.ANSWER
    expires_at: datetime | None = None
    erased: int = 0


class Tutor:
    """Takes events in and commits what comes of them.

    ``worker`` names this process in the outbox. ``wake`` is called after each
    commit with the deliveries that it claimed.
    """

    def __init__(
        self,
        *,
        database: Database,
        router: Router,
        catalogue: Catalogue,
        words: Words,
        rules: Rules,
        seed: Callable[[], int],
        worker: str,
        wake: Callable[[Sequence[Ready]], None],
    ) -> None:
        self._database = database
        self._router = router
        self._catalogue = catalogue
        self._words = words
        self._rules = rules
        self._seed = seed
        self._worker = worker
        self._wake = wake
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def receive(self, inbound: Inbound) -> None:
        """Take one event to its commit. Raises ``StorageError`` when nothing could be stored.

        A handler that fails rolls its turn back, and the learner gets one apology;
        so an update is never retried for a fault of ours. Events of one address
        are taken in the order of the calls.
        """
        lock = self._locks.setdefault((inbound.channel, inbound.address), asyncio.Lock())
        async with lock:
            try:
                ready = await self._take(inbound, self._answer)
            except StorageError:
                raise
            except Exception:
                # The event's id, never its text: a learner may have typed anything.
                log.exception("turn failed: %s %s", inbound.channel, inbound.external_id)
                ready = await self._take(inbound, _apologise)
        self._wake(ready)

    async def _take(self, inbound: Inbound, answer: Answer) -> Sequence[Ready]:
        async with self._database.transaction() as connection:
            if isinstance(inbound.event, Due) and not await _rings(
                connection, inbound, inbound.event
            ):
                return ()
            aside = await take_aside(connection, inbound)
            if aside.is_done:
                return ()
            arrived = await addresses.arrive(
                connection,
                channel=inbound.channel,
                external_id=inbound.address,
                event_id=inbound.external_id,
                now=inbound.received_at,
                is_group=inbound.sender is not None,
            )
            if arrived is None:
                return ()
            present = await _present(connection, inbound, *arrived)
            if present is None:
                return ()
            address, learner, left_open = present
            event = inbound.event
            source = ""
            if isinstance(event, PollAnswered):
                event = _poll_choice(aside.poll, address, event)
            if isinstance(event, Chosen):
                source = event.source
                others = another(address, event.action)
                event = event if others is None else replace(event, action=others)
            tap = _tap(event)
            if tap and tap == address.last_tap and _soon(address, inbound.received_at):
                return ()
            context = Context(
                learner=learner,
                address=address,
                # A number typed for a notebook that has closed answers nothing of its helper's.
                asked=shut_by_itself(left_open) if left_open else Asked.load(address.asked),
                now=inbound.received_at,
                connection=connection,
                sender=inbound.sender,
                catalogue=self._catalogue,
                words=self._words,
                rules=self._rules,
                commands=self._router.commands,
                entrances=self._router.entrances,
                seed=self._seed,
            )
            step = await answer(context, event)
            if left_open:
                closed = context.say("assisting.closed_by_itself", name=left_open.called)
                step = replace(step, replies=(closed, *step.replies))
            if isinstance(event, Due):
                await self._commit_unasked(context, step)
                return ()
            return await self._commit(context, step, tap, source)

    async def _answer(self, context: Context, event: Event) -> Step:
        return await self._router.answer(context, event)

    async def _commit(self, context: Context, step: Step, tap: str, source: str) -> Sequence[Ready]:
        connection, now = context.connection, context.now
        address = step.seated or context.address
        step = _marked(context, address, step)
        asked = step.asked or _asked_by(step.replies) or context.asked
        misses = 0 if step.understood else address.misses + 1
        if step.farewell:
            address = await addresses.farewell(
                connection, channel=address.channel, external_id=address.external_id, now=now
            )
        else:
            await addresses.save_asked(
                connection, address.id, asked=asked.dump(), misses=misses, last_tap=tap, now=now
            )
        ready = []
        for reply in step.replies:
            replaces = source if isinstance(reply, Say | AskQuestion) and reply.replace else ""
            delivery, claimed = await deliveries.add(
                connection,
                address.id,
                dump_reply(reply),
                priority=deliveries.ANSWER,
                replaces=replaces,
                due_at=now,
                worker=self._worker,
                expires_at=step.until,
                now=now,
            )
            if claimed:
                ready.append(
                    Ready(
                        id=delivery,
                        address_id=address.id,
                        channel=address.channel,
                        address=address.phone,
                        reply=reply,
                        created_at=now,
                        last_heard=now,
                        replaces=replaces,
                        expires_at=step.until,
                        erased=context.address.id if step.erased else 0,
                    )
                )
        return ready

    async def _commit_unasked(self, context: Context, step: Step) -> None:
        """What the tutor says of its own accord waits its turn behind answers, and is no sign of
        life of the learner's.
        """
        address, now = step.seated or context.address, context.now
        step = _marked(context, address, step)
        if address.chat and not step.calls:
            heading = context.text("telephone.is_for", name=address.called)
            step = replace(step, replies=under(heading, step.replies))
        asked = step.asked or _asked_by(step.replies)
        if asked is not None:
            # Whoever has the telephone reads it, and types the number of what it offers.
            reads = address
            if address.chat:
                found = await addresses.find(context.connection, address.channel, address.chat)
                reads = found or address
            await addresses.save_asked(
                context.connection,
                reads.id,
                asked=asked.dump() if not address.chat or for_anybody(asked) else "",
                misses=0,
                last_tap=reads.last_tap,
                now=reads.last_at,
            )
        for reply in step.replies:
            await deliveries.add(
                context.connection,
                address.id,
                dump_reply(reply),
                priority=deliveries.REMINDER,
                due_at=now,
                expires_at=step.until,
                now=now,
            )


async def _rings(connection: Connection, inbound: Inbound, due: Due) -> bool:
    # The learner before the timer: a turn at the learner's other address may hold the learner,
    # and be about to take back every timer of theirs.
    await addresses.hold(connection, inbound.channel, inbound.address)
    return await timers.take(connection, due.timer, due.at)


async def _present(
    connection: Connection, inbound: Inbound, address: Address, learner: Learner
) -> tuple[Address, Learner, Address | None] | None:
    """Who is there to be answered, and the notebook that was left open too long and is closed now,
    if there is one; ``None`` when nobody is to be answered.
    """
    event, now = inbound.event, inbound.received_at
    if isinstance(event, Due) and event.address_id not in (0, address.id):
        # They changed places since it was found due: it rings again, for its own learner.
        await timers.set_for(
            connection, event.address_id, event.kind, event.at, subject=event.subject
        )
        return None
    if isinstance(event, Stopped):
        for one in await _everybody(connection, address):
            await addresses.stop(connection, one.id, now)
        return None
    if address.stopped_at is not None:
        for one in await _everybody(connection, address):
            await addresses.resume(connection, one.id)
    if address.seat and (address.until_at is not None or address.chat):
        return await _at_a_notebook(connection, address, learner, event, now)
    return address, learner, None


async def _at_a_notebook(
    connection: Connection, address: Address, learner: Learner, event: Event, now: datetime
) -> tuple[Address, Learner, Address | None] | None:
    """The same where somebody's notebook may be open, or only rest, on another's telephone. One
    that was left open closes by a timer of its own, which says so.
    """
    if await seats.is_left_over(connection, address, now):
        helper = await seats.end_here(connection, address)
    elif address.until_at is not None and now >= address.until_at and not isinstance(event, Due):
        helper = await seats.close(connection, address)
    else:
        return address, learner, None
    if helper is None or isinstance(event, Due):
        return None
    return helper, await learners.by_id(connection, helper.learner_id) or learner, address


async def _everybody(connection: Connection, address: Address) -> Sequence[Address]:
    """All who share this telephone."""
    return await seats.of_phone(connection, address) if address.seat else (address,)


def _marked(context: Context, address: Address, step: Step) -> Step:
    """On a telephone that several share each button says whose it is; and while a notebook is
    open for somebody without one, so does what is said.
    """
    if not address.seat:
        return step
    replies = marked(step.replies, mark_of(address))
    if address.until_at is not None:
        replies = under(context.text("assisting.mark", name=address.called), replies)
    return replace(step, replies=replies)


def _asked_by(replies: Sequence[Reply]) -> Asked | None:
    """What typed words will be held against, when the last reply with choices says it all.

    A question for a whole group waits for nobody's words.
    """
    for reply in reversed(replies):
        match reply:
            case AskQuestion(options=options, extra=extra, votes="own"):
                buttons, exact = (*options, *extra), False
            case Say(buttons=buttons, exact=exact) if buttons:
                pass
            case _:
                continue
        return Asked(
            labels=tuple(button.label for button in buttons),
            actions=tuple(button.action.encode() for button in buttons),
            exact=exact,
        )
    return None


async def _apologise(context: Context, event: Event) -> Step:
    """To the learner; a timer of ours that failed rings again, and nobody hears of it."""
    if isinstance(event, Due):
        later = context.now + RING_AGAIN
        await timers.set_for(
            context.connection, context.address.id, event.kind, later, subject=event.subject
        )
        return Step()
    return Step((context.say("help.apology"),), understood=True)


def _poll_choice(remembered: Poll | None, address: Address, event: PollAnswered) -> Event:
    """What the chosen option of a native poll means.

    A poll that nobody remembers, or that was forwarded from another's chat, is an old button.
    """
    if remembered is None or remembered.address != address.phone or len(event.places) != 1:
        return Chosen(action("stale"))
    meanings = json.loads(remembered.actions)
    (place,) = event.places
    if place >= len(meanings):
        return Chosen(action("stale"))
    return Chosen(Action.decode(meanings[place]))


def _tap(event: Event) -> str:
    """What makes two taps the same: the button, and the line it stands on."""
    return f"{event.source}|{event.action.encode()}" if isinstance(event, Chosen) else ""


def _soon(address: Address, now: datetime) -> bool:
    # A clock may be put back, and then every second tap of an hour would look like one too many.
    return address.last_at is not None and abs(now - address.last_at) < DOUBLE_TAP
