"""Links into the dashboard: single-use, good for minutes. Only a fingerprint of each is kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class BoardLink:
    """Whose it is, until when, and when it was used, if it was."""

    learner_id: int
    expires_at: datetime
    used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


def fingerprint(secret: str) -> str:
    """What is kept of a secret of 256 random bits: nobody can try them all, so one hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


# Whoever asks again wants one that works: what was asked for before opens nothing any more.
_DROP = "DELETE FROM board_link WHERE learner_id = $1 AND used_at IS NULL"
_OFFER = """
    INSERT INTO board_link (fingerprint, learner_id, created_at, expires_at)
    VALUES ($1, $2, $3, $4)
"""


async def offer(
    connection: Connection, secret: str, learner_id: int, now: datetime, expires_at: datetime
) -> None:
    await connection.execute(_DROP, learner_id)
    await connection.execute(_OFFER, fingerprint(secret), learner_id, to_ms(now), to_ms(expires_at))


_FIND = "SELECT learner_id, expires_at, used_at FROM board_link WHERE fingerprint = $1"


async def find(connection: Connection, secret: str) -> BoardLink | None:
    """Also one that is used or too old, so that it can be told why."""
    row = await connection.fetchrow(_FIND, fingerprint(secret))
    if row is None:
        return None
    learner_id, expires_at, used_at = row
    return BoardLink(learner_id, from_ms(expires_at), from_ms(used_at))


_USE = """
    UPDATE board_link SET used_at = $2
    WHERE fingerprint = $1 AND used_at IS NULL AND expires_at > $2 RETURNING learner_id
"""


async def use(connection: Connection, secret: str, now: datetime) -> int | None:
    """Use it up: whose it is, or ``None`` when it was used, or is too old, or never was."""
    learner_id: int | None = await connection.fetchval(_USE, fingerprint(secret), to_ms(now))
    return learner_id


_FORGET = "DELETE FROM board_link WHERE expires_at < $1"


async def drop(connection: Connection, learner_id: int) -> None:
    """What was given to that person and not used yet opens nothing any more."""
    await connection.execute(_DROP, learner_id)


async def forget_before(connection: Connection, moment: datetime) -> None:
    await connection.execute(_FORGET, to_ms(moment))
