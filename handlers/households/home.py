"""A household ("Gia đình số"): making one, its page, who guides, who shows what, leaving."""

from dataclasses import dataclass
from typing import Any

from conversation.actions import action
from conversation.handler import (
    Command,
    Context,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import Button
from handlers.buttons import button, onward
from handlers.households.telephone import WHO
from handlers.people import communes
from handlers.saying import place_said
from people import codes
from people.names import MOST_OF_A_CLASS, Unfit, clean
from places.model import Place
from storage import audit, hamlets, households, progress
from storage.households import Household, Member

MOST = 12
PREFIX = "nha-"
HOME = action("home")


@dataclass(frozen=True, slots=True)
class _Line:
    """One person at home: ``done`` is how many lessons, ``None`` when they do not show it."""

    name: str
    done: int | None
    is_guide: bool


async def my_home(context: Context) -> tuple[Household, list[Member], Member]:
    """The household of this learner, everybody in it, and themselves. Raises ``Stale``."""
    found = await households.of_learner(context.connection, context.learner.id)
    if found is None:
        raise Stale
    people = await households.members(context.connection, found.id)
    mine = next(one for one in people if one.learner_id == context.learner.id)
    return found, people, mine


def basics(context: Context) -> tuple[str, ...]:
    """The lessons of the courses that the settings call the basics; all courses without any."""
    return context.catalogue.lessons_in(context.rules.basic_courses)


async def show(context: Context) -> Step:
    found = await households.of_learner(context.connection, context.learner.id)
    if found is None:
        return step(
            context.say(
                "household.no_home",
                button(context, "household.make", action("home_new")),
                button(context, "household.have_code", action("home_code")),
                button(context, "telephone.more", action("seat_new")),
                *onward(context)[:1],
            )
        )
    return await page(context, "household.one")


async def page(context: Context, said: str) -> Step:
    """Names, and how many lessons each has done who lets the others see it."""
    found, people, mine = await my_home(context)
    lines = [await _line(context, one) for one in people]
    return step(
        context.say(
            said,
            button(context, "household.who", WHO),
            button(context, "household.passed", action("pass_on")),
            button(
                context,
                "household.hide" if mine.is_seen else "household.let_see",
                action("home_seen", 0 if mine.is_seen else 1),
            ),
            button(context, "household.guide", action("home_guide")),
            button(context, "household.place", action("home_place")),
            button(context, "household.leave", action("home_leave")),
            name=found.name,
            where=await place_said(context, found.place),
            code=codes.spaced(found.code),
            links=list(context.links(f"{PREFIX}{found.code}").values()),
            lines=lines,
            counts=await households.counts(
                context.connection, found.id, basics(context), context.rules.household_share
            ),
            shown=await households.passed_on(context.connection, context.learner.id),
        )
    )


async def _line(context: Context, member: Member) -> _Line:
    """Looking at another's progress is written down, at home too."""
    done = None
    is_me = member.learner_id == context.learner.id
    if member.is_seen or is_me:
        learnt = await progress.of_learner(context.connection, member.learner_id)
        done = sum(row.done_at is not None for row in learnt.values())
        if not is_me:
            await audit.write_looked_at_home(
                context.connection,
                member.learner_id,
                actor_id=context.learner.id,
                now=context.now,
            )
    name = member.name or context.text("household.nameless").unescape()
    return _Line(name, done, member.is_guide)


async def ask_home_name(context: Context) -> Step:
    if await households.of_learner(context.connection, context.learner.id) is not None:
        return await show(context)
    return ask_words(context.say("household.ask_name", *_ways(context)), action("home_name"))


def _ways(context: Context) -> tuple[Button, Button]:
    return (
        button(context, "household.no_name", action("home_plain")),
        button(context, "household.no", action("next")),
    )


async def leave_unnamed(context: Context) -> Step:
    """No name is needed: it is found by its code."""
    if await households.of_learner(context.connection, context.learner.id) is not None:
        return await show(context)
    return await _make(context, context.text("household.unnamed").unescape())


async def take_home_name(context: Context, text: str) -> Step:
    if await households.of_learner(context.connection, context.learner.id) is not None:
        return await show(context)
    try:
        name = clean(text, MOST_OF_A_CLASS)
    except Unfit as unfit:
        said = context.say(
            "household.unfit", *_ways(context), fault=unfit.fault, most=MOST_OF_A_CLASS
        )
        return ask_words(said, action("home_name"))
    return await _make(context, name)


async def _make(context: Context, name: str) -> Step:
    number = None
    while number is None:
        code = codes.make(codes.HOUSEHOLD_SIGNS, context.seed)
        number = await households.add(context.connection, code, name, Place(), context.now)
    await households.join(
        context.connection,
        number,
        context.learner.id,
        context.address.called,
        context.now,
        is_seen=False,
    )
    if context.address.called:
        return await page(context, "household.made")
    return ask_my_name(context, "household.made_unnamed")


def ask_my_name(context: Context, said: str, **values: Any) -> Step:
    no = button(context, "household.no_name", HOME)
    return ask_words(context.say(said, no, **values), action("home_called"))


async def take_my_name(context: Context, text: str) -> Step:
    await my_home(context)
    try:
        name = clean(text)
    except Unfit as unfit:
        return ask_my_name(context, "telephone.unfit", fault=unfit.fault)
    await households.set_name(context.connection, context.learner.id, name)
    return await page(context, "household.one")


async def set_seen(context: Context, shown: str) -> Step:
    """Let the others at home see how many lessons one has done, or no longer."""
    await my_home(context)
    await households.set_seen(context.connection, context.learner.id, is_seen=shown == "1")
    return await page(context, "household.one")


async def ask_guide(context: Context) -> Step:
    _, people, _ = await my_home(context)
    buttons = [
        Button(one.name, action("home_guide_is", one.learner_id)) for one in people if one.name
    ]
    back = button(context, "household.back", HOME)
    return step(context.say("household.ask_guide", *buttons, back, exact=True))


async def set_guide(context: Context, number: str) -> Step:
    found, people, _ = await my_home(context)
    chosen = next((one for one in people if str(one.learner_id) == number), None)
    if chosen is None:
        raise Stale
    await households.set_guide(context.connection, found.id, chosen.learner_id)
    return step(
        context.say("household.guides", button(context, "household.back", HOME), name=chosen.name)
    )


async def ask_place(context: Context) -> Step:
    await my_home(context)
    back = button(context, "household.back", HOME)
    return communes.ask(context, action("home_commune"), back)


async def take_commune(context: Context, text: str) -> Step:
    await my_home(context)
    return communes.choose(
        context, text, action("home_commune"), lambda code: action("home_in", code)
    )


async def in_commune(context: Context, code: str) -> Step:
    """The commune, and then the hamlet where the commune lists any."""
    found, _, _ = await my_home(context)
    if context.rules.places.commune(code) is None:
        raise Stale
    await households.set_place(context.connection, found.id, Place(code))
    listed = await hamlets.of_commune(context.connection, code)
    if not listed:
        return await page(context, "household.one")
    buttons = [Button(one.title, action("home_at", one.id)) for one in listed]
    none = button(context, "household.no_hamlet", HOME)
    return step(context.say("household.ask_hamlet", *buttons, none, exact=True))


async def at_hamlet(context: Context, number: str) -> Step:
    found, _, _ = await my_home(context)
    hamlet = await hamlets.by_id(context.connection, number_of(number))
    if hamlet is None or hamlet.is_closed:
        raise Stale
    await households.set_place(context.connection, found.id, hamlet.place)
    return await page(context, "household.one")


async def leave(context: Context) -> Step:
    """One word, and nothing of it is kept."""
    found = await households.of_learner(context.connection, context.learner.id)
    if found is None:
        return step(context.say("household.in_none", *onward(context)))
    await households.leave(context.connection, context.learner.id)
    return step(context.say("household.left", *onward(context), name=found.name))


async def _show(context: Context, argument: str) -> Step:
    del argument
    return await show(context)


async def _leave(context: Context, argument: str) -> Step:
    del argument
    return await leave(context)


HANDLER = Handler(
    name="home",
    commands=(
        Command(
            "giadinh",
            "Gia đình số của mình",
            _show,
            words=("gia đình", "gia đình số", "nhà mình", "nhà tôi", "nhà tui"),
        ),
        Command(
            "roinha",
            "Rời gia đình số",
            _leave,
            words=("rời nhà", "rời gia đình", "rời gia đình số"),
            in_menu=False,
            firm=True,
        ),
    ),
    actions={
        HOME.name: show,
        "home_new": ask_home_name,
        "home_plain": leave_unnamed,
        "home_seen": set_seen,
        "home_guide": ask_guide,
        "home_guide_is": set_guide,
        "home_place": ask_place,
        "home_in": in_commune,
        "home_at": at_hamlet,
        "home_leave": leave,
    },
    words={
        "home_name": take_home_name,
        "home_called": take_my_name,
        "home_commune": take_commune,
    },
)
