"""/ca: the cases that wait for somebody like this person, and those they took."""

from collections.abc import Iterable
from dataclasses import dataclass

from conversation.actions import action
from conversation.handler import Command, Context, Denied, Handler, Stale, Step, step
from conversation.replies import Button
from handlers.buttons import button
from handlers.people.grants import granted
from handlers.support import errands, meeting
from handlers.support.items import (
    coming_said,
    days_since,
    item_said,
    name_said,
    supporter_said,
    the_case,
)
from handlers.support.news import CASES
from handlers.support.routing import NEWS, can_take, put_back, tell, write_look
from people import watchwords
from people.roles import highest, places_for
from people.support import rung_at
from storage import audit, cases
from storage.cases import Case

# On one page; whoever has taken so many sees to these first.
_MOST = 8


@dataclass(frozen=True, slots=True)
class _Line:
    who: str
    item: str
    days: int
    is_helped: bool


async def show(context: Context) -> Step:
    """What is mine first, then what waits, the oldest first in both."""
    mine, waiting = await of_person(context)
    shown = [*mine[:_MOST], *waiting[:_MOST]]
    for case in shown:
        await write_look(context, case)
    buttons = [
        Button(
            f"{case.name or context.text('support.nameless')}: {item_said(context, case.item)}",
            action("case", case.id),
        )
        for case in shown
    ]
    asked = await errands.count(context)
    if asked:
        buttons.append(button(context, "support.errands", errands.ERRANDS))
    buttons.append(button(context, "teaching.my_classes", action("classes")))
    return step(
        context.say(
            "support.cases",
            *buttons,
            mine=await _lines(context, mine[:_MOST]),
            waiting=await _lines(context, waiting[:_MOST]),
            more=len(mine) + len(waiting) - len(shown),
            errands=asked,
        )
    )


async def of_person(context: Context) -> tuple[list[Case], list[Case]]:
    """What they took, and what they may take now. Raises ``Denied`` for who may take nothing."""
    grants = await granted(context, "take_cases")
    mine = await cases.taken_by(context.connection, context.learner.id)
    found = await cases.waiting_in_classes(context.connection, context.learner.id, _MOST + 1)
    before = context.now - context.rules.support_next_after
    for place in places_for(grants, "take_cases", context.now):
        found += await cases.waiting(
            context.connection,
            context.learner.id,
            place,
            rung=rung_at(place),
            reached_before=before,
            limit=_MOST + 1,
        )
    waiting = {case.id: case for case in found}
    return mine, sorted(waiting.values(), key=lambda case: (case.shared_at or context.now, case.id))


async def _lines(context: Context, found: Iterable[Case]) -> list[_Line]:
    return [
        _Line(
            await name_said(context, case),
            item_said(context, case.item),
            days_since(context, case.shared_at or case.opened_at),
            case.helped_at is not None,
        )
        for case in found
    ]


async def open_case(context: Context, number: str) -> Step:
    """One of them, with what can be done now."""
    return await _open(context, number)


async def _open(
    context: Context, number: str, *, asks_when: bool = False, noted: bool = False
) -> Step:
    await granted(context, "take_cases")
    case = await the_case(context, number)
    if case.shared_at is None:
        raise Stale
    if not await can_take(context, context.learner.id, case):
        raise Denied
    all_ = button(context, "support.all", CASES)
    if case.closed_at is not None:
        return step(context.say("support.is_closed", all_))
    if case.taken_by not in (None, context.learner.id):
        return await _somebody_elses(context, case)
    await write_look(context, case)
    is_mine = case.taken_by is not None
    asks_when = asks_when and is_mine
    if asks_when:
        buttons = [*meeting.choices(context, case)]
    elif is_mine:
        buttons = [
            button(context, "support.write", action("note_case", case.id)),
            button(context, "support.give_back", action("case_back", case.id)),
        ]
        if case.helped_at is None:
            done = button(context, "support.say_helped", action("case_done", case.id))
            when = button(context, "support.set_day", action("case_when", case.id))
            buttons[:0] = [done, when]
    else:
        buttons = [button(context, "support.take", action("case_take", case.id))]
    said = "support.day_noted" if noted else "support.mine"
    return step(
        context.say(
            said if is_mine else "support.one",
            *buttons,
            *(() if asks_when else (all_,)),
            who=await name_said(context, case),
            item=item_said(context, case.item),
            reason=case.reason,
            days=days_since(context, case.shared_at),
            word=case.watchword,
            is_helped=case.helped_at is not None,
            comes=coming_said(context, case.comes),
            asks_when=asks_when,
        )
    )


async def _somebody_elses(context: Context, case: Case) -> Step:
    assert case.taken_by is not None  # noqa: S101 - asked by whoever found it taken
    who = await supporter_said(context, case.taken_by, case)
    return step(context.say("support.taken_by", button(context, "support.all", CASES), who=who))


async def take(context: Context, number: str) -> Step:
    """One tap; of two at once one has it, and the other hears who."""
    grants = await granted(context, "take_cases")
    case = await the_case(context, number)
    if case.shared_at is None:
        raise Stale
    if not await can_take(context, context.learner.id, case):
        raise Denied
    word = watchwords.make(context.seed)
    taken = await cases.take(context.connection, case.id, context.learner.id, word, context.now)
    if taken:
        await audit.write(
            context.connection,
            "took_case",
            now=context.now,
            actor_id=context.learner.id,
            acted_as=highest(grants, context.now) or "",
            subject_id=case.learner_id,
            place=case.place,
            cohort_id=case.cohort_id,
        )
        first = f"{case.id}.taken"
        await tell(context, case.learner_id, NEWS, first, after=meeting.ANSWERS_WITHIN)
    # Of another's case, a closed one and a second tap it says how it stands.
    return await _open(context, number, asks_when=taken)


async def comes(context: Context, number: str, chosen: str) -> Step:
    """When they come, in one tap; the same tap again changes nothing."""
    case = await _mine(context, number)
    if case is None:
        return await open_case(context, number)
    await meeting.take_day(context, case, chosen)
    return await _open(context, number, noted=True)


async def ask_day(context: Context, number: str) -> Step:
    case = await _mine(context, number)
    if case is None:
        return await open_case(context, number)
    return await meeting.ask_day(context, case)


async def say_helped(context: Context, number: str) -> Step:
    """It is done, says who took it; the learner has the last word."""
    case = await _mine(context, number)
    if case is None:
        return await open_case(context, number)
    if case.helped_at is None:
        await cases.set_helped(context.connection, case.id, context.now)
        await tell(context, case.learner_id, NEWS, f"{case.id}.helped")
    return step(context.say("support.said_helped", button(context, "support.all", CASES)))


async def give_back(context: Context, number: str) -> Step:
    case = await _mine(context, number)
    if case is None:
        return await open_case(context, number)
    await put_back(context, case)
    return step(context.say("support.given_back", button(context, "support.all", CASES)))


async def _mine(context: Context, number: str) -> Case | None:
    """A case this person took, still open; None when it is not theirs any more, and then how it
    stands is the answer. Raises ``Stale`` or ``Denied``.
    """
    await granted(context, "take_cases")
    case = await the_case(context, number)
    is_mine = case.taken_by == context.learner.id and case.closed_at is None
    return case if is_mine else None


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


HANDLER = Handler(
    name="taking",
    commands=(
        Command(
            "ca",
            "Ai đang cần người giúp",
            _show,
            words=("ca", "các ca", "ca cần giúp", "ai cần giúp", "bà con cần giúp"),
            in_menu=False,
            deed="take_cases",
        ),
    ),
    actions={
        CASES.name: show,
        "case": open_case,
        "case_take": take,
        "case_comes": comes,
        "case_when": ask_day,
        "case_done": say_helped,
        "case_back": give_back,
    },
)
