"""Deliveries: the outbox, one row for each reply on its way to an address.

waiting → sending → gone, failed or cancelled. A row that is sending is claimed by one
worker. One that went out is deleted, and one that could not is kept without its words:
the tutor keeps no copy of a chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection, Row
from storage.times import from_ms, to_ms

# Priorities: what a learner asked for, what the tutor does of its own accord for one learner,
# and what goes to many.
ANSWER = 0
REMINDER = 10
BROADCAST = 20
_NEVER_SO_LATE = 1_000
# Why a delivery was set aside: nobody needs it any more; or it may have gone out, nobody can say,
# and a second time would be worse.
LATE = "late"
UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Delivery:
    """``channel`` and ``address`` say where to, ``reply`` is JSON, ``replaces`` the channel's
    id of the line to draw over. A lower ``priority`` goes first; replies of one priority to
    one address go in the order of their ids. After ``expires_at`` it is too late to send it.
    ``last_heard`` is when the learner was last heard at this address.
    """

    id: int
    address_id: int
    channel: str
    address: str
    priority: int
    reply: str
    replaces: str
    status: str
    due_at: datetime
    tries: int
    error: str
    created_at: datetime
    expires_at: datetime | None
    last_heard: datetime


# Claimed at once by the turn's own worker, unless something as urgent for the same address
# waits, or is in another worker's hands: it must not be overtaken.
_ADD = """
    INSERT INTO delivery (
        address_id, priority, reply, replaces, due_at, created_at, expires_at, claimed_by, status
    )
    SELECT claim.*, CASE claim.worker WHEN '' THEN 'waiting' ELSE 'sending' END
    FROM (
        SELECT
            CAST($1 AS BIGINT), CAST($2 AS INTEGER), CAST($3 AS TEXT), CAST($4 AS TEXT),
            CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($8 AS BIGINT),
            CASE WHEN EXISTS (
                SELECT 1 FROM delivery AS earlier
                WHERE earlier.address_id = $1 AND earlier.priority <= $2 AND (
                    earlier.status = 'waiting'
                    OR (earlier.status = 'sending' AND earlier.claimed_by <> $7)
                )
            ) THEN '' ELSE CAST($7 AS TEXT) END AS worker
    ) AS claim
    RETURNING id, status
"""


async def add(
    connection: Connection,
    address_id: int,
    reply: str,
    *,
    priority: int,
    replaces: str = "",
    due_at: datetime,
    worker: str = "",
    expires_at: datetime | None = None,
    now: datetime,
) -> tuple[int, bool]:
    """Put a reply in the outbox: its id, and whether ``worker`` holds it and may send it now.

    Without a worker, or while an earlier reply has not gone out, it waits to be claimed.
    """
    row = await connection.fetchrow(
        _ADD,
        address_id,
        priority,
        reply,
        replaces,
        to_ms(due_at),
        to_ms(now),
        worker,
        None if expires_at is None else to_ms(expires_at),
    )
    if row is None:
        raise LookupError(address_id)
    return row["id"], row["status"] == "sending"


# Each priority that waits, found by jumping through the index from one to the next.
_LEVELS = """
    level (priority) AS (
        SELECT MIN(priority) FROM delivery WHERE status = 'waiting'
        UNION ALL
        SELECT (
            SELECT MIN(d.priority) FROM delivery AS d
            WHERE d.status = 'waiting' AND d.priority > level.priority
        )
        FROM level WHERE level.priority IS NOT NULL
    ),
"""
# First, the next row of each address: nothing more urgent, and nothing written earlier, is on its
# way there. Then the run of rows that follow it, up to the first that is not due: so that an
# answer of three bubbles is one claim, and nothing slips in between. CROSS JOIN makes SQLite begin
# with the few rows that wait; else it reads every address of a channel
# (https://sqlite.org/optoverview.html#manual_control_of_query_plans_using_cross_join).
_CLAIM = """
    WITH RECURSIVE {levels} next AS MATERIALIZED (
        SELECT d.id, d.address_id, d.priority FROM delivery AS d CROSS JOIN address AS a
        WHERE d.status = 'waiting' {each_level} AND d.due_at <= $2
            AND a.id = d.address_id AND a.stopped_at IS NULL AND a.channel IN ({channels})
            AND NOT EXISTS (
                SELECT 1 FROM delivery AS earlier
                WHERE earlier.address_id = d.address_id
                    AND earlier.status IN ('waiting', 'sending')
                    AND (earlier.priority, earlier.id) < (d.priority, d.id)
            )
        ORDER BY d.priority, d.due_at, d.id LIMIT $3 {lock}
    )
    UPDATE delivery SET status = 'sending', claimed_by = $1
    WHERE status = 'waiting' AND id IN (
        SELECT run.id FROM next CROSS JOIN delivery AS run
        WHERE run.address_id = next.address_id AND run.status = 'waiting'
            AND run.priority = next.priority AND run.id >= next.id AND run.due_at <= $2
            AND NOT EXISTS (
                SELECT 1 FROM delivery AS early
                WHERE early.address_id = run.address_id AND early.status = 'waiting'
                    AND early.priority = run.priority AND early.id < run.id AND early.due_at > $2
            )
    )
    RETURNING id, address_id,
        (SELECT channel FROM address WHERE address.id = delivery.address_id) AS channel,
        (
            SELECT CASE chat WHEN '' THEN external_id ELSE chat END FROM address
            WHERE address.id = delivery.address_id
        ) AS address,
        (SELECT last_at FROM address WHERE address.id = delivery.address_id) AS last_heard,
        priority, reply, replaces, status, due_at, tries, error, created_at, expires_at
"""
# With the priorities named, SQLite reads of each what is due, in order, and nothing that only
# waits: 100,000 reminders for next week cost a sweep nothing. PostgreSQL would give up the order.
_EACH_LEVEL = {
    "sqlite": {
        "levels": _LEVELS,
        "each_level": "AND d.priority IN (SELECT priority FROM level WHERE priority < $4)",
    },
    "postgresql": {"levels": "", "each_level": "AND d.priority < $4"},
}
# SQLite lets one transaction write at a time. In PostgreSQL each worker passes over
# what another is just claiming.
_LOCK = {"sqlite": "", "postgresql": "FOR UPDATE OF d SKIP LOCKED"}


async def claim(
    connection: Connection,
    worker: str,
    channels: Sequence[str],
    now: datetime,
    limit: int,
    *,
    only_before: int = _NEVER_SO_LATE,
) -> list[Delivery]:
    """Take what is due for up to ``limit`` addresses of these channels, most urgent first.

    For one address it is what comes next and all that follows it at the same priority; and
    nothing while it is stopped, or something as urgent or more is still on its way there.
    ``only_before`` leaves this priority and all after it alone.
    """
    if not channels:
        return []
    sql = claim_sql(connection.engine, len(channels))
    rows = await connection.fetch(sql, worker, to_ms(now), limit, only_before, *channels)
    claimed = sorted(map(_delivery, rows), key=lambda delivery: delivery.id)
    # A run goes by when its first row was due, and is not torn.
    due: dict[int, datetime] = {}
    for delivery in claimed:
        due.setdefault(delivery.address_id, delivery.due_at)
    return sorted(claimed, key=lambda delivery: (delivery.priority, due[delivery.address_id]))


def claim_sql(engine: str, channels: int) -> str:
    """The statement that claims, for so many channels. Its first parameters are the worker,
    the time, the limit, and the priority before which to stop.
    """
    # As many parameters as channels: SQLite has no arrays.
    places = ", ".join(f"${place}" for place in range(5, 5 + channels))
    return _CLAIM.format(channels=places, lock=_LOCK[engine], **_EACH_LEVEL[engine])


# Farewells: an address that was kept for its last words alone goes with them.
_FORGET_THE_LEAVING = """
    DELETE FROM learner WHERE id IN (
        SELECT a.learner_id FROM address AS a
        WHERE a.leaving = 1 AND NOT EXISTS (
            SELECT 1 FROM delivery AS d
            WHERE d.address_id = a.id AND d.status IN ('waiting', 'sending')
        )
    )
"""

_SETTLE_SENT = "DELETE FROM delivery WHERE id = $1"


async def settle_sent(connection: Connection, sent: Sequence[int]) -> None:
    """The rows with these ids went out, whatever happened to them meanwhile."""
    await connection.executemany(_SETTLE_SENT, [(number,) for number in sent])
    await connection.execute(_FORGET_THE_LEAVING)


_POSTPONE = """
    UPDATE delivery SET status = 'waiting', due_at = $2, error = $3, tries = tries + $4,
        claimed_by = '', begun_at = NULL
    WHERE id = $1 AND status = 'sending'
"""


async def postpone(
    connection: Connection, delivery_id: int, due_at: datetime, error: str, *, tried: bool = True
) -> None:
    """Give up the claim until ``due_at``. A row that was cancelled meanwhile stays so.

    ``tried`` says that this was an attempt, and not only a wait behind something else.
    """
    await connection.execute(_POSTPONE, delivery_id, to_ms(due_at), error, int(tried))


_ADDRESS_OF = "SELECT address_id FROM delivery WHERE id = $1"


async def address_of(connection: Connection, delivery_id: int) -> int | None:
    """The id of the address that this goes to; None when there is no such delivery any more."""
    number: int | None = await connection.fetchval(_ADDRESS_OF, delivery_id)
    return number


_SET_ASIDE = """
    UPDATE delivery SET status = $2, error = $3, settled_at = $4, reply = '', claimed_by = ''
    WHERE id = $1 AND status IN ('waiting', 'sending')
"""


async def fail(connection: Connection, delivery_id: int, error: str, now: datetime) -> None:
    """Set aside for good. ``error`` says why, without a learner's words."""
    await _set_aside(connection, (delivery_id,), "failed", error, now)


async def withhold(
    connection: Connection, delivery_ids: Sequence[int], reason: str, now: datetime
) -> None:
    """Set aside what must not be sent: it is late, or the channel may not. Nothing has failed."""
    await _set_aside(connection, delivery_ids, "cancelled", reason, now)


async def _set_aside(
    connection: Connection, delivery_ids: Sequence[int], status: str, error: str, now: datetime
) -> None:
    rows = [(number, status, error, to_ms(now)) for number in delivery_ids]
    await connection.executemany(_SET_ASIDE, rows)
    await connection.execute(_FORGET_THE_LEAVING)


_CANCEL = """
    UPDATE delivery SET status = 'cancelled', settled_at = $2, reply = '', claimed_by = ''
    WHERE address_id = $1 AND status IN ('waiting', 'sending')
"""


async def cancel_for_address(connection: Connection, address_id: int, now: datetime) -> None:
    """Nothing more goes to this address, not even what is claimed."""
    await connection.execute(_CANCEL, address_id, to_ms(now))
    await connection.execute(_FORGET_THE_LEAVING)


_CANCEL_REMINDERS = """
    UPDATE delivery SET status = 'cancelled', settled_at = $2, reply = '', claimed_by = ''
    WHERE address_id IN (SELECT id FROM address WHERE learner_id = $1)
        AND status IN ('waiting', 'sending') AND priority = $3
"""


async def cancel_reminders(connection: Connection, learner_id: int, now: datetime) -> None:
    """Nothing the tutor meant to say of its own accord goes out to this learner any more."""
    await connection.execute(_CANCEL_REMINDERS, learner_id, to_ms(now), REMINDER)


_IS_UNSENT = """
    SELECT 1 FROM delivery
    WHERE address_id IN (SELECT id FROM address WHERE learner_id = $1)
        AND priority = $2 AND created_at = $3
"""


async def is_unsent(
    connection: Connection, learner_id: int, priority: int, written_at: datetime
) -> bool:
    """Whether what was written to a learner at that moment still waits, or could not go out: a row
    that went out is gone.
    """
    return (
        await connection.fetchval(_IS_UNSENT, learner_id, priority, to_ms(written_at)) is not None
    )


# Read no further than the limit, and only what is due: what waits for a paused channel is in
# nobody's way.
_DUE_OF = """
    SELECT COUNT(*) FROM (
        SELECT 1 FROM delivery
        WHERE status = 'waiting' AND priority = $1 AND due_at <= $2 LIMIT $3
    ) AS due
"""
_UNDER_WAY_OF = """
    SELECT COUNT(*) FROM delivery WHERE status = 'sending' AND claimed_by > '' AND priority = $1
"""


async def backlog(connection: Connection, priority: int, now: datetime, limit: int) -> int:
    """How many of this priority are due or under way; about the limit when there are more."""
    due_ = await connection.fetchval(_DUE_OF, priority, to_ms(now), limit)
    return int(due_) + int(await connection.fetchval(_UNDER_WAY_OF, priority))


# Each the whole of one small index: without the second condition SQLite would read a week
# of settled rows.
_COUNTS = """
    SELECT
        (SELECT COUNT(*) FROM delivery WHERE status = 'waiting' AND priority >= 0) AS waiting,
        (SELECT COUNT(*) FROM delivery WHERE status = 'sending' AND claimed_by > '') AS sending,
        (SELECT COUNT(*) FROM delivery WHERE status = 'failed' AND tries >= 0) AS failed
"""


async def counts(connection: Connection) -> dict[str, int]:
    """How many rows are "waiting", "sending" and (until they are forgotten) "failed"."""
    waiting, sending, failed = await connection.fetchrow(_COUNTS) or (0, 0, 0)
    return {"waiting": waiting, "sending": sending, "failed": failed}


_FORGET_SETTLED = "DELETE FROM delivery WHERE settled_at < $1"


async def forget_settled_before(connection: Connection, moment: datetime) -> None:
    await connection.execute(_FORGET_SETTLED, to_ms(moment))


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        address_id=row["address_id"],
        channel=row["channel"],
        address=row["address"],
        priority=row["priority"],
        reply=row["reply"],
        replaces=row["replaces"],
        status=row["status"],
        due_at=from_ms(row["due_at"]),
        tries=row["tries"],
        error=row["error"],
        created_at=from_ms(row["created_at"]),
        expires_at=from_ms(row["expires_at"]),
        last_heard=from_ms(row["last_heard"]),
    )
