"""Unasked lines: how many a learner got on a day, so that nobody gets too many.

One row a learner, of the latest day only: a new day begins at nothing.
"""

from datetime import date, timedelta

from storage.database import Connection

# A clock that was put forward and back again leaves a day that has not come. So near it counts as
# today, or the same day would be counted twice; further off it was a mistake and counts for nothing.
_NEAR = timedelta(days=2)

# The row of another day is begun anew; a full one is left as it is and nothing comes back.
_COUNT = """
    INSERT INTO unasked (learner_id, day, lines, reminders) VALUES ($1, $2, $4, $5)
    ON CONFLICT (learner_id) DO UPDATE SET
        day = CASE WHEN unasked.day BETWEEN $2 AND $3 THEN unasked.day ELSE excluded.day END,
        lines = excluded.lines
            + CASE WHEN unasked.day BETWEEN $2 AND $3 THEN unasked.lines ELSE 0 END,
        reminders = excluded.reminders
            + CASE WHEN unasked.day BETWEEN $2 AND $3 THEN unasked.reminders ELSE 0 END
    WHERE unasked.day NOT BETWEEN $2 AND $3 OR (
        unasked.lines + excluded.lines <= $6 AND unasked.reminders + excluded.reminders <= $7
    )
    RETURNING lines
"""


async def count(
    connection: Connection,
    learner_id: int,
    day: date,
    *,
    lines: int,
    reminders: int,
    most_lines: int,
    most_reminders: int,
) -> bool:
    """Count these to the local day, unless it would be more than the most. Whether they were.

    One statement, so two processes can never both count the last one.
    """
    counted = await connection.fetchval(
        _COUNT,
        learner_id,
        day.isoformat(),
        (day + _NEAR).isoformat(),
        lines,
        reminders,
        most_lines,
        most_reminders,
    )
    return counted is not None
