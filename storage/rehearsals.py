"""The mark on a database whose people are made up, so that nobody takes them for somebody."""

from storage.database import Connection

# Among what the tutor keeps for itself: it is there from the first version on, and goes wherever
# the file goes.
_NAME = "rehearsal"
_MARK = "INSERT INTO kept_secret (name, value) VALUES ($1, '1') ON CONFLICT DO NOTHING"
_IS_MARKED = "SELECT 1 FROM kept_secret WHERE name = $1"


async def mark(connection: Connection) -> None:
    """Nothing takes it off again."""
    await connection.execute(_MARK, _NAME)


async def is_marked(connection: Connection) -> bool:
    return await connection.fetchval(_IS_MARKED, _NAME) is not None
