"""PostgreSQL: a pool of asyncpg's connections."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar, cast

import asyncpg

from storage.database import Connection, Database, Row
from storage.errors import DatabaseBusy, DatabaseFull, DatabaseUnusable, StorageError

log = logging.getLogger(__name__)

POOL_SIZE = 10
_SECONDS_TO_CONNECT = 10
_SECONDS_PER_STATEMENT = 30
# What a server that answers does at once. One that is frozen, or behind a network that is gone,
# would be waited for without end: then the connection is dropped, and another made later.
_SECONDS_TO_LEAVE = 2

Result = TypeVar("Result")

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_BUSY = (
    asyncpg.TransactionRollbackError,  # deadlocks and failed serialisation
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TooManyConnectionsError,
    asyncpg.OutOfMemoryError,
    TimeoutError,
)
_REFUSED = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server is starting, stopping or crashed
    asyncpg.PostgresSystemError,
    asyncpg.InternalClientError,
    OSError,
)


class PostgresqlDatabase(Database):
    engine = "postgresql"

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self._connected() as (driver, connection):
            begun = driver.transaction()
            await connection.call(begun.start)
            try:
                yield connection
                connection.must_be_whole()
            except BaseException:  # cancellation too
                await _roll_back(begun)
                raise
            finally:
                connection.over()
            await _translating(driver, begun.commit)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        async with self._connected() as (driver, connection):
            begun = driver.transaction(readonly=True)
            await connection.call(begun.start)
            try:
                yield connection
            finally:
                connection.over()
                await _roll_back(begun)

    async def close(self) -> None:
        try:
            async with asyncio.timeout(_SECONDS_TO_LEAVE):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[Any, "_Connection"]]:
        acquire = partial(self._pool.acquire, timeout=_SECONDS_PER_STATEMENT)
        driver = await _translating(None, acquire)
        try:
            yield driver, _Connection(driver)
        finally:
            try:
                await self._pool.release(driver, timeout=_SECONDS_TO_LEAVE)
            except TimeoutError:
                log.warning("a connection that hung was dropped")


class _Connection(Connection):
    __slots__ = ("_driver", "_failure")
    engine = "postgresql"

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._failure: BaseException | None = None

    async def execute(self, sql: str, *args: Any) -> None:
        await self.call(self._driver.execute, sql, *args)

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        await self.call(self._driver.executemany, sql, rows)

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return cast("list[Row]", await self.call(self._driver.fetch, sql, *args))

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        return cast("Row | None", await self.call(self._driver.fetchrow, sql, *args))

    async def call(self, work: Callable[..., Coroutine[Any, Any, Result]], *args: Any) -> Result:
        self.must_be_whole()
        try:
            return await _translating(self._driver, work, *args)
        except BaseException as error:
            self._failure = error
            raise

    def must_be_whole(self) -> None:
        # PostgreSQL answers COMMIT after a failure with a silent rollback, so we remember it.
        if isinstance(self._failure, StorageError):
            raise self._failure
        if self._failure is not None:
            raise RuntimeError("this transaction has failed or is over") from self._failure

    def over(self) -> None:
        if self._failure is None:
            self._failure = RuntimeError("over")


async def open_pool(url: str) -> PostgresqlDatabase:
    """Open a pool, which proves at once that the server lets us in."""
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=_SECONDS_TO_CONNECT,
            command_timeout=_SECONDS_PER_STATEMENT,
            reset=_nothing_to_reset,
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
        # Without the cause: asyncpg may quote the URL, and with it the password.
        raise cannot_open(error) from None
    return PostgresqlDatabase(pool)


def cannot_open(error: Exception) -> StorageError:
    """Why a connection could not be made at all."""
    known = translated(error)
    if isinstance(known, StorageError):
        return known
    return DatabaseUnusable(
        "địa chỉ PostgreSQL không đúng", "Hãy xem lại tên máy chủ, cổng và tên cơ sở dữ liệu."
    )


async def _nothing_to_reset(_driver: Any) -> None:
    """We change no session state, so the round trip that would undo it is saved."""


async def _translating(
    driver: Any, work: Callable[..., Coroutine[Any, Any, Result]], *args: Any
) -> Result:
    try:
        return await work(*args)
    except (asyncpg.PostgresError, asyncpg.InternalClientError, OSError) as error:
        known = translated(error)
        if known is error:
            raise
        raise known from error
    except asyncpg.InterfaceError as error:
        # The same class says "connection is closed" and "wrong number of arguments".
        if driver is not None and not driver.is_closed():
            raise
        raise _lost() from error


async def _roll_back(begun: Any) -> None:
    """Best effort: a connection that cannot roll back is dropped when it is released."""
    try:
        async with asyncio.timeout(_SECONDS_TO_LEAVE):
            await begun.rollback()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
        log.warning("could not roll back")


def translated(error: Exception) -> Exception:
    """Trouble with the server as a ``StorageError``; a mistake in the SQL as it is."""
    if isinstance(error, asyncpg.DiskFullError):
        return DatabaseFull()
    if isinstance(error, _BUSY):
        return DatabaseBusy()
    if isinstance(error, _REFUSED):
        return DatabaseUnusable(
            "máy chủ PostgreSQL không nhận tên, mật khẩu hoặc quyền",
            "Hãy xem lại địa chỉ trong cấu hình và quyền của tài khoản.",
        )
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
        return DatabaseUnusable(
            "máy chủ PostgreSQL chỉ cho đọc", "Hãy nối tới máy chủ chính, nơi ghi được."
        )
    if isinstance(error, _LOST):
        return _lost()
    return error


def _lost() -> StorageError:
    return DatabaseUnusable(
        "không nối được, hoặc mất nối, với máy chủ PostgreSQL",
        "Hãy kiểm tra máy chủ còn chạy, rồi thử lại.",
    )
