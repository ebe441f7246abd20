"""Buttons that many dialogues end in, so that nobody is ever left without a next step."""

from conversation.actions import Action, action
from conversation.handler import Context
from conversation.replies import Button

NEXT = action("next")
LEARN = action("learn")
QUIZZES = action("quizzes")
PROGRESS = action("progress")
PERSON = action("person")
HELP = action("help")


def button(context: Context, name: str, meaning: Action) -> Button:
    """A button whose label is the template ``name``."""
    return Button(context.text(name).unescape(), meaning)


def onward(context: Context) -> tuple[Button, ...]:
    """Learn on, or choose."""
    return (button(context, "menu.next", NEXT), button(context, "menu.learn", LEARN))


def onward_or_person(context: Context) -> tuple[Button, ...]:
    """Learn on, or turn to a person: the way out of every misunderstanding."""
    return (button(context, "menu.next", NEXT), button(context, "menu.person", PERSON))
