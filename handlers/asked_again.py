"""The question that waits for an answer, put once more: a quiz's, or a whole room's."""

from conversation.actions import Action
from conversation.handler import Context, Step
from handlers import quiz
from handlers.events import live


async def ask_again(context: Context) -> Step:
    """As it was put."""
    meaning = Action.decode(context.asked.easier)
    if meaning.name == live.AGAIN:
        return await live.again(context, *meaning.arguments)
    return await quiz.go_on(context, meaning.arguments[0])


async def ask_easier(context: Context) -> Step:
    """With less to choose from; a room's question stays what everybody is asked."""
    meaning = Action.decode(context.asked.easier)
    if meaning.name == live.AGAIN:
        return await live.again(context, *meaning.arguments)
    return await quiz.ease(context, *meaning.arguments)
