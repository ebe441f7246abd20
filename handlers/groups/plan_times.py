"""When a plan posts next. Pure."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from storage.plans import Plan

# A year in which every planned day is a quiet one has no next time.
_FARTHEST = 400
# Later than this a lesson of the evening is no lesson of the evening any more.
LATE = timedelta(hours=3)


def next_times(
    plan: Plan,
    after: datetime,
    *,
    zone: tzinfo,
    is_quiet_day: Callable[[date], bool],
    count: int = 1,
) -> list[datetime]:
    """The next ``count`` moments later than ``after``, in UTC, leaving out quiet days."""
    return list(islice(_times(plan, after, zone, is_quiet_day), count))


def _times(
    plan: Plan, after: datetime, zone: tzinfo, is_quiet_day: Callable[[date], bool]
) -> Iterator[datetime]:
    today = after.astimezone(zone).date()
    for later in range(_FARTHEST):
        day = today + timedelta(later)
        if day.isoweekday() not in plan.days or is_quiet_day(day):
            continue
        moment = datetime.combine(day, time(*divmod(plan.minute, 60)), zone).astimezone(UTC)
        if moment > after:
            yield moment
