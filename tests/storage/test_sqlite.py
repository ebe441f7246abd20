"""What only SQLite's own way of committing could get wrong."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from storage.errors import DatabaseFull, DatabaseUnusable, StorageError
from storage.sqlite import LARGEST_GROUP, SqliteDatabase, open_file
from tests.conftest import ROOT
from tests.support.databases import fresh_url

BEAT = "INSERT INTO worker (id, beat_at) VALUES ($1, 1)"


@pytest.fixture
async def database() -> AsyncIterator[SqliteDatabase]:
    async with fresh_url("sqlite") as url:
        opened = await open_file(Path(url.removeprefix("sqlite:///")))
        yield opened
        await opened.close()


async def write(database: SqliteDatabase, name: str, *and_then: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(BEAT, name)
        await connection.fetchval("SELECT 1")
        for sql in and_then:
            await connection.execute(sql)


async def stored(database: SqliteDatabase) -> list[str]:
    async with database.read() as connection:
        return [row[0] for row in await connection.fetch("SELECT id FROM worker ORDER BY id")]


async def trace(database: SqliteDatabase) -> list[str]:
    """Every statement that reaches SQLite from now on."""
    statements: list[str] = []
    await database._writer.set_trace_callback(statements.append)
    return statements


async def test_it_is_set_up_to_lose_nothing(database: SqliteDatabase) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    async with database.transaction() as connection:
        found = {name: await connection.fetchval(f"PRAGMA {name}") for name in names}

    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 0,  # the event loop never waits for another process
        "secure_delete": 1,
    }


async def test_a_whole_transaction_takes_one_hop(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What makes a turn quick: hops between threads would be most of its cost."""
    hops = []
    submit = database._writer.submit

    def counted(work: Any) -> Any:
        hops.append(work)
        return submit(work)

    monkeypatch.setattr(database._writer, "submit", counted)
    async with database.transaction() as connection:
        for number in range(5):
            await connection.execute(BEAT, f"w{number}")
            assert await connection.fetchval("SELECT COUNT(*) FROM worker") == number + 1

    assert len(hops) == 1
    assert len(await stored(database)) == 5


@asynccontextmanager
async def held_by_another(database: SqliteDatabase) -> AsyncIterator[sqlite3.Connection]:
    """Another process's connection, which is just writing."""
    holder = sqlite3.connect(database._path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield holder
    finally:
        holder.close()


async def test_the_event_loop_goes_on_while_another_process_writes(
    database: SqliteDatabase,
) -> None:
    async with held_by_another(database) as holder, asyncio.timeout(5):
        writing = [asyncio.create_task(write(database, f"w{number}")) for number in range(3)]
        await turns(20)
        assert not any(task.done() for task in writing)
        holder.execute("ROLLBACK")
        said = await outcomes(*writing)

    assert said == ["NoneType"] * 3
    assert await stored(database) == ["w0", "w1", "w2"]


@pytest.mark.parametrize("after", range(4))
async def test_one_cancelled_while_another_process_writes_holds_nobody_up(
    database: SqliteDatabase, after: int
) -> None:
    async with held_by_another(database) as holder, asyncio.timeout(5):
        writing = [asyncio.create_task(write(database, f"w{number}")) for number in range(3)]
        await turns(after)
        writing[0].cancel()
        await turns(20)
        holder.execute("ROLLBACK")
        said = await outcomes(*writing)

    assert said == ["CancelledError", "NoneType", "NoneType"]
    assert await stored(database) == ["w1", "w2"]


async def test_a_transaction_that_asks_nothing_costs_nothing(database: SqliteDatabase) -> None:
    statements = await trace(database)
    async with database.transaction():
        pass

    assert statements == []


async def test_transactions_that_queue_are_committed_together(database: SqliteDatabase) -> None:
    statements = await trace(database)
    await asyncio.gather(*(write(database, f"w{number}") for number in range(10)))

    # The first, who finds nobody there, and then all who came during its commit.
    assert statements.count("COMMIT") == 2
    assert len(await stored(database)) == 10


async def test_no_commit_waits_for_more_than_the_largest_group(database: SqliteDatabase) -> None:
    statements = await trace(database)
    await asyncio.gather(*(write(database, f"w{n}") for n in range(3 * LARGEST_GROUP)))

    assert statements.count("COMMIT") == 4
    assert len(await stored(database)) == 3 * LARGEST_GROUP


async def outcomes(*work: Any) -> list[str]:
    results = await asyncio.gather(*work, return_exceptions=True)
    return [type(result).__name__ for result in results]


async def test_one_of_a_group_that_fails_does_not_harm_the_others(
    database: SqliteDatabase,
) -> None:
    said = await outcomes(
        write(database, "w1", "SELECT nonsense"),
        write(database, "w2"),
        write(database, "w3", "SELECT nonsense"),
        write(database, "w4"),
    )

    assert said == ["OperationalError", "NoneType", "OperationalError", "NoneType"]
    assert await stored(database) == ["w2", "w4"]


async def test_when_all_is_rolled_back_nobody_of_the_group_believes_to_be_stored(
    database: SqliteDatabase,
) -> None:
    # As SQLite does by itself on some failures of the disk.
    said = await outcomes(
        write(database, "w0"),
        write(database, "w1"),
        write(database, "w2", "ROLLBACK"),
        write(database, "w3"),
    )
    await write(database, "w4")

    # The first was committed before the others began.
    assert [name == "NoneType" for name in said] == [True, False, False, False]
    assert await stored(database) == ["w0", "w4"]


async def test_a_disk_that_fills_up_is_told_to_exactly_those_who_are_not_stored(
    database: SqliteDatabase,
) -> None:
    async with database.transaction() as connection:
        pages = await connection.fetchval("PRAGMA page_count")
        # Room for the first group; not for the second.
        await connection.fetchval(f"PRAGMA max_page_count = {pages + 12}")
    names = [f"{number:0400}" for number in range(2 * LARGEST_GROUP)]
    results = await asyncio.gather(
        *(write(database, name) for name in names), return_exceptions=True
    )

    assert {type(result) for result in results} == {type(None), DatabaseFull}
    assert await stored(database) == [
        name for name, result in zip(names, results, strict=True) if result is None
    ]


async def test_one_cancelled_while_the_group_is_committed_takes_nothing_from_the_others(
    database: SqliteDatabase,
) -> None:
    gate, go_on = threading.Event(), asyncio.Event()
    database._writer.submit(lambda _: gate.wait())
    tasks = [asyncio.create_task(hold(database, "w0", go_on))]
    tasks += [asyncio.create_task(write(database, f"w{number}")) for number in range(1, 4)]
    await turns(1)
    go_on.set()
    await turns(20)
    tasks[1].cancel()
    await turns(5)
    gate.set()
    said = await outcomes(*tasks)

    assert said == ["NoneType", "CancelledError", "NoneType", "NoneType"]
    assert await stored(database) == ["w0", "w1", "w2", "w3"]


@pytest.mark.parametrize("after", range(8))
async def test_followers_cancelled_at_any_moment_leave_no_commit_undone(
    database: SqliteDatabase, after: int
) -> None:
    go_on = asyncio.Event()
    async with asyncio.timeout(5):
        first = asyncio.create_task(hold(database, "w1", go_on))
        followers = [asyncio.create_task(write(database, f"x{number}")) for number in range(3)]
        await turns(1)
        go_on.set()
        await turns(after)
        for follower in followers:
            follower.cancel()
        await first

    assert "w1" in await stored(database)


async def hold(database: SqliteDatabase, name: str, go_on: asyncio.Event) -> None:
    """Write, and keep everybody waiting."""
    async with database.transaction() as connection:
        await connection.execute(BEAT, name)
        await go_on.wait()


async def turns(count: int) -> None:
    """Let the event loop go round so many times."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_closing_commits_what_was_done_and_refuses_what_comes_later(
    database: SqliteDatabase,
) -> None:
    statements = await trace(database)
    before = [asyncio.create_task(write(database, f"w{number}")) for number in range(3)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    after = asyncio.create_task(write(database, "late"))
    async with asyncio.timeout(5):
        said = await outcomes(*before, closing, after)

    assert said == ["NoneType"] * 4 + ["DatabaseUnusable"]
    assert issubclass(DatabaseUnusable, StorageError)
    assert statements.count("COMMIT") == 2


async def test_a_mistake_in_the_sql_is_raised_as_it_is(database: SqliteDatabase) -> None:
    async with database.read() as connection:
        with pytest.raises(sqlite3.OperationalError, match="nonsense") as raised:
            await connection.fetch("SELECT nonsense")

    assert raised.value.__cause__ is None


def test_a_process_that_could_not_close_it_ends(tmp_path: Path) -> None:
    program = f"""
import asyncio
from pathlib import Path
from storage.sqlite import open_file

asyncio.run(open_file(Path({str(tmp_path / "hocso.db")!r})))
raise SystemExit(3)
"""
    assert run([sys.executable, "-c", program], cwd=ROOT, timeout=60, check=False).returncode == 3
