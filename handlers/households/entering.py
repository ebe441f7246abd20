"""Joining a household by its code, in two steps: who will see what, then a tap."""

from conversation.actions import action
from conversation.handler import Command, Context, Entrance, Handler, Stale, Step, ask_words, step
from handlers.buttons import button, onward
from handlers.households import home
from handlers.people import guessing
from handlers.saying import place_said
from people import codes
from storage import households
from storage.households import Household


async def open_entrance(context: Context, typed: str) -> Step:
    """What joining means, before the tap; or why this code joins nothing."""
    found = await _joinable(context, codes.read(typed) or typed)
    if isinstance(found, Step):
        return found
    people = await households.members(context.connection, found.id)
    return step(
        context.say(
            "household.offer",
            button(context, "household.enter_seen", action("home_join", found.code, 1)),
            button(context, "household.enter_unseen", action("home_join", found.code, 0)),
            button(context, "household.enter_not", action("next")),
            exact=True,
            name=found.name,
            where=await place_said(context, found.place),
            people=[one.name for one in people if one.name],
        )
    )


async def join(context: Context, code: str, shown: str) -> Step:
    if shown not in ("0", "1"):
        raise Stale
    found = await _joinable(context, code)
    if isinstance(found, Step):
        return found
    called = context.address.called
    await households.join(
        context.connection, found.id, context.learner.id, called, context.now, is_seen=shown == "1"
    )
    if called:
        return await home.page(context, "household.joined")
    return home.ask_my_name(context, "household.joined_unnamed", name=found.name)


async def _joinable(context: Context, code: str) -> Household | Step:
    slow = await guessing.slowed(context)
    if slow is not None:
        return slow
    mine = await households.of_learner(context.connection, context.learner.id)
    if mine is not None:
        if mine.code == code:
            return await home.show(context)
        return step(
            context.say(
                "household.in_another",
                button(context, "household.leave", action("home_leave")),
                button(context, "household.back", home.HOME),
                exact=True,
                name=mine.name,
            )
        )
    found = await households.by_code(context.connection, code)
    if found is None:
        return await guessing.wrong(context)
    people = await households.members(context.connection, found.id, hold=True)
    if len(people) >= home.MOST:
        return step(context.say("household.full", *onward(context), most=home.MOST))
    return found


async def ask_code(context: Context) -> Step:
    no = button(context, "household.enter_not", action("next"))
    return ask_words(context.say("household.ask_code", no), action("home_typed"))


async def take_code(context: Context, text: str) -> Step:
    return await open_entrance(context, text)


def _fits(context: Context, rest: str) -> bool:
    del context
    return rest.isascii() and rest.isalnum() and len(rest) <= codes.INVITATION_SIGNS


def _typed(text: str) -> str:
    code = codes.read(text)
    return code if len(code) == codes.HOUSEHOLD_SIGNS else ""


async def _ask_code(context: Context, argument: str) -> Step:
    return await (open_entrance(context, argument) if argument else ask_code(context))


HANDLER = Handler(
    name="entering",
    commands=(
        Command(
            "vaonha",
            "Vào gia đình số bằng mã",
            _ask_code,
            words=("vào nhà", "vào gia đình", "vô gia đình", "mã gia đình", "mã nhà"),
            in_menu=False,
        ),
    ),
    actions={"home_code": ask_code, "home_join": join},
    words={"home_typed": take_code},
    entrances=(Entrance(home.PREFIX, _fits, open_entrance, _typed),),
)
