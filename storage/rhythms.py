"""Rhythms: when a learner wants to be reminded, and what became of the last reminders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from storage.database import Connection
from storage.times import from_ms, to_ms

# "off": never wanted, declined or stopped. "asleep": paused by itself, after nobody answered.
State: TypeAlias = Literal["off", "on", "asleep"]
_STATES: dict[str, State] = {state: state for state in get_args(State)}

EVERY_DAY = 0b1111111
# The kind of the timer that reminds; a learner has one, wherever they were heard of last.
TIMER = "remind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """``days`` are bits, Monday 1 to Sunday 64: on these it may remind. ``sessions`` is how many days
    of learning a week are wanted; when ``is_free``, any days will do. ``minute`` counts from local
    midnight.

    ``begun_at`` is since when it is on without a break, ``rests_until_at`` until when it is silent.
    ``reminders`` ever sent choose the wording of the next; ``unanswered`` were sent since the
    learner was last heard of, as far as was looked; ``is_skipping`` says that the last time it was
    due was left out. ``offered_at`` and ``fading_at`` are when reminders, and stepping back from
    them, were last offered.
    """

    state: State = "off"
    days: int = EVERY_DAY
    sessions: int = 7
    is_free: bool = False
    minute: int = 19 * 60 + 30
    begun_at: datetime | None = None
    rests_until_at: datetime | None = None
    reminded_at: datetime | None = None
    reminders: int = 0
    unanswered: int = 0
    is_skipping: bool = False
    offered_at: datetime | None = None
    fading_at: datetime | None = None


_COLUMNS = (
    "state, days, sessions, is_free, minute, begun_at, rests_until_at, reminded_at, reminders, "
    "unanswered, is_skipping, offered_at, fading_at"
)
_OF_LEARNER = f"SELECT {_COLUMNS} FROM rhythm WHERE learner_id = $1"


async def of_learner(connection: Connection, learner_id: int) -> Rhythm | None:
    """None when reminders were never spoken of."""
    row = await connection.fetchrow(_OF_LEARNER, learner_id)
    return None if row is None else _rhythm(tuple(row))


_KEEP = f"""
    INSERT INTO rhythm (learner_id, {_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (learner_id) DO UPDATE SET
        state = excluded.state,
        days = excluded.days,
        sessions = excluded.sessions,
        is_free = excluded.is_free,
        minute = excluded.minute,
        begun_at = excluded.begun_at,
        rests_until_at = excluded.rests_until_at,
        reminded_at = excluded.reminded_at,
        reminders = excluded.reminders,
        unanswered = excluded.unanswered,
        is_skipping = excluded.is_skipping,
        offered_at = excluded.offered_at,
        fading_at = excluded.fading_at
"""


async def keep(connection: Connection, learner_id: int, rhythm: Rhythm) -> None:
    """Keep what is known of it now, in place of what was."""
    await connection.execute(
        _KEEP,
        learner_id,
        rhythm.state,
        rhythm.days,
        rhythm.sessions,
        int(rhythm.is_free),
        rhythm.minute,
        _ms(rhythm.begun_at),
        _ms(rhythm.rests_until_at),
        _ms(rhythm.reminded_at),
        rhythm.reminders,
        rhythm.unanswered,
        int(rhythm.is_skipping),
        _ms(rhythm.offered_at),
        _ms(rhythm.fading_at),
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _rhythm(row: Sequence[Any]) -> Rhythm:
    (
        state, days, sessions, is_free, minute, begun_at, rests_until_at, reminded_at,
        reminders, unanswered, is_skipping, offered_at, fading_at,
    ) = row  # fmt: skip
    return Rhythm(
        state=_STATES[state],
        days=days,
        sessions=sessions,
        is_free=bool(is_free),
        minute=minute,
        begun_at=from_ms(begun_at),
        rests_until_at=from_ms(rests_until_at),
        reminded_at=from_ms(reminded_at),
        reminders=reminders,
        unanswered=unanswered,
        is_skipping=bool(is_skipping),
        offered_at=from_ms(offered_at),
        fading_at=from_ms(fading_at),
    )
