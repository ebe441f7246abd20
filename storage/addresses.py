"""Addresses: one chat window each, and what the tutor last asked in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import deliveries, learners, merging, rhythms, seen, timers
from storage.database import Connection
from storage.learners import Learner
from storage.times import from_ms, to_ms
from templates.terms import GROUP


@dataclass(frozen=True, slots=True)
class Address:
    """``external_id`` is the channel's own name for the chat. ``asked`` is what typed words
    are held against, ``misses`` how often in a row they could not be understood, and
    ``last_at`` when the turn before this one came in. ``stopped_at`` is set while nothing
    can be sent there.

    Who shares a telephone has an address there each (``storage/seats.py``): ``seat`` is 1 for
    whoever had it first, 2 for the others, 0 where nobody shares; ``called`` is the name by which
    they are told apart. While another has the telephone, ``external_id`` is made up and ``chat``
    is the chat's own name, else "". ``until_at`` is when a notebook that was opened for a learner
    without a telephone closes by itself.
    """

    id: int
    learner_id: int
    channel: str
    external_id: str
    asked: str
    misses: int
    last_tap: str
    last_at: datetime
    stopped_at: datetime | None
    seat: int = 0
    chat: str = ""
    called: str = ""
    until_at: datetime | None = None

    @property
    def phone(self) -> str:
        """The channel's own name of the chat, also while another learner has the telephone."""
        return self.chat or self.external_id


COLUMNS = (
    "a.id, a.learner_id, a.channel, a.external_id, a.asked, a.misses, a.last_tap, a.last_at, "
    "a.stopped_at, a.seat, a.chat, a.called, a.until_at"
)
_WIDTH = COLUMNS.count(",") + 1
_LEARNER = learners.COLUMNS

# SQLite lets one transaction write at a time. In PostgreSQL the rows are locked until the
# commit, so that turns of one learner follow each other across processes. Both rows are:
# an unlocked one would be read as it was before the wait. NO KEY lets others still refer
# to them (https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS).
# They are locked in the order in which OF names them. The learner comes first: whoever has it
# may go on to any address of theirs, so nobody may have one and still wait for the learner.
_LOCK = {"sqlite": "", "postgresql": "FOR NO KEY UPDATE"}
_LOCK_BOTH = {"sqlite": "", "postgresql": "FOR NO KEY UPDATE OF l, a"}
_KNOWN = """
    SELECT a.leaving, {address}, {learner}
    FROM address AS a JOIN learner AS l ON l.id = a.learner_id
    WHERE a.channel = $1 AND a.external_id = $2 {lock}
"""
_LOAD = {
    engine: _KNOWN.format(address=COLUMNS, learner=_LEARNER, lock=lock)
    for engine, lock in _LOCK_BOTH.items()
}

# Step 1 and 2 of a turn in one trip. Always one row: whether the event is a new one, then
# the address and the learner or nulls. SQLite cannot insert inside a query, but runs the
# insert in the same hop and then knows how many rows it changed.
_ARRIVE_SQLITE = f"""
    SELECT changes(), a.leaving, {COLUMNS}, {_LEARNER}
    FROM (SELECT 1)
    LEFT JOIN address AS a ON a.channel = $1 AND a.external_id = $2
    LEFT JOIN learner AS l ON l.id = a.learner_id
"""
_ARRIVE_POSTGRESQL = f"""
    WITH arrived AS (
        INSERT INTO seen (channel, external_id, seen_at) VALUES ($1, $3, $4)
        ON CONFLICT DO NOTHING RETURNING 1
    ), known (
        leaving, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, l1, l2, l3, l4, l5, l6
    ) AS ({_LOAD["postgresql"]})
    SELECT (SELECT COUNT(*) FROM arrived), known.*
    FROM (SELECT 1) AS one LEFT JOIN known ON TRUE
"""


async def arrive(
    connection: Connection,
    *,
    channel: str,
    external_id: str,
    event_id: str,
    now: datetime,
    is_group: bool = False,
) -> tuple[Address, Learner] | None:
    """Who sends this event; both are made when new. ``None`` when the event was seen before.

    ``is_group`` says what a new address is made for: a group chat has a learner that is nobody.
    """
    if connection.engine == "sqlite":
        await connection.execute(seen.ADD, channel, event_id, to_ms(now))
        row = await connection.fetchrow(_ARRIVE_SQLITE, channel, external_id)
    else:
        row = await connection.fetchrow(
            _ARRIVE_POSTGRESQL, channel, external_id, event_id, to_ms(now)
        )
    fresh, *known = row if row is not None else (0,)
    if not fresh:
        return None
    if known[1] is None:
        return await _create(connection, channel, external_id, now, is_group=is_group)
    return await _returning(connection, known)


_HOLD = f"""
    SELECT 1 FROM address AS a JOIN learner AS l ON l.id = a.learner_id
    WHERE a.channel = $1 AND a.external_id = $2 {_LOCK_BOTH["postgresql"]}
"""


async def hold(connection: Connection, channel: str, external_id: str) -> None:
    """What ``arrive`` holds, for a turn that must take something else before it; made by nobody.

    Every turn holds its learner first, or two turns of one learner each wait for the other.
    """
    if connection.engine == "postgresql":
        await connection.execute(_HOLD, channel, external_id)


async def load(
    connection: Connection, channel: str, external_id: str, now: datetime
) -> tuple[Address, Learner]:
    """The address and its learner, held for this transaction; both are made when new."""
    row = await connection.fetchrow(_LOAD[connection.engine], channel, external_id)
    if row is None:
        return await _create(connection, channel, external_id, now)
    return await _returning(connection, tuple(row))


_STAY = "UPDATE address SET leaving = 0 WHERE id = $1"


async def _returning(connection: Connection, row: Sequence[Any]) -> tuple[Address, Learner]:
    leaving, *known = row
    address, learner = of_row(known[:_WIDTH]), learners.of_row(known[_WIDTH:])
    if leaving:
        # Back before the last words of an erasure went out: a new acquaintance.
        await connection.execute(_STAY, address.id)
    return address, learner


_NEW_LEARNER = "INSERT INTO learner (created_at, kind, term) VALUES ($1, $2, $3) RETURNING id"
_NEW_ADDRESS = f"""
    INSERT INTO address AS a (learner_id, channel, external_id, leaving, last_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING RETURNING {COLUMNS.replace("a.", "")}
"""
_NOT_NEEDED = "DELETE FROM learner WHERE id = $1"


async def _create(
    connection: Connection,
    channel: str,
    external_id: str,
    now: datetime,
    *,
    leaving: int = 0,
    is_group: bool = False,
) -> tuple[Address, Learner]:
    moment = to_ms(now)
    kind, term = ("group", GROUP.key) if is_group else ("person", "")
    learner_id = await connection.fetchval(_NEW_LEARNER, moment, kind, term)
    row = await connection.fetchrow(_NEW_ADDRESS, learner_id, channel, external_id, leaving, moment)
    if row is None:
        # Another process met the same newcomer a moment earlier.
        await connection.execute(_NOT_NEEDED, learner_id)
        return await load(connection, channel, external_id, now)
    return of_row(tuple(row)), Learner(learner_id, term, None, "", from_ms(moment))


async def farewell(
    connection: Connection, *, channel: str, external_id: str, now: datetime
) -> Address:
    """Right after an erasure: an address for the last words alone.

    It is forgotten as soon as nothing waits for it, unless its owner comes back
    before that. ``find`` does not show it.
    """
    address, _ = await _create(connection, channel, external_id, now, leaving=1)
    return address


_FIND = f"""
    SELECT {COLUMNS} FROM address AS a
    WHERE a.channel = $1 AND a.external_id = $2 AND a.leaving = 0
"""


async def find(
    connection: Connection, channel: str, external_id: str, *, hold: bool = False
) -> Address | None:
    """The address as it is, made by nobody; with ``hold``, held for this transaction."""
    sql = f"{_FIND} {_LOCK[connection.engine]}" if hold else _FIND
    row = await connection.fetchrow(sql, channel, external_id)
    return None if row is None else of_row(tuple(row))


_LAST_USED = """
    SELECT id FROM address
    WHERE learner_id = $1 AND stopped_at IS NULL AND leaving = 0
    ORDER BY last_at DESC, id DESC LIMIT 1
"""


async def last_used(connection: Connection, learner_id: int) -> int | None:
    """The id of the address where this learner was last heard of and can be reached; None without."""
    number: int | None = await connection.fetchval(_LAST_USED, learner_id)
    return number


_SAVE_ASKED = """
    UPDATE address SET asked = $2, misses = $3, last_tap = $4, last_at = $5 WHERE id = $1
"""


async def save_asked(
    connection: Connection,
    address_id: int,
    *,
    asked: str,
    misses: int,
    last_tap: str,
    now: datetime,
) -> None:
    await connection.execute(_SAVE_ASKED, address_id, asked, misses, last_tap, to_ms(now))


_STOP = "UPDATE address SET stopped_at = COALESCE(stopped_at, $2) WHERE id = $1"


async def stop(connection: Connection, address_id: int, now: datetime) -> None:
    """Nothing can be sent there any more; what has not gone out is cancelled, and no timer rings.

    Reminders go to where else the learner can be reached.
    """
    await connection.execute(_STOP, address_id, to_ms(now))
    await deliveries.cancel_for_address(connection, address_id, now)
    await timers.park(connection, address_id)
    await timers.hand_on(connection, address_id, rhythms.TIMER)


_RESUME = "UPDATE address SET stopped_at = NULL WHERE id = $1"


async def resume(connection: Connection, address_id: int) -> None:
    await connection.execute(_RESUME, address_id)
    await timers.unpark(connection, address_id)


_LEARNER_OF = "SELECT learner_id FROM address WHERE id = $1"


async def join(connection: Connection, address_id: int, learner_id: int) -> bool:
    """The learner of this chat turns out to be that learner: one person from now on.

    All their chats, and all that was learnt in any of them (``storage.merging``). False,
    and nothing changed, when the chat or that learner is gone.
    """
    left = await connection.fetchval(_LEARNER_OF, address_id)
    return left is not None and await merging.unite(connection, left, learner_id)


_OF_LEARNER = f"""
    SELECT {COLUMNS} FROM address AS a WHERE a.learner_id = $1 AND a.leaving = 0
    ORDER BY a.created_at, a.id
"""


async def of_learner(connection: Connection, learner_id: int) -> list[Address]:
    """Every chat of this learner, the oldest first."""
    return [of_row(tuple(row)) for row in await connection.fetch(_OF_LEARNER, learner_id)]


_LEAVE = """
    UPDATE address SET learner_id = $2, asked = '', misses = 0, last_tap = '' WHERE id = $1
"""
# What hangs on a chat and stays with it when it begins anew, because it was said there; and
# what goes, because it is about the learner it leaves.
PARTING_KEEPS = ("delivery", "poll", "web_line", "oa_window")
PARTING_DROPS = ("timer", "public_picture", "notebook_code", "errand", "group_chat")


async def part(connection: Connection, address_id: int, now: datetime) -> Learner:
    """This chat begins anew, as somebody we have not met; what was learnt stays where it is.

    What waits for it is cancelled.
    """
    moment = to_ms(now)
    await deliveries.cancel_for_address(connection, address_id, now)
    for table in PARTING_DROPS:
        await connection.execute(f"DELETE FROM {table} WHERE address_id = $1", address_id)
    newcomer = await connection.fetchval(_NEW_LEARNER, moment, "person", "")
    await connection.execute(_LEAVE, address_id, newcomer)
    return Learner(newcomer, "", None, "", from_ms(moment))


def of_row(row: Sequence[Any]) -> Address:
    """From the columns in the order of the dataclass."""
    (
        number, learner_id, channel, external_id, asked, misses, last_tap, last_at, stopped_at,
        seat, chat, called, until_at,
    ) = row  # fmt: skip
    return Address(
        id=number,
        learner_id=learner_id,
        channel=channel,
        external_id=external_id,
        asked=asked,
        misses=misses,
        last_tap=last_tap,
        last_at=from_ms(last_at),
        stopped_at=from_ms(stopped_at),
        seat=seat,
        chat=chat,
        called=called,
        until_at=from_ms(until_at),
    )
