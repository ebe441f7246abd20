"""One attempt at a channel, and what it may answer."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from channels.base import (
    Channel,
    Free,
    Leave,
    Rejected,
    SendError,
    Sent,
    Unavailable,
    Uncertain,
    Wait,
    Windowed,
)
from channels.departure import on_departure
from conversation.replies import Say
from conversation.turn import Ready
from outbox.journal import Fate, Journal
from storage.deliveries import REMINDER

log = logging.getLogger(__name__)

# No request takes so long; one that does must not hold its address for ever.
LONGEST_SEND = 120.0  # seconds
# How long a delivery waits whose channel could not say whether it may be sent.
_ASK_AGAIN = timedelta(minutes=1)


async def leave(channel: Channel, row: Ready, now: datetime) -> Leave:
    """Whether this may be written now. An answer may: the learner is waiting for it."""
    if row.priority < REMINDER or not isinstance(channel, Windowed):
        return Free()
    try:
        return await channel.may_send(row.address, last_heard=row.last_heard, now=now)
    except Exception:
        log.exception("channel %s cannot say whether it may send", row.channel)
        return Wait(now + _ASK_AGAIN)


async def attempt(
    channel: Channel, rows: Sequence[Ready], note: Say | None = None
) -> Sent | SendError:
    """Send these together, which all go to one address, behind the channel's own note."""
    first = rows[0]
    try:
        async with asyncio.timeout(LONGEST_SEND):
            return await channel.send(
                first.address,
                [*([note] if note else ()), *(row.reply for row in rows)],
                replaces=first.replaces,
                delivery=first.id,
            )
    except SendError as error:
        return error
    except TimeoutError:
        return Unavailable("no answer", perhaps_sent=True)
    except Exception:
        # A fault of ours poisons this delivery only; its text stays out of the log.
        log.exception("delivery %d cannot be drawn or sent", first.id)
        return Rejected("fault in the channel")


async def attempt_once(
    channel: Channel, rows: Sequence[Ready], note: Say | None, journal: Journal
) -> Sent | SendError:
    """The same for what must not come twice, and the journal of how far it came.

    A line that broke before anything was written is no doubt any more: it did not go out.
    """
    numbers = [row.id for row in rows]
    with on_departure(lambda: journal.leaves(numbers)):
        outcome = await attempt(channel, rows, note)
    if isinstance(outcome, Sent):
        journal.arrived(numbers)
    elif not may_have_arrived(outcome):
        journal.stayed(numbers)
    elif isinstance(outcome, Unavailable) and journal.fate(numbers[0]) is Fate.STAYED:
        return Unavailable(str(outcome))
    return outcome


def may_have_arrived(error: SendError) -> bool:
    return isinstance(error, Uncertain) or (isinstance(error, Unavailable) and error.perhaps_sent)
