"""Events that no dialogue answers: what happens to a group chat itself, and votes in its polls.

They make nobody known that was not: a vote that was forwarded to strangers, or the last word
of a group that is gone, leaves nothing behind.
"""

from dataclasses import dataclass

from conversation.events import GroupLeft, GroupMoved, Inbound, PollAnswered, PollCounted
from storage import addresses, group_chats, polls, seen
from storage.database import Connection
from storage.polls import Poll


@dataclass(frozen=True, slots=True)
class Aside:
    """Whether nothing is left to do about an event; and the poll that it answers, if any."""

    is_done: bool
    poll: Poll | None = None


_FOR_A_DIALOGUE = Aside(is_done=False)
_DONE = Aside(is_done=True)


async def take_aside(connection: Connection, inbound: Inbound) -> Aside:
    """Do what such an event means; all others are left to the dialogues."""
    match inbound.event:
        case PollAnswered(poll):
            return await _answered(connection, inbound, poll)
        case PollCounted(poll, voters):
            if await _is_new(connection, inbound):
                await polls.count(connection, inbound.channel, poll, voters)
        case GroupLeft():
            if await _is_new(connection, inbound):
                await _leave(connection, inbound)
        case GroupMoved(to):
            if await _is_new(connection, inbound):
                await _move(connection, inbound, to)
        case _:
            return _FOR_A_DIALOGUE
    return _DONE


async def _answered(connection: Connection, inbound: Inbound, name: str) -> Aside:
    """A group's vote is counted, and who gave it is not kept. A stranger who found somebody
    else's poll, or one that is forgotten, is nobody to talk to.
    """
    poll = await polls.find(connection, inbound.channel, name)
    if poll is not None and poll.in_group:
        if await _is_new(connection, inbound):
            await polls.count_one(connection, inbound.channel, name)
        return _DONE
    if poll is not None and poll.address == inbound.address:
        return Aside(is_done=False, poll=poll)
    known = await addresses.find(connection, inbound.channel, inbound.address)
    return Aside(is_done=known is None, poll=poll)


async def _is_new(connection: Connection, inbound: Inbound) -> bool:
    return await seen.first_time(
        connection, inbound.channel, inbound.external_id, inbound.received_at
    )


async def _leave(connection: Connection, inbound: Inbound) -> None:
    # Stopped and not erased: a chat that becomes a supergroup is left too, before or after it
    # moves. Who is not back in time is forgotten by the broom.
    address = await addresses.find(connection, inbound.channel, inbound.address, hold=True)
    if address is not None:
        await addresses.stop(connection, address.id, inbound.received_at)


async def _move(connection: Connection, inbound: Inbound, to: str) -> None:
    await group_chats.move(connection, inbound.channel, inbound.address, to)
    address = await addresses.find(connection, inbound.channel, to, hold=True)
    if address is not None:
        await addresses.resume(connection, address.id)
