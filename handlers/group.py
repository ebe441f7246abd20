"""In a group chat: only how teams will use it there."""

from conversation.handler import Context, Step, step


async def about(context: Context) -> Step:
    link = context.rules.links.get(context.address.channel, "")
    return step(context.say("group.about", link=link))
