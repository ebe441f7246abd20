"""Sending: firmly, at once or after a second person agreed."""

from datetime import datetime, timedelta

from conversation.actions import action
from conversation.broadcast import line_of, ready
from conversation.door import knock
from conversation.handler import Context, Denied, Stale, Step, step
from handlers.broadcasting.drafts import may_approve, mine, the_broadcast, whom_said
from handlers.broadcasting.following import page
from handlers.broadcasting.writing import HOME, show
from handlers.buttons import button, onward
from handlers.people.grants import grants_of
from handlers.saying import time_said
from outbox.broadcasts import may_still_send, report
from people.roles import Grant, highest
from storage import addresses, audit, broadcasts, role_grants, timers
from storage.audit import AuditedDeed
from storage.broadcasts import Broadcast

# The kind of timer that asks a second person.
ASK = "broadcast_ask"
# What was looked at longer ago than this is looked at again before it goes out.
_FRESH = timedelta(hours=1)
# So many are asked at most; the first to answer decides.
_MOST_ASKED = 10


async def send(context: Context, number: str, edition: str) -> Step:
    """From the button under the text as it will look, and under no other."""
    broadcast = await mine(context, number, hold=True)
    if broadcast.state != "draft":
        return await page(context, broadcast)
    if edition != str(broadcast.edition):
        return await show(context, number, again="changed")
    if broadcast.shown_at is None or context.now - broadcast.shown_at > _FRESH:
        return await show(context, number, again="old")
    if broadcast.people > context.rules.broadcasting.approve_above:
        return await _ask_second(context, broadcast)
    await _run(context, broadcast, approver_id=None)
    return await page(context, await the_broadcast(context, number), "broadcast.begun")


async def _run(context: Context, broadcast: Broadcast, *, approver_id: int | None) -> None:
    await broadcasts.run(
        context.connection,
        broadcast.id,
        approver_id=approver_id,
        ends_at=_ends_at(context, broadcast),
        now=context.now,
    )


def _ends_at(context: Context, broadcast: Broadcast) -> datetime:
    """What speaks of today is over with the day; the rest so many hours after people may be
    written to at all.
    """
    manners = context.rules.manners
    begins = manners.next_open(context.now, manners.zone)
    chosen = ready(broadcast.ready)
    if chosen is not None and chosen.same_day:
        return manners.falls_silent(begins, manners.zone)
    return begins + context.rules.broadcasting.open_for


async def _written_down(context: Context, broadcast: Broadcast, deed: AuditedDeed) -> None:
    await audit.write(
        context.connection,
        deed,
        now=context.now,
        actor_id=context.learner.id,
        acted_as=highest(await grants_of(context), context.now) or "",
        subject_id=None if deed == "broadcast" else broadcast.sender_id,
        place=broadcast.place,
        cohort_id=broadcast.cohort_id,
    )


async def _ask_second(context: Context, broadcast: Broadcast) -> Step:
    """Everybody who could have sent it is asked; the first to answer decides."""
    to = await _seconds(context, broadcast)
    if not to:
        back = button(context, "broadcast.back", HOME)
        said = context.say("broadcast.no_second", back, people=broadcast.people)
        return step(said)
    until = context.now + context.rules.broadcasting.approval_for
    await broadcasts.ask(context.connection, broadcast.id, until)
    await _written_down(context, broadcast, "broadcast")
    for address_id in to:
        await timers.set_for(
            context.connection, address_id, ASK, context.now, subject=str(broadcast.id)
        )
    return step(
        context.say(
            "broadcast.asked",
            button(context, "broadcast.back", HOME),
            people=broadcast.people,
            until=time_said(context, until),
        )
    )


async def _seconds(context: Context, broadcast: Broadcast) -> list[int]:
    """The addresses of who else may send to that place, the nearest first."""
    place, connection, now = broadcast.place, context.connection, context.now
    held: list[Grant] = []
    if place.hamlet:
        held += await role_grants.held_in(connection, "team_member", place.commune, now)
    if place.commune:
        held += await role_grants.held_in(connection, "ambassador", place.commune, now)
    held += await role_grants.held_in(connection, "administrator", "", now)
    found: list[int] = []
    people = {context.learner.id}
    for grant in held:
        if grant.learner_id in people or not (grant.covers(place)):
            continue
        people.add(grant.learner_id)
        address_id = await addresses.last_used(connection, grant.learner_id)
        if address_id is not None:
            found.append(address_id)
    return found[:_MOST_ASKED]


async def ring(context: Context, subject: str, due: datetime) -> Step:
    """A second person is asked, at an hour at which people may be written to."""
    del due
    broadcast = await broadcasts.by_id(context.connection, int(subject))
    if broadcast is None or broadcast.state != "asking" or broadcast.ends_at is None:
        return Step()
    if not await may_approve(context, broadcast):
        return Step()
    later = await knock(
        context.connection,
        context.rules.manners,
        context.learner.id,
        context.learner.zone,
        context.now,
        lines=2,
    )
    if later is not None:
        if later < broadcast.ends_at:
            await timers.set_for(
                context.connection, context.address.id, ASK, later, subject=subject
            )
        return Step()
    shown = await look(context, subject)
    return Step(shown.replies, until=broadcast.ends_at)


async def look(context: Context, number: str) -> Step:
    """The text as it will look, and whether it may go out."""
    broadcast = await the_broadcast(context, number)
    if not await may_approve(context, broadcast):
        raise Denied
    if broadcast.state != "asking" or broadcast.ends_at is None:
        return step(context.say("broadcast.decided", *onward(context), state=broadcast.state))
    return step(
        line_of(context.words, broadcast, context.learner.term),
        context.say(
            "broadcast.approve",
            button(context, "broadcast.agree", action("gui_agree", number, broadcast.edition)),
            button(context, "broadcast.decline", action("gui_decline", number)),
            exact=True,
            whom=await whom_said(context, broadcast),
            people=broadcast.people,
            signed=broadcast.signed,
            until=time_said(context, broadcast.ends_at),
        ),
    )


async def agree(context: Context, number: str, edition: str) -> Step:
    broadcast = await _to_decide(context, number)
    if broadcast is None:
        return await look(context, number)
    if edition != str(broadcast.edition):
        raise Stale
    if not await may_still_send(context.connection, broadcast, context.now):
        # Whoever asked for it has no role there any more.
        await broadcasts.end(context.connection, broadcast.id, "stopped", context.now)
        return await look(context, number)
    await _run(context, broadcast, approver_id=context.learner.id)
    await _written_down(context, broadcast, "broadcast_approved")
    await report(context.connection, broadcast, context.now)
    stop = button(context, "broadcast.stop", action("gui_stop", number))
    return step(context.say("broadcast.agreed", *onward(context), stop, replace=True))


async def decline(context: Context, number: str) -> Step:
    broadcast = await _to_decide(context, number)
    if broadcast is None:
        return await look(context, number)
    await broadcasts.end(context.connection, broadcast.id, "refused", context.now)
    await _written_down(context, broadcast, "broadcast_refused")
    await report(context.connection, broadcast, context.now)
    return step(context.say("broadcast.declined", *onward(context), replace=True))


async def _to_decide(context: Context, number: str) -> Broadcast | None:
    """The one that waits for an answer; ``None`` when it has one. Raises ``Denied``."""
    broadcast = await the_broadcast(context, number, hold=True)
    if not await may_approve(context, broadcast):
        raise Denied
    is_open = broadcast.ends_at is not None and context.now < broadcast.ends_at
    return broadcast if broadcast.state == "asking" and is_open else None
