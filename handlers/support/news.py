"""What is said unasked about a case: a new one to who may take it, what came of it to either."""

from datetime import datetime

from conversation.actions import action
from conversation.handler import Context, Step
from conversation.replies import Button
from handlers.buttons import button, onward
from handlers.support.items import (
    coming_said,
    days_since,
    item_said,
    name_said,
    supporter_said,
)
from handlers.support.routing import CALL, NEWS, asked_said, can_take, later, write_look
from storage import cases, timers
from storage.cases import Case

CASES = action("cases")
_TO_TAKER = {
    "withdrawn": "support.news_withdrawn",
    "success": "support.news_success",
    "confirmed": "support.news_confirmed",
    "not_yet": "support.news_not_yet",
}


async def call(context: Context, subject: str, at: datetime) -> Step:
    """A case waits: to somebody who may take it now."""
    del at
    case = await cases.by_id(context.connection, int(subject))
    if case is None or case.closed_at is not None or case.taken_by is not None:
        return Step()
    if case.shared_at is None or not await can_take(context, context.learner.id, case):
        return Step()
    when = await later(context)
    if when is not None:
        await timers.set_for(context.connection, context.address.id, CALL, when, subject=subject)
        return Step()
    await write_look(context, case)
    said = context.say(
        "support.call",
        button(context, "support.take", action("case_take", case.id)),
        button(context, "support.all", CASES),
        who=await name_said(context, case),
        item=item_said(context, case.item),
        reason=case.reason,
        days=days_since(context, case.shared_at),
    )
    return Step((said,), until=_until(context))


async def news(context: Context, subject: str, at: datetime) -> Step:
    """What came of a case, if it is still so."""
    del at
    number, _, what = subject.partition(".")
    case = await cases.by_id(context.connection, int(number))
    if not _still_so(context, case, what):
        return Step()
    when = await later(context)
    if when is not None:
        await timers.set_for(context.connection, context.address.id, NEWS, when, subject=subject)
        return Step()
    if case is None:
        said = context.say("support.news_gone", button(context, "support.all", CASES))
        return Step((said,), until=_until(context))
    if case.learner_id == context.learner.id:
        return await _to_learner(context, case, what)
    said = context.say(
        _TO_TAKER[what],
        *_of_taker(context, case, what),
        who=await name_said(context, case),
        item=item_said(context, case.item),
    )
    return Step((said,), until=_until(context))


def _still_so(context: Context, case: Case | None, what: str) -> bool:
    if case is None:
        return what == "gone"
    is_open = case.closed_at is None
    match what:
        case "taken" | "when":
            return is_open and case.taken_by is not None
        case "helped":
            return is_open and case.helped_at is not None
        case "lost" | "nobody" | "passed":
            return is_open and case.taken_by is None
        case "not_yet":
            return is_open and case.taken_by == context.learner.id
    return case.taken_by == context.learner.id


def _of_taker(context: Context, case: Case, what: str) -> tuple[Button, ...]:
    all_ = button(context, "support.all", CASES)
    if what == "not_yet":
        return (button(context, "support.open", action("case", case.id)), all_)
    return (all_,)


async def _to_learner(context: Context, case: Case, what: str) -> Step:
    drop = button(context, "support.drop", action("case_drop", case.id))
    item = item_said(context, case.item)
    until = _until(context)
    if what == "lost":
        said = context.say("support.lost", drop, onward(context)[0], item=item)
    elif what == "passed":
        asked = await asked_said(context, case)
        said = context.say("support.passed", drop, onward(context)[0], item=item, asked=asked)
    elif what == "nobody":
        said = context.say(
            "support.nobody",
            drop,
            onward(context)[0],
            item=item,
            place=context.rules.support_place,
            phone=context.rules.support_phone,
        )
    else:
        assert case.taken_by is not None  # noqa: S101 - or it would not be so any more
        who = await supporter_said(context, case.taken_by, case)
        if what == "helped":
            said = context.say("support.is_it_so", *confirm(context, case), item=item, who=who)
        else:
            said = context.say(
                "support.comes" if what == "when" else "support.taken",
                drop,
                onward(context)[0],
                item=item,
                who=who,
                word=case.watchword,
                comes=coming_said(context, case.comes),
            )
    return Step((said,), until=until)


def confirm(context: Context, case: Case) -> tuple[Button, ...]:
    return (
        button(context, "support.yes_helped", action("case_right", case.id)),
        button(context, "support.not_helped", action("case_wrong", case.id)),
    )


def _until(context: Context) -> datetime:
    return context.rules.manners.falls_silent(context.now, context.zone)
