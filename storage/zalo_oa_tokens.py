"""The token pair of a Zalo Official Account, sealed, and who may renew it just now.

A refresh token works once. So one process at a time holds the lease to use it, and what
comes of it is stored before anything is done with it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class SealedPair:
    """Both tokens as they are stored, unreadable without the application's secret.

    ``turn`` counts the renewals. ``renewed_at`` is when the refresh token was given, and
    ``dead_at`` when Zalo said that it works no more. ``origins`` are the fingerprints of the
    tokens that people brought: none is used a second time.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_until: datetime
    renewed_at: datetime
    turn: int
    origins: frozenset[str]
    dead_at: datetime | None


_GET = """
    SELECT access, refresh, access_until_at, renewed_at, turn, origins, dead_at
    FROM zalo_oa_token WHERE app_id = $1
"""


async def get(connection: Connection, app_id: str) -> SealedPair | None:
    row = await connection.fetchrow(_GET, app_id)
    if row is None:
        return None
    access, refresh, until, renewed_at, turn, origins, dead_at = row
    return SealedPair(
        access=access,
        refresh=refresh,
        access_until=from_ms(until),
        renewed_at=from_ms(renewed_at),
        turn=turn,
        origins=frozenset(origins.split()),
        dead_at=from_ms(dead_at),
    )


# A row without tokens holds the lease of who brings the first ones.
_ROW = """
    INSERT INTO zalo_oa_token (app_id) VALUES ($1) ON CONFLICT DO NOTHING
"""
_LEASE = """
    UPDATE zalo_oa_token SET leased_by = $2, leased_until_at = $4
    WHERE app_id = $1 AND (leased_by IN ('', $2) OR leased_until_at <= $3)
    RETURNING turn
"""


async def lease(
    connection: Connection, app_id: str, worker: str, now: datetime, until: datetime
) -> int | None:
    """The right to renew, for so long; the turn the pair has now. ``None``: another has it."""
    await connection.execute(_ROW, app_id)
    turn = await connection.fetchval(_LEASE, app_id, worker, to_ms(now), to_ms(until))
    return None if turn is None else int(turn)


_RELEASE = """
    UPDATE zalo_oa_token SET leased_by = '', leased_until_at = 0
    WHERE app_id = $1 AND leased_by = $2
"""


async def release(connection: Connection, app_id: str, worker: str) -> None:
    """Nothing came of it: anybody may try."""
    await connection.execute(_RELEASE, app_id, worker)


# Also when the lease has run out meanwhile: the pair that Zalo gave last is the one that works.
_STORE = """
    UPDATE zalo_oa_token SET
        access = $2, refresh = $3, access_until_at = $4, renewed_at = $5, turn = turn + 1,
        origins = origins || CAST($6 AS TEXT),
        dead_at = NULL, leased_by = '', leased_until_at = 0
    WHERE app_id = $1
"""


async def store(
    connection: Connection,
    app_id: str,
    *,
    access: str,
    refresh: str,
    access_until: datetime,
    now: datetime,
    origin: str = "",
) -> None:
    """The pair that works from now on. ``origin`` when a person brought its first token."""
    await connection.execute(
        _STORE,
        app_id,
        access,
        refresh,
        to_ms(access_until),
        to_ms(now),
        f" {origin}" if origin else "",
    )


_DEAD = """
    UPDATE zalo_oa_token SET dead_at = $3, leased_by = '', leased_until_at = 0
    WHERE app_id = $1 AND turn = $2 AND dead_at IS NULL RETURNING 1
"""


async def mark_dead(connection: Connection, app_id: str, turn: int, now: datetime) -> bool:
    """The refresh token of that turn works no more; True for the one process that says so first."""
    return await connection.fetchval(_DEAD, app_id, turn, to_ms(now)) is not None
