"""The outbox as a person looks at it: how much waits, what is in trouble, what was set aside.

Nothing here holds a learner's words or address. It reads all that waits, so it is for people who
ask now and then, and for no turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection, Row
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Share:
    """Of one channel and one priority: how many wait, how many are under way, the oldest of them."""

    channel: str
    priority: int
    waiting: int
    sending: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A delivery that is tried again, or was set aside. ``at`` is when it is due, or when that was."""

    id: int
    channel: str
    priority: int
    status: str
    tries: int
    reason: str
    at: datetime


_SHARES = """
    SELECT a.channel, d.priority,
        SUM(CASE d.status WHEN 'waiting' THEN 1 ELSE 0 END) AS waiting,
        SUM(CASE d.status WHEN 'sending' THEN 1 ELSE 0 END) AS sending,
        MIN(d.created_at) AS oldest
    FROM delivery AS d JOIN address AS a ON a.id = d.address_id
    WHERE d.status IN ('waiting', 'sending')
    GROUP BY a.channel, d.priority ORDER BY d.priority, a.channel
"""


async def shares(connection: Connection) -> Sequence[Share]:
    rows = await connection.fetch(_SHARES)
    return [
        Share(row[0], row[1], int(row[2]), int(row[3]), from_ms(int(row["oldest"]))) for row in rows
    ]


_TROUBLE = """
    SELECT d.id, a.channel, d.priority, d.status, d.tries, d.error, {at} AS at
    FROM delivery AS d JOIN address AS a ON a.id = d.address_id
    WHERE {which} ORDER BY at {order}, d.id LIMIT $1
"""
_TRIED_AGAIN = _TROUBLE.format(
    at="d.due_at", which="d.status = 'waiting' AND d.error <> ''", order="ASC"
)
# Named by its index, so that a full outbox is not read for what was set aside.
_SET_ASIDE = _TROUBLE.format(at="d.settled_at", which="d.settled_at IS NOT NULL", order="DESC")


async def tried_again(connection: Connection, limit: int) -> Sequence[Trouble]:
    """What failed before and waits for its next try, the soonest first."""
    return [_trouble(row) for row in await connection.fetch(_TRIED_AGAIN, limit)]


async def set_aside(connection: Connection, limit: int) -> Sequence[Trouble]:
    """What could not or must not go out, the newest first; until it is forgotten."""
    return [_trouble(row) for row in await connection.fetch(_SET_ASIDE, limit)]


_REASONS = """
    SELECT status, error, COUNT(*) FROM delivery WHERE settled_at IS NOT NULL
    GROUP BY status, error
"""


async def reasons(connection: Connection) -> Sequence[tuple[str, str, int]]:
    """Why things were set aside, the most frequent first: the status, the reason, and how many."""
    found = [(row[0], row[1], int(row[2])) for row in await connection.fetch(_REASONS)]
    # Sorted here: every database has an order of letters of its own.
    return sorted(found, key=lambda one: (-one[2], one[1]))


_STATUS = "SELECT status FROM delivery WHERE id = $1"


async def status(connection: Connection, delivery_id: int) -> str:
    """One of a delivery's four; "" when there is no such row, or none any more."""
    return str(await connection.fetchval(_STATUS, delivery_id) or "")


# What must go out before it comes along: an address gets its lines in order.
_HASTEN = """
    UPDATE delivery SET due_at = $2
    WHERE status = 'waiting' AND due_at > $2 AND (address_id, priority) IN (
        SELECT address_id, priority FROM delivery WHERE id = $1 AND status = 'waiting'
    )
"""


async def hasten(connection: Connection, delivery_id: int, now: datetime) -> None:
    """Try this one, and what waits before and behind it, at the next look and not later."""
    await connection.execute(_HASTEN, delivery_id, to_ms(now))


_DROP = """
    UPDATE delivery SET status = 'cancelled', error = $3, settled_at = $2, reply = ''
    WHERE id = $1 AND status = 'waiting' RETURNING id
"""
_CLEAR = "DELETE FROM delivery WHERE id = $1 AND settled_at IS NOT NULL RETURNING id"


async def drop(connection: Connection, delivery_id: int, reason: str, now: datetime) -> bool:
    """Withhold one that waits, or forget one that was set aside. False for any other."""
    dropped = await connection.fetchval(_DROP, delivery_id, to_ms(now), reason)
    return (dropped or await connection.fetchval(_CLEAR, delivery_id)) is not None


def _trouble(row: Row) -> Trouble:
    return Trouble(
        id=row["id"],
        channel=row["channel"],
        priority=row["priority"],
        status=row["status"],
        tries=row["tries"],
        reason=row["error"],
        at=from_ms(row["at"]),
    )
