"""A new learner without a telephone: where they live, their spoken consent, what they are called."""

from typing import Any

from conversation.actions import action
from conversation.handler import Context, Handler, Stale, Step, ask_words, number_of, step
from conversation.replies import Button
from handlers.assisting.assisting import HELPED, page_of, the_one
from handlers.buttons import button
from handlers.people import communes
from handlers.people.grants import granted
from handlers.saying import place_said
from handlers.start import CONSENT_VERSION
from people.names import Unfit, clean
from people.roles import EVERYWHERE, places_for
from places.model import Place
from storage import assisted, hamlets, learners
from vietnamese import fold

SPOKEN = f"{CONSENT_VERSION}-noi"


async def new(context: Context) -> Step:
    """Where they live; who looks after one hamlet is not asked."""
    grants = await granted(context, "assist")
    own = places_for(grants, "assist", context.now)
    if own == (EVERYWHERE,):
        return communes.ask(
            context, action("help_where"), button(context, "assisting.back", HELPED)
        )
    if len(own) == 1:
        return await at(context, own[0].commune, str(own[0].hamlet))
    buttons = [
        Button(await place_said(context, one), action("help_at", one.commune, one.hamlet))
        for one in own
    ]
    return step(context.say("assisting.ask_place", *buttons))


async def take_where(context: Context, text: str) -> Step:
    await granted(context, "assist")
    return communes.choose(
        context, text, action("help_where"), lambda code: action("help_at", code, 0)
    )


async def at(context: Context, commune: str, hamlet: str) -> Step:
    """The hamlet, where a whole commune is theirs; then the words to read aloud."""
    place = await _place(context, commune, hamlet)
    listed = [] if place.hamlet else await hamlets.of_commune(context.connection, commune)
    if listed:
        buttons = [Button(one.title, action("help_at", commune, one.id)) for one in listed]
        return step(context.say("assisting.ask_place", *buttons))
    return step(
        context.say(
            "assisting.read_aloud",
            button(context, "assisting.agrees", action("help_yes", place.commune, place.hamlet)),
            button(context, "assisting.refuses", action("help_no")),
            exact=True,
        )
    )


async def _place(context: Context, commune: str, hamlet: str) -> Place:
    """A place a button names, where this person may help. Raises otherwise."""
    number = number_of(hamlet)
    place = Place(commune, number)
    if context.rules.places.commune(commune) is None:
        raise Stale
    if number:
        found = await hamlets.by_id(context.connection, number)
        if found is None or found.place != place:
            raise Stale
    await granted(context, "assist", place)
    return place


async def refused(context: Context) -> Step:
    await granted(context, "assist")
    return step(context.say("assisting.refused", button(context, "assisting.back", HELPED)))


async def agreed(context: Context, commune: str, hamlet: str) -> Step:
    await _place(context, commune, hamlet)
    return _ask_name(context, "assisting.ask_name", commune, hamlet)


def _ask_name(context: Context, said: str, commune: str, hamlet: str, **values: Any) -> Step:
    back = button(context, "assisting.back", HELPED)
    return ask_words(context.say(said, back, **values), action("help_name", commune, hamlet))


async def take_name(context: Context, text: str, commune: str, hamlet: str) -> Step:
    place = await _place(context, commune, hamlet)
    try:
        name = clean(text)
    except Unfit as unfit:
        return _ask_name(context, "telephone.unfit", commune, hamlet, fault=unfit.fault)
    # Two of one name on one list, and what one learnt goes into the other's notebook.
    kept = await assisted.all_of_helper(context.connection, context.learner.id)
    if fold(name) in {fold(one.name) for one in kept}:
        return _ask_name(context, "assisting.same_name", commune, hamlet, name=name)
    number = await learners.add(context.connection, "", SPOKEN, context.now)
    await assisted.note(
        context.connection, number, name, place, helper_id=context.learner.id, now=context.now
    )
    return await page_of(context, await the_one(context, str(number)), "assisting.noted")


HANDLER = Handler(
    name="noting",
    actions={"help_new": new, "help_at": at, "help_yes": agreed, "help_no": refused},
    words={"help_where": take_where, "help_name": take_name},
)
