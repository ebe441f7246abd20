"""Bringing a database to the tables this code knows, by Alembic's migrations.

Alembic and SQLAlchemy are imported only when there is something to migrate: they
take half a second, which no ordinary start should pay.
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.database import Connection
from storage.errors import DatabaseNewer
from storage.opening import open_database, sqlite_path

if TYPE_CHECKING:
    import sqlalchemy

HEAD = "0019"
"""The version this code is written for; versions are four digits and only grow."""

_MIGRATIONS = Path(__file__).with_name("migrations")
# Any number will do, as long as every process takes the same one.
_ADVISORY_LOCK = 4_736_201

_VERSION = "SELECT version_num FROM alembic_version"
_HAS_VERSION = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
    "postgresql": "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
}


def expect(url: str) -> None:
    """Import what a migration needs when there surely will be one: the file is yet to be made.

    For a program that has time now and none when it comes to ``prepare``. Touches nothing.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        import alembic.command  # noqa: F401
        import sqlalchemy.dialects.sqlite  # noqa: F401


async def prepare(url: str, *, create: bool = True) -> list[str]:
    """Migrate if there is anything to migrate. Returns the versions applied, oldest first.

    Raises ``DatabaseNewer`` when the database knows more than this code, and the other
    kinds of ``StorageError`` when it cannot be used.
    """
    database = await open_database(url, create=create)
    try:
        async with database.read() as connection:
            version = await current_version(connection)
    finally:
        await database.close()
    refuse_newer(version)
    return [] if version == HEAD else await migrate(url)


async def current_version(connection: Connection) -> str:
    """The version of the database's tables; "" when it has none of ours."""
    if await connection.fetchval(_HAS_VERSION[connection.engine]) is None:
        return ""
    return str(await connection.fetchval(_VERSION) or "")


def refuse_newer(version: str) -> None:
    if version > HEAD:
        raise DatabaseNewer(version, HEAD)


async def migrate(url: str) -> list[str]:
    """Apply what is missing, all of it in one transaction, and return those versions.

    Two processes may do this at once: the second waits, and finds nothing to do.
    """
    path = sqlite_path(url)
    if path is not None:
        return await asyncio.to_thread(_migrate_sqlite, path)
    return await _migrate_postgresql(url)


def _migrate_sqlite(path: Path) -> list[str]:
    import sqlalchemy

    from storage import sqlite_file

    engine = sqlalchemy.create_engine(
        "sqlite://",
        creator=lambda: sqlite_file.connect(path, create=True),
        poolclass=sqlalchemy.NullPool,
    )
    try:
        with engine.connect() as connection:
            # Python's driver would commit before each CREATE TABLE; ours leaves it to us.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            applied = _upgrade(connection)
            connection.commit()
            return applied
    except sqlalchemy.exc.DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise sqlite_file.translated(error.orig, path) from error
        raise


async def _migrate_postgresql(url: str) -> list[str]:
    import asyncpg
    import sqlalchemy
    from sqlalchemy.ext.asyncio import create_async_engine

    from storage import postgresql

    async def connect() -> Any:
        return await asyncpg.connect(url)

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, poolclass=sqlalchemy.NullPool
    )
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            return await connection.run_sync(_upgrade)
    except sqlalchemy.exc.DBAPIError as error:
        # SQLAlchemy's own error holds a copy of asyncpg's, whose cause is the real one.
        cause = error.orig.__cause__ if error.orig is not None else None
        if isinstance(cause, asyncpg.PostgresError):
            raise postgresql.translated(cause) from error
        raise
    except (asyncpg.PostgresError, OSError) as error:
        raise postgresql.translated(error) from error


def _upgrade(connection: "sqlalchemy.Connection") -> list[str]:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    # Once more, now that nobody else can change it.
    refuse_newer(MigrationContext.configure(connection).get_current_revision() or "")
    applied: list[str] = []

    def note(*, step: Any, **_: Any) -> None:
        applied.append(step.up_revision_id)

    config = Config(attributes={"connection": connection, "applied": note})
    # ConfigParser takes % for the start of a reference.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
    return applied
