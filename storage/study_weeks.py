"""Study weeks: on which days of a week somebody learnt, one row a learner and week."""

from dataclasses import dataclass
from datetime import date, timedelta

from storage.database import Connection


@dataclass(frozen=True, slots=True)
class StudyWeek:
    """``monday`` is its first day, in the learner's own time. ``days`` are bits, Monday 1 to
    Sunday 64. ``wanted`` is how many days the learner's rhythm asked for in that week, 1 without one.
    """

    monday: date
    days: int
    wanted: int

    @property
    def is_kept(self) -> bool:
        return self.days.bit_count() >= self.wanted

    def has(self, day: date) -> bool:
        """Whether this day of this week is one of them."""
        return monday_of(day) == self.monday and bool(self.days & bit_of(day))


def monday_of(day: date) -> date:
    return day - timedelta(day.weekday())


def bit_of(day: date) -> int:
    return 1 << day.weekday()


# Only the first turn of a day writes anything.
_NOTE = """
    INSERT INTO study_week (learner_id, monday, days, wanted)
    VALUES ($1, $2, $3, COALESCE(
        (SELECT sessions FROM rhythm WHERE learner_id = $1 AND state <> 'off'), 1
    ))
    ON CONFLICT (learner_id, monday) DO UPDATE SET days = study_week.days | excluded.days
    WHERE (study_week.days & excluded.days) = 0
"""


async def note(connection: Connection, learner_id: int, day: date) -> None:
    """Something was learnt on this local day."""
    monday = monday_of(day).isoformat()
    await connection.execute(_NOTE, learner_id, monday, bit_of(day))


_WANT = "UPDATE study_week SET wanted = $3 WHERE learner_id = $1 AND monday >= $2"


async def want(connection: Connection, learner_id: int, day: date, wanted: int) -> None:
    """From the week of this day on so many days are wanted; weeks that are past keep their own."""
    await connection.execute(_WANT, learner_id, monday_of(day).isoformat(), wanted)


_SINCE = """
    SELECT monday, days, wanted FROM study_week
    WHERE learner_id = $1 AND monday >= $2 ORDER BY monday DESC
"""


async def since(connection: Connection, learner_id: int, day: date) -> list[StudyWeek]:
    """The weeks with any learning since the week of that day, the latest first."""
    rows = await connection.fetch(_SINCE, learner_id, monday_of(day).isoformat())
    return [StudyWeek(date.fromisoformat(monday), days, wanted) for monday, days, wanted in rows]
