"""Deliveries in a worker's hands: begun, lost, or free again when the worker is gone."""

from collections.abc import Sequence
from datetime import datetime

from storage.database import Connection
from storage.deliveries import UNSURE
from storage.times import to_ms

# A broadcast is never sent twice to anybody: that it was begun is on the disk before the request
# leaves, so that a kill in between leaves a mark.
_BEGIN = """
    UPDATE delivery SET begun_at = $2
    WHERE id = $1 AND status = 'sending' AND claimed_by = $3 RETURNING id
"""


async def begin(connection: Connection, delivery_id: int, worker: str, now: datetime) -> bool:
    """From now on it may have gone out. False when it is not this worker's to send any more."""
    return await connection.fetchval(_BEGIN, delivery_id, to_ms(now), worker) is not None


_HELD = "SELECT id FROM delivery WHERE status = 'sending' AND claimed_by = $1"


async def held_by(connection: Connection, worker: str) -> set[int]:
    """The ids of what this worker has claimed."""
    return {row[0] for row in await connection.fetch(_HELD, worker)}


_LOSE = """
    UPDATE delivery SET status = 'failed', error = $2, settled_at = $3, reply = '', claimed_by = ''
    WHERE id = $1 AND status = 'sending' AND begun_at IS NOT NULL RETURNING id
"""


async def lose(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Nobody sends it and nobody can say whether it went out. False for one that was not begun."""
    return await connection.fetchval(_LOSE, delivery_id, UNSURE, to_ms(now)) is not None


_BEGUN_BY = """
    SELECT claimed_by, id FROM delivery
    WHERE status = 'sending' AND begun_at IS NOT NULL AND claimed_by = $1
"""
_BEGUN_BY_DEAD = """
    SELECT claimed_by, id FROM delivery
    WHERE status = 'sending' AND begun_at IS NOT NULL
        AND claimed_by NOT IN (SELECT id FROM worker WHERE beat_at >= $1)
"""


async def begun_by(connection: Connection, worker: str) -> Sequence[tuple[str, int]]:
    """The worker and the ids of what it has begun and not ended."""
    return [(row[0], row[1]) for row in await connection.fetch(_BEGUN_BY, worker)]


async def begun_by_dead(connection: Connection, dead_before: datetime) -> Sequence[tuple[str, int]]:
    """The same of all workers that have not shown themselves since ``dead_before``."""
    rows = await connection.fetch(_BEGUN_BY_DEAD, to_ms(dead_before))
    return [(row[0], row[1]) for row in rows]


_UNBEGIN = """
    UPDATE delivery SET begun_at = NULL WHERE id = $1 AND status = 'sending' AND claimed_by = $2
"""


async def unbegin(connection: Connection, delivery_ids: Sequence[int], worker: str) -> None:
    """These were begun, and yet no byte of them left."""
    await connection.executemany(_UNBEGIN, [(number, worker) for number in delivery_ids])


_RELEASE_BEGUN = """
    UPDATE delivery SET status = 'failed', error = $3, settled_at = $1, reply = '', claimed_by = ''
    WHERE status = 'sending' AND begun_at IS NOT NULL
        AND claimed_by NOT IN (SELECT id FROM worker WHERE beat_at >= $2)
"""
_RELEASE = """
    UPDATE delivery SET status = 'waiting', claimed_by = '', due_at = $1
    WHERE status = 'sending'
        AND claimed_by NOT IN (SELECT id FROM worker WHERE beat_at >= $2)
    RETURNING id
"""
_FORGET_WORKERS = "DELETE FROM worker WHERE beat_at < $1"


async def release_dead(connection: Connection, now: datetime, dead_before: datetime) -> int:
    """Free what is claimed by workers that have not shown themselves since ``dead_before``.

    Due at once, but for those that were begun and must not go out twice: they are set aside as
    unsure. Returns how many rows are free.
    """
    await connection.execute(_RELEASE_BEGUN, to_ms(now), to_ms(dead_before), UNSURE)
    freed = await connection.fetch(_RELEASE, to_ms(now), to_ms(dead_before))
    await connection.execute(_FORGET_WORKERS, to_ms(dead_before))
    return len(freed)
