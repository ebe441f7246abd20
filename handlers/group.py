"""In a group chat: only how teams will use it there."""

from conversation.handler import Context, Step, step


async def about(context: Context) -> Step:
    return step(context.say("group.about", link=context.link("")))
