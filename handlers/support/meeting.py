"""Between taking a case and being done: when its taker comes, and whether they met.

Nothing is kept of it but the day, and no longer than that person has the case.
"""

from datetime import datetime, timedelta

from conversation.actions import action
from conversation.handler import Context, Stale, Step, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.support.items import coming_said, item_said, name_said
from handlers.support.routing import MET, NEWS, can_take, later, tell
from storage import addresses, case_meetings, cases, timers
from storage.case_meetings import Coming
from storage.cases import Case

# Its label, and in how many days; None: they cannot say yet.
_CHOICES = {
    "today": ("support.comes_today", 0),
    "tomorrow": ("support.comes_tomorrow", 1),
    "week": ("support.comes_week", 6),
    "open": ("support.comes_open", None),
}
# The learner hears who comes and when in one line, if the taker says when within this time.
ANSWERS_WITHIN = timedelta(minutes=2)


def choices(context: Context, case: Case) -> tuple[Button, ...]:
    """One tap says when; "chưa hẹn" is an answer like the others."""
    return tuple(
        button(context, label, action("case_comes", case.id, chosen))
        for chosen, (label, _) in _CHOICES.items()
    )


async def take_day(context: Context, case: Case, chosen: str) -> None:
    """Raises ``Stale`` for what no button of ours says."""
    if chosen not in _CHOICES:
        raise Stale
    _, days = _CHOICES[chosen]
    comes = None
    if days is not None:
        today = context.rules.spacing.day(context.now)
        comes = Coming(today + timedelta(days=days), chosen == "week")
    await case_meetings.comes(context.connection, case.id, comes, context.now)
    await _tell_learner(context, case, comes)


async def _tell_learner(context: Context, case: Case, comes: Coming | None) -> None:
    """With the name and the watchword if these were not said yet; else what is new, if anything."""
    at = await addresses.last_used(context.connection, case.learner_id)
    first = f"{case.id}.taken"
    waits = at is not None and await timers.when(context.connection, at, NEWS, first) is not None
    if waits:
        await tell(context, case.learner_id, NEWS, first)
    elif coming_said(context, comes) != coming_said(context, case.comes):
        await tell(context, case.learner_id, NEWS, f"{case.id}.when")


async def ask(context: Context, subject: str, at: datetime) -> Step:
    """Đã gặp chưa? To who took it, in their own hours, if nothing came of it meanwhile."""
    del at
    case = await cases.by_id(context.connection, int(subject))
    if case is None or case.closed_at is not None or case.taken_by != context.learner.id:
        return Step()
    if case.met_asked_at is None or case.helped_at is not None:
        return Step()
    if not await can_take(context, context.learner.id, case):
        return Step()
    when = await later(context)
    if when is not None:
        # Their time to answer begins when the question reaches them.
        await case_meetings.asked(context.connection, case.id, when)
        await timers.set_for(context.connection, context.address.id, MET, when, subject=subject)
        return Step()
    await case_meetings.asked(context.connection, case.id, context.now)
    said = context.say(
        "support.met",
        button(context, "support.say_helped", action("case_done", case.id)),
        button(context, "support.agreed_day", action("case_when", case.id)),
        button(context, "support.give_back", action("case_back", case.id)),
        who=await name_said(context, case),
        item=item_said(context, case.item),
        days=context.rules.support_met_after.days,
    )
    until = context.rules.manners.falls_silent(context.now, context.zone)
    return Step((said,), until=until)


async def ask_day(context: Context, case: Case) -> Step:
    """They are at it: a new stretch begins, and when is asked with one tap."""
    await case_meetings.heard(context.connection, case.id, context.now)
    who = await name_said(context, case)
    return step(context.say("support.when_comes", *choices(context, case), who=who))
