import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from storage.errors import DatabaseNewer
from storage.migrate import HEAD, current_version, migrate, prepare
from storage.opening import open_database

ROOT = Path(__file__).resolve().parents[2]
STORED = sorted(Path(__file__).with_name("stored").glob("*.sql"))


def versions() -> list[str]:
    """Every migration's version as Alembic reads them, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "storage" / "migrations"))
    revisions = ScriptDirectory.from_config(config).walk_revisions()
    return [revision.revision for revision in revisions][::-1]


def test_head_is_alembics_head() -> None:
    assert versions()[-1] == HEAD


def test_versions_only_grow() -> None:
    assert versions() == sorted(versions())


def test_every_past_version_has_a_stored_file() -> None:
    assert [file.stem for file in STORED] == versions()


async def test_a_new_database_gets_every_version_once(empty_url: str) -> None:
    first = await prepare(empty_url)
    again = await prepare(empty_url)
    database = await open_database(empty_url)
    async with database.read() as connection:
        version = await current_version(connection)
    await database.close()

    assert (first, again, version) == (versions(), [], HEAD)


async def test_a_database_without_tables_has_no_version(empty_url: str) -> None:
    database = await open_database(empty_url)
    async with database.read() as connection:
        version = await current_version(connection)
    await database.close()

    assert version == ""


@pytest.mark.parametrize("bring_up", [prepare, migrate])
async def test_a_newer_database_is_refused_and_left_alone(
    url: str, bring_up: Callable[[str], Awaitable[list[str]]]
) -> None:
    database = await open_database(url)
    async with database.transaction() as connection:
        await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match="9999"):
        await bring_up(url)
    async with database.read() as connection:
        version = await current_version(connection)
    await database.close()

    assert version == "9999"


MIGRATE = """
import asyncio, sys
from storage.migrate import migrate
print(asyncio.run(migrate(sys.argv[1])))
"""


async def test_of_two_processes_migrating_at_once_one_does_it(empty_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, empty_url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [(await process.communicate())[0].decode().strip() for process in processes]

    assert sorted(said) == sorted([str(versions()), "[]"])


PREPARE = """
import asyncio, sys
from storage.migrate import prepare
applied = asyncio.run(prepare(sys.argv[1]))
print(applied, sorted({"alembic", "sqlalchemy"} & set(sys.modules)))
"""


async def test_alembic_is_not_even_imported_when_there_is_nothing_to_migrate(url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PREPARE, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert said.decode().strip() == "[] []"


@pytest.mark.parametrize("stored", STORED, ids=lambda file: file.stem)
async def test_a_stored_file_of_every_past_version_keeps_its_rows(
    stored: Path, tmp_path: Path
) -> None:
    file = tmp_path / "hocso.db"
    connection = sqlite3.connect(file)
    connection.executescript(stored.read_text(encoding="utf-8"))
    before = {table: _rows(connection, table) for table in _tables(connection)}
    connection.close()
    applied = await prepare(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    after = {table: _rows(connection, table) for table in before}
    connection.close()

    assert applied == versions()[versions().index(stored.stem) + 1 :]
    assert [table for table, rows in before.items() if not rows] == []
    for table in set(before) - {"alembic_version"}:
        # Later versions may add columns; none may lose what an old one holds.
        assert [
            {column: row[column] for column in old}
            for old, row in zip(before[table], after[table], strict=True)
        ] == before[table]


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return sorted(name for (name,) in found)


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    cursor = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
