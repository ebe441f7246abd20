"""The database: one small connection that SQLite and PostgreSQL both answer to.

SQL is written by hand, one text for both engines, with ``$1`` parameters and
asyncpg's five verbs. Where the engines truly differ, the module that holds the
SQL asks ``connection.engine`` and says why.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol, TypeAlias

Engine: TypeAlias = Literal["sqlite", "postgresql"]


class Row(Protocol):
    """One row: a column by its name or its place; iterating gives the values in order."""

    def __getitem__(self, column: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def keys(self) -> Iterable[str]: ...


class Connection(ABC):
    """What a noun's module speaks to.

    Once any statement has failed, the whole transaction is rolled back, even when the
    caller swallows the error; a broken constraint may show itself as late as the commit.
    On SQLite a statement runs in the event loop, so one that reads much belongs in
    ``Database.read``. Raises ``StorageError`` for trouble with the database itself;
    errors of the driver for a mistake in the SQL, or a broken constraint.
    """

    __slots__ = ()
    engine: Engine

    @abstractmethod
    async def execute(self, sql: str, *args: Any) -> None:
        """Run one statement; use ``RETURNING`` and ``fetchval`` when its result is needed."""

    @abstractmethod
    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of ``rows``."""

    @abstractmethod
    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        """Every row."""

    @abstractmethod
    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        """The first row, or ``None``."""

    async def erases(self) -> None:  # noqa: B027 - most have nothing to do
        """Say that this transaction takes out what nobody may find again, in no log either.

        SQLite keeps copies of pages in its write-ahead log, and empties that with the
        commit. PostgreSQL's log is its administrator's: archives and replicas read it.
        """

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or ``None``."""
        row = await self.fetchrow(sql, *args)
        return None if row is None else row[0]


class Database(ABC):
    """An open database. Safe to use from many tasks of one event loop at once."""

    engine: Engine

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """A connection whose work is committed whole when the block ends, or not at all.

        Any way out by an exception rolls back, cancellation included. A task cancelled
        while the commit itself is under way cannot know whether it was committed.
        """

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads. Each statement sees what was committed before it."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection. Safe to call twice."""
