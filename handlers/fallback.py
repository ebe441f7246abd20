"""When the tutor did not understand: ask again, more simply, then offer a person.

First miss: the same choices in other words. Second: an easier step. Third: a person,
because people who leave a bot's script get stuck in it
when it only repeats itself. Whatever is said in between, a question that was asked
stays asked, as strictly as before.
"""

from dataclasses import replace

from conversation.actions import Action
from conversation.asked import Asked
from conversation.handler import Command, Context, Handler, Step, step
from conversation.replies import AskQuestion, Button, Say
from handlers import find, privacy
from handlers.asked_again import ask_again, ask_easier
from handlers.buttons import ERASE, ERASE_NOW, PERSON, button, onward, onward_or_person
from handlers.reminders import reminder
from handlers.start import consent, not_agreed_yet

# Shorter than this is a slip of the finger in a menu, longer may be a question.
_WORDS_OF_A_QUESTION = 3
# Of the search's strength: words so near a lesson are a question, however many came before.
_NEAR_ENOUGH = 0.6


async def not_understood(context: Context, text: str) -> Step:
    """Words that are no choice, no command and no emergency."""
    asked = context.asked
    if _asks_to_erase(asked):
        again = await (privacy.keep if context.address.misses else privacy.ask_erase)(context)
        return replace(again, understood=bool(context.address.misses))
    reminded = await reminder.wish(context, text)
    if reminded is not None:
        return reminded
    if not asked.graded:
        found = await find.find(context, text)
        if found is not None:
            return found
        if not asked.labels or _may_be_question(context, text):
            return await find.nearest(context, text)
    match context.address.misses:
        case 0:
            return await _rephrased(context)
        case 1:
            return await _easier(context)
        case _:
            return Step((context.say("help.offer_person", *onward_or_person(context)),))


def _may_be_question(context: Context, text: str) -> bool:
    """Whether the nearest lessons say more than the same choices again."""
    if not context.learner.term or len(text.split()) < _WORDS_OF_A_QUESTION:
        return False
    found = context.catalogue.search.find(text, limit=1)
    return not context.address.misses or bool(found and found[0].strength >= _NEAR_ENOUGH)


async def which_one(context: Context, places: tuple[int, ...]) -> Step:
    """Two choices read the same without marks: ask, never guess."""
    asked = context.asked
    if asked.kind != "one":
        return await _rephrased(context)
    fewer = replace(
        asked,
        labels=tuple(asked.labels[place] for place in places),
        actions=tuple(asked.actions[place] for place in places),
        short=tuple(asked.short[place] for place in places) if asked.short else (),
    )
    return Step((_offer(context, "help.which", fewer),), fewer, understood=False)


async def _rephrased(context: Context) -> Step:
    asked = context.asked
    if asked.kind in ("one", "words"):
        return Step((_offer(context, "help.rephrase", asked),), asked, understood=False)
    if asked.kind == "several":
        words = context.text("help.rephrase_several")
    else:
        example = " ".join(str(place) for place in range(len(asked.labels), 0, -1))
        words = context.text("help.rephrase_order", example=example)
    again = await ask_again(context)
    replies = tuple(
        replace(reply, text=words) for reply in again.replies if isinstance(reply, AskQuestion)
    )
    return Step(replies or again.replies, again.asked, understood=False)


def _offer(context: Context, name: str, asked: Asked) -> AskQuestion:
    """The choices with the numbers that may be typed, whatever the channel draws."""
    return AskQuestion(context.text(name), _buttons(asked))


def _buttons(asked: Asked) -> tuple[Button, ...]:
    asked = asked.choices
    return tuple(Button(label, asked.meaning((place,))) for place, label in enumerate(asked.labels))


async def _easier(context: Context) -> Step:
    asked = context.asked
    if asked.easier:
        eased = await ask_easier(context)
        return Step(eased.replies, eased.asked, understood=False)
    first = Button(asked.labels[0], asked.meaning((0,)))
    person = button(context, "menu.person", PERSON)
    return Step((context.say("help.easier", first, person),), understood=False)


async def stale(context: Context) -> Step:
    """An old button: say so, and give what works now."""
    if context.learner.consented_at is None:
        return await not_agreed_yet(context)
    return step(context.say("help.stale", *onward(context)))


async def secret(context: Context, kind: str) -> Step:
    """Something that nobody should ever be sent. It is not kept, not logged, not repeated."""
    if context.learner.consented_at is None:
        return step(context.say("help.secret", kind=kind), consent(context))
    return await then_again(context, context.say("help.secret", kind=kind))


async def unsupported(context: Context, kind: str) -> Step:
    """A picture, a voice, a file: say what can be read, and ask again what was asked."""
    if kind == "withheld":
        return step(context.say("help.withheld", link=context.links("").get("web", "")))
    if context.learner.consented_at is None:
        return await not_agreed_yet(context)
    return await then_again(context, context.say("help.unsupported", kind=kind))


async def then_again(context: Context, said: Say) -> Step:
    """After a word on something else, what was asked before."""
    asked = context.asked
    if asked.graded:
        again = await ask_again(context)
        return Step((said, *again.replies), again.asked)
    if _asks_to_erase(asked):
        again = await privacy.ask_erase(context)
        return Step((said, *again.replies), again.asked)
    if asked.kind == "words":
        return Step((Say(said.text, _buttons(asked)),), asked)
    # Under "delete that line", a button that deletes everything would be a trap.
    buttons = tuple(one for one in _buttons(asked) if one.action != ERASE)
    return step(Say(said.text, buttons or onward(context)))


def _asks_to_erase(asked: Asked) -> bool:
    """Whether the last question was if all is to be deleted: no place for a guess."""
    return any(Action.decode(one).name == ERASE_NOW for one in asked.actions)


async def _does_not_know(context: Context, argument: str) -> Step:
    """To say so is honest and no miss: make it easier, and grade nothing."""
    del argument
    if not context.asked.labels:
        return step(context.say("help.easier", *onward_or_person(context)))
    eased = await (_easier if context.asked.easier else _rephrased)(context)
    return replace(eased, understood=True)


HANDLER = Handler(
    name="fallback",
    commands=(
        Command(
            "khonghieu",
            "Hỏi lại cho dễ hơn",
            _does_not_know,
            words=(
                "không biết", "hông biết", "không hiểu", "hông hiểu", "chưa hiểu",
                "không rõ", "khó", "khó quá", "hông hiểu gì hết", "quên rồi", "không nhớ",
                "ko biết", "k biết", "khg biết", "hem biết",
                "ko hiểu", "k hiểu", "khg hiểu", "chịu", "chịu thua",
            ),
            in_menu=False,
        ),
    ),
)  # fmt: skip
