"""Roles that were given: to whom, where, by whom, until when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from people.roles import Grant, Role
from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms

_COLUMNS = (
    "id, learner_id, role, commune, hamlet_id, granted_by, granted_at, expires_at, revoked_at, name"
)
_OF_LEARNER = f"SELECT {_COLUMNS} FROM role_grant WHERE learner_id = $1 ORDER BY id"


async def of_learner(connection: Connection, learner_id: int) -> list[Grant]:
    """Every grant they ever had, revoked and expired ones too: ``Grant.holds`` tells."""
    return [_grant(tuple(row)) for row in await connection.fetch(_OF_LEARNER, learner_id)]


_BY_ID = f"SELECT {_COLUMNS} FROM role_grant WHERE id = $1"


async def by_id(connection: Connection, grant_id: int) -> Grant | None:
    row = await connection.fetchrow(_BY_ID, grant_id)
    return None if row is None else _grant(tuple(row))


# The newest first; a page reads as many as it shows and one more.
_GRANTED_BY = f"""
    SELECT {_COLUMNS} FROM role_grant
    WHERE granted_by = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
    ORDER BY id DESC LIMIT $3 OFFSET $4
"""
_GRANTED_BY_ANYBODY = f"""
    SELECT {_COLUMNS} FROM role_grant
    WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
    ORDER BY id DESC LIMIT $2 OFFSET $3
"""


async def granted_by(
    connection: Connection, learner_id: int | None, now: datetime, *, limit: int, offset: int = 0
) -> list[Grant]:
    """What that person gave and still holds, the newest first; of anybody when ``None``."""
    if learner_id is None:
        rows = await connection.fetch(_GRANTED_BY_ANYBODY, to_ms(now), limit, offset)
    else:
        rows = await connection.fetch(_GRANTED_BY, learner_id, to_ms(now), limit, offset)
    return [_grant(tuple(row)) for row in rows]


_HELD_IN = f"""
    SELECT {_COLUMNS} FROM role_grant
    WHERE commune = $1 AND role = $2 AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > $3)
    ORDER BY id
"""


async def held_in(connection: Connection, role: Role, commune: str, now: datetime) -> list[Grant]:
    """Who holds that role in a commune now; administrators are at commune ""."""
    return [
        _grant(tuple(row)) for row in await connection.fetch(_HELD_IN, commune, role, to_ms(now))
    ]


_REACHABLE = """
    SELECT DISTINCT a.id FROM role_grant AS g JOIN address AS a ON a.learner_id = g.learner_id
    WHERE g.commune = $1 AND g.role = $2 AND g.revoked_at IS NULL
        AND (g.expires_at IS NULL OR g.expires_at > $3)
        AND a.channel <> $4 AND a.stopped_at IS NULL
    ORDER BY a.id
"""


async def reachable(
    connection: Connection, role: Role, commune: str, now: datetime, *, but_not_by: str
) -> list[int]:
    """The addresses of who holds that role now, on every channel but the one that is in trouble."""
    rows = await connection.fetch(_REACHABLE, commune, role, to_ms(now), but_not_by)
    return [number for (number,) in rows]


_GIVE = f"""
    INSERT INTO role_grant (learner_id, role, commune, hamlet_id, granted_by, granted_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {_COLUMNS}
"""


async def give(
    connection: Connection,
    learner_id: int,
    role: Role,
    place: Place,
    *,
    granted_by: int | None,
    now: datetime,
    expires_at: datetime | None = None,
) -> Grant:
    row = await connection.fetchrow(
        _GIVE,
        learner_id,
        role,
        place.commune,
        place.hamlet or None,
        granted_by,
        to_ms(now),
        None if expires_at is None else to_ms(expires_at),
    )
    assert row is not None  # noqa: S101 - an insert gives its row
    return _grant(tuple(row))


_REVOKE = "UPDATE role_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"


async def revoke(connection: Connection, grant_id: int, now: datetime) -> None:
    await connection.execute(_REVOKE, grant_id, to_ms(now))


_NAME = "UPDATE role_grant SET name = $2 WHERE learner_id = $1 AND revoked_at IS NULL"


async def set_name(connection: Connection, learner_id: int, name: str) -> None:
    """What others may call this person in their role; "" when they do not say."""
    await connection.execute(_NAME, learner_id, name)


def _grant(row: Sequence[Any]) -> Grant:
    number, learner_id, role, commune, hamlet, granted_by, granted_at, expires, revoked, name = row
    return Grant(
        id=number,
        learner_id=learner_id,
        role=role,
        place=Place(commune, hamlet or 0),
        granted_by=granted_by,
        granted_at=from_ms(granted_at),
        expires_at=from_ms(expires),
        revoked_at=from_ms(revoked),
        name=name,
    )
