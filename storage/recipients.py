"""Recipients: a learner whom a broadcast is for, once, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from storage.database import Connection
from storage.deliveries import BROADCAST, LATE, UNSURE
from storage.times import from_ms, to_ms

# "later" waits for the next hour at which they may be written to, "queued" is in the outbox. Of
# the rest nothing more comes: "unsure" may have got it; "withheld" the channel did not let us;
# "late" it was over before they might be written to; "refused" wants no broadcasts.
Outcome: TypeAlias = Literal[
    "later", "queued", "sent", "unsure", "failed", "withheld", "late", "refused", "unreachable",
    "stopped",
]  # fmt: skip


OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One whose time has come: as they are now."""

    learner_id: int
    term: str
    zone: str
    is_refusing: bool
    address_id: int | None


# The same transaction says what becomes of them.
_ADD = """
    INSERT INTO recipient (broadcast_id, learner_id, outcome, delivery_id, due_at, settled_at)
    VALUES ($1, $2, $3, NULL, NULL, $4) ON CONFLICT DO NOTHING RETURNING 1
"""


async def add(connection: Connection, broadcast_id: int, learner_id: int, now: datetime) -> bool:
    """This learner's turn has come. False when it had before, in another class."""
    added = await connection.fetchval(_ADD, broadcast_id, learner_id, "stopped", to_ms(now))
    return added is not None


_SET = """
    UPDATE recipient SET outcome = $3, delivery_id = $4, due_at = $5, settled_at = $6
    WHERE broadcast_id = $1 AND learner_id = $2
"""


async def queue(
    connection: Connection, broadcast_id: int, learner_id: int, delivery_id: int
) -> None:
    """It is in the outbox, as this delivery."""
    await connection.execute(_SET, broadcast_id, learner_id, "queued", delivery_id, None, None)


async def postpone(
    connection: Connection, broadcast_id: int, learner_id: int, until: datetime
) -> None:
    await connection.execute(_SET, broadcast_id, learner_id, "later", None, to_ms(until), None)


async def settle(
    connection: Connection, broadcast_id: int, learner_id: int, outcome: Outcome, now: datetime
) -> None:
    await connection.execute(_SET, broadcast_id, learner_id, outcome, None, None, to_ms(now))


_DROP = "DELETE FROM recipient WHERE broadcast_id = $1 AND learner_id = $2"


async def drop(connection: Connection, broadcast_id: int, learner_id: int) -> None:
    """It is not meant for this learner after all."""
    await connection.execute(_DROP, broadcast_id, learner_id)


# What is in the outbox is as good as here.
_WARNED = """
    SELECT COUNT(CASE WHEN b.ready = $3 AND (r.outcome = 'queued' OR r.settled_at > $4) THEN 1 END),
        COUNT(CASE WHEN r.outcome = 'queued' OR r.settled_at >= $5 THEN 1 END)
    FROM recipient AS r JOIN broadcast AS b ON b.id = r.broadcast_id
    WHERE r.learner_id = $1 AND r.broadcast_id <> $2 AND b.is_urgent = 1
        AND r.outcome IN ('queued', 'sent', 'unsure')
"""


async def warned(
    connection: Connection,
    learner_id: int,
    *,
    ready: str,
    but: int,
    since: datetime,
    today: datetime,
) -> tuple[bool, int]:
    """Whether this learner got that warning since then, by another broadcast than ``but``; and how
    many warnings they got since ``today`` began.
    """
    row = await connection.fetchrow(_WARNED, learner_id, but, ready, to_ms(since), to_ms(today))
    assert row is not None  # noqa: S101 - a count always has a row
    same, of_today = tuple(row)
    return bool(same), int(of_today)


_SENT = "UPDATE recipient SET outcome = 'sent', settled_at = $2 WHERE delivery_id = $1"


async def sent(connection: Connection, delivery_ids: Sequence[int], now: datetime) -> None:
    """These deliveries went out, whatever was thought of them meanwhile."""
    await connection.executemany(_SENT, [(number, to_ms(now)) for number in delivery_ids])


# What the outbox set aside, and what is not there any more: a chat that began anew took it along.
_SETTLED = """
    SELECT r.learner_id, l.zone, d.status, d.error
    FROM recipient AS r CROSS JOIN learner AS l LEFT JOIN delivery AS d ON d.id = r.delivery_id
    WHERE r.broadcast_id = $1 AND r.outcome = 'queued' AND l.id = r.learner_id
        AND (d.id IS NULL OR d.settled_at IS NOT NULL)
"""


async def set_aside(
    connection: Connection, broadcast_id: int
) -> Sequence[tuple[int, str, Outcome]]:
    """Whose delivery will not go out, their zone, and what that means for them."""
    rows = await connection.fetch(_SETTLED, broadcast_id)
    return [(row[0], row[1], _meaning(row[2], row[3])) for row in rows]


def _meaning(status: str | None, error: str | None) -> Outcome:
    if status == "failed":
        return "unsure" if error == UNSURE else "failed"
    if status == "cancelled" and error == LATE:
        return "late"
    # Cancelled without a word: the address is stopped, or its learner said stop.
    return "withheld" if error else "unreachable"


_DUE = """
    SELECT r.learner_id, l.term, l.zone,
        CASE WHEN EXISTS (SELECT 1 FROM broadcast_refusal AS x WHERE x.learner_id = l.id)
            THEN 1 ELSE 0 END,
        (SELECT a.id FROM address AS a
         WHERE a.learner_id = l.id AND a.stopped_at IS NULL AND a.leaving = 0
         ORDER BY a.last_at DESC, a.id DESC LIMIT 1)
    FROM recipient AS r CROSS JOIN learner AS l
    WHERE r.broadcast_id = $1 AND r.outcome = 'later' AND r.due_at <= $2 AND l.id = r.learner_id
    ORDER BY r.due_at, r.learner_id LIMIT $3
"""


async def due(
    connection: Connection, broadcast_id: int, now: datetime, limit: int
) -> Sequence[Waiting]:
    """Those who may be written to by now."""
    rows = await connection.fetch(_DUE, broadcast_id, to_ms(now), limit)
    return [Waiting(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows]


_NEXT_DUE = "SELECT MIN(due_at) FROM recipient WHERE broadcast_id = $1 AND outcome = 'later'"
_IS_QUEUED = "SELECT 1 FROM recipient WHERE broadcast_id = $1 AND outcome = 'queued' LIMIT 1"


async def next_due(connection: Connection, broadcast_id: int) -> datetime | None:
    due_at: int | None = await connection.fetchval(_NEXT_DUE, broadcast_id)
    return from_ms(due_at)


async def is_any_queued(connection: Connection, broadcast_id: int) -> bool:
    return await connection.fetchval(_IS_QUEUED, broadcast_id) is not None


_OVER = """
    UPDATE recipient SET outcome = $3, settled_at = $2, due_at = NULL
    WHERE broadcast_id = $1 AND outcome = 'later'
"""


async def give_up(
    connection: Connection, broadcast_id: int, outcome: Outcome, now: datetime
) -> None:
    """Who still waited for a later hour gets it no more."""
    await connection.execute(_OVER, broadcast_id, to_ms(now), outcome)


# What is under way to the platform is not called back; its outcome is still written down.
_CANCEL = """
    UPDATE delivery SET status = 'cancelled', settled_at = $2, reply = '', claimed_by = ''
    WHERE id IN (
        SELECT delivery_id FROM recipient WHERE broadcast_id = $1 AND outcome = 'queued'
    ) AND status IN ('waiting', 'sending') AND begun_at IS NULL
    RETURNING id
"""
_STOPPED = "UPDATE recipient SET outcome = 'stopped', settled_at = $2 WHERE delivery_id = $1"


async def stop(connection: Connection, broadcast_id: int, now: datetime) -> None:
    """Nothing of it goes out any more that has not begun to."""
    await give_up(connection, broadcast_id, "stopped", now)
    cancelled = await connection.fetch(_CANCEL, broadcast_id, to_ms(now))
    await connection.executemany(_STOPPED, [(row[0], to_ms(now)) for row in cancelled])


_HUSH = """
    UPDATE delivery SET status = 'cancelled', settled_at = $2, reply = '', claimed_by = ''
    WHERE id IN (
        SELECT r.delivery_id FROM recipient AS r JOIN broadcast AS b ON b.id = r.broadcast_id
        WHERE r.learner_id = $1 AND r.outcome = 'queued' AND b.is_urgent = 0
    ) AND status IN ('waiting', 'sending') AND priority = $3 AND begun_at IS NULL
    RETURNING id
"""
_REFUSED = "UPDATE recipient SET outcome = 'refused', settled_at = $2 WHERE delivery_id = $1"


async def hush(connection: Connection, learner_id: int, now: datetime) -> None:
    """This learner said stop: what waits for them does not go out, but for warnings."""
    cancelled = await connection.fetch(_HUSH, learner_id, to_ms(now), BROADCAST)
    await connection.executemany(_REFUSED, [(row[0], to_ms(now)) for row in cancelled])


_HEARD = "SELECT 1 FROM recipient WHERE learner_id = $1 AND outcome IN ('sent', 'unsure') LIMIT 1"


async def has_heard(connection: Connection, learner_id: int) -> bool:
    """Whether a broadcast ever reached this learner."""
    return await connection.fetchval(_HEARD, learner_id) is not None


_COUNTS = "SELECT outcome, COUNT(*) FROM recipient WHERE broadcast_id = $1 GROUP BY outcome"


async def counts(connection: Connection, broadcast_id: int) -> dict[str, int]:
    """How many of each outcome that there is."""
    rows = await connection.fetch(_COUNTS, broadcast_id)
    return {str(row[0]): int(row[1]) for row in rows}


# Whoever did anything in that chat after it came has surely had it before their eyes.
_ANSWERED = """
    SELECT COUNT(*) FROM recipient AS r WHERE r.broadcast_id = $1 AND r.outcome = 'sent'
        AND EXISTS (
            SELECT 1 FROM address AS a WHERE a.learner_id = r.learner_id AND a.last_at > r.settled_at
        )
"""


async def heard_since(connection: Connection, broadcast_id: int) -> int:
    """How many of those it went out to were heard of since."""
    return int(await connection.fetchval(_ANSWERED, broadcast_id))
