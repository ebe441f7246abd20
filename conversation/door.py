"""The one door for everything that is said unasked: reminders, broadcasts, notes, planned cards."""

from datetime import datetime

from conversation.manners import Manners
from storage import unasked
from storage.database import Connection

# More than anybody sends on one day: no limit.
_NO_LIMIT = 1_000_000
_REMINDERS_A_DAY = 1


async def knock(
    connection: Connection,
    manners: Manners,
    learner_id: int,
    zone: str,
    now: datetime,
    *,
    lines: int = 1,
    is_reminder: bool = False,
    is_urgent: bool = False,
) -> datetime | None:
    """May this learner be written to now? None: yes, and the lines are counted. Else when next.

    Call it in the transaction that writes the deliveries, once for all of them; they may go out
    until ``manners.falls_silent``. ``zone`` is the learner's own. What is urgent (a warning of a
    fraud going round) passes the limit of the day, but never the night or a quiet day.
    """
    there = manners.zone_of(zone)
    if manners.is_quiet(now, there):
        return manners.next_open(now, there)
    counted = await unasked.count(
        connection,
        learner_id,
        now.astimezone(there).date(),
        lines=lines,
        reminders=int(is_reminder),
        most_lines=_NO_LIMIT if is_urgent else manners.lines_a_day,
        most_reminders=_REMINDERS_A_DAY,
    )
    return None if counted else manners.next_open(now, there, tomorrow=True)
