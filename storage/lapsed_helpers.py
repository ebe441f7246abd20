"""Whoever keeps notebooks in a role that ran out: nothing happens then, so a clock looks."""

from datetime import datetime

from people.roles import may
from places.model import Place
from storage import addresses, assisted, role_grants, seats
from storage.database import Connection
from storage.times import to_ms

# Whether they may help by another role is asked after. CROSS JOIN makes SQLite begin with the
# roles, which are few.
_LAPSED = """
    SELECT DISTINCT a.learner_id, a.helper_id, a.commune, a.hamlet_id
    FROM role_grant AS g CROSS JOIN assisted AS a
    WHERE g.expires_at <= $1 AND a.helper_id = g.learner_id
    ORDER BY a.learner_id
"""


async def end_notebooks(connection: Connection, now: datetime) -> None:
    """They rest on no telephone any more, and wait for somebody else of the place. One that is open
    just now is left to the next event there, or its own timer, which says so.
    """
    for learner_id, helper_id, commune, hamlet in await connection.fetch(_LAPSED, to_ms(now)):
        held = await role_grants.of_learner(connection, helper_id)
        if may(held, "assist", Place(commune, hamlet or 0), now):
            continue
        at = await addresses.of_learner(connection, learner_id)
        if any(one.until_at is not None and not one.chat for one in at):
            continue
        await seats.end_book(connection, learner_id)
        await assisted.hand_over(connection, learner_id, None)
