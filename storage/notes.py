"""Notes: what a person of the team wrote to one learner. The words are kept until it went out."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import to_ms


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    learner_id: int
    author_id: int
    content: str


_WRITE = """
    INSERT INTO note (learner_id, author_id, content, written_at)
    VALUES ($1, $2, $3, $4) RETURNING id
"""


async def write(
    connection: Connection, learner_id: int, author_id: int, content: str, now: datetime
) -> int:
    """Returns its id; it waits for an hour at which the learner may be written to."""
    return int(await connection.fetchval(_WRITE, learner_id, author_id, content, to_ms(now)))


_WAITING = """
    SELECT id, learner_id, author_id, content FROM note WHERE id = $1 AND sent_at IS NULL
"""


async def waiting(connection: Connection, note_id: int) -> Note | None:
    row = await connection.fetchrow(_WAITING, note_id)
    return None if row is None else Note(*tuple(row))


_UNREAD = """
    SELECT id, learner_id, author_id, content FROM note
    WHERE learner_id = $1 AND sent_at IS NULL ORDER BY id
"""


async def unread(connection: Connection, learner_id: int) -> list[Note]:
    """What waits for this learner, in the order in which it was written."""
    return [Note(*tuple(row)) for row in await connection.fetch(_UNREAD, learner_id)]


_SENT = "UPDATE note SET sent_at = $2, content = '' WHERE id = $1"


async def sent(connection: Connection, note_id: int, now: datetime) -> None:
    await connection.execute(_SENT, note_id, to_ms(now))


_SINCE = """
    SELECT 1 FROM note WHERE learner_id = $1 AND author_id = $2 AND written_at > $3 LIMIT 1
"""


async def was_written_since(
    connection: Connection, learner_id: int, author_id: int, moment: datetime
) -> bool:
    return await connection.fetchval(_SINCE, learner_id, author_id, to_ms(moment)) is not None


_EVER = "SELECT 1 FROM note WHERE learner_id = $1 LIMIT 1"


async def any_to(connection: Connection, learner_id: int) -> bool:
    """Whether anybody wrote to this learner lately."""
    return await connection.fetchval(_EVER, learner_id) is not None


_REFUSE = "INSERT INTO note_refusal (learner_id, refused_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_DROP_WAITING = "DELETE FROM note WHERE learner_id = $1 AND sent_at IS NULL"
_ALLOW = "DELETE FROM note_refusal WHERE learner_id = $1"
_REFUSED = "SELECT 1 FROM note_refusal WHERE learner_id = $1"


async def refuse(connection: Connection, learner_id: int, now: datetime) -> None:
    """No note to this learner any more, not even one that waits."""
    await connection.execute(_REFUSE, learner_id, to_ms(now))
    await connection.execute(_DROP_WAITING, learner_id)


async def allow(connection: Connection, learner_id: int) -> None:
    await connection.execute(_ALLOW, learner_id)


async def are_refused(connection: Connection, learner_id: int) -> bool:
    return await connection.fetchval(_REFUSED, learner_id) is not None


_FORGET = "DELETE FROM note WHERE written_at < $1"


async def forget_before(connection: Connection, moment: datetime) -> None:
    await connection.execute(_FORGET, to_ms(moment))
