"""Groups: chats that the tutor itself is in, and groups somewhere else that a person pastes into.

A chat the tutor is in has an address of its own, whose learner is of kind "group": nobody, who
never agrees to anything, is never counted and never swept away. What somebody pastes has the
address of that person, so it goes when the person goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from places.model import Place
from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChat:
    """``ref`` is what links carry; ``label`` the name that its team gave it, or "".

    ``shows_votes`` says that the group agreed to polls that show who chose what. ``lesson`` is
    the one posted last, at ``posted_at``. ``greeted_at`` is when the tutor last said there what
    it is for.
    """

    id: int
    ref: str
    address_id: int
    is_pasted: bool
    label: str
    place: Place
    shows_votes: bool
    lesson: str
    posted_at: datetime | None
    greeted_at: datetime | None
    created_at: datetime


_COLUMNS = (
    "id, ref, address_id, is_pasted, label, commune, hamlet_id, shows_votes, lesson, "
    "posted_at, greeted_at, created_at"
)
_ADD = f"""
    INSERT INTO group_chat (ref, address_id, is_pasted, label, commune, hamlet_id, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING {_COLUMNS}
"""


async def add(
    connection: Connection,
    ref: str,
    address_id: int,
    *,
    is_pasted: bool,
    label: str = "",
    place: Place = Place(),  # noqa: B008 - frozen
    now: datetime,
) -> GroupChat | None:
    """A new group; ``None`` when ``ref`` is taken, or the chat of that address is known already."""
    hamlet = place.hamlet or None
    row = await connection.fetchrow(
        _ADD, ref, address_id, int(is_pasted), label, place.commune, hamlet, to_ms(now)
    )
    return None if row is None else _of_row(tuple(row))


_CHAT_AT = f"SELECT {_COLUMNS} FROM group_chat WHERE address_id = $1 AND is_pasted = 0"


async def chat_at(connection: Connection, address_id: int) -> GroupChat | None:
    """The group whose own chat that address is."""
    row = await connection.fetchrow(_CHAT_AT, address_id)
    return None if row is None else _of_row(tuple(row))


_BY_ID = f"SELECT {_COLUMNS} FROM group_chat WHERE id = $1"
_BY_REF = f"SELECT {_COLUMNS} FROM group_chat WHERE ref = $1"


async def by_id(connection: Connection, group_id: int) -> GroupChat | None:
    row = await connection.fetchrow(_BY_ID, group_id)
    return None if row is None else _of_row(tuple(row))


async def by_ref(connection: Connection, ref: str) -> GroupChat | None:
    row = await connection.fetchrow(_BY_REF, ref)
    return None if row is None else _of_row(tuple(row))


_PASTED_BY = f"""
    SELECT {", ".join(f"g.{name}" for name in _COLUMNS.split(", "))}
    FROM address AS a JOIN group_chat AS g ON g.address_id = a.id
    WHERE a.learner_id = $1 AND g.is_pasted = 1 ORDER BY g.id
"""


async def pasted_by(connection: Connection, learner_id: int) -> list[GroupChat]:
    """The groups that this learner pastes into, in the order they were named."""
    return [_of_row(tuple(row)) for row in await connection.fetch(_PASTED_BY, learner_id)]


_OWNER = """
    SELECT a.learner_id FROM group_chat AS g JOIN address AS a ON a.id = g.address_id
    WHERE g.id = $1
"""


async def owner_of(connection: Connection, group_id: int) -> int | None:
    """Whose address it is posted to."""
    owner: int | None = await connection.fetchval(_OWNER, group_id)
    return owner


_PLACE = "UPDATE group_chat SET commune = $2, hamlet_id = $3 WHERE id = $1 AND commune = ''"
_LABEL = "UPDATE group_chat SET label = $2 WHERE id = $1"
_VOTES = "UPDATE group_chat SET shows_votes = $2 WHERE id = $1"
_POSTED = "UPDATE group_chat SET lesson = $2, posted_at = $3 WHERE id = $1"
_GREETED = "UPDATE group_chat SET greeted_at = $2 WHERE id = $1"
_FORGET = "DELETE FROM group_chat WHERE id = $1"


async def set_place(connection: Connection, group_id: int, place: Place) -> None:
    """Where its people live, from whoever of its team first said; later ones change nothing."""
    await connection.execute(_PLACE, group_id, place.commune, place.hamlet or None)


async def set_label(connection: Connection, group_id: int, label: str) -> None:
    await connection.execute(_LABEL, group_id, label)


async def set_shows_votes(connection: Connection, group_id: int, *, shows: bool) -> None:
    await connection.execute(_VOTES, group_id, int(shows))


async def posted(connection: Connection, group_id: int, lesson: str, now: datetime) -> None:
    await connection.execute(_POSTED, group_id, lesson, to_ms(now))


async def greeted(connection: Connection, group_id: int, now: datetime) -> None:
    await connection.execute(_GREETED, group_id, to_ms(now))


async def forget(connection: Connection, group_id: int) -> None:
    """A group that is pasted into no more: its plan and who came through it go too."""
    await connection.execute(_FORGET, group_id)


# A group's address has a learner of its own, and everything hangs from that.
_FORGET_CHAT = """
    DELETE FROM learner WHERE kind = 'group' AND id = (
        SELECT learner_id FROM address WHERE channel = $1 AND external_id = $2
    )
"""


async def forget_chat(connection: Connection, channel: str, address: str) -> None:
    """The tutor is out of that chat: nothing of it is kept."""
    await connection.execute(_FORGET_CHAT, channel, address)


_RENAME = """
    UPDATE address SET external_id = $3 WHERE channel = $1 AND external_id = $2
"""
_KNOWN = "SELECT 1 FROM address WHERE channel = $1 AND external_id = $2"


async def move(connection: Connection, channel: str, address: str, to: str) -> None:
    """The platform gave the chat another id; plan, polls and what waits to go out go along.

    What was begun under the new id meanwhile gives way. Nothing happens the second time.
    """
    if address == to or await connection.fetchval(_KNOWN, channel, address) is None:
        return
    await forget_chat(connection, channel, to)
    await connection.execute(_RENAME, channel, address, to)


_FORGET_LOST = """
    DELETE FROM learner WHERE id IN (
        SELECT a.learner_id FROM group_chat AS g JOIN address AS a ON a.id = g.address_id
        WHERE g.is_pasted = 0 AND a.stopped_at < $1
    )
"""


async def forget_lost(connection: Connection, stopped_before: datetime) -> None:
    """Chats that nothing could be sent to since then, and that nobody spoke in."""
    await connection.execute(_FORGET_LOST, to_ms(stopped_before))


def _of_row(row: Sequence[Any]) -> GroupChat:
    number, ref, address_id, is_pasted, label, commune, hamlet, votes, lesson, *times = row
    posted_at, greeted_at, created_at = times
    return GroupChat(
        id=number,
        ref=ref,
        address_id=address_id,
        is_pasted=bool(is_pasted),
        label=label,
        place=Place(commune, hamlet or 0),
        shows_votes=bool(votes),
        lesson=lesson,
        posted_at=from_ms(posted_at),
        greeted_at=from_ms(greeted_at),
        created_at=from_ms(created_at),
    )
