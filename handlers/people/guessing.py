"""Codes that lead nowhere are counted: a few an hour are slips, more is guessing."""

from conversation.handler import Context, Step, step
from handlers.buttons import onward
from storage import wrong_codes

# Of five million class codes, so many tries an hour find nobody's.
MOST_AN_HOUR = 6


async def slowed(context: Context) -> Step | None:
    """The answer for who has tried too often in this hour, before any code is looked up."""
    tried = await wrong_codes.count(context.connection, context.learner.id, context.now)
    if tried < MOST_AN_HOUR:
        return None
    return step(context.say("joining.too_often", *onward(context)))


async def wrong(context: Context) -> Step:
    """No such code: counted, and said how one looks."""
    await wrong_codes.add(context.connection, context.learner.id, context.now)
    return step(context.say("joining.wrong", *onward(context)))
