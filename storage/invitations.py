"""Invitations: single-use, expiring, to a role or to take over a class.

Only a fingerprint of the code is kept: who reads the database cannot use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms

InvitationKind: TypeAlias = Literal["team_member", "ambassador", "administrator", "cohort"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """``cohort_id`` is set when it hands over a class. ``created_by`` is ``None`` when it was
    made on the machine itself; ``used_by`` too when whoever used it has left.
    """

    id: int
    kind: InvitationKind
    place: Place
    cohort_id: int | None
    created_by: int | None
    created_at: datetime
    expires_at: datetime
    used_by: int | None
    used_at: datetime | None
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


_COLUMNS = (
    "id, kind, commune, hamlet_id, cohort_id, created_by, created_at, expires_at, "
    "used_by, used_at, revoked_at"
)
_ADD = """
    INSERT INTO invitation (
        kind, commune, hamlet_id, cohort_id, fingerprint, created_by, created_at, expires_at
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id
"""


async def add(
    connection: Connection,
    kind: InvitationKind,
    fingerprint: str,
    *,
    place: Place = Place(),  # noqa: B008 - frozen
    cohort_id: int | None = None,
    created_by: int | None,
    now: datetime,
    expires_at: datetime,
) -> int | None:
    """Its id; ``None`` when that code was given out before, and another is to be made."""
    number = await connection.fetchval(
        _ADD,
        kind,
        place.commune,
        place.hamlet or None,
        cohort_id,
        fingerprint,
        created_by,
        to_ms(now),
        to_ms(expires_at),
    )
    return None if number is None else int(number)


# Two who tap at once: the second waits here, and then finds it used.
_LOCK = {"sqlite": "", "postgresql": "FOR UPDATE"}
_FIND = f"SELECT {_COLUMNS} FROM invitation WHERE fingerprint = $1"


async def find(
    connection: Connection, fingerprint: str, *, hold: bool = False
) -> Invitation | None:
    """With ``hold``, nobody else can use it before this transaction ends."""
    sql = f"{_FIND} {_LOCK[connection.engine]}" if hold else _FIND
    row = await connection.fetchrow(sql, fingerprint)
    return None if row is None else _invitation(tuple(row))


_BY_ID = f"SELECT {_COLUMNS} FROM invitation WHERE id = $1"


async def by_id(connection: Connection, invitation_id: int) -> Invitation | None:
    row = await connection.fetchrow(_BY_ID, invitation_id)
    return None if row is None else _invitation(tuple(row))


_OPEN_OF = f"""
    SELECT {_COLUMNS} FROM invitation
    WHERE created_by = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2
    ORDER BY id DESC
"""


async def open_of(connection: Connection, learner_id: int, now: datetime) -> list[Invitation]:
    """Those this person made that can still be used, the newest first."""
    rows = await connection.fetch(_OPEN_OF, learner_id, to_ms(now))
    return [_invitation(tuple(row)) for row in rows]


_USE = "UPDATE invitation SET used_by = $2, used_at = $3 WHERE id = $1 AND used_at IS NULL"


async def use(connection: Connection, invitation_id: int, learner_id: int, now: datetime) -> None:
    """Used up. Find it with ``hold`` first."""
    await connection.execute(_USE, invitation_id, learner_id, to_ms(now))


_REVOKE = "UPDATE invitation SET revoked_at = $2 WHERE id = $1 AND used_at IS NULL"


async def revoke(connection: Connection, invitation_id: int, now: datetime) -> None:
    await connection.execute(_REVOKE, invitation_id, to_ms(now))


_REVOKE_FOR_COHORT = """
    UPDATE invitation SET revoked_at = $2
    WHERE cohort_id = $1 AND used_at IS NULL AND revoked_at IS NULL
"""


async def revoke_for_cohort(connection: Connection, cohort_id: int, now: datetime) -> None:
    """Those that would hand this class over."""
    await connection.execute(_REVOKE_FOR_COHORT, cohort_id, to_ms(now))


_FORGET = "DELETE FROM invitation WHERE expires_at < $1"


async def forget(connection: Connection, expired_before: datetime) -> None:
    """Drop those that ran out long ago: until then they can still be explained."""
    await connection.execute(_FORGET, to_ms(expired_before))


def _invitation(row: Sequence[Any]) -> Invitation:
    number, kind, commune, hamlet, cohort, creator, created, expires, used_by, used, revoked = row
    return Invitation(
        id=number,
        kind=kind,
        place=Place(commune, hamlet or 0),
        cohort_id=cohort,
        created_by=creator,
        created_at=from_ms(created),
        expires_at=from_ms(expires),
        used_by=used_by,
        used_at=from_ms(used),
        revoked_at=from_ms(revoked),
    )
