"""All that a database holds, to look for what must not be there."""

from typing import Any

from storage.database import Database
from storage.privacy import NOT_PERSONAL, PERSONAL


async def rows(database: Database, table: str) -> list[dict[str, Any]]:
    async with database.transaction() as connection:
        found = await connection.fetch(f"SELECT * FROM {table}")
        return [dict(zip(row.keys(), tuple(row), strict=True)) for row in found]


async def dump(database: Database) -> str:
    """Every value of every row of every table."""
    tables = [*PERSONAL, *NOT_PERSONAL]
    return "\n".join([f"{table}: {await rows(database, table)}" for table in tables])
