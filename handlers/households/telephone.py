"""Several learners on one telephone: who learns now, changing places, and one more.

Whoever holds the telephone can change places; nothing here says otherwise.
"""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, ask_words, step
from conversation.replies import Button, Say
from conversation.seats import ANOTHERS, address_of, under
from handlers import go_on
from handlers.buttons import button, onward
from handlers.reminders.rhythm import awake
from handlers.start import CONSENT_VERSION
from handlers.support.nudging import unread
from handlers.terms import ask_term
from people.names import Unfit, clean
from storage import assisted, learners, rhythms, seats
from storage.addresses import Address
from vietnamese import fold

MOST = 8
WHO = action("who_learns")
_MOST_DIGITS = 15
# Stored with a consent that was given by word of mouth, by somebody who was there.
BESIDE = f"{CONSENT_VERSION}-cung-may"


async def family(context: Context) -> list[Address]:
    """Those who share this telephone, and no notebook that was only opened on it."""
    everybody = await seats.of_phone(context.connection, context.address)
    return [
        one
        for one in everybody
        if one.seat == 1 or await assisted.by_id(context.connection, one.learner_id) is None
    ]


def seated(context: Context, address: Address, learner: learners.Learner) -> Context:
    """The same turn, with another learner at the telephone."""
    return replace(context, address=address, learner=learner)


async def show(context: Context) -> Step:
    """Who learns now, and everybody else's button."""
    people = await family(context) if context.address.seat else []
    more = button(context, "telephone.more", action("seat_new"))
    if len(people) < 2 and context.address.until_at is None:
        return step(context.say("telephone.alone", more, *onward(context)[:1]))
    buttons = [
        Button(one.called or context.text("telephone.nameless").unescape(), action("sit", one.id))
        for one in people
        if one.id != context.address.id
    ]
    if len(people) < MOST and context.address.until_at is None:
        buttons.append(more)
    buttons.append(button(context, "telephone.same", action("next")))
    return step(context.say("telephone.who", *buttons, exact=True, now=context.address.called))


async def sit(context: Context, number: str, on: str = "") -> Step:
    """Change places. With ``on`` whoever sits down goes on learning at once."""
    to = await _found(context, number)
    if await assisted.by_id(context.connection, to.learner_id) is not None:
        raise Stale
    learner = await learners.by_id(context.connection, to.learner_id)
    if learner is None:
        raise Stale
    address = await seats.sit(context.connection, context.address, to)
    there = seated(context, address, learner)
    sleeping = await rhythms.of_learner(context.connection, learner.id)
    if sleeping is not None:
        await awake(there, sleeping)
    said = there.text("telephone.sits", name=address.called)
    letter = await unread(there)
    if letter is not None:
        said += Markup("\n\n") + letter.text
    if not learner.term:
        return replace(step(Say(said), ask_term(there)), seated=address)
    if letter is not None:
        return Step((replace(letter, text=said),), seated=address)
    if on:
        return headed(await go_on.go_on(there), said, address)
    return Step((Say(said, onward(there)),), seated=address)


def headed(opened: Step, said: Markup, address: Address) -> Step:
    """What is opened, under one line more, for who has the telephone from now on."""
    return replace(opened, replies=under(said, opened.replies), seated=address)


async def _found(context: Context, number: str) -> Address:
    if not number.isdecimal() or len(number) > _MOST_DIGITS or not context.address.seat:
        raise Stale
    people = await seats.of_phone(context.connection, context.address)
    found = next((one for one in people if one.id == int(number)), None)
    if found is None:
        raise Stale
    return found


async def anothers(context: Context, whose: str = "") -> Step:
    """A button of somebody else's was tapped: nothing happens, but they may change places."""
    people = await seats.of_phone(context.connection, context.address)
    wanted = address_of(whose)
    owner = next((one for one in people if (one.id == wanted if whose else one.seat == 1)), None)
    if owner is None or owner.id == context.address.id:
        raise Stale
    opened = await assisted.by_id(context.connection, owner.learner_id)
    if opened is None:
        change = action("sit", owner.id, 1)
    elif opened.helper_id == context.learner.id:
        change = action("book", owner.learner_id)
    else:
        raise Stale
    return step(
        context.say(
            "telephone.anothers",
            Button(context.text("telephone.change_to", name=owner.called).unescape(), change),
            button(context, "telephone.same", action("next")),
            exact=True,
            name=owner.called,
            now=context.address.called,
        )
    )


async def add(context: Context) -> Step:
    """One learner more here: first a name for who is here already, then the other's consent."""
    if context.address.until_at is not None:
        raise Stale
    if len(await family(context)) >= MOST:
        return step(context.say("telephone.full", *onward(context), most=MOST))
    if not context.address.called:
        return _ask_own(context, "telephone.own_name")
    return ask_consent(context)


def _ask_own(context: Context, said: str, **values: Any) -> Step:
    no = button(context, "telephone.no", WHO)
    return ask_words(context.say(said, no, **values), action("seat_own"))


async def take_own(context: Context, text: str) -> Step:
    try:
        name = clean(text)
    except Unfit as unfit:
        return _ask_own(context, "telephone.unfit", fault=unfit.fault)
    await seats.share(context.connection, context.address, name)
    await seats.call(context.connection, context.address.id, name)
    return ask_consent(context, name)


def ask_consent(context: Context, called: str = "") -> Step:
    """The three lines, read by or to who is to learn here; only their own yes counts."""
    return step(
        context.say(
            "telephone.consent",
            button(context, "telephone.agrees", action("seat_agreed")),
            button(context, "telephone.no", WHO),
            exact=True,
            called=called or context.address.called,
        )
    )


async def agreed(context: Context) -> Step:
    if not context.address.seat or context.address.until_at is not None:
        raise Stale
    return _ask_name(context, "telephone.ask_name")


def _ask_name(context: Context, said: str, **values: Any) -> Step:
    no = button(context, "telephone.no", WHO)
    return ask_words(context.say(said, no, **values), action("seat_name"))


async def take_name(context: Context, text: str) -> Step:
    """They have agreed and have a name: they learn here from now on."""
    people = await family(context)
    if not context.address.seat or len(people) >= MOST:
        raise Stale
    try:
        name = clean(text)
    except Unfit as unfit:
        return _ask_name(context, "telephone.unfit", fault=unfit.fault)
    taken = next((one for one in people if fold(one.called) == fold(name)), None)
    if taken is not None:
        return _ask_name(context, "telephone.taken", name=taken.called)
    number = await learners.add(context.connection, "", BESIDE, context.now)
    resting = await seats.add(context.connection, context.address, number, name, context.now)
    return await sit(context, str(resting))


async def _who(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


async def _add(context: Context, argument: str) -> Step:
    del argument
    return await add(context)


HANDLER = Handler(
    name="telephone",
    commands=(
        Command(
            "aihoc",
            "Đổi người học trên máy này",
            _who,
            words=(
                "ai đang học", "ai học", "đổi người học", "đổi người", "người khác học",
                "chuyển người học",
            ),
        ),
        Command(
            "themnguoi",
            "Thêm người nhà học trên máy này",
            _add,
            words=("thêm người nhà", "thêm người học", "thêm người"),
            in_menu=False,
        ),
    ),
    actions={
        WHO.name: show,
        "sit": sit,
        "seat_new": add,
        "seat_agreed": agreed,
        ANOTHERS: anothers,
    },
    words={"seat_own": take_own, "seat_name": take_name},
)  # fmt: skip
