"""The question that waits for an answer, put once more: a quiz's, a whole room's, or a visit's."""

from collections.abc import Awaitable, Callable, Mapping

from conversation.actions import Action
from conversation.handler import Context, Step
from handlers import quiz
from handlers.events import live
from handlers.fieldwork import visit

_ASKED_ELSEWHERE: Mapping[str, Callable[..., Awaitable[Step]]] = {
    live.AGAIN: live.again,
    visit.ASKS_CONTENTS: visit.ask_contents,
}


async def ask_again(context: Context) -> Step:
    """As it was put."""
    meaning = Action.decode(context.asked.easier)
    if (other := _ASKED_ELSEWHERE.get(meaning.name)) is not None:
        return await other(context, *meaning.arguments)
    return await quiz.go_on(context, meaning.arguments[0])


async def ask_easier(context: Context) -> Step:
    """With less to choose from; a room's question stays what everybody is asked, and a visit's has
    nothing to leave out.
    """
    meaning = Action.decode(context.asked.easier)
    if (other := _ASKED_ELSEWHERE.get(meaning.name)) is not None:
        return await other(context, *meaning.arguments)
    return await quiz.ease(context, *meaning.arguments)
