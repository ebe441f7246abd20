"""A learner asks for a person: what is shown to whom, where they live, what they want to be called."""

from dataclasses import replace
from typing import Any

from conversation.actions import action
from conversation.handler import Context, Handler, Stale, Step, ask_words, number_of, step
from conversation.replies import Button, Say
from handlers.buttons import button, onward
from handlers.people import communes
from handlers.saying import class_said, place_said
from handlers.support import escalating, meeting, news, routing, stalls
from handlers.support.closing import tell_taker
from handlers.support.items import coming_said, is_item, item_said, my_case, supporter_said
from people.names import Unfit, clean
from places.model import Place
from storage import case_meetings, cases, cohorts, enrolments, hamlets
from storage.cases import Case, Reason
from storage.cohorts import Cohort

_MOST_HAMLETS = 20


async def ask(context: Context, item: str = "", reason: Reason = "asked") -> Step:
    """Before anything is shown: who would see what. A second tap finds the same case."""
    if not is_item(context, item):
        raise Stale
    case = await cases.open_on(context.connection, context.learner.id, item, reason, context.now)
    if case.shared_at is not None:
        return await show(context, str(case.id))
    return await consent(context, case)


async def _ask_stuck(context: Context, item: str) -> Step:
    return await ask(context, item, "stuck")


async def _ask_wrong(context: Context, item: str) -> Step:
    return await ask(context, item, "wrong")


async def consent(context: Context, case: Case, said: str = "support.consent") -> Step:
    """The one question that a case asks; silence, or a nod to something else, answers nothing."""
    cohort, place = await _home(context)
    return step(
        context.say(
            said,
            button(context, "support.agree", action("case_yes", case.id)),
            button(context, "support.decline", action("case_no", case.id)),
            exact=True,
            item=item_said(context, case.item),
            where=await place_said(context, place),
            teaches="" if cohort is None else class_said(context, cohort),
        )
    )


async def _home(context: Context) -> tuple[Cohort | None, Place]:
    """The class whose teacher may see this learner, and the nearest place that is known."""
    seen = {
        row.cohort_id
        for row in await enrolments.of_learner(context.connection, context.learner.id)
        if row.scope == "progress"
    }
    mine = [
        one
        for one in await cohorts.of_learner(context.connection, context.learner.id)
        if one.closed_at is None
    ]
    teaching = next((one for one in reversed(mine) if one.id in seen), None)
    places = [one.place for one in reversed(mine) if one.place.commune]
    if teaching is not None and teaching.place.commune:
        places.insert(0, teaching.place)
    return teaching, next((one for one in places if one.hamlet), next(iter(places), Place()))


async def agree(context: Context, number: str) -> Step:
    """Where it is, if no class says so; then a name; then it goes out."""
    case = await my_case(context, number)
    if case.shared_at is not None:
        return await show(context, number)
    _, place = await _home(context)
    if not place.commune:
        return communes.ask(context, action("case_commune", case.id), _no(context, case))
    await cases.set_place(context.connection, case.id, place)
    return await _name(context, replace(case, place=place))


def _no(context: Context, case: Case) -> Button:
    return button(context, "support.decline", action("case_no", case.id))


async def take_commune(context: Context, text: str, number: str) -> Step:
    case = await my_case(context, number)
    return communes.choose(
        context,
        text,
        action("case_commune", case.id),
        lambda code: action("case_at", case.id, code),
    )


async def at(context: Context, number: str, commune: str) -> Step:
    """The commune is known: which hamlet, where the commune lists any."""
    case = await my_case(context, number)
    if context.rules.places.commune(commune) is None:
        raise Stale
    await cases.set_place(context.connection, case.id, Place(commune))
    listed = await hamlets.of_commune(context.connection, commune)
    if not listed:
        return await _name(context, case)
    buttons = [
        Button(one.title, action("case_in", case.id, one.id)) for one in listed[:_MOST_HAMLETS]
    ]
    unsure = button(context, "support.no_hamlet", action("case_in", case.id, 0))
    return step(context.say("support.which_hamlet", *buttons, unsure))


async def in_hamlet(context: Context, number: str, hamlet: str) -> Step:
    case = await my_case(context, number)
    if number_of(hamlet):
        found = await hamlets.by_id(context.connection, int(hamlet))
        if found is None or found.commune != case.place.commune:
            raise Stale
        await cases.set_place(context.connection, case.id, found.place)
    return await _name(context, case)


async def _name(context: Context, case: Case) -> Step:
    """What they are called in a class of theirs is asked for no second time."""
    called = [
        row.name
        for row in await enrolments.of_learner(context.connection, context.learner.id)
        if row.name
    ]
    if called:
        return await share(context, case, called[-1])
    return _ask_name(context, case, "support.ask_name")


def _ask_name(context: Context, case: Case, said: str, **values: Any) -> Step:
    none = button(context, "support.no_name", action("case_nameless", case.id))
    return ask_words(context.say(said, none, **values), action("case_name", case.id))


async def take_name(context: Context, text: str, number: str) -> Step:
    case = await my_case(context, number)
    try:
        name = clean(text)
    except Unfit as unfit:
        return _ask_name(context, case, "support.unfit_name", fault=unfit.fault)
    return await share(context, case, name)


async def nameless(context: Context, number: str) -> Step:
    return await share(context, await my_case(context, number), "")


async def share(context: Context, case: Case, name: str) -> Step:
    """From now on whoever helps may see it; whom there is, is asked at once."""
    if case.shared_at is not None:
        return await show(context, str(case.id))
    cohort, _ = await _home(context)
    number = None if cohort is None else cohort.id
    await cases.share(context.connection, case.id, name=name, cohort_id=number, now=context.now)
    shared = await cases.by_id(context.connection, case.id)
    assert shared is not None  # noqa: S101 - it was shared in this transaction
    if await routing.route(context, shared) is None:
        return step(_nobody(context, shared))
    return step(
        context.say(
            "support.asked_for",
            onward(context)[0],
            button(context, "support.drop", action("case_drop", case.id)),
            item=item_said(context, case.item),
            where=await place_said(context, shared.place),
        )
    )


def _nobody(context: Context, case: Case) -> Say:
    return context.say(
        "support.nobody",
        button(context, "support.drop", action("case_drop", case.id)),
        onward(context)[0],
        item=item_said(context, case.item),
        place=context.rules.support_place,
        phone=context.rules.support_phone,
    )


async def decline(context: Context, number: str) -> Step:
    """Nothing was shown to anybody, and it is not asked again by itself."""
    case = await my_case(context, number)
    if case.shared_at is not None:
        return await drop(context, number)
    await cases.close(context.connection, case.id, "declined", context.now)
    return step(context.say("support.declined", *onward(context)))


async def show(context: Context, number: str) -> Step:
    """How one's own case stands."""
    case = await my_case(context, number)
    if case.shared_at is None:
        return await consent(context, case)
    item = item_said(context, case.item)
    drop_ = button(context, "support.drop", action("case_drop", case.id))
    if case.taken_by is None:
        return step(context.say("support.waits", onward(context)[0], drop_, item=item))
    who = await supporter_said(context, case.taken_by, case)
    if case.helped_at is not None:
        return step(
            context.say("support.is_it_so", *news.confirm(context, case), item=item, who=who)
        )
    return step(
        context.say(
            "support.taken",
            button(context, "support.yes_helped", action("case_right", case.id)),
            drop_,
            onward(context)[0],
            item=item,
            who=who,
            word=case.watchword,
            comes=coming_said(context, case.comes),
        )
    )


async def confirm(context: Context, number: str) -> Step:
    """It was helped with: the only end that a helped case has."""
    case = await my_case(context, number)
    if case.taken_by is None:
        raise Stale
    await cases.close(context.connection, case.id, "helped", context.now)
    await tell_taker(context, case, "confirmed")
    return step(context.say("support.closed", *onward(context)))


async def deny(context: Context, number: str) -> Step:
    """It was not, or not enough: whoever took it still has it."""
    case = await my_case(context, number)
    if case.taken_by is None:
        raise Stale
    await cases.set_helped(context.connection, case.id, None)
    await case_meetings.heard(context.connection, case.id, context.now)
    await tell_taker(context, case, "not_yet")
    return step(
        context.say(
            "support.still_open",
            onward(context)[0],
            button(context, "support.drop", action("case_drop", case.id)),
        )
    )


async def drop(context: Context, number: str) -> Step:
    """The learner wants nobody any more; a word is enough, and no reason is asked."""
    case = await my_case(context, number)
    await cases.close(context.connection, case.id, "withdrawn", context.now)
    await tell_taker(context, case, "withdrawn")
    return step(context.say("support.dropped", *onward(context)))


HANDLER = Handler(
    name="asking",
    actions={
        "case_ask": ask,
        "case_stuck": _ask_stuck,
        "case_hard": _ask_wrong,
        "case_yes": agree,
        "case_no": decline,
        "case_at": at,
        "case_in": in_hamlet,
        "case_nameless": nameless,
        "case_mine": show,
        "case_right": confirm,
        "case_wrong": deny,
        "case_drop": drop,
    },
    words={"case_commune": take_commune, "case_name": take_name},
    timers={
        routing.ROUTE: escalating.ring,
        routing.CALL: news.call,
        routing.MET: meeting.ask,
        routing.NEWS: news.news,
        stalls.KIND: stalls.ring,
    },
)
