"""Writes down what went out: all that was sent since the last time, in one transaction."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from channels.base import Sent
from conversation.replies import AskQuestion
from conversation.turn import Ready
from storage import deliveries, polls, recipients
from storage.database import Connection, Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

_AGAIN = 0.5  # seconds, while the database cannot be written


@dataclass(frozen=True, slots=True)
class _Settled:
    rows: Sequence[Ready]
    sent: Sent
    written: "asyncio.Future[None]"


class Settler:
    """Keeps what is sent until the database has it; nothing is forgotten but by a kill."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._unwritten: list[_Settled] = []
        self._some = asyncio.Event()
        self._quiet = asyncio.Event()  # all is written
        self._quiet.set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._write_forever(), name="outbox settler")

    async def stop(self) -> None:
        """Write what is left, as far as the database lets us."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        with suppress(StorageError):
            await self._write()

    def settle(self, rows: Sequence[Ready], sent: Sent) -> "asyncio.Future[None]":
        """Note that these went out, as one. The future is done when that is committed."""
        written = asyncio.get_running_loop().create_future()
        self._unwritten.append(_Settled(rows, sent, written))
        self._some.set()
        self._quiet.clear()
        return written

    async def quiet(self) -> None:
        """Wait until everything is written."""
        await self._quiet.wait()

    async def _write_forever(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            try:
                await self._write()
            except StorageError as error:
                # They are sent and must not be sent again: hold on until the rows can say so.
                log.error("cannot settle %d deliveries: %s", len(self._unwritten), error)  # noqa: TRY400
                await self._rest()
            except Exception:
                log.exception("cannot settle %d deliveries", len(self._unwritten))
                await self._rest()
            if not self._unwritten:
                self._quiet.set()

    async def _rest(self) -> None:
        await asyncio.sleep(_AGAIN)
        self._some.set()

    async def _write(self) -> None:
        """Write everything sent since the last time."""
        batch = self._unwritten
        if not batch:
            return
        self._unwritten = []
        try:
            try:
                async with self._database.transaction() as connection:
                    await self._settle(connection, batch)
                    await self._remember_polls(connection, batch)
            except StorageError:
                raise
            except Exception:
                # A fault of ours around one poll: its votes will be old buttons, and no more.
                log.exception("the polls of %d deliveries cannot be remembered", len(batch))
                async with self._database.transaction() as connection:
                    await self._settle(connection, batch)
        except BaseException:
            self._unwritten = batch + self._unwritten
            raise
        for one in batch:
            if not one.written.done():  # cancelled when its sender was
                one.written.set_result(None)

    async def _settle(self, connection: Connection, batch: Sequence[_Settled]) -> None:
        rows = [row for one in batch for row in one.rows]
        broadcast = [row.id for row in rows if row.priority == deliveries.BROADCAST]
        if broadcast:
            await recipients.sent(connection, broadcast, self._now())
        await deliveries.settle_sent(connection, [row.id for row in rows])

    async def _remember_polls(self, connection: Connection, batch: Sequence[_Settled]) -> None:
        for one in batch:
            last = one.rows[-1]
            if one.sent.poll and isinstance(last.reply, AskQuestion):
                await polls.remember(
                    connection,
                    last.channel,
                    one.sent.poll,
                    last.address_id,
                    json.dumps([option.action.encode() for option in last.reply.options]),
                    self._now(),
                )
