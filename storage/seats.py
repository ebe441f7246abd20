"""Several learners on one telephone: each has an address there, and one of them is in use.

The one in use has the chat's own name, so whatever comes from that chat is answered as to
that learner, and nothing of an ordinary turn knows that others share it. The others rest under
made-up names. What goes out to them goes to the same chat.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from storage import addresses
from storage.addresses import Address
from storage.database import Connection
from storage.times import to_ms

# Nothing from outside begins a name like that.
_RESTING = " #"

_SHARE = "UPDATE address SET seat = 1, called = $2 WHERE id = $1 AND seat = 0"


async def share(connection: Connection, address: Address, called: str) -> None:
    """Whoever has the telephone is called so, now that others come to learn on it too."""
    await connection.execute(_SHARE, address.id, called)


_CALL = "UPDATE address SET called = $2 WHERE id = $1"


async def call(connection: Connection, address_id: int, called: str) -> None:
    await connection.execute(_CALL, address_id, called)


_ADD = """
    INSERT INTO address (
        learner_id, channel, external_id, chat, seat, called, last_at, created_at
    ) VALUES ($1, $2, $3, $4, 2, $5, $6, $6) RETURNING id
"""


async def add(
    connection: Connection, beside: Address, learner_id: int, called: str, now: datetime
) -> int:
    """A resting address for one learner more on the telephone of ``beside``; its id."""
    number: int = await connection.fetchval(
        _ADD,
        learner_id,
        beside.channel,
        f"{beside.phone}{_RESTING}new-{learner_id}",
        beside.phone,
        called,
        to_ms(now),
    )
    return number


_OF_PHONE = f"""
    SELECT {addresses.COLUMNS} FROM address AS a
    WHERE a.channel = $1 AND a.external_id = $2 AND a.leaving = 0
    UNION ALL
    SELECT {addresses.COLUMNS} FROM address AS a
    WHERE a.channel = $1 AND a.chat = $2 AND a.chat <> ''
"""


async def of_phone(connection: Connection, address: Address) -> list[Address]:
    """Everybody's address on this telephone: whoever had it first, then as they came."""
    rows = await connection.fetch(_OF_PHONE, address.channel, address.phone)
    found = [addresses.of_row(tuple(row)) for row in rows]
    return sorted(found, key=lambda one: (one.seat, one.id))


_WHO_RESTS = "SELECT id, called FROM address WHERE chat <> '' AND id IN ({places})"


async def resting(connection: Connection, address_ids: Sequence[int]) -> Mapping[int, str]:
    """Which of these addresses rest, and whose they are."""
    if not address_ids:
        return {}
    places = ", ".join(f"${place}" for place in range(1, len(address_ids) + 1))
    rows = await connection.fetch(_WHO_RESTS.format(places=places), *address_ids)
    return {row[0]: row[1] for row in rows}


_REST = "UPDATE address SET external_id = $2, chat = $3, until_at = NULL WHERE id = $1"
_SIT = """
    UPDATE address SET external_id = $2, chat = '', until_at = $3, stopped_at = NULL WHERE id = $1
"""


async def sit(
    connection: Connection, active: Address, to: Address, *, until: datetime | None = None
) -> Address:
    """From now on the telephone is ``to``'s; the address as it is then.

    ``until`` is when a notebook that was opened for somebody closes by itself.
    """
    phone = active.phone
    if to.id != active.id:
        await connection.execute(_REST, active.id, f"{phone}{_RESTING}{active.id}", phone)
    await connection.execute(_SIT, to.id, phone, None if until is None else to_ms(until))
    return replace(to, external_id=phone, chat="", until_at=until, stopped_at=None)


_LEAVE = "DELETE FROM address WHERE id = $1 AND chat <> ''"


async def leave(connection: Connection, address_id: int) -> None:
    """A learner who rests here learns here no more; what they learnt stays with them."""
    await connection.execute(_LEAVE, address_id)


async def vacate(connection: Connection, learner_id: int) -> None:
    """This learner is about to be nobody: every telephone they had in hand goes to who shares it,
    first of all to whoever learnt there last.
    """
    for mine in await addresses.of_learner(connection, learner_id):
        if mine.seat and not mine.chat:
            others = [
                one for one in await of_phone(connection, mine) if one.learner_id != learner_id
            ]
            if mine.until_at is not None:
                await close(connection, mine)
            elif others:
                await sit(connection, mine, max(others, key=lambda one: (one.last_at, one.id)))


_HELPER = "SELECT helper_id FROM assisted WHERE learner_id = $1"


# What was asked before somebody else's notebook was opened is long out of mind.
_ASKED_NOTHING = "UPDATE address SET asked = '', last_tap = '' WHERE id = $1"


async def close(connection: Connection, opened: Address) -> Address:
    """A notebook that was opened for somebody closes, and whoever opened it has their telephone
    back; their address.
    """
    helper = await connection.fetchval(_HELPER, opened.learner_id)
    others = [one for one in await of_phone(connection, opened) if one.id != opened.id]
    back = next((one for one in others if one.learner_id == helper), others[0])
    await connection.execute(_ASKED_NOTHING, back.id)
    return replace(await sit(connection, opened, back), asked="", last_tap="")
