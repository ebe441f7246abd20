"""The mark on a database of made-up people."""

from storage import rehearsals
from storage.database import Database


async def test_the_mark_is_there_once_made_and_may_be_made_again(database: Database) -> None:
    async with database.transaction() as connection:
        before = await rehearsals.is_marked(connection)
        await rehearsals.mark(connection)
        await rehearsals.mark(connection)
        after = await rehearsals.is_marked(connection)

    assert (before, after) == (False, True)


async def test_nobody_has_lived_in_a_new_one(database: Database) -> None:
    async with database.read() as connection:
        assert await rehearsals.lived(connection) == rehearsals.Lived(0, 0, 0, 0, 0, 0)
