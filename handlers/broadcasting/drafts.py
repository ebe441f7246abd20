"""Whose broadcast it is, what may be done with it, and whom it is for."""

from conversation.handler import Context, Denied, Stale, number_of
from handlers.people.grants import granted, grants_of
from handlers.saying import class_said, place_said
from outbox.broadcasts import audience_of
from people.roles import EVERYWHERE, Deed, Grant, may
from places.model import Place
from storage import audiences, broadcasts, cohorts
from storage.audiences import Had, Reached
from storage.broadcasts import Broadcast

DEED: Deed = "broadcast"


async def the_broadcast(context: Context, number: str, *, hold: bool = False) -> Broadcast:
    found = await broadcasts.by_id(context.connection, number_of(number), hold=hold)
    if found is None:
        raise Stale
    return found


async def mine(context: Context, number: str, *, hold: bool = False) -> Broadcast:
    """One that this person began, and may still send. Raises ``Stale`` or ``Denied``."""
    broadcast = await the_broadcast(context, number, hold=hold)
    if broadcast.sender_id != context.learner.id:
        raise Denied
    await may_send_to(context, broadcast.place, is_class=broadcast.cohort_id is not None)
    return broadcast


async def may_send_to(context: Context, place: Place, *, is_class: bool) -> tuple[Grant, ...]:
    """Their grants, when these allow to send there; to a class nowhere in particular, which they
    lead, those of who may send anywhere at all. Raises ``Denied``.
    """
    return await granted(context, DEED, None if is_class and place == EVERYWHERE else place)


async def may_approve(context: Context, broadcast: Broadcast) -> bool:
    """Somebody else than its sender, who could have sent it."""
    if broadcast.sender_id == context.learner.id:
        return False
    return may(await grants_of(context), DEED, broadcast.place, context.now)


async def reached(context: Context, broadcast: Broadcast) -> Reached:
    return await audiences.count(
        context.connection,
        audience_of(broadcast, context.catalogue),
        even_refusing=broadcast.is_urgent,
        had=_had(context, broadcast) if broadcast.is_urgent else None,
    )


def _had(context: Context, broadcast: Broadcast) -> Had:
    again = context.rules.broadcasting.same_again_after
    since = (broadcast.confirmed_at or context.now) - again
    return Had(broadcast.ready, broadcast.id, since)


async def whom_said(context: Context, broadcast: Broadcast) -> str:
    """As in "Lớp chợ", "ấp 3, xã Tân Hồng", "mọi lớp"; with the course, if it is for one."""
    if broadcast.cohort_id is not None:
        cohort = await cohorts.by_id(context.connection, broadcast.cohort_id)
        whom = class_said(context, cohort) if cohort is not None else ""
    else:
        whom = await place_said(context, broadcast.place)
    course = context.catalogue.course(broadcast.course) if broadcast.course else None
    return context.text(
        "broadcast.whom", whom=whom, course=course.title if course else ""
    ).unescape()
