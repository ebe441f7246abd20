"""Native polls: what each option means, for as long as an answer may come."""

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection
from storage.times import to_ms


@dataclass(frozen=True, slots=True)
class Poll:
    """``address`` is the channel's name of the chat; ``actions`` a JSON list of encoded
    actions, one for each option. ``in_group`` says that a whole group answers it.
    """

    address: str
    actions: str
    in_group: bool


# Selected from the address, which may have been erased while the poll was on its way. In
# PostgreSQL it is held, so that it cannot be erased just after.
_REMEMBER = """
    INSERT INTO poll (channel, poll, address_id, actions, created_at)
    SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), id, CAST($4 AS TEXT), CAST($5 AS BIGINT)
    FROM address WHERE id = $3 {hold}
    ON CONFLICT (channel, poll) DO UPDATE
    SET address_id = excluded.address_id, actions = excluded.actions
"""
_REMEMBER_ON = {
    "sqlite": _REMEMBER.format(hold=""),
    "postgresql": _REMEMBER.format(hold="FOR KEY SHARE"),
}


async def remember(
    connection: Connection,
    channel: str,
    poll: str,
    address_id: int,
    actions: str,
    now: datetime,
) -> None:
    """Keep what a poll's options mean; of an address that is gone, nothing."""
    await connection.execute(
        _REMEMBER_ON[connection.engine], channel, poll, address_id, actions, to_ms(now)
    )


_FIND = """
    SELECT CASE a.chat WHEN '' THEN a.external_id ELSE a.chat END, p.actions, l.kind
    FROM poll AS p JOIN address AS a ON a.id = p.address_id JOIN learner AS l ON l.id = a.learner_id
    WHERE p.channel = $1 AND p.poll = $2
"""


async def find(connection: Connection, channel: str, poll: str) -> Poll | None:
    row = await connection.fetchrow(_FIND, channel, poll)
    if row is None:
        return None
    address, actions, kind = row
    return Poll(address, actions, kind == "group")


_COUNT = "UPDATE poll SET voters = $3 WHERE channel = $1 AND poll = $2"
_COUNT_ONE = "UPDATE poll SET voters = voters + 1 WHERE channel = $1 AND poll = $2"


async def count(connection: Connection, channel: str, poll: str, voters: int) -> None:
    """So many people have answered it by now."""
    await connection.execute(_COUNT, channel, poll, voters)


async def count_one(connection: Connection, channel: str, poll: str) -> None:
    """One more has; who it was is not kept."""
    await connection.execute(_COUNT_ONE, channel, poll)


_MOST_VOTERS = "SELECT MAX(voters) FROM poll WHERE address_id = $1 AND created_at >= $2"


async def most_voters(connection: Connection, address_id: int, since: datetime) -> int:
    """How many people answered the poll that most answered, of those sent there since then."""
    return int(await connection.fetchval(_MOST_VOTERS, address_id, to_ms(since)) or 0)


_FORGET = "DELETE FROM poll WHERE created_at < $1"


async def forget_before(connection: Connection, moment: datetime) -> None:
    await connection.execute(_FORGET, to_ms(moment))
