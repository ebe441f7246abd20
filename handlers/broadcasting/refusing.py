"""A learner wants no broadcasts any more, or wants them again."""

from conversation.actions import action
from conversation.handler import Context, Step, step
from conversation.replies import Button
from handlers.buttons import button, onward
from storage import broadcasts, recipients

WELCOME = action("gui_again")


async def refuse(context: Context) -> bool:
    """None any more, not even one that waits; a warning of a fraud still comes. Whether this
    learner ever got one, and so should be told.
    """
    await recipients.hush(context.connection, context.learner.id, context.now)
    await broadcasts.refuse(context.connection, context.learner.id, context.now)
    return await recipients.has_heard(context.connection, context.learner.id)


def again(context: Context) -> Button:
    return button(context, "broadcast.again", WELCOME)


async def welcome(context: Context) -> Step:
    await broadcasts.welcome(context.connection, context.learner.id)
    return step(context.say("broadcast.welcome", *onward(context)))
