"""Notebook codes: one learner's notebook, opened in another chat, once and for a few minutes.

Only a keyed hash of a code is kept, so a copy of the database opens nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from storage import kept_secrets
from storage.database import Connection
from storage.times import from_ms, to_ms

_SECRET = "notebook.codes"  # noqa: S105 - the secret's name


@dataclass(frozen=True, slots=True)
class NotebookCode:
    """``address_id`` and ``channel`` say in which chat it was given out."""

    learner_id: int
    address_id: int
    channel: str
    expires_at: datetime
    used_at: datetime | None


async def _hash(connection: Connection, code: str) -> str:
    key = await kept_secrets.get_or_create(connection, _SECRET, lambda: secrets.token_urlsafe(32))
    return hmac.digest(key.encode(), code.encode(), hashlib.sha256).hex()


# Whoever asks again wants a code that works: the one before is of no use any more.
_DROP_UNUSED = "DELETE FROM notebook_code WHERE learner_id = $1 AND used_at IS NULL"
_OFFER = """
    INSERT INTO notebook_code (hash, learner_id, address_id, expires_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1
"""


async def offer(
    connection: Connection, code: str, learner_id: int, address_id: int, expires_at: datetime
) -> bool:
    """Keep the code for this learner, in place of an earlier one; False when it is another's."""
    await connection.execute(_DROP_UNUSED, learner_id)
    kept = await connection.fetchval(
        _OFFER, await _hash(connection, code), learner_id, address_id, to_ms(expires_at)
    )
    return kept is not None


_FIND = """
    SELECT c.learner_id, c.address_id, a.channel, c.expires_at, c.used_at
    FROM notebook_code AS c JOIN address AS a ON a.id = c.address_id
    WHERE c.hash = $1
"""


async def find(connection: Connection, code: str) -> NotebookCode | None:
    """The code as it was offered, also when it is used or expired."""
    row = await connection.fetchrow(_FIND, await _hash(connection, code))
    if row is None:
        return None
    learner_id, address_id, channel, expires_at, used_at = row
    return NotebookCode(learner_id, address_id, channel, from_ms(expires_at), from_ms(used_at))


_USE = """
    UPDATE notebook_code SET used_at = $2
    WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING 1
"""


async def use(connection: Connection, code: str, now: datetime) -> bool:
    """Use it up; False when it was used, or has expired."""
    return await connection.fetchval(_USE, await _hash(connection, code), to_ms(now)) is not None


_FORGET = "DELETE FROM notebook_code WHERE expires_at < $1"


async def forget_before(connection: Connection, moment: datetime) -> None:
    """What expired before this moment."""
    await connection.execute(_FORGET, to_ms(moment))
