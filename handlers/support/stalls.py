"""Who began a lesson, did not finish it and went silent: one question, once, whether a person
shall help.

Only of who is in a class, where somebody can do something about it; a timer on the learner's
address, set when a lesson is begun, moves on for as long as they are heard of.
"""

from datetime import datetime

from conversation.actions import action
from conversation.handler import Context, Step
from handlers.buttons import button
from handlers.saying import place_said
from handlers.support.items import item_said, lesson_item
from handlers.support.routing import later
from storage import addresses, cases, cohorts, enrolments, notes, progress, rhythms, timers

KIND = "stall"


async def watch(context: Context) -> None:
    """A lesson is being read; nothing is written when it is watched already."""
    due = context.now + context.rules.support_stalled_after
    await cases.watch(context.connection, context.address.id, context.learner.id, KIND, due)


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """Is it so? Then ask, or wait until they may be asked; else look again later, or never."""
    del subject, at
    heard = await _last_heard(context)
    due = heard + context.rules.support_stalled_after
    if due > context.now:
        await timers.set_for(context.connection, context.address.id, KIND, due)
        return Step()
    item = await _stalled_on(context)
    if not item:
        return Step()
    when = await later(context)
    if when is not None:
        await timers.set_for(context.connection, context.address.id, KIND, when)
        return Step()
    case = await cases.open_on(context.connection, context.learner.id, item, "stalled", context.now)
    mine = await _class_place(context)
    said = context.say(
        "support.stalled",
        button(context, "support.agree", action("case_yes", case.id)),
        button(context, "support.decline", action("case_no", case.id)),
        exact=True,
        item=item_said(context, item),
        where=mine,
    )
    return Step((said,), until=context.rules.manners.falls_silent(context.now, context.zone))


async def _last_heard(context: Context) -> datetime:
    chats = await addresses.of_learner(context.connection, context.learner.id)
    return max(one.last_at for one in chats)


async def _stalled_on(context: Context) -> str:
    """The item to ask about, "" for none: they finished, left the class, want no such lines, or
    were asked before.
    """
    learner_id = context.learner.id
    learnt = await progress.of_learner(context.connection, learner_id)
    begun = [row for row in learnt.values() if row.done_at is None]
    if not begun or not await enrolments.of_learner(context.connection, learner_id):
        return ""
    rhythm = await rhythms.of_learner(context.connection, learner_id)
    if rhythm is not None and rhythm.state == "off":
        return ""
    if await notes.are_refused(context.connection, learner_id):
        return ""
    item = lesson_item(max(begun, key=lambda row: row.updated_at).lesson)
    return "" if await cases.was_ever(context.connection, learner_id, item) else item


async def _class_place(context: Context) -> str:
    mine = await cohorts.of_learner(context.connection, context.learner.id)
    place = next((one.place for one in reversed(mine) if one.place.commune), None)
    return "" if place is None else await place_said(context, place)
