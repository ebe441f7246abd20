"""How many people of a group learnt along: each counted once, nobody named."""

from conversation.handler import Context
from storage import arrivals, polls
from storage.group_chats import GroupChat


async def total_of_day(context: Context, group: GroupChat) -> int:
    """How many learnt along today, at least.

    Who answers a poll in secret may be the one who also opened a lesson of their own, and who
    answered one poll may have answered another. So these are not added up: the largest is how
    many there were for certain.
    """
    spacing = context.rules.spacing
    begun = spacing.start_of(spacing.day(context.now))
    voters = 0
    if not group.is_pasted:
        voters = await polls.most_voters(context.connection, group.address_id, begun)
    return max(voters, await arrivals.since(context.connection, group.id, begun))
