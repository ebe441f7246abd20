"""Who may have the tutor do something in a group: the people of the team, and in a chat of
Telegram those who run it.
"""

from collections.abc import Sequence

from conversation.handler import Context
from handlers.people.grants import grants_of
from people.roles import Grant, may_anywhere, places_for
from places.model import Place
from storage import addresses, role_grants


async def may_command(context: Context) -> bool:
    """Whether the sender may command in this group chat. An address is made for nobody."""
    sender = context.sender
    if sender is None:
        return False
    return sender.is_admin or may_anywhere(await _grants_of_sender(context), "post", context.now)


async def home_of_sender(context: Context) -> Place:
    """Where the sender's people live, as far as their role says; nowhere for who has none."""
    return _home(await _grants_of_sender(context), context)


async def is_of_team(context: Context) -> bool:
    """Whether the learner of this private chat may give lessons to groups."""
    return may_anywhere(await grants_of(context), "post", context.now)


async def home_of_learner(context: Context) -> Place:
    return _home(await grants_of(context), context)


def _home(grants: Sequence[Grant], context: Context) -> Place:
    """The first place of a role; an administrator's is nowhere in particular."""
    return next(iter(places_for(grants, "post", context.now)), Place())


async def _grants_of_sender(context: Context) -> Sequence[Grant]:
    sender = context.sender
    if sender is None or not sender.address:
        return ()
    person = await addresses.find(context.connection, context.address.channel, sender.address)
    if person is None:
        return ()
    return await role_grants.of_learner(context.connection, person.learner_id)
