import asyncio
from itertools import count

from storage import kept_secrets
from storage.database import Database


async def test_a_secret_is_made_once_and_kept(database: Database) -> None:
    made = count(1)

    async def get(name: str) -> str:
        async with database.transaction() as connection:
            return await kept_secrets.get_or_create(connection, name, lambda: f"s{next(made)}")

    first = await asyncio.gather(*(get("cookie") for _ in range(5)))
    again = await get("cookie")
    other = await get("webhook")

    assert set(first) == {again}
    assert other != again
