"""Choosing a commune: by typing its name now or before, or from one's own."""

from collections.abc import Callable

from conversation.actions import Action
from conversation.handler import Context, Step, ask_words
from conversation.replies import Button

# More would not fit a phone; whoever misses one types more of its name.
_MOST = 8


def ask(context: Context, taker: Action, *buttons: Button) -> Step:
    """Have a name typed: it goes to ``taker``'s words."""
    return ask_words(context.say("place.ask_commune", *buttons), taker)


def choose(context: Context, text: str, taker: Action, meaning: Callable[[str], Action]) -> Step:
    """The communes that the words name, as buttons; asked again when they name none.

    ``meaning`` gives the action for a commune's code.
    """
    found = context.rules.places.find(text, _MOST + 1)
    if not found:
        return ask_words(context.say("place.no_commune"), taker)
    buttons = [
        Button(
            f"{one.commune.title} ({one.before})" if one.before else one.commune.title,
            meaning(one.commune.code),
        )
        for one in found[:_MOST]
    ]
    unsure = [one.commune.title for one in found[:_MOST] if one.commune.unsure]
    return ask_words(
        context.say("place.which_commune", *buttons, unsure=unsure, more=len(found) > _MOST),
        taker,
    )


def own(context: Context, codes: list[str], meaning: Callable[[str], Action]) -> list[Button]:
    """One button for each of these communes that is still in the list."""
    known = [context.rules.places.commune(code) for code in codes]
    return [Button(one.title, meaning(one.code)) for one in known if one is not None]
