"""Following a broadcast, halting it, and what came of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from conversation.actions import action
from conversation.handler import Context, Step, step
from handlers.broadcasting.drafts import may_approve, mine, reached, the_broadcast, whom_said
from handlers.broadcasting.writing import HOME
from handlers.buttons import button
from handlers.people.grants import grants_of
from handlers.saying import time_said
from outbox.broadcasts import REPORT, halt, may_still_send, report
from people.roles import highest
from storage import audit, broadcasts, recipients, timers
from storage.broadcasts import Broadcast
from storage.recipients import OUTCOMES, Outcome

if TYPE_CHECKING:
    from conversation.replies import Button


async def show(context: Context, number: str) -> Step:
    return await page(context, await _to_follow(context, number))


async def _to_follow(context: Context, number: str, *, hold: bool = False) -> Broadcast:
    """One's own, or one that could have been: what goes wrong is stopped by whoever is awake.

    Raises ``Stale`` or ``Denied``.
    """
    broadcast = await the_broadcast(context, number, hold=hold)
    if await may_approve(context, broadcast) and broadcast.state != "draft":
        return broadcast
    return await mine(context, number, hold=hold)


async def page(context: Context, broadcast: Broadcast, said: str = "broadcast.one") -> Step:
    """How far it has come: each person counted once."""
    number = broadcast.id
    if broadcast.state != "running":
        await _settle_rest(context, broadcast)
    counts = dict.fromkeys(OUTCOMES, 0) | await recipients.counts(context.connection, number)
    begun = broadcast.confirmed_at is not None
    buttons: list[Button] = []
    if broadcast.state == "running":
        buttons.append(button(context, "broadcast.look_again", action("gui_one", number)))
    if broadcast.state in ("running", "asking"):
        buttons.append(button(context, "broadcast.stop", action("gui_stop", number)))
    return step(
        context.say(
            said,
            *buttons,
            button(context, "broadcast.back", HOME),
            whom=await whom_said(context, broadcast),
            state=broadcast.state,
            when=time_said(context, broadcast.confirmed_at or broadcast.created_at),
            until=time_said(context, broadcast.ends_at) if broadcast.ends_at else "",
            people=broadcast.people,
            counts=counts,
            done=sum(counts.values()) - counts["later"] - counts["queued"],
            waiting=max(0, broadcast.people - sum(counts.values())) if begun else 0,
            having=(await reached(context, broadcast)).having if broadcast.is_urgent else 0,
            heard=await recipients.heard_since(context.connection, number),
        )
    )


async def _settle_rest(context: Context, broadcast: Broadcast) -> None:
    """What was under way when it was halted, and is not any more."""
    for learner_id, _, meaning in await recipients.set_aside(context.connection, broadcast.id):
        outcome: Outcome = "stopped" if meaning == "late" else meaning
        await recipients.settle(context.connection, broadcast.id, learner_id, outcome, context.now)


async def stop(context: Context, number: str) -> Step:
    """By its sender, or by who could have approved it."""
    broadcast = await _to_follow(context, number, hold=True)
    if broadcast.state in ("running", "asking"):
        await _halt(context, broadcast)
        if broadcast.sender_id != context.learner.id:
            await report(context.connection, broadcast, context.now)
    return await page(context, await the_broadcast(context, number))


async def _halt(context: Context, broadcast: Broadcast) -> None:
    await halt(context.connection, broadcast, context.now)
    is_own = broadcast.sender_id == context.learner.id
    await audit.write(
        context.connection,
        "broadcast_stopped",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=highest(await grants_of(context), context.now) or "",
        subject_id=None if is_own else broadcast.sender_id,
        place=broadcast.place,
        cohort_id=broadcast.cohort_id,
    )


async def role_ended(context: Context, learner_id: int) -> None:
    """What this person may send no more is halted, and what they were writing is dropped."""
    for broadcast in await broadcasts.open_of(context.connection, learner_id):
        if await may_still_send(context.connection, broadcast, context.now):
            continue
        if broadcast.state == "draft":
            await broadcasts.drop(context.connection, broadcast.id)
        else:
            await _halt(context, broadcast)


async def ring(context: Context, subject: str, due: datetime) -> Step:
    """It is over, or was decided about: its sender is told, by day."""
    del due
    manners = context.rules.manners
    if manners.is_quiet(context.now, context.zone):
        morning = manners.next_open(context.now, context.zone)
        await timers.set_for(
            context.connection, context.address.id, REPORT, morning, subject=subject
        )
        return Step()
    broadcast = await broadcasts.by_id(context.connection, int(subject))
    if broadcast is None or broadcast.sender_id != context.learner.id:
        return Step()
    return await page(context, broadcast)
