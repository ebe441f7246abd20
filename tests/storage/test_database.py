import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.database import Connection, Database
from storage.errors import DatabaseUnusable
from storage.opening import open_database

ROOT = Path(__file__).resolve().parents[2]
BEAT = "INSERT INTO worker (id, beat_at) VALUES ($1, $2)"


async def workers(database: Database) -> list[tuple[Any, ...]]:
    async with database.read() as connection:
        return [tuple(row) for row in await connection.fetch("SELECT * FROM worker ORDER BY id")]


async def test_what_a_transaction_wrote_is_read_after_it(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(BEAT, "w1", 1)
        await connection.executemany(BEAT, [("w2", 2), ("w3", 3)])

    assert await workers(database) == [("w1", 1), ("w2", 2), ("w3", 3)]


async def test_queued_writes_are_seen_by_the_next_fetch(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(BEAT, "w1", 7)
        seen = await connection.fetchval("SELECT beat_at FROM worker WHERE id = $1", "w1")

    assert seen == 7


async def test_a_transaction_sees_nothing_of_itself_outside_before_its_commit(
    database: Database,
) -> None:
    async with database.transaction() as connection:
        await connection.execute(BEAT, "w1", 1)
        await connection.fetchval("SELECT 1")

        assert await workers(database) == []


async def test_parameters_are_bound_by_their_number(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO worker (beat_at, id) VALUES ($2, $1)", "w1", 5)

    assert await workers(database) == [("w1", 5)]


async def test_a_statement_may_have_thousands_of_parameters(database: Database) -> None:
    places = ", ".join(f"CAST(${place} AS INTEGER)" for place in range(1, 2_001))
    async with database.read() as connection:
        found = await connection.fetchval(
            f"SELECT COUNT(*) FROM (SELECT 7 AS one) AS numbers WHERE one IN ({places})",
            *range(2_000),
        )

    assert found == 1


async def test_rows_are_read_by_name_by_place_and_in_order(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(BEAT, "w1", 5)
        row = await connection.fetchrow("SELECT id, beat_at FROM worker")

    assert row is not None
    assert (row["id"], row[1], list(row), list(row.keys())) == (
        "w1",
        5,
        ["w1", 5],
        ["id", "beat_at"],
    )


async def test_no_row_is_none(database: Database) -> None:
    async with database.read() as connection:
        none_row = await connection.fetchrow("SELECT * FROM worker")
        none_value = await connection.fetchval("SELECT id FROM worker")

    assert (none_row, none_value) == (None, None)


async def test_an_exception_rolls_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await connection.execute(BEAT, "w1", 1)
            await connection.fetchval("SELECT 1")
            await connection.execute(BEAT, "w2", 1)
            raise ZeroDivisionError

    assert await workers(database) == []


async def test_a_cancelled_task_rolls_everything_back(database: Database) -> None:
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with database.transaction() as connection:
            await connection.execute(BEAT, "w1", 1)
            await connection.fetchval("SELECT 1")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as connection:
        await connection.execute(BEAT, "w2", 2)

    assert await workers(database) == [("w2", 2)]


async def test_a_task_cancelled_in_the_middle_of_a_transaction_rolls_everything_back(
    database: Database,
) -> None:
    async def write(started: asyncio.Event) -> None:
        async with database.transaction() as connection:
            await connection.execute(BEAT, "w1", 1)
            started.set()
            await connection.fetchval("SELECT COUNT(*) FROM worker")
            # SQLite waits for nothing before its commit; a commit that is begun may well end.
            await asyncio.Event().wait()

    started = asyncio.Event()
    task = asyncio.create_task(write(started))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await workers(database) == []


async def test_a_swallowed_failure_still_rolls_back_and_is_raised(database: Database) -> None:
    with pytest.raises(RuntimeError, match="has failed"):
        async with database.transaction() as connection:
            await connection.execute(BEAT, "w1", 1)
            await fail_quietly(connection)

    assert await workers(database) == []


async def fail_quietly(connection: Connection) -> None:
    try:
        await connection.fetchval("SELECT nonsense FROM worker")
    except Exception:  # noqa: BLE001 - each driver has its own
        return
    pytest.fail("the statement ran")


async def test_a_broken_constraint_raises_by_the_commit_and_rolls_back(
    database: Database,
) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.transaction() as connection:
            await connection.execute(BEAT, "w1", 1)
            await connection.execute(BEAT, "w1", 2)

    assert await workers(database) == []


async def test_foreign_keys_are_held(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.transaction() as connection:
            await connection.execute(
                "INSERT INTO attempt (learner_id, lesson, seed, started_at, question_count)"
                " VALUES (99, 'l', 1, 1, 1)"
            )


async def test_a_connection_is_of_no_use_after_its_transaction(database: Database) -> None:
    async with database.transaction() as kept:
        pass

    with pytest.raises(RuntimeError, match="is over"):
        await kept.execute(BEAT, "w1", 1)
    assert await workers(database) == []


async def test_a_reading_connection_refuses_to_write(database: Database) -> None:
    with pytest.raises(DatabaseUnusable):
        async with database.read() as connection:
            await connection.execute(BEAT, "w1", 1)

    assert await workers(database) == []


async def test_many_transactions_at_once_lose_nothing(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(BEAT, "w1", 0)

    async def add_one() -> None:
        async with database.transaction() as connection:
            await connection.execute("UPDATE worker SET beat_at = beat_at + 1 WHERE id = 'w1'")
            await connection.fetchval("SELECT beat_at FROM worker")

    await asyncio.gather(*(add_one() for _ in range(40)))

    assert await workers(database) == [("w1", 40)]


async def test_failures_among_many_transactions_undo_only_themselves(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(BEAT, f"w{number}", number)
            await connection.fetchval("SELECT 1")
            await connection.execute(BEAT, f"x{number}", number)
            if number % 3 == 1:
                raise ZeroDivisionError
            if number % 3 == 2:
                # Fails in the database itself, in the hop of the commit.
                await connection.execute(BEAT, f"w{number}", number)

    results = await asyncio.gather(*(write(number) for number in range(9)), return_exceptions=True)

    assert [result is None for result in results] == [True, False, False] * 3
    assert await workers(database) == [
        ("w0", 0), ("w3", 3), ("w6", 6), ("x0", 0), ("x3", 3), ("x6", 6),
    ]  # fmt: skip


async def test_tasks_cancelled_while_they_wait_hold_nobody_up(database: Database) -> None:
    async def write(name: str) -> None:
        async with database.transaction() as connection:
            await connection.execute(BEAT, name, 1)

    tasks = [asyncio.create_task(write(f"w{number}")) for number in range(6)]
    await asyncio.sleep(0)
    for task in tasks[1:]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5):
        await write("last")

    assert ("last", 1) in await workers(database)


async def test_what_was_committed_is_there_after_opening_again(url: str) -> None:
    first = await open_database(url)
    async with first.transaction() as connection:
        await connection.execute(BEAT, "w1", 1)
    await first.close()
    await first.close()
    second = await open_database(url)

    assert await workers(second) == [("w1", 1)]
    await second.close()


ADD_ONE_MANY_TIMES = """
import asyncio, sys
from storage.opening import open_database

async def main(url):
    database = await open_database(url)
    for _ in range(30):
        async with database.transaction() as connection:
            before = await connection.fetchval(
                "SELECT beat_at FROM worker WHERE id = 'w1' FOR UPDATE"
                if connection.engine == "postgresql"
                else "SELECT beat_at FROM worker WHERE id = 'w1'"
            )
            await connection.execute("UPDATE worker SET beat_at = $1", before + 1)
    await database.close()

asyncio.run(main(sys.argv[1]))
"""


async def test_two_processes_write_to_one_database(database: Database, url: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(BEAT, "w1", 0)
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", ADD_ONE_MANY_TIMES, url, cwd=ROOT
        )
        for _ in range(2)
    ]
    codes = [await process.wait() for process in processes]

    assert codes == [0, 0]
    assert await workers(database) == [("w1", 60)]
