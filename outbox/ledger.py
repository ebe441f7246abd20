"""Writes down what did not simply go out: put back, set aside, stopped."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.turn import Ready
from storage import addresses, claimed_deliveries, deliveries, errands
from storage.database import Connection, Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

_STORE_AGAIN = 0.5  # seconds, while the database cannot be written


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an address must wait, and until when. ``tried`` says that the platform saw its first."""

    reason: str
    until: datetime
    tried: bool = False


class Ledger:
    """Every write is tried until the database takes it.

    Giving up would leave the rows claimed by a process that lives and has forgotten
    them. ``close`` ends the trying: then the claims are anybody's.
    """

    def __init__(self, database: Database, now: Callable[[], datetime], worker: str) -> None:
        self._database = database
        self._now = now
        self._worker = worker
        self._closed = False

    def close(self) -> None:
        self._closed = True

    async def put_back(self, rows: Sequence[Ready], hold: Hold) -> None:
        """Give up the claim on these rows of one address; they wait together."""

        async def write(connection: Connection) -> None:
            for place, row in enumerate(rows):
                tried = hold.tried and place == 0
                await deliveries.postpone(connection, row.id, hold.until, hold.reason, tried=tried)

        if rows:
            await self._write(write)

    async def begin(self, rows: Sequence[int]) -> bool:
        """Write down that these may have gone out, before they do. False when they must not any
        more: they were cancelled meanwhile, or are another process's, or that cannot be written.
        """
        begun: list[bool] = []

        async def write(connection: Connection) -> None:
            begun[:] = [
                await claimed_deliveries.begin(connection, row, self._worker, self._now())
                for row in rows
            ]

        await self._write(write)
        return bool(begun) and all(begun)

    async def fail(self, rows: Sequence[int], reason: str) -> None:
        """They could not be sent and never will be."""
        log.error("deliveries %s set aside: %s", _listed(rows), reason)
        now = self._now()

        async def write(connection: Connection) -> None:
            for row in rows:
                await deliveries.fail(connection, row, reason, now)

        await self._write(write)

    async def withhold(
        self, rows: Sequence[int], reason: str, *, errand_to: int | None = None
    ) -> None:
        """They must not be sent any more, and nothing has failed.

        ``errand_to`` is the address whose learner the team is to remind in person instead.
        """
        log.warning("deliveries %s withheld: %s", _listed(rows), reason)
        now = self._now()

        async def write(connection: Connection) -> None:
            await deliveries.withhold(connection, rows, reason, now)
            if errand_to is not None:
                await errands.add(connection, errand_to, reason, now)

        await self._write(write)

    async def stop(self, address_id: int) -> None:
        """Nothing can be sent to this address any more."""
        now = self._now()
        await self._write(lambda c: addresses.stop(c, address_id, now))

    async def insist(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do this until the database lets us, or until ``close``."""
        while True:
            try:
                await work()
            except StorageError as error:
                log.error("outbox cannot be written: %s", error)  # noqa: TRY400
                if self._closed:
                    return
                await asyncio.sleep(_STORE_AGAIN)
            else:
                return

    async def _write(self, write: Callable[[Connection], Awaitable[None]]) -> None:
        async def once() -> None:
            async with self._database.transaction() as connection:
                await write(connection)

        await self.insist(once)


def _listed(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows))
