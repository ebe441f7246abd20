"""The real ``python bot.py`` as a process of its own, in a folder of its own."""

import asyncio
import ctypes
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Self

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0  # seconds until something that should have happened has not


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """Nothing of ours but these settings, ``web__port`` for ``HOCSO_WEB__PORT``."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    ours = {f"HOCSO_{name.upper()}": str(value) for name, value in settings.items()}
    return {**kept, "LANG": "C.UTF-8", **ours}


def without_root() -> None:
    """In a child, before it runs: root obeys the permissions of files too."""
    drop_from_bounding_set, dac_override, dac_read_search = 24, 1, 2  # <linux/prctl.h>
    libc = ctypes.CDLL(None)
    for capability in (dac_override, dac_read_search):
        libc.prctl(drop_from_bounding_set, capability, 0, 0, 0)


class Bot:
    """``async with Bot(folder) as bot:`` starts it; leaving kills it if it still runs."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        port: int = 0,
        root: Path = ROOT,
        before: Callable[[], None] | None = None,
        pythonpath: str = "",
        **settings: Any,
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.out: list[str] = []
        self.log: list[str] = []
        self._arguments = (str(root / "bot.py"), *arguments)
        self._environment = environment({"web__port": self.port, **settings})
        if pythonpath:
            self._environment["PYTHONPATH"] = pythonpath
        self._before = before
        self._said = asyncio.Condition()
        self._readers: list[asyncio.Task[None]] = []
        self._open = 2  # streams that may still say something

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "hocso.db"

    @property
    def all_said(self) -> str:
        return "\n".join((*self.out, *self.log))

    async def __aenter__(self) -> Self:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._arguments,
            cwd=self.folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=self._before,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._readers = [
            asyncio.create_task(self._read(self.process.stdout, self.out)),
            asyncio.create_task(self._read(self.process.stderr, self.log)),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.ended()

    async def ready(self) -> Self:
        """Wait for the line that says where to go."""
        await self._until(lambda: bool(self.out), "nothing on stdout")
        return self

    async def logged(self, words: str, times: int = 1) -> None:
        """Wait for a line of the log that holds these words."""
        await self._until(
            lambda: sum(words in line for line in self.log) >= times, f"not logged: {words}"
        )

    async def ended(self) -> int:
        """Wait for its end; the exit code."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*self._readers)
            return await self.process.wait()

    async def told(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(number)
        return await self.ended()

    async def health(self) -> tuple[int, dict[str, object]]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.url}/healthz") as answer,
        ):
            return answer.status, await answer.json()

    async def until_health(self, sound: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """Ask until the answer is so; a handful of times a second."""
        async with asyncio.timeout(PATIENCE):
            while not sound(said := (await self.health())[1]):  # noqa: ASYNC110 - it cannot tell us
                await asyncio.sleep(0.1)
        return said

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Look into (or change) the database from outside."""
        with closing(sqlite3.connect(self.database, timeout=5)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    async def until_sql(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        """Ask the database until it answers this."""
        async with asyncio.timeout(PATIENCE):
            while self.sql(statement) != rows:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)

    async def _until(self, sound: Callable[[], bool], why_not: str) -> None:
        def over() -> bool:
            return sound() or not self._open

        async with asyncio.timeout(PATIENCE), self._said:
            await self._said.wait_for(over)
        assert sound(), f"{why_not}; it said:\n{self.all_said}"

    async def _read(self, stream: asyncio.StreamReader, into: list[str]) -> None:
        async for line in stream:
            into.append(line.decode().rstrip("\n"))
            async with self._said:
                self._said.notify_all()
        self._open -= 1
        async with self._said:
            self._said.notify_all()
