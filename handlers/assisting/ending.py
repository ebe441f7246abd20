"""A notebook leaves whoever kept it: because it is given on, or because their role ended."""

from dataclasses import replace

from conversation.door import knock
from conversation.handler import Context
from conversation.replies import dump_reply
from people.roles import may
from storage import assisted, deliveries, learners, role_grants, seats
from storage.addresses import Address
from storage.assisted import Assisted


async def leave(context: Context, one: Assisted) -> None:
    """It is closed on every telephone, open or not, and whoever has that telephone now hears it:
    what they type next is no more for that notebook.
    """
    for back in await seats.end_book(context.connection, one.learner_id):
        await _tell(context, back, one)


async def role_ended(context: Context, helper_id: int) -> None:
    """What they kept where they may help no more waits for somebody else of the place."""
    held = await role_grants.of_learner(context.connection, helper_id)
    for one in await assisted.all_of_helper(context.connection, helper_id):
        if not may(held, "assist", one.place, context.now):
            await leave(context, one)
            await assisted.hand_over(context.connection, one.learner_id, None)


async def _tell(context: Context, there: Address, one: Assisted) -> None:
    whom = await learners.by_id(context.connection, there.learner_id)
    if whom is None:
        return
    manners = context.rules.manners
    if await knock(context.connection, manners, whom.id, whom.zone, context.now) is not None:
        return
    told = replace(context, learner=whom).say("assisting.closed_elsewhere", name=one.name)
    await deliveries.add(
        context.connection,
        there.id,
        dump_reply(told),
        priority=deliveries.REMINDER,
        due_at=context.now,
        expires_at=manners.falls_silent(context.now, manners.zone_of(whom.zone)),
        now=context.now,
    )
