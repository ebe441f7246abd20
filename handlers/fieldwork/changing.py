"""A visit that was logged: looked at, corrected, withdrawn by its author, while its period is open."""

from dataclasses import replace
from datetime import timedelta

from conversation.actions import action
from conversation.handler import Context, Handler, Stale, Step, ask_words, step
from conversation.replies import Button, preceded
from fieldwork.contents import VISIT_KINDS
from fieldwork.periods import read_period
from handlers.buttons import button
from handlers.fieldwork.visits_said import my_visit, visit_said
from handlers.people.grants import granted
from storage import field_reports, visits
from storage.visits import Visit

_SHOWN = 6
_OLDEST = timedelta(days=31)
_DAY = timedelta(days=1)


async def mine(context: Context, after: str = "") -> Step:
    """The last ones, after what was just done; whatever is older is in the reports."""
    await granted(context, "log_visits")
    latest = await visits.latest_of(context.connection, context.learner.id, _SHOWN)
    buttons = [Button(await visit_said(context, one), action("visit", one.id)) for one in latest]
    more = button(context, "visit.one_more", action("visits"))
    said = context.say("visit.mine" if latest else "visit.none_yet", *buttons, more, exact=True)
    return step(preceded(context.text(after), said) if after else said)


async def _mine(context: Context) -> Step:
    return await mine(context)


async def show(context: Context, number: str) -> Step:
    visit = await my_visit(context, number)
    if visit.state == "draft":
        raise Stale
    return step(
        context.say(
            "visit.one",
            button(context, "visit.fix_people", action("visit_again", visit.id)),
            button(context, "visit.fix_contents", action("visit_contents", visit.id)),
            button(context, "visit.fix_marks", action("visit_reached", visit.id)),
            button(context, "visit.other_day", action("visit_day", visit.id)),
            button(context, "visit.other_kind", action("visit_kind", visit.id)),
            button(context, "visit.withdraw", action("visit_out", visit.id)),
            button(context, "visit.to_mine", action("visits_mine")),
            exact=True,
            line=await visit_said(context, visit),
            is_held=visit.held_by is not None,
        )
    )


async def corrected(context: Context, before: Visit, after: Visit) -> Step:
    """The visit as it is after the correction, or why there is none."""
    return await refused(context, before, after) or await show(context, str(before.id))


async def refused(context: Context, before: Visit, after: Visit) -> Step | None:
    """A correction, kept beside what was there before; where the period is closed nothing is
    changed, and the step says so.
    """
    closed = await field_reports.closed_for(context.connection, before.place, before.day)
    if closed is not None and before.held_by is None and before.state == "logged":
        back = button(context, "visit.to_mine", action("visits_mine"))
        return step(context.say("visit.closed", back, period=closed.period.label))
    if after.day != before.day:
        closed = await field_reports.closed_for(context.connection, after.place, after.day)
        after = replace(after, held_by=None if closed is None else closed.id)
    await visits.change(context.connection, before, after, context.now)
    return None


async def confirm(context: Context, visit: Visit) -> Step:
    """A draft in one line, and everything that can still be put right."""
    return step(
        context.say(
            "visit.check",
            button(context, "visit.save", action("visit_save", visit.id)),
            button(context, "visit.other_day", action("visit_day", visit.id)),
            button(context, "visit.other_kind", action("visit_kind", visit.id)),
            button(context, "visit.other_contents", action("visit_contents", visit.id)),
            button(context, "visit.drop", action("visits")),
            exact=True,
            line=await visit_said(context, visit),
        )
    )


async def ask_day(context: Context, number: str) -> Step:
    return _ask_day(context, await my_visit(context, number), "visit.ask_day")


def _ask_day(context: Context, visit: Visit, said: str) -> Step:
    today, before = context.today, context.today - _DAY
    buttons = (
        button(context, "visit.today", action("visit_on", visit.id, f"{today:%Y%m%d}")),
        button(context, "visit.yesterday", action("visit_on", visit.id, f"{before:%Y%m%d}")),
    )
    return ask_words(context.say(said, *buttons), action("visit_date", visit.id))


async def take_day(context: Context, text: str, number: str) -> Step:
    visit = await my_visit(context, number)
    period = read_period(text, context.today)
    if period is None or period.start != period.end or period.start < context.today - _OLDEST:
        return _ask_day(context, visit, "visit.day_unread")
    return await _set(context, visit, replace(visit, day=period.start))


async def set_day(context: Context, number: str, day: str) -> Step:
    """The button says which day it meant when it was drawn."""
    visit = await my_visit(context, number)
    meant = [one for one in (context.today - n * _DAY for n in range(32)) if f"{one:%Y%m%d}" == day]
    if not meant:
        raise Stale
    return await _set(context, visit, replace(visit, day=meant[0]))


async def ask_kind(context: Context, number: str) -> Step:
    visit = await my_visit(context, number)
    buttons = [
        Button(said[0].upper() + said[1:], action("visit_as", visit.id, kind))
        for kind, said in VISIT_KINDS.items()
    ]
    return step(context.say("visit.ask_kind", *buttons))


async def set_kind(context: Context, number: str, kind: str) -> Step:
    visit = await my_visit(context, number)
    for known in VISIT_KINDS:
        if known == kind:
            return await _set(context, visit, replace(visit, kind=known))
    raise Stale


async def _set(context: Context, visit: Visit, after: Visit) -> Step:
    if visit.state == "logged":
        return await corrected(context, visit, after)
    await visits.change(context.connection, visit, after, context.now)
    return await confirm(context, after)


async def ask_withdraw(context: Context, number: str) -> Step:
    visit = await my_visit(context, number)
    return step(
        context.say(
            "visit.ask_withdraw",
            button(context, "visit.withdraw_now", action("visit_out_now", visit.id)),
            button(context, "visit.keep", action("visit", visit.id)),
            exact=True,
            line=await visit_said(context, visit),
        )
    )


async def withdraw(context: Context, number: str) -> Step:
    visit = await my_visit(context, number)
    said = await refused(context, visit, replace(visit, state="withdrawn"))
    if said is not None:
        return said
    return await mine(context, "visit.withdrawn")


HANDLER = Handler(
    name="changing",
    actions={
        "visits_mine": _mine,
        "visit": show,
        "visit_day": ask_day,
        "visit_on": set_day,
        "visit_kind": ask_kind,
        "visit_as": set_kind,
        "visit_out": ask_withdraw,
        "visit_out_now": withdraw,
    },
    words={"visit_date": take_day},
)
