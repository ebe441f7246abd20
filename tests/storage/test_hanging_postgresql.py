"""A PostgreSQL server that takes connections and no longer answers, until it does again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest

from storage import postgresql
from storage.errors import DatabaseBusy
from tests.support.databases import NoPostgresql, fresh_url


class _Network:
    """Between the program and the server; while ``whole`` is not set, nothing comes through."""

    def __init__(self, url: str) -> None:
        self.whole = asyncio.Event()
        self.whole.set()
        self._server = urlsplit(url)
        self._tasks: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def between(self) -> AsyncIterator[str]:
        """The server's URL by this way."""
        listener = await asyncio.start_server(self._join, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        who, _, _ = self._server.netloc.rpartition("@")
        try:
            yield f"postgresql://{who}@127.0.0.1:{port}{self._server.path}"
        finally:
            listener.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        folder = parse_qs(self._server.query).get("host")
        if folder:
            path = f"{folder[0]}/.s.PGSQL.{self._server.port or 5432}"
            from_server, to_server = await asyncio.open_unix_connection(path)
        else:
            from_server, to_server = await asyncio.open_connection(
                self._server.hostname, self._server.port or 5432
            )
        for source, sink in ((reader, to_server), (from_server, writer)):
            self._tasks.append(asyncio.create_task(self._carry(source, sink)))

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while carried := await source.read(65_536):
                await self.whole.wait()
                sink.write(carried)
        except ConnectionError:
            pass
        finally:
            sink.close()


async def test_a_server_that_hangs_is_left_in_time_and_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgresql, "_SECONDS_PER_STATEMENT", 0.5)
    monkeypatch.setattr(postgresql, "_SECONDS_TO_LEAVE", 0.1)
    try:
        async with fresh_url("postgresql") as url:
            network = _Network(url)
            async with network.between() as way, asyncio.timeout(15):
                database = await postgresql.open_pool(way)

                network.whole.clear()
                with pytest.raises(DatabaseBusy):
                    async with database.transaction() as connection:
                        await connection.fetchval("SELECT 1")
                network.whole.set()
                async with database.transaction() as connection:
                    answer = await connection.fetchval("SELECT 1")

                network.whole.clear()
                await database.close()
    except NoPostgresql as reason:
        pytest.skip(str(reason))
    assert answer == 1
