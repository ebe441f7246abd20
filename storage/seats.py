"""Several learners on one telephone: each has an address there, and one of them is in use.

The one in use has the chat's own name, so whatever comes from that chat is answered as to
that learner, and nothing of an ordinary turn knows that others share it. The others rest under
made-up names. What goes out to them goes to the same chat.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from people.roles import may
from storage import addresses, assisted, role_grants
from storage.addresses import Address
from storage.database import Connection
from storage.times import to_ms

# Nothing from outside begins a name like that.
_RESTING = " #"
# The seat of everybody but whoever had the telephone first.
_ANOTHER = 2

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


async def are_beside(connection: Connection, learner_id: int, other_id: int) -> bool:
    """Whether both learn on one telephone somewhere: then they are two people."""
    phones = {
        (one.channel, one.phone) for one in await addresses.of_learner(connection, learner_id)
    }
    others = await addresses.of_learner(connection, other_id)
    return any((one.channel, one.phone) in phones for one in others)


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


# Whose notebooks somebody of the team keeps: they are on that telephone, but not of the family.
_KEPT = "SELECT learner_id FROM assisted WHERE learner_id IN ({places})"


async def _family(connection: Connection, address: Address) -> list[Address]:
    """Everybody else on this telephone who may be given it: not those whose notebook was only
    opened there.
    """
    others = [one for one in await of_phone(connection, address) if one.id != address.id]
    if not others:
        return []
    places = ", ".join(f"${place}" for place in range(1, len(others) + 1))
    rows = await connection.fetch(_KEPT.format(places=places), *(one.learner_id for one in others))
    kept = {learner_id for (learner_id,) in rows}
    return [one for one in others if one.learner_id not in kept]


async def vacate(connection: Connection, learner_id: int) -> None:
    """This learner is about to be nobody: every telephone they had in hand goes to who shares it,
    first of all to whoever learnt there last; and the notebooks they kept are closed, on whichever
    telephone.
    """
    for kept in await assisted.all_of_helper(connection, learner_id):
        await end_book(connection, kept.learner_id)
    for mine in await addresses.of_learner(connection, learner_id):
        if not mine.seat or mine.chat:
            continue
        others = await _family(connection, mine)
        if mine.until_at is not None and others:
            await close(connection, mine)
        elif others:
            await sit(connection, mine, max(others, key=lambda one: (one.last_at, one.id)))


_HELPER = "SELECT helper_id FROM assisted WHERE learner_id = $1"


# What was asked before somebody else's notebook was opened is long out of mind.
_ASKED_NOTHING = "UPDATE address SET asked = '', last_tap = '' WHERE id = $1"
_TAKE_AWAY = "DELETE FROM address WHERE id = $1"


async def close(connection: Connection, opened: Address) -> Address:
    """A notebook that was opened for somebody closes, and whoever opened it has their telephone
    back; their address.

    When they learn there no more, the notebook has nothing to rest there for, and is taken away:
    the telephone goes to who shares it, or begins anew as somebody we have not met.
    """
    helper = await connection.fetchval(_HELPER, opened.learner_id)
    others = await _family(connection, opened)
    back = next((one for one in others if one.learner_id == helper), None)
    if back is None:
        return await _take_away(connection, opened, others)
    await connection.execute(_ASKED_NOTHING, back.id)
    return replace(await sit(connection, opened, back), asked="", last_tap="")


async def _take_away(connection: Connection, opened: Address, others: list[Address]) -> Address:
    if others:
        back = await sit(connection, opened, others[0])
        await connection.execute(_ASKED_NOTHING, back.id)
    await connection.execute(_TAKE_AWAY, opened.id)
    if others:
        return replace(back, asked="", last_tap="")
    anew, _ = await addresses.load(connection, opened.channel, opened.phone, opened.last_at)
    return anew


async def end_here(connection: Connection, one: Address) -> Address | None:
    """The notebook at this address is closed, and rests here no more; the address that has its
    telephone back by that, ``None`` when it was not open.
    """
    back = None if one.chat else await close(connection, one)
    await connection.execute(_TAKE_AWAY, one.id)
    return back


async def end_book(connection: Connection, learner_id: int) -> list[Address]:
    """The notebook of a learner without a telephone is closed wherever it is open, and rests
    nowhere any more; the addresses that have their telephone back by that.
    """
    ended = [
        await end_here(connection, one)
        for one in await addresses.of_learner(connection, learner_id)
        if one.seat == _ANOTHER
    ]
    return [back for back in ended if back is not None]


async def is_left_over(connection: Connection, address: Address, now: datetime) -> bool:
    """Whether a notebook is at this address of which nobody here may see anything: who keeps it
    learns here no more, keeps it no more, or may not. A role ends, and a notebook is given on,
    from elsewhere too.
    """
    kept = await assisted.by_id(connection, address.learner_id)
    if kept is None:
        return address.until_at is not None
    beside = await of_phone(connection, address)
    if kept.helper_id is None or all(one.learner_id != kept.helper_id for one in beside):
        return True
    held = await role_grants.of_learner(connection, kept.helper_id)
    return not may(held, "assist", kept.place, now)
