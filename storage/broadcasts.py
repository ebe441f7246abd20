"""Broadcasts: one text to many, from the draft to the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms

# A draft is being written; one that is asking waits for a second person; "stopped" was halted:
# by its sender, by who could have approved it, or because its sender's role ended. "lapsed" was approved by
# nobody in time.
BroadcastState: TypeAlias = Literal[
    "draft", "asking", "running", "done", "stopped", "refused", "lapsed"
]
_STATES: dict[str, BroadcastState] = {state: state for state in get_args(BroadcastState)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """For whom: a class (``cohort_id``), or the classes of a ``place``; with ``course``, only those
    who began it. ``ready`` names a ready-made text and ``words`` fill it, or are all of it.
    ``signed`` says whom it is from, without a name. ``edition`` rises with every change of the
    text, so that a button means the text it stood under. ``people`` is how many it was for when
    it was last shown, at ``shown_at``. A running one ends at ``ends_at``; one that is asking
    lapses then. The cursor is the class and the learner reached; ``is_spread`` when all are.
    """

    id: int
    sender_id: int | None
    approver_id: int | None
    cohort_id: int | None
    place: Place
    course: str
    ready: str
    words: str
    signed: str
    is_urgent: bool
    state: BroadcastState
    edition: int
    people: int
    created_at: datetime
    shown_at: datetime | None
    confirmed_at: datetime | None
    ends_at: datetime | None
    finished_at: datetime | None
    cursor: tuple[int, int]
    is_spread: bool


_COLUMNS = (
    "id, sender_id, approver_id, cohort_id, commune, hamlet_id, course, ready, words, signed, "
    "is_urgent, state, edition, people, created_at, shown_at, confirmed_at, ends_at, finished_at, "
    "cursor_cohort, cursor_learner, is_spread"
)
_DRAFT = """
    INSERT INTO broadcast (sender_id, cohort_id, commune, hamlet_id, course, signed, state, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7) RETURNING id
"""


async def draft(
    connection: Connection,
    sender_id: int,
    *,
    cohort_id: int | None,
    place: Place,
    course: str,
    signed: str,
    now: datetime,
) -> int:
    """A broadcast without words yet."""
    return int(
        await connection.fetchval(
            _DRAFT,
            sender_id,
            cohort_id,
            place.commune,
            place.hamlet or None,
            course,
            signed,
            to_ms(now),
        )
    )


_LOCK = {"sqlite": "", "postgresql": "FOR NO KEY UPDATE"}
_BY_ID = f"SELECT {_COLUMNS} FROM broadcast WHERE id = $1"


async def by_id(connection: Connection, number: int, *, hold: bool = False) -> Broadcast | None:
    """With ``hold``, held for this transaction."""
    sql = f"{_BY_ID} {_LOCK[connection.engine]}" if hold else _BY_ID
    row = await connection.fetchrow(sql, number)
    return None if row is None else _broadcast(tuple(row))


_BY_SENDER = f"""
    SELECT {_COLUMNS} FROM broadcast WHERE sender_id = $1 AND state <> 'draft'
    ORDER BY id DESC LIMIT $2
"""


async def by_sender(connection: Connection, sender_id: int, limit: int) -> list[Broadcast]:
    """Those this person sent or asked for, the newest first."""
    return [_broadcast(tuple(row)) for row in await connection.fetch(_BY_SENDER, sender_id, limit)]


_OPEN_OF = f"""
    SELECT {_COLUMNS} FROM broadcast
    WHERE sender_id = $1 AND state IN ('draft', 'asking', 'running') ORDER BY id
"""
_RUNNING = f"SELECT {_COLUMNS} FROM broadcast WHERE state = 'running' ORDER BY turn, id LIMIT $1"


async def open_of(connection: Connection, sender_id: int) -> list[Broadcast]:
    """What this person is still writing, asks for, or sends."""
    return [_broadcast(tuple(row)) for row in await connection.fetch(_OPEN_OF, sender_id)]


async def running(connection: Connection, limit: int) -> list[Broadcast]:
    """Those that go out now, of anybody."""
    return [_broadcast(tuple(row)) for row in await connection.fetch(_RUNNING, limit)]


_WRITE = """
    UPDATE broadcast SET ready = $2, words = $3, is_urgent = $4, edition = edition + 1
    WHERE id = $1 AND state = 'draft'
"""
_SHOWN = "UPDATE broadcast SET shown_at = $2, people = $3 WHERE id = $1 AND state = 'draft'"
_DROP = "DELETE FROM broadcast WHERE id = $1 AND state = 'draft'"
_ASK = "UPDATE broadcast SET state = 'asking', ends_at = $2 WHERE id = $1 AND state = 'draft'"
_RUN = """
    UPDATE broadcast SET state = 'running', confirmed_at = $2, ends_at = $3, approver_id = $4
    WHERE id = $1 AND state IN ('draft', 'asking')
"""
_END = "UPDATE broadcast SET state = $2, finished_at = $3 WHERE id = $1"


async def write(
    connection: Connection, number: int, *, ready: str, words: str, is_urgent: bool
) -> None:
    await connection.execute(_WRITE, number, ready, words, int(is_urgent))


async def drop(connection: Connection, number: int) -> None:
    """It was never sent, and is not going to be."""
    await connection.execute(_DROP, number)


async def shown(connection: Connection, number: int, people: int, now: datetime) -> None:
    """Its sender sees it as it will look, and for how many it is."""
    await connection.execute(_SHOWN, number, to_ms(now), people)


async def ask(connection: Connection, number: int, until: datetime) -> None:
    """A second person is asked, until then."""
    await connection.execute(_ASK, number, to_ms(until))


async def run(
    connection: Connection,
    number: int,
    *,
    approver_id: int | None,
    ends_at: datetime,
    now: datetime,
) -> None:
    """From now on it goes out."""
    await connection.execute(_RUN, number, to_ms(now), to_ms(ends_at), approver_id)


async def end(connection: Connection, number: int, state: BroadcastState, now: datetime) -> None:
    await connection.execute(_END, number, state, to_ms(now))


# Whose turn it is: the one that was served longest ago. In PostgreSQL another process takes the
# next one meanwhile.
_NEXT = f"""
    SELECT {_COLUMNS} FROM broadcast WHERE state = 'running' AND next_at <= $1
    ORDER BY turn, id LIMIT 1
"""
_NEXT_LOCK = {"sqlite": "", "postgresql": "FOR NO KEY UPDATE SKIP LOCKED"}
_TURN = """
    UPDATE broadcast SET
        turn = (SELECT MAX(other.turn) + 1 FROM broadcast AS other WHERE other.state = 'running')
    WHERE id = $1
"""


async def next_turn(connection: Connection, now: datetime) -> Broadcast | None:
    """The running one that waited longest for its turn, held for this transaction; ``None`` when
    there is nothing to do for any.
    """
    row = await connection.fetchrow(f"{_NEXT} {_NEXT_LOCK[connection.engine]}", to_ms(now))
    if row is None:
        return None
    await connection.execute(_TURN, row["id"])
    return _broadcast(tuple(row))


_IS_RUNNING = "SELECT 1 FROM broadcast WHERE state = 'running' LIMIT 1"


async def is_any_running(connection: Connection) -> bool:
    return await connection.fetchval(_IS_RUNNING) is not None


_NEXT_DUE = "SELECT MIN(next_at) FROM broadcast WHERE state = 'running'"


async def next_due(connection: Connection) -> datetime | None:
    """When the next of those that run has something to do; ``None`` when none runs."""
    next_at: int | None = await connection.fetchval(_NEXT_DUE)
    return from_ms(next_at)


_REST = "UPDATE broadcast SET next_at = $2 WHERE id = $1"


async def rest(connection: Connection, number: int, until: datetime) -> None:
    """There is nothing to do for it before that moment."""
    await connection.execute(_REST, number, to_ms(until))


_REACH = """
    UPDATE broadcast SET cursor_cohort = $2, cursor_learner = $3, is_spread = $4 WHERE id = $1
"""


async def reach(
    connection: Connection, number: int, cursor: tuple[int, int], *, is_spread: bool
) -> None:
    """Everybody up to the cursor has a row."""
    await connection.execute(_REACH, number, *cursor, int(is_spread))


_LAPSED = f"SELECT {_COLUMNS} FROM broadcast WHERE state = 'asking' AND ends_at <= $1 LIMIT $2"


async def lapsed(connection: Connection, now: datetime, limit: int) -> Sequence[Broadcast]:
    """Those that nobody approved in time."""
    return [_broadcast(tuple(row)) for row in await connection.fetch(_LAPSED, to_ms(now), limit)]


_FORGET_DRAFTS = "DELETE FROM broadcast WHERE state = 'draft' AND created_at < $1"
_FORGET = "DELETE FROM broadcast WHERE created_at < $1 AND finished_at IS NOT NULL"


async def forget(connection: Connection, *, drafts_before: datetime, made_before: datetime) -> None:
    """Drafts that were left lying, and what was over long ago, with who got it."""
    await connection.execute(_FORGET_DRAFTS, to_ms(drafts_before))
    await connection.execute(_FORGET, to_ms(made_before))


_REFUSE = """
    INSERT INTO broadcast_refusal (learner_id, since_at) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
_WELCOME = "DELETE FROM broadcast_refusal WHERE learner_id = $1"
_REFUSES = "SELECT 1 FROM broadcast_refusal WHERE learner_id = $1"


async def refuse(connection: Connection, learner_id: int, now: datetime) -> None:
    """This learner wants no broadcasts any more. Warnings of a fraud still come."""
    await connection.execute(_REFUSE, learner_id, to_ms(now))


async def welcome(connection: Connection, learner_id: int) -> None:
    """This learner wants them again."""
    await connection.execute(_WELCOME, learner_id)


async def refuses(connection: Connection, learner_id: int) -> bool:
    return await connection.fetchval(_REFUSES, learner_id) is not None


def _broadcast(row: Sequence[Any]) -> Broadcast:
    number, sender, approver, cohort, commune, hamlet, course, ready, words, signed = row[:10]
    urgent, state, edition, people, created, shown_, confirmed, ends, finished = row[10:19]
    cohort_reached, learner_reached, spread = row[19:]
    return Broadcast(
        id=number,
        sender_id=sender,
        approver_id=approver,
        cohort_id=cohort,
        place=Place(commune, hamlet or 0),
        course=course,
        ready=ready,
        words=words,
        signed=signed,
        is_urgent=bool(urgent),
        state=_STATES[state],
        edition=edition,
        people=people,
        created_at=from_ms(created),
        shown_at=from_ms(shown_),
        confirmed_at=from_ms(confirmed),
        ends_at=from_ms(ends),
        finished_at=from_ms(finished),
        cursor=(cohort_reached, learner_reached),
        is_spread=bool(spread),
    )
