"""What a Zalo Official Account may do in a chat beyond answering: closed windows, and people.

An address has a row only when something is so: Zalo refused to take a line there, or a
person answered in the account's own console.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Window:
    """``closed_at`` is when Zalo last said that only a template may be sent; it holds until
    the learner is heard again. Until ``person_until`` a person looks after the chat.
    """

    closed_at: datetime | None
    person_until: datetime | None


OPEN = Window(None, None)

_GET = """
    SELECT MAX(w.closed_at), MAX(w.person_until_at) FROM oa_window AS w
    WHERE w.address_id IN (
        SELECT id FROM address WHERE channel = $1 AND external_id = $2
        UNION ALL SELECT id FROM address WHERE channel = $1 AND chat = $2 AND chat <> ''
    )
"""


async def get(connection: Connection, channel: str, external_id: str) -> Window:
    """Of the chat, whoever of those who share it was learning when it was written down."""
    row = await connection.fetchrow(_GET, channel, external_id)
    return OPEN if row is None else Window(from_ms(row[0]), from_ms(row[1]))


# Of an address that is gone, or never was, nothing is kept.
_CLOSE = """
    INSERT INTO oa_window (address_id, closed_at)
    SELECT id, CAST($3 AS BIGINT) FROM address WHERE channel = $1 AND external_id = $2
    ON CONFLICT (address_id) DO UPDATE SET closed_at = excluded.closed_at
    RETURNING address_id
"""


async def close(
    connection: Connection, channel: str, external_id: str, now: datetime
) -> int | None:
    """Zalo takes nothing but templates there; the address's id, if there is one."""
    found = await connection.fetchval(_CLOSE, channel, external_id, to_ms(now))
    return None if found is None else int(found)


_LEAVE = """
    INSERT INTO oa_window (address_id, person_until_at)
    SELECT id, CAST($3 AS BIGINT) FROM address WHERE channel = $1 AND external_id = $2
    ON CONFLICT (address_id) DO UPDATE SET person_until_at = excluded.person_until_at
"""


async def leave_to_person(
    connection: Connection, channel: str, external_id: str, until: datetime
) -> None:
    """Somebody answers there in person until then."""
    await connection.execute(_LEAVE, channel, external_id, to_ms(until))
