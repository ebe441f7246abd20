"""Secrets that the tutor made for itself, such as the key that signs the page's cookies."""

from collections.abc import Callable

from storage.database import Connection

_ADD = "INSERT INTO kept_secret (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_GET = "SELECT value FROM kept_secret WHERE name = $1"


async def get_or_create(connection: Connection, name: str, make: Callable[[], str]) -> str:
    """The secret of that name, the same for every process; ``make`` is called when there is none."""
    kept = await connection.fetchval(_GET, name)
    if kept is None:
        await connection.execute(_ADD, name, make())
        # Not what we made: another process may have been first.
        kept = await connection.fetchval(_GET, name)
    return str(kept)
