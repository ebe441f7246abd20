"""When the tutor did not understand: ask again, more simply, then offer a person.

First miss: the same choices in other words. Second: an easier step. Third: a person,
because people who leave a bot's script get stuck in it
when it only repeats itself.
"""

from conversation.actions import Action
from conversation.handler import Context, Step, step
from conversation.replies import Button, Say
from handlers import find, quiz
from handlers.buttons import PERSON, button, onward, onward_or_person
from handlers.start import welcome


async def not_understood(context: Context, text: str) -> Step:
    """Words that are no choice, no command and no emergency."""
    if not context.asked.graded:
        found = await find.find(context, text)
        if found is not None:
            return found
    if not context.asked.labels:
        return await find.nearest(context, text)
    match context.address.misses:
        case 0:
            return _rephrased(context)
        case 1:
            return await _easier(context)
        case _:
            return Step((context.say("help.offer_person", *onward_or_person(context)),))


async def which_one(context: Context, places: tuple[int, ...]) -> Step:
    """Two choices read the same without marks: ask, never guess."""
    labels = context.asked.labels
    if context.asked.kind != "one":
        return _rephrased(context)
    buttons = tuple(Button(labels[place], context.asked.meaning((place,))) for place in places)
    return Step((context.say("help.which", *buttons),), understood=False)


def _rephrased(context: Context) -> Step:
    asked = context.asked
    if asked.kind == "one":
        buttons = tuple(
            Button(label, asked.meaning((place,))) for place, label in enumerate(asked.labels)
        )
        return Step((context.say("help.rephrase", *buttons),), understood=False)
    example = " ".join(str(place) for place in range(len(asked.labels), 0, -1))
    again = context.say(f"help.rephrase_{asked.kind}", labels=asked.labels, example=example)
    return Step((again,), asked, understood=False)


async def _easier(context: Context) -> Step:
    asked = context.asked
    if asked.easier:
        meaning = Action.decode(asked.easier)
        eased = await quiz.ease(context, *meaning.arguments)
        return Step(eased.replies, eased.asked, understood=False)
    first = Button(asked.labels[0], asked.meaning((0,)))
    person = button(context, "menu.person", PERSON)
    return Step((context.say("help.easier", first, person),), understood=False)


async def stale(context: Context) -> Step:
    """An old button: say so, and give what works now."""
    if context.learner.consented_at is None:
        return await welcome(context, "")
    return step(context.say("help.stale", *onward(context)))


async def secret(context: Context, kind: str) -> Step:
    """Something that nobody should ever be sent. It is not kept, not logged, not repeated."""
    if context.learner.consented_at is None:
        return step(context.say("help.secret", kind=kind))
    return step(context.say("help.secret", *onward(context), kind=kind))


async def unsupported(context: Context, kind: str) -> Step:
    """A picture, a voice, a file: say what can be read, and ask again what was asked."""
    if context.learner.consented_at is None:
        return await welcome(context, "")
    if context.asked.kind == "one" and context.asked.labels:
        again = _rephrased(context)
        buttons = again.replies[0].buttons if isinstance(again.replies[0], Say) else ()
        return step(context.say("help.unsupported", *buttons, kind=kind))
    return step(context.say("help.unsupported", *onward(context), kind=kind))
