import sqlite3
import traceback
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from storage import postgresql, sqlite_file
from storage.errors import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseNewer,
    DatabaseUnusable,
    StorageError,
)
from storage.opening import open_database
from storage.sqlite import open_file
from tests.support.databases import NoPostgresql, fresh_database, fresh_url

BEAT = "INSERT INTO worker (id, beat_at) VALUES ($1, 1)"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hocso.db",
        "sqlite://hocso.db",
        "sqlite:///",
        "mysql://root:kin-dao@host/hocso",
        "postgresql://root:kin-dao@host:port/hocso",
        "postgresql://root:kin-dao@host",
    ],
)
async def test_a_url_of_another_form_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseUnusable) as raised:
        await open_database(url)

    assert "kin-dao" not in "".join(traceback.format_exception(raised.value))


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="thư mục"):
        await open_database(f"sqlite:///{tmp_path}/none/hocso.db")


async def test_a_missing_file_is_refused_when_it_must_not_be_created(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="không mở"):
        await open_database(f"sqlite:///{tmp_path}/hocso.db", create=False)

    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hocso.db"
    file.write_text("Đây là một bức thư, không phải cơ sở dữ liệu. " * 50, encoding="utf-8")

    with pytest.raises(DatabaseUnusable, match="không phải tệp SQLite"):
        await open_database(f"sqlite:///{file}")


async def test_a_full_disk_is_said_and_writing_goes_on_when_there_is_room_again() -> None:
    async with fresh_database() as database:
        async with database.transaction() as connection:
            pages = await connection.fetchval("PRAGMA page_count")
            await connection.fetchval(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DatabaseFull):
            async with database.transaction() as connection:
                await connection.executemany(BEAT, [(f"{n:0500}",) for n in range(500)])
        async with database.transaction() as connection:
            await connection.fetchval("PRAGMA max_page_count = 100000")
            await connection.execute(BEAT, "w1")
        async with database.read() as connection:
            assert await connection.fetchval("SELECT COUNT(*) FROM worker") == 1


async def test_a_file_that_another_process_holds_is_busy_and_free_later() -> None:
    async with fresh_url("sqlite") as url:
        path = Path(url.removeprefix("sqlite:///"))
        holder = sqlite3.connect(path, isolation_level=None)
        database = await open_file(path, patience=timedelta(milliseconds=20))
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            async with database.transaction() as connection:
                await connection.execute(BEAT, "w1")
        holder.execute("ROLLBACK")
        holder.close()
        async with database.transaction() as connection:
            await connection.execute(BEAT, "w1")
        await database.close()


async def test_a_file_that_was_deleted_takes_nothing_more() -> None:
    async with fresh_url("sqlite") as url:
        file = Path(url.removeprefix("sqlite:///"))
        database = await open_database(url)
        file.rename(file.with_suffix(".away"))
        with pytest.raises(DatabaseUnusable, match="không còn ở đó"):
            async with database.transaction() as connection:
                await connection.execute(BEAT, "w1", 1)
        with pytest.raises(DatabaseUnusable, match="không còn ở đó"):
            async with database.read() as connection:
                await connection.fetch("SELECT 1")

        file.with_suffix(".away").rename(file)
        async with database.read() as connection:
            assert await connection.fetch("SELECT id FROM worker") == []
        await database.close()


async def test_a_closed_database_is_unusable() -> None:
    async with fresh_database() as database:
        await database.close()
        with pytest.raises(DatabaseUnusable):
            async with database.transaction() as connection:
                await connection.fetchval("SELECT 1")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://root:kin-dao@127.0.0.1:1/hocso",
        "postgresql://root:kin-dao@/hocso?host=/nowhere",
        "postgresql://root:kin-dao@127.0.0.1:1/hocso?sslmode=nonsense",
    ],
)
async def test_a_postgresql_that_does_not_answer_is_unusable_and_the_password_not_told(
    url: str,
) -> None:
    with pytest.raises(DatabaseUnusable) as raised:
        await open_database(url)

    assert "kin-dao" not in "".join(traceback.format_exception(raised.value))


async def test_a_postgresql_database_that_does_not_exist_is_unusable() -> None:
    try:
        async with fresh_url("postgresql") as url:
            with pytest.raises(DatabaseUnusable, match="không nhận"):
                await open_database(url.replace("hocso_test_", "hocso_none_"))
    except NoPostgresql as reason:
        pytest.skip(str(reason))


async def test_a_lost_connection_is_said_and_the_next_transaction_has_another() -> None:
    try:
        async with fresh_database("postgresql") as database:
            with pytest.raises(DatabaseUnusable, match="mất nối"):
                async with database.transaction() as connection:
                    await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            async with database.transaction() as connection:
                assert await connection.fetchval("SELECT 1") == 1
    except NoPostgresql as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize(
    ("driver_error", "kind"),
    [
        (asyncpg.DiskFullError("x"), DatabaseFull),
        (asyncpg.DeadlockDetectedError("x"), DatabaseBusy),
        (asyncpg.LockNotAvailableError("x"), DatabaseBusy),
        (asyncpg.TooManyConnectionsError("x"), DatabaseBusy),
        (TimeoutError(), DatabaseBusy),
        (asyncpg.InvalidPasswordError("x"), DatabaseUnusable),
        (asyncpg.InsufficientPrivilegeError("x"), DatabaseUnusable),
        (asyncpg.CannotConnectNowError("x"), DatabaseUnusable),
        (asyncpg.PostgresIOError("x"), DatabaseUnusable),
        (ConnectionResetError(), DatabaseUnusable),
        (asyncpg.UndefinedTableError("x"), asyncpg.UndefinedTableError),
        (asyncpg.UniqueViolationError("x"), asyncpg.UniqueViolationError),
    ],
)
def test_postgresql_trouble_is_told_from_a_mistake_in_the_sql(
    driver_error: Exception, kind: type[Exception]
) -> None:
    assert type(postgresql.translated(driver_error)) is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusy),
        (sqlite3.SQLITE_FULL, DatabaseFull),
        (sqlite3.SQLITE_IOERR_FSYNC, DatabaseUnusable),
        (sqlite3.SQLITE_READONLY_DIRECTORY, DatabaseUnusable),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, DatabaseUnusable),
        (sqlite3.SQLITE_CORRUPT, DatabaseUnusable),
        (sqlite3.SQLITE_ERROR, sqlite3.OperationalError),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.OperationalError),
    ],
)
def test_sqlite_trouble_is_told_from_a_mistake_in_the_sql(code: int, kind: type[Exception]) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code

    assert type(sqlite_file.translated(error, Path("hocso.db"))) is kind


@pytest.mark.parametrize(
    "error",
    [
        DatabaseNewer("0009", "0001"),
        DatabaseUnusable("hỏng", "Hãy sửa."),
        DatabaseFull(),
        DatabaseBusy(),
    ],
)
def test_every_error_is_one_line_that_says_what_to_do(error: StorageError) -> None:
    assert "Hãy" in str(error)
    assert "\n" not in str(error)
