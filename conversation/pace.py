"""When the next reminder is due, and whether it is needed. Pure.

A rhythm has days on which it may remind. When so many sessions a week are wanted and any days will
do, a reminder comes on its day only if the week is behind by then, so rest days are free.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from conversation.manners import Manners, at, days_from
from storage.rhythms import EVERY_DAY, Rhythm
from storage.study_weeks import StudyWeek, bit_of, monday_of

_MON, _TUE, _WED, _THU, _FRI, _SAT, _SUN = (1 << place for place in range(7))
# The days that so many sessions a week are reminded of, spread over the week.
SPREAD = {
    1: _SAT,
    2: _TUE | _SAT,
    3: _MON | _WED | _FRI,
    4: _MON | _WED | _FRI | _SUN,
    5: _MON | _TUE | _WED | _THU | _FRI,
    6: _MON | _TUE | _WED | _THU | _FRI | _SAT,
    7: EVERY_DAY,
}
# Unanswered reminders after which every second one is left out, and after which it is good-bye.
HALVED_AFTER = 3
GOODBYE_AFTER = 6
# Kept alone for so long, the rhythm needs no reminder any more.
ALONE = timedelta(weeks=3)
# Stepping back is offered again only after a long while.
_FADING_AGAIN = timedelta(weeks=12)


class Turn(Enum):
    """What a reminder that is due and needed comes to."""

    REMIND = "remind"
    SKIP = "skip"
    GOODBYE = "goodbye"


def next_time(
    rhythm: Rhythm, manners: Manners, zone: ZoneInfo, now: datetime, *, any_day: bool = False
) -> datetime:
    """When the next reminder is due, in UTC: at the learner's own hour by the clock on the wall, later
    than ``now``, on a day of the rhythm (or ``any_day``) that is not quiet, not on a day that had
    one, and not while it rests.
    """
    today = now.astimezone(zone).date()
    had_one = None if rhythm.reminded_at is None else rhythm.reminded_at.astimezone(zone).date()
    for day in days_from(today):
        if not (any_day or rhythm.days & bit_of(day)) or day == had_one:
            continue
        moment = slot(rhythm, manners, day, zone)
        rests = rhythm.rests_until_at is not None and moment < rhythm.rests_until_at
        if moment > now and not rests and not manners.is_quiet(moment, zone):
            return moment
    # Every day of a year is quiet or left out: look again in a week.
    return now + timedelta(weeks=1)


def slot(rhythm: Rhythm, manners: Manners, day: date, zone: ZoneInfo) -> datetime:
    """The learner's own hour on that local day, in UTC; the nearest open one, should a team have
    changed the quiet hours since it was chosen.
    """
    minute = rhythm.minute if manners.fits(rhythm.minute) else manners.nearest(rhythm.minute)
    return at(day, time(*divmod(minute, 60)), zone)


def is_needed(rhythm: Rhythm, week: StudyWeek | None, day: date) -> bool:
    """Whether a learner who learnt on these days of the week needs the reminder of this day."""
    if week is None or week.monday != monday_of(day):
        return True
    if week.has(day):
        return False
    if not rhythm.is_free:
        return True
    so_far = (bit_of(day) << 1) - 1
    return week.days.bit_count() < min((rhythm.days & so_far).bit_count(), rhythm.sessions)


def heard_of(rhythm: Rhythm, last_at: datetime) -> Rhythm:
    """The rhythm after a look whether the learner was heard of since the last reminder: any sign of
    life restores it.
    """
    if rhythm.reminded_at is None or last_at <= rhythm.reminded_at:
        return rhythm
    return replace(rhythm, unanswered=0, is_skipping=False)


def turn(rhythm: Rhythm) -> Turn:
    """What is due to somebody who left so many unanswered."""
    if rhythm.unanswered >= GOODBYE_AFTER:
        return Turn.GOODBYE
    if rhythm.unanswered >= HALVED_AFTER and not rhythm.is_skipping:
        return Turn.SKIP
    return Turn.REMIND


def may_fade(rhythm: Rhythm, weeks: Sequence[StudyWeek], now: datetime, today: date) -> bool:
    """Whether the learner kept the rhythm alone for so long that the reminder may step back."""
    if rhythm.begun_at is None:
        return False
    alone_since = max(rhythm.begun_at, rhythm.reminded_at or rhythm.begun_at)
    if now - alone_since < ALONE:
        return False
    if rhythm.fading_at is not None and now - rhythm.fading_at < _FADING_AGAIN:
        return False
    return weeks_kept(weeks, today, including_this=False) >= ALONE // timedelta(weeks=1)


def weeks_kept(weeks: Sequence[StudyWeek], today: date, *, including_this: bool = True) -> int:
    """How many weeks in a row were kept, to this one; one that still runs breaks nothing."""
    by_monday = {week.monday: week for week in weeks}
    monday = monday_of(today)
    this = by_monday.get(monday)
    kept = int(including_this and this is not None and this.is_kept)
    monday -= timedelta(weeks=1)
    while (week := by_monday.get(monday)) is not None and week.is_kept:
        kept += 1
        monday -= timedelta(weeks=1)
    return kept
