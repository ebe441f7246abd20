"""SQLite: one connection that writes, and one on a thread of its own that reads.

The statements of a transaction run where they are asked for, in the event loop: each
takes some microseconds, and a hop to a thread and back takes several times that. What
waits is done on the connection's thread instead: for the disk, which is each commit,
and for another process to end its write. Transactions that come meanwhile queue, and
are committed together; each returns only when that commit is done.
"""

import asyncio
import sqlite3
from abc import abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from storage.database import Connection, Database, Row
from storage.errors import DatabaseUnusable, StorageError
from storage.sqlite_file import (
    PATIENCE,
    Thread,
    connect,
    is_busy,
    raise_translated,
    translated,
)
from storage.sqlite_group import Group, Part, begin_patiently, commit

# A commit waits for no more transactions than this: some milliseconds' worth.
LARGEST_GROUP = 32

Result = TypeVar("Result")

# SQLite binds $1 as a parameter whose name is "1" (https://sqlite.org/lang_expr.html#varparam).
_NAMES = tuple(str(place) for place in range(1, 100))


class SqliteDatabase(Database):
    engine = "sqlite"

    def __init__(self, path: Path, writer: Thread, reader: Thread, patience: timedelta) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._patience = patience
        self._taken = False  # somebody has the writing connection, or its thread has
        self._waiting: deque[asyncio.Future[None]] = deque()  # those who want it next
        self._open = _OpenGroup()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        self._must_be_there()
        await self._take()
        group = self._open
        connection = _Transaction(self._writer, self._path, self._patience, group)
        try:
            yield connection
            connection.keep()
        except BaseException as error:  # cancellation too
            connection.undo(error)
            raise
        finally:
            connection.over()
            self._hand_on()
        if not connection.touched:
            return
        try:
            # Shielded: others wait for the same, and a cancelled task must not take it away.
            await asyncio.shield(group.committed)
        except sqlite3.Error as error:
            raise_translated(error, self._path)

    async def _take(self) -> None:
        """Wait for the writing connection, first come, first served."""
        if not self._taken:
            self._taken = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except BaseException:
            if not turn.cancelled():
                self._hand_on()  # it had just become ours
            raise

    def _hand_on(self) -> None:
        """Give the connection to the next; before that commit, where nobody follows."""
        while self._waiting and self._waiting[0].cancelled():
            self._waiting.popleft()
        if self._open.size and (not self._waiting or self._open.full):
            self._commit().add_done_callback(lambda _: self._hand_on())
        elif self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            self._taken = False

    def _commit(self) -> "asyncio.Future[None]":
        group, self._open = self._open, _OpenGroup()
        done = self._writer.submit(partial(commit, group.group, self._patience))
        done.add_done_callback(group.settle)
        return done

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        self._must_be_there()
        yield _Reading(self._reader, self._path)

    def _must_be_there(self) -> None:
        """An open file that was deleted is written to as before, and gone with the process: nobody
        may be told that what they said is stored.
        """
        if not self._path.exists():
            raise DatabaseUnusable(
                f"tệp {self._path} không còn ở đó",
                "Hãy dừng chương trình, chép tệp lại từ bản sao lưu, rồi chạy lại.",
            )

    async def close(self) -> None:
        await self._take()
        try:
            if self._open.size:
                await asyncio.wait([self._commit()])
            await self._reader.close()
            # Last, so that it may fold the write-ahead log into the file.
            await self._writer.close()
        finally:
            self._hand_on()


class _OpenGroup:
    """The event loop's side of a group: ``committed`` is done when it is on the disk."""

    __slots__ = ("committed", "group", "sealed", "size")

    def __init__(self) -> None:
        self.group = Group()
        self.size = 0
        self.sealed = False  # nobody may join any more
        self.committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def full(self) -> bool:
        return self.sealed or self.size >= LARGEST_GROUP

    def settle(self, done: "asyncio.Future[None]") -> None:
        error = None if done.cancelled() else done.exception()
        if error is None:
            self.committed.set_result(None)
        else:
            self.committed.set_exception(error)
            self.committed.exception()  # not every group has somebody left to ask


class _Asking(Connection):
    """The verbs, for whoever can have ``work`` done on a connection of the driver's."""

    __slots__ = ()
    engine = "sqlite"

    async def execute(self, sql: str, *args: Any) -> None:
        await self._ask(lambda driver: driver.execute(sql, _named(args)))

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        named = [_named(row) for row in rows]
        await self._ask(lambda driver: driver.executemany(sql, named))

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self._ask(lambda driver: driver.execute(sql, _named(args)).fetchall())

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        return await self._ask(lambda driver: driver.execute(sql, _named(args)).fetchone())

    @abstractmethod
    async def _ask(self, work: Callable[[sqlite3.Connection], Result]) -> Result: ...


class _Reading(_Asking):
    """On the reader's thread: what only reads may read much."""

    __slots__ = ("_path", "_thread")

    def __init__(self, thread: Thread, path: Path) -> None:
        self._thread = thread
        self._path = path

    async def _ask(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            return await self._thread.submit(work)
        except sqlite3.Error as error:
            raise_translated(error, self._path)


class _Transaction(_Asking):
    __slots__ = ("_failure", "_open", "_part", "_path", "_patience", "_thread", "touched")

    def __init__(
        self, thread: Thread, path: Path, patience: timedelta, group: "_OpenGroup"
    ) -> None:
        self._thread = thread
        self._path = path
        self._patience = patience
        self._open = group
        self._part = Part(group.group)
        self._failure: BaseException | None = None
        self.touched = False  # whether anything was asked of it at all

    async def erases(self) -> None:
        self._open.group.erases = True

    async def _ask(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        self._must_be_whole()
        try:
            driver = self._thread.driver
            if not self.touched:
                self.touched = True
                self._open.size += 1
                await self._begin(driver)
            return work(driver)
        except sqlite3.Error as error:
            self._failure = translated(error, self._path)
            raise_translated(error, self._path)
        except BaseException as error:
            self._failure = error
            raise

    async def _begin(self, driver: sqlite3.Connection) -> None:
        try:
            self._part.begin(driver)
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            begun = self._thread.submit(partial(begin_patiently, self._patience))
            try:
                await asyncio.shield(begun)
            except asyncio.CancelledError:
                self._open.sealed = True  # the thread is still at it
                raise
            self._part.begun_elsewhere()

    def keep(self) -> None:
        """Leave it to be committed with its group."""
        self._must_be_whole()
        try:
            self._part.keep(self._thread.driver)
        except sqlite3.Error as error:
            raise_translated(error, self._path)

    def undo(self, cause: BaseException) -> None:
        self._part.undo(cause, self._thread.driver)

    def over(self) -> None:
        if self._failure is None:
            self._failure = RuntimeError("over")

    def _must_be_whole(self) -> None:
        if isinstance(self._failure, StorageError):
            raise self._failure
        if self._failure is not None:
            raise RuntimeError("this transaction has failed or is over") from self._failure


def _named(args: Sequence[Any]) -> dict[str, Any]:
    # Most have a few, some thousands: as many as SQLite takes (https://sqlite.org/limits.html).
    names = _NAMES if len(args) <= len(_NAMES) else map(str, range(1, len(args) + 1))
    return dict(zip(names, args, strict=False))


async def open_file(
    path: Path, *, create: bool = True, patience: timedelta = PATIENCE, lasting: bool = True
) -> SqliteDatabase:
    """Open one SQLite file for this process; other processes may have it open too."""
    writer = Thread(partial(connect, path, create=create, patience=patience), iter_chunk_size=64)
    reader = Thread(partial(connect, path, create=False, patience=patience), iter_chunk_size=64)
    try:
        await writer
        await reader
        writer.row_factory = reader.row_factory = sqlite3.Row
        # From here on it is asked in the event loop, which must never wait: ``begin_patiently`` does.
        await writer.submit(lambda driver: driver.execute("PRAGMA busy_timeout = 0"))
        await reader.submit(lambda driver: driver.execute("PRAGMA query_only = ON"))
        if not lasting:
            await writer.submit(lambda driver: driver.execute("PRAGMA synchronous = OFF"))
    except BaseException as error:  # cancellation too: no thread may outlive the loop
        await reader.close()
        await writer.close()
        reader.wait_for_end()
        writer.wait_for_end()
        if isinstance(error, sqlite3.Error):
            raise_translated(error, path)
        raise
    return SqliteDatabase(path, writer, reader, patience)
