"""What a bot may send in a month and to how many people, and how much of it is gone.

Zalo gives a bot so many lines a month and so many people
(https://bot.zaloplatforms.com). What exactly it counts, and from when to when a month
is, it does not say: here every line that went out or may have counts, by the months of
the wall calendar.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import TypeAlias

from markupsafe import Markup

from conversation.replies import Say, dump_reply
from storage import channel_months, deliveries, role_grants
from storage.database import Connection, Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

# From here on reminders thin out, and what is left is kept for answers.
THIN_FROM = 0.8
_NIGHT_BEGINS, _NIGHT_ENDS = time(21), time(7)
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
    def thin_from(self) -> int:
        """The line from which on reminders thin out."""
        return math.ceil(THIN_FROM * self.most)

    @property
    def thin(self) -> bool:
        return self.sent >= self.thin_from

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


# The name of a saying in templates/vi/zalo.j2, and how things stand: the words for it.
Words: TypeAlias = Callable[[str, Standing], Markup]


class Budget:
    """Counts in memory and writes behind: a kill loses the count of a moment, no line waits for it.

    Several processes add to the same rows, and each learns the sum when it writes. The one whose
    lines cross a threshold tells the administrators, on every other channel they have, in
    ``words``; never at night.
    """

    def __init__(
        self,
        database: Database,
        channel: str,
        *,
        lines_a_month: int,
        people: int,
        words: Words,
        now: Callable[[], datetime],
        timezone: tzinfo,
    ) -> None:
        self._database = database
        self._channel = channel
        self._most = lines_a_month
        self._most_people = people
        self._words = words
        self._now = now
        self._timezone = timezone
        self._month = ""
        self._written = 0
        self._unwritten = 0
        self._people = 0
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
                now = Standing(counted.sent, self._most, counted.addresses, self._most_people)
                for saying in self._crossed(lines, now):
                    await self._tell(connection, saying, now)
        except BaseException:
            self._unwritten += lines
            raise
        if month == self._month:
            self._written = counted.sent
        self._people = counted.addresses

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
            self._month, self._written = month, 0

    def _crossed(self, lines: int, now: Standing) -> Iterator[str]:
        """What these lines, and who came since the last time, are the first to make true."""
        before = now.sent - lines
        if before < now.thin_from <= now.sent < now.most:
            yield "zalo.budget_thin"
        if before < now.most <= now.sent:
            yield "zalo.budget_gone"
        if self._people < now.most_people <= now.people and lines:
            yield "zalo.people_full"

    async def _tell(self, connection: Connection, saying: str, standing: Standing) -> None:
        log.warning("%s: %s", self._channel, standing)
        now = self._now()
        said = dump_reply(Say(self._words(saying, standing)))
        administrators = await role_grants.reachable(
            connection, "administrator", "", now, but_not_by=self._channel
        )
        for address in administrators:
            await deliveries.add(
                connection,
                address,
                said,
                priority=deliveries.REMINDER,
                due_at=self._by_day(now),
                now=now,
            )

    def _by_day(self, now: datetime) -> datetime:
        """Now, or when the night is over."""
        local = now.astimezone(self._timezone)
        if _NIGHT_ENDS <= local.time() < _NIGHT_BEGINS:
            return now
        day = local.date() + timedelta(days=local.time() >= _NIGHT_BEGINS)
        return datetime.combine(day, _NIGHT_ENDS, self._timezone)
