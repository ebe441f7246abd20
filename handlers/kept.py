"""The kept rhythm: on which days somebody learnt, this week and the weeks before."""

from dataclasses import dataclass
from datetime import date, timedelta

from conversation.handler import Context
from conversation.pace import weeks_kept
from storage import study_weeks
from storage.study_weeks import monday_of

# So far back a rhythm is counted; nobody needs a bigger number.
_WEEKS = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Kept:
    """``weeks`` is how many in a row were kept. ``days`` says of this week's seven, Monday first,
    which were days of learning; ``today`` is the place among them. ``wanted`` is how many are to be.
    """

    weeks: int
    days: tuple[bool, ...]
    today: int
    wanted: int

    @property
    def learnt(self) -> int:
        return sum(self.days)


async def note(context: Context) -> None:
    """The learner is learning today."""
    await study_weeks.note(context.connection, context.learner.id, context.today)


async def rhythm_kept(context: Context) -> Kept:
    today = context.today
    weeks = await study_weeks.since(context.connection, context.learner.id, today - _WEEKS)
    this = weeks[0] if weeks and weeks[0].monday == monday_of(today) else None
    return Kept(
        weeks=weeks_kept(weeks, today),
        days=tuple(this is not None and this.has(day) for day in _week_of(today)),
        today=today.weekday(),
        wanted=this.wanted if this is not None else 1,
    )


def _week_of(day: date) -> list[date]:
    return [monday_of(day) + timedelta(later) for later in range(7)]
