"""Learners without a telephone: their notebook, opened in the helper's chat and closed again."""

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from conversation.actions import action
from conversation.door import knock
from conversation.handler import (
    Command,
    Context,
    Denied,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import Button
from conversation.seats import MEANT_FOR_BOOK
from handlers.assisting import reopening
from handlers.buttons import button, onward
from handlers.households.telephone import seated
from handlers.people.grants import granted, grants_of
from handlers.saying import day_said, place_said
from handlers.support.nudging import unread
from handlers.terms import ask_term
from people.roles import highest, places_for
from storage import (
    assisted,
    audit,
    learners,
    progress,
    seats,
    timers,
)
from storage.addresses import Address
from storage.assisted import Assisted

HELPED = action("helped")
SHUT = action("shut")
# The kind of the timer that closes a notebook which was left open.
TIMER = "shut"
_PAGE = 8


async def show(context: Context, offset: str = "0") -> Step:
    """Whose notebooks this person keeps, a page of them."""
    grants = await granted(context, "assist")
    start = number_of(offset)
    connection, mine = context.connection, context.learner.id
    found = await assisted.of_helper(connection, mine, _PAGE + 1, offset=start)
    buttons = [Button(one.name, action("help_one", one.learner_id)) for one in found[:_PAGE]]
    if len(found) > _PAGE:
        buttons.append(button(context, "role.more", action("helped", start + _PAGE)))
    if len(found) > _PAGE or start:
        buttons.append(button(context, "assisting.find", action("help_find")))
    buttons.append(button(context, "assisting.new", action("help_new")))
    left = [
        one
        for place in places_for(grants, "assist", context.now)
        for one in await assisted.left_in(connection, place, _PAGE)
    ]
    buttons += [
        Button(
            context.text("assisting.take", name=one.name).unescape(),
            action("help_take", one.learner_id),
        )
        for one in left[:_PAGE]
    ]
    return step(context.say("assisting.mine" if found else "assisting.nobody", *buttons))


async def ask_find(context: Context) -> Step:
    await granted(context, "assist")
    back = button(context, "assisting.back", HELPED)
    return ask_words(context.say("assisting.ask_find", back), action("help_named"))


async def find(context: Context, text: str) -> Step:
    await granted(context, "assist")
    found = await assisted.of_helper(context.connection, context.learner.id, _PAGE, named=text)
    buttons = [Button(one.name, action("help_one", one.learner_id)) for one in found]
    back = button(context, "assisting.back", HELPED)
    said = "assisting.found" if found else "assisting.not_found"
    return step(context.say(said, *buttons, back))


async def the_one(context: Context, number: str) -> Assisted:
    """One whose notebook this person keeps, and may still keep. Raises otherwise."""
    found = await assisted.by_id(context.connection, number_of(number))
    if found is None:
        raise Stale
    await granted(context, "assist", found.place)
    if found.helper_id != context.learner.id:
        raise Denied
    return found


async def show_one(context: Context, number: str) -> Step:
    return await page_of(context, await the_one(context, number), "assisting.one")


async def page_of(context: Context, one: Assisted, said: str) -> Step:
    """What is known of one, and what can be done; a look at their progress is written down."""
    learnt = await progress.of_learner(context.connection, one.learner_id)
    await _looked(context, one)
    return step(
        context.say(
            said,
            button(context, "assisting.open", action("book", one.learner_id)),
            button(context, "assisting.hand_over", action("help_give", one.learner_id)),
            button(context, "assisting.withdraw", action("help_end", one.learner_id)),
            button(context, "assisting.back", HELPED),
            name=one.name,
            where=await place_said(context, one.place),
            day=day_said(context, one.agreed_at),
            done=sum(row.done_at is not None for row in learnt.values()),
        )
    )


async def _looked(context: Context, one: Assisted) -> None:
    await audit.write(
        context.connection,
        "looked",
        now=context.now,
        actor_id=context.learner.id,
        acted_as=highest(await grants_of(context), context.now) or "",
        subject_id=one.learner_id,
        place=one.place,
    )


async def open_book(context: Context, number: str) -> Step:
    """Their notebook, in this chat, until it is closed or has been open too long."""
    one = await the_one(context, number)
    await _looked(context, one)
    connection, here = context.connection, context.address
    await seats.share(connection, here, context.text("assisting.helper").unescape())
    beside = await seats.of_phone(connection, here)
    seat = next((found for found in beside if found.learner_id == one.learner_id), None)
    if seat is None:
        await seats.add(connection, here, one.learner_id, one.name, context.now)
        beside = await seats.of_phone(connection, here)
        seat = next(found for found in beside if found.learner_id == one.learner_id)
    until = context.now + context.rules.notebook_open_for
    opened = await seats.sit(connection, here, seat, until=until)
    await timers.set_for(connection, opened.id, TIMER, until)
    learner = await learners.by_id(connection, one.learner_id)
    if learner is None:
        raise Stale
    there = seated(context, opened, learner)
    hours = int(context.rules.notebook_open_for.total_seconds() // 3600)
    said = there.say("assisting.opened", *onward(there), _to_shut(there), hours=hours)
    letter = await unread(there)
    if letter is not None:
        said = replace(said, text=said.text + Markup("\n\n") + letter.text)
    if not learner.term:
        return Step((replace(said, buttons=()), ask_term(there)), seated=opened)
    return Step((said,), seated=opened)


def _to_shut(context: Context) -> Button:
    return button(context, "assisting.shut", SHUT)


async def shut(context: Context) -> Step:
    """The notebook is closed, and the telephone its helper's again."""
    opened = context.address
    if opened.until_at is None:
        return step(context.say("assisting.is_shut", *onward(context)))
    back, there = await _shut(context, opened)
    return Step((there.say("assisting.closed", *_after(there), name=opened.called),), seated=back)


def _after(context: Context) -> tuple[Button, ...]:
    return (button(context, "assisting.others", HELPED), onward(context)[0])


async def _shut(context: Context, opened: Address) -> tuple[Address, Context]:
    await timers.cancel(context.connection, opened.id, TIMER)
    back = await seats.close(context.connection, opened)
    learner = await learners.by_id(context.connection, back.learner_id)
    return back, seated(context, back, learner or context.learner)


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """It was left open: closed now, with a word. While none may be said it stays as it is, and
    whatever comes next from there closes it and says so.
    """
    del subject, at
    opened = context.address
    if opened.until_at is None or context.now < opened.until_at:
        return Step()
    manners, learner = context.rules.manners, context.learner
    if await knock(context.connection, manners, learner.id, learner.zone, context.now) is not None:
        return Step()
    back, there = await _shut(context, opened)
    said = there.say(
        "assisting.closed_by_itself",
        reopening.reopen(there, opened.learner_id, opened.called),
        *_after(there),
        name=opened.called,
    )
    until = context.rules.manners.falls_silent(context.now, there.zone)
    return Step((said,), reopening.asked_of(said, opened), until=until, seated=back)


async def _show(context: Context, argument: str) -> Step:
    del argument
    if context.address.until_at is not None:
        still = context.say("assisting.still_open", _to_shut(context), *onward(context)[:1])
        return step(still)
    return await show(context)


async def _hear(context: Context, text: str) -> Step | None:
    """An answer that was typed for a notebook which has closed by itself meanwhile."""
    number = reopening.meant_for(context, text)
    if not number:
        return None
    try:
        one = await the_one(context, number)
    except (Stale, Denied):
        return None
    return step(
        context.say(
            "assisting.reopen_it",
            reopening.reopen(context, one.learner_id, one.name),
            *_after(context),
            exact=True,
            name=one.name,
        )
    )


async def _shut_it(context: Context, argument: str) -> Step:
    del argument
    return await shut(context)


HANDLER = Handler(
    name="assisting",
    commands=(
        Command(
            "hocho",
            "Dạy người không có điện thoại",
            _show,
            words=("học hộ", "người không có điện thoại", "dạy hộ", "sổ học hộ"),
            in_menu=False,
            deed="assist",
        ),
        Command(
            "dongso",
            "Đóng sổ đang mở giúp",
            _shut_it,
            words=("đóng sổ", "đóng sổ lại", "gấp sổ"),
            in_menu=False,
        ),
    ),
    actions={
        HELPED.name: show,
        "help_find": ask_find,
        "help_one": show_one,
        "book": open_book,
        SHUT.name: shut,
    },
    words={"help_named": find},
    timers={TIMER: ring},
    listeners={MEANT_FOR_BOOK: _hear},
)
