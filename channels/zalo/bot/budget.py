"""What a bot may send in a month and to how many people, and how much of it is gone.

Zalo gives a bot so many lines a month and so many people
(https://bot.zaloplatforms.com). What exactly it counts, and from when to when a month
is, it does not say: here every line that went out or may have counts, by the months of
the wall calendar.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from storage import channel_months
from storage.database import Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

# From here on reminders thin out, and what is left is kept for answers.
THIN_FROM = 0.8
# People are counted up to a little over the limit: how many above it does not matter.
_BEYOND = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """How a month stands. ``most`` and ``most_people`` are what Zalo gives."""

    sent: int
    most: int
    people: int
    most_people: int

    @property
    def thin(self) -> bool:
        return self.sent >= THIN_FROM * self.most

    @property
    def gone(self) -> bool:
        return self.sent >= self.most

    @property
    def crowded(self) -> bool:
        return self.people >= self.most_people

    def __str__(self) -> str:
        """One line for whoever looks after the bot."""
        said = [f"Tháng này đã gửi {self.sent}/{self.most} tin"]
        said.append(f"{self.people}/{self.most_people} khung chat")
        if self.gone:
            said.append("đã hết lượt: không nhắc học nữa, câu trả lời có thể không tới")
        elif self.thin:
            said.append("sắp hết lượt: nhắc học thưa lại, dành cho câu trả lời")
        if self.crowded:
            said.append("đã đủ người: người mới có thể không vào được")
        return "; ".join(said) + "."


class Budget:
    """Counts in memory and writes behind: a kill loses the count of a moment, no line waits for it.

    Several processes add to the same rows, and each learns the sum when it writes.
    """

    def __init__(
        self,
        database: Database,
        channel: str,
        *,
        lines_a_month: int,
        people: int,
        now: Callable[[], datetime],
        timezone: tzinfo,
    ) -> None:
        self._database = database
        self._channel = channel
        self._most = lines_a_month
        self._most_people = people
        self._now = now
        self._timezone = timezone
        self._month = ""
        self._written = 0
        self._unwritten = 0
        self._people = 0
        self._told = (False, False, False)
        self._writer: asyncio.Task[None] | None = None

    def spent(self) -> None:
        """One line more, written down soon."""
        self._turn_the_page()
        self._unwritten += 1
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_behind(), name="zalo budget")

    def standing(self) -> Standing:
        self._turn_the_page()
        return Standing(
            self._written + self._unwritten, self._most, self._people, self._most_people
        )

    async def write(self) -> None:
        """Write what is counted, and learn what others counted. Raises ``StorageError``."""
        self._turn_the_page()
        month, lines = self._month, self._unwritten
        self._unwritten = 0
        try:
            async with self._database.transaction() as connection:
                counted = await channel_months.add(
                    connection,
                    self._channel,
                    month,
                    lines,
                    most_addresses=self._most_people + _BEYOND,
                )
        except BaseException:
            self._unwritten += lines
            raise
        if month == self._month:
            self._written = counted.sent
        self._people = counted.addresses
        self._tell()

    async def close(self) -> None:
        """Write what is left, as far as the database lets us."""
        if self._writer is not None:
            await asyncio.wait({self._writer})
        if self._unwritten:
            await self._try_to_write()

    async def _write_behind(self) -> None:
        while self._unwritten and await self._try_to_write():
            pass

    async def _try_to_write(self) -> bool:
        try:
            await self.write()
        except StorageError as error:
            # The next line's count takes it along.
            log.error("lines cannot be counted: %s", error)  # noqa: TRY400
            return False
        return True

    def _turn_the_page(self) -> None:
        month = f"{self._now().astimezone(self._timezone):%Y-%m}"
        if month != self._month:
            self._month, self._written, self._told = month, 0, (False, False, False)

    def _tell(self) -> None:
        """Log each threshold once when it is crossed."""
        standing = self.standing()
        now = (standing.thin, standing.gone, standing.crowded)
        if any(new and not old for new, old in zip(now, self._told, strict=True)):
            log.warning("%s: %s", self._channel, standing)
        self._told = now
