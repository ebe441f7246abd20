"""Buttons that many dialogues end in, so that nobody is ever left without a next step."""

from conversation.actions import Action, action
from conversation.handler import Context
from conversation.replies import Button

AGREE = action("agree")
NEXT = action("next")
LEARN = action("learn")
QUIZZES = action("quizzes")
PROGRESS = action("progress")
PERSON = action("person")
HELP = action("help")
ERASE = action("erase")
# The name of the action; it carries when it was offered.
ERASE_NOW = "erase_now"


def button(context: Context, name: str, meaning: Action) -> Button:
    """A button whose label is the template ``name``."""
    return Button(context.text(name).unescape(), meaning)


def onward(context: Context) -> tuple[Button, ...]:
    """Learn on, or choose; for who has not agreed to anything yet, agreeing comes first."""
    if context.learner.consented_at is None:
        return (button(context, "start.agree", AGREE),)
    return (button(context, "menu.next", NEXT), button(context, "menu.learn", LEARN))


def onward_or_person(context: Context) -> tuple[Button, ...]:
    """Learn on, turn to a person, or see what there is: the way out of every misunderstanding."""
    return (
        button(context, "menu.next", NEXT),
        button(context, "menu.person", PERSON),
        button(context, "menu.help", HELP),
    )


def ask_for_help(context: Context, item: str = "") -> Button:
    """Has somebody near come and help with that item of ``storage.cases``; "" for anything."""
    return button(context, "support.ask", action("case_ask", item))
