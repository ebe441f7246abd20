"""A SQLite file as one connection of a driver on a thread, and what its errors mean."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

import aiosqlite

from storage.errors import DatabaseBusy, DatabaseFull, DatabaseUnusable

PATIENCE = timedelta(seconds=5)  # how long to wait for another process's write
_CACHED_STATEMENTS = 512
_PAGE_CACHE_KIB = 16_384

Result = TypeVar("Result")


class Thread(aiosqlite.Connection):
    """aiosqlite's connection and thread, with one call that does any work in a single hop."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        # After a fault that left no time to close it, the process must end, to be started again.
        self._thread.daemon = True

    @property
    def driver(self) -> sqlite3.Connection:
        """The connection itself, for whoever sees to it that the thread does not use it too."""
        if not self._running or self._connection is None:
            raise DatabaseUnusable("đã đóng", "Hãy khởi động lại chương trình.")
        return self._connection

    def submit(self, work: Callable[[sqlite3.Connection], Result]) -> "asyncio.Future[Result]":
        """Queue ``work`` at once, in order; its result may be awaited or left alone."""
        driver = self.driver
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._tx.put_nowait((future, partial(work, driver)))
        return future

    def wait_for_end(self) -> None:
        """After a failed opening: the thread is about to end; see it out before the loop closes."""
        if self._thread.ident is not None:
            self._thread.join()


def connect(
    path: Path, *, create: bool = False, patience: timedelta = PATIENCE
) -> sqlite3.Connection:
    """A driver's connection set up as every one of ours is; raises ``sqlite3.Error``.

    Any thread may use it, but never two at once.
    """
    if create:
        _make_private(path)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}",
        uri=True,
        timeout=patience.total_seconds(),
        check_same_thread=False,
        isolation_level=None,  # BEGIN and COMMIT are ours to say
        cached_statements=_CACHED_STATEMENTS,
    )
    try:
        # A kill -9 or a power cut loses nothing that was committed.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What was deleted is overwritten: an erasure leaves nothing to read in the file.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA cache_size = -{_PAGE_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """A new file is for its owner alone; SQLite gives the files beside it the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        return  # it is there already; or cannot be made, which SQLite tells better


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another process writes just now."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def raise_translated(error: sqlite3.Error, path: Path) -> NoReturn:
    """Raise what ``translated`` makes of it, and where from."""
    told = translated(error, path)
    if told is error:
        raise error  # an error that is its own cause has no end
    raise told from error


def translated(error: sqlite3.Error, path: Path) -> Exception:
    """Trouble with the file itself as a ``StorageError``; a mistake in the SQL as it is.

    https://sqlite.org/rescode.html lists the codes.
    """
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return DatabaseBusy()
        case sqlite3.SQLITE_FULL:
            return DatabaseFull()
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return DatabaseUnusable(
                f"không mở hoặc không ghi được tệp {path}",
                "Hãy kiểm tra thư mục có tồn tại và chương trình có quyền ghi vào đó.",
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return DatabaseUnusable(
                f"tệp {path} hỏng hoặc không phải tệp SQLite",
                "Hãy chọn tệp khác, hoặc chép lại từ bản sao lưu.",
            )
        case sqlite3.SQLITE_IOERR:
            return DatabaseUnusable(f"ổ đĩa báo lỗi khi đọc, ghi tệp {path}", "Hãy kiểm tra ổ đĩa.")
        case _:
            return error
