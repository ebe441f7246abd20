"""SQLite: one writer on its own thread, one reader on another.

Two things cost more than the statements themselves, so both are shared. A hop
between the event loop and a thread: a transaction queues what needs no answer, and
runs it in the hop of the next statement that does, or of its end. A write that has
reached the disk: transactions that queue behind one another are committed together,
and each returns only when that commit is done.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from storage.database import Connection, Database, Row
from storage.errors import StorageError
from storage.sqlite_file import PATIENCE, Thread, connect, translated
from storage.sqlite_thread import (
    Group,
    Part,
    Queue,
    commit,
    fetch,
    fetchrow,
    finish,
    run,
    take_back,
)

# A commit waits for no more transactions than this: some milliseconds' worth.
LARGEST_GROUP = 32

Result = TypeVar("Result")

# SQLite binds $1 as a parameter whose name is "1" (https://sqlite.org/lang_expr.html#varparam).
_NAMES = tuple(str(place) for place in range(1, 100))


class SqliteDatabase(Database):
    engine = "sqlite"

    def __init__(self, path: Path, writer: Thread, reader: Thread) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._writing = asyncio.Lock()
        self._waiting = 0  # transactions that want the lock
        self._open = _OpenGroup()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        await self._take_turn()
        group = self._open
        connection = _Transaction(self._writer, self._path, Part(group.group))
        try:
            yield connection
            connection.must_be_whole()
            ended = self._end(connection, None)
        except BaseException as error:  # cancellation too
            self._end(connection, error)
            raise
        finally:
            connection.over()
            self._writing.release()
        if ended is None:
            return
        try:
            # Shielded: others wait for the same, and a cancelled task must not take it away.
            failure = await asyncio.shield(ended)
            if failure is None:
                await asyncio.shield(group.committed)
        except sqlite3.Error as error:
            raise translated(error, self._path) from error
        if isinstance(failure, sqlite3.Error):
            raise translated(failure, self._path) from failure
        if failure is not None:
            raise failure

    async def _take_turn(self) -> None:
        self._waiting += 1
        try:
            await self._writing.acquire()
        except BaseException:
            self._waiting -= 1
            if not self._waiting and not self._writing.locked():
                self._commit_now()  # those before us counted on us to do it
            raise
        self._waiting -= 1

    def _end(
        self, connection: "_Transaction", failure: BaseException | None
    ) -> "asyncio.Future[Exception | None] | None":
        """Hand the rest of this transaction to the thread, and the commit where nobody follows."""
        group = self._open
        last = not self._waiting or group.size >= LARGEST_GROUP
        if not connection.touched:
            if last:
                self._commit_now()
            return None
        work: Callable[[sqlite3.Connection], Exception | None]
        if failure is None:
            work = partial(finish, connection.part, connection.queue, last)
        else:
            work = partial(take_back, connection.part, failure, last)
        ended = self._writer.submit(work)
        group.size += 1
        if last:
            self._open = _OpenGroup()
            ended.add_done_callback(group.settle)
        return ended

    def _commit_now(self) -> None:
        group = self._open
        if group.size:
            self._open = _OpenGroup()
            done = self._writer.submit(partial(commit, group.group))
            done.add_done_callback(group.settle)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        yield _Reading(self._reader, self._path)

    async def close(self) -> None:
        async with self._writing:
            self._commit_now()
            await self._reader.close()
            # Last, so that it may fold the write-ahead log into the file.
            await self._writer.close()


class _OpenGroup:
    """The event loop's side of a group: ``committed`` is done when it is on the disk."""

    __slots__ = ("committed", "group", "size")

    def __init__(self) -> None:
        self.group = Group()
        self.size = 0
        self.committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(self, done: "asyncio.Future[Any]") -> None:
        error = None if done.cancelled() else done.exception()
        if error is None:
            self.committed.set_result(None)
        else:
            self.committed.set_exception(error)
            self.committed.exception()  # not every group has somebody left to ask


class _Reading(Connection):
    __slots__ = ("_path", "_thread")
    engine = "sqlite"

    def __init__(self, thread: Thread, path: Path) -> None:
        self._thread = thread
        self._path = path

    async def execute(self, sql: str, *args: Any) -> None:
        await self._run(partial(run, None, [(sql, _named(args))]))

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        await self._run(partial(run, None, [(sql, [_named(row) for row in rows])]))

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self._run(partial(fetch, None, [], sql, _named(args)))

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        return await self._run(partial(fetchrow, None, [], sql, _named(args)))

    async def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            return await self._thread.submit(work)
        except sqlite3.Error as error:
            raise translated(error, self._path) from error


class _Transaction(Connection):
    __slots__ = ("_failure", "_path", "_thread", "part", "queue", "touched")
    engine = "sqlite"

    def __init__(self, thread: Thread, path: Path, part: Part) -> None:
        self._thread = thread
        self._path = path
        self._failure: BaseException | None = None
        self.part = part
        self.queue: Queue = []
        self.touched = False  # whether anything was asked of it at all

    async def execute(self, sql: str, *args: Any) -> None:
        self.must_be_whole()
        self.touched = True
        self.queue.append((sql, _named(args)))

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self.must_be_whole()
        self.touched = True
        self.queue.append((sql, [_named(row) for row in rows]))

    async def erases(self) -> None:
        self.part.group.erases = True

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self._run(partial(fetch, self.part, self._taken(), sql, _named(args)))

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        return await self._run(partial(fetchrow, self.part, self._taken(), sql, _named(args)))

    def _taken(self) -> Queue:
        self.must_be_whole()
        self.touched = True
        queue, self.queue = self.queue, []
        return queue

    async def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            return await self._thread.submit(work)
        except sqlite3.Error as error:
            self._failure = translated(error, self._path)
            raise self._failure from error
        except BaseException as error:
            self._failure = error
            raise

    def must_be_whole(self) -> None:
        if isinstance(self._failure, StorageError):
            raise self._failure
        if self._failure is not None:
            raise RuntimeError("this transaction has failed or is over") from self._failure

    def over(self) -> None:
        if self._failure is None:
            self._failure = RuntimeError("over")


def _named(args: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(_NAMES, args, strict=False))


async def open_file(
    path: Path, *, create: bool = True, patience: timedelta = PATIENCE
) -> SqliteDatabase:
    """Open one SQLite file for this process; other processes may have it open too."""
    writer = Thread(partial(connect, path, create=create, patience=patience), iter_chunk_size=64)
    reader = Thread(partial(connect, path, create=False, patience=patience), iter_chunk_size=64)
    try:
        await writer
        await reader
        writer.row_factory = reader.row_factory = sqlite3.Row
        await reader.submit(lambda connection: connection.execute("PRAGMA query_only = ON"))
    except BaseException as error:  # cancellation too: no thread may outlive the loop
        await reader.close()
        await writer.close()
        reader.wait_for_end()
        writer.wait_for_end()
        if isinstance(error, sqlite3.Error):
            raise translated(error, path) from error
        raise
    return SqliteDatabase(path, writer, reader)
