"""The mark on a database whose people are made up, so that nobody takes them for somebody."""

from dataclasses import dataclass

from storage.database import Connection

# Among what the tutor keeps for itself: it is there from the first version on, and goes wherever
# the file goes.
_NAME = "rehearsal"
_MARK = "INSERT INTO kept_secret (name, value) VALUES ($1, '1') ON CONFLICT DO NOTHING"
_IS_MARKED = "SELECT 1 FROM kept_secret WHERE name = $1"

_LIVED = """
SELECT
    (SELECT COUNT(DISTINCT learner_id) FROM enrolment),
    (SELECT COUNT(DISTINCT learner_id) FROM role_grant WHERE role = 'team_member'),
    (SELECT COUNT(DISTINCT learner_id) FROM role_grant WHERE role = 'ambassador'),
    (SELECT COUNT(*) FROM household),
    (SELECT COUNT(*) FROM assisted),
    (SELECT COUNT(*) FROM visit WHERE state = 'logged')
"""


@dataclass(frozen=True, slots=True)
class Lived:
    """Who is in a database, and what they did in it: rows, whatever a page may tell of them."""

    learners: int
    members: int
    ambassadors: int
    households: int
    assisted: int
    visits: int


async def mark(connection: Connection) -> None:
    """Nothing takes it off again."""
    await connection.execute(_MARK, _NAME)


async def is_marked(connection: Connection) -> bool:
    return await connection.fetchval(_IS_MARKED, _NAME) is not None


async def lived(connection: Connection) -> Lived:
    """Of a rehearsal, where nobody has left again."""
    (row,) = await connection.fetch(_LIVED)
    return Lived(*row)
