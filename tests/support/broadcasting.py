"""A class to send to, and the outbox that it goes through, on a clock that only the test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from conversation.broadcast import Broadcasting
from conversation.manners import Manners
from lessons.catalogue import Catalogue
from outbox.broadcasts import Broadcasts
from outbox.journal import Journal
from people.roles import EVERYWHERE
from places.model import Place
from storage import addresses, broadcasts, cohorts, enrolments, learners, recipients, role_grants
from storage.database import Database
from tests.support.outbox import Outbox, Scripted, outbox
from tests.support.talk import WORDS


@dataclass
class Sending:
    """``seconds`` is the clock that the rate goes by."""

    outbox: Outbox
    line: Scripted
    broadcasts: Broadcasts
    seconds: float = 0.0

    async def a_class(self, *chats: str, place: Place = Place()) -> int:  # noqa: B008 - frozen
        """A class of these, who all agreed."""
        now, sender = self.outbox.clock(), await self.sender()
        async with self.outbox.database.transaction() as connection:
            cohort = await cohorts.add(connection, "Lớp", sender, place, now)
            for chat in chats:
                _, learner = await addresses.load(connection, "telegram", chat, now)
                await learners.give_consent(connection, learner.id, "test", now)
                await enrolments.join(connection, cohort, learner.id, "", now)
        return cohort

    async def sender(self) -> int:
        async with self.outbox.database.transaction() as connection:
            now = self.outbox.clock()
            _, learner = await addresses.load(connection, "telegram", "sender", now)
            if not await role_grants.of_learner(connection, learner.id):
                await role_grants.give(
                    connection, learner.id, "administrator", EVERYWHERE, granted_by=None, now=now
                )
        return learner.id

    async def begin(
        self,
        cohort: int | None,
        words: str = "tin",
        *,
        ready: str = "",
        place: Place = Place(),  # noqa: B008 - frozen
        course: str = "",
        hours: float = 48,
    ) -> int:
        """A broadcast that was just confirmed."""
        now, sender = self.outbox.clock(), await self.sender()
        async with self.outbox.database.transaction() as connection:
            number = await broadcasts.draft(
                connection,
                sender,
                cohort_id=cohort,
                place=place,
                course=course,
                signed="Tổ",
                now=now,
            )
            await broadcasts.write(
                connection, number, ready=ready, words=words, is_urgent=bool(ready)
            )
            await broadcasts.run(
                connection,
                number,
                approver_id=None,
                ends_at=now + timedelta(hours=hours),
                now=now,
            )
        return number

    async def spread(self, **time: float) -> int:
        """So much time passes, and running broadcasts have their turns; nothing is sent yet."""
        self.outbox.clock.passes(timedelta(**time))
        self.seconds += timedelta(**time).total_seconds()
        return await self.broadcasts.spread()

    async def tick(self, **time: float) -> None:
        """The same, and what waits goes out."""
        await self.spread(**time)
        await self.outbox.later()

    async def outcomes(self, number: int) -> dict[str, int]:
        async with self.outbox.database.read() as connection:
            return await recipients.counts(connection, number)

    async def state(self, number: int) -> str:
        async with self.outbox.database.read() as connection:
            found = await broadcasts.by_id(connection, number)
        assert found is not None
        return found.state

    @property
    def got(self) -> list[tuple[str, str]]:
        """Who got which broadcast, by its second paragraph."""
        return [(where, text.split("\n\n")[1]) for where, text in self.line.got]


@asynccontextmanager
async def sending(
    database: Database,
    catalogue: Catalogue,
    *,
    rate: float = 20,
    piece: int = 5,
    line: Scripted | None = None,
    journal: Journal | None = None,
) -> AsyncIterator[Sending]:
    line = line or Scripted()
    async with outbox(database, line, journal=journal) as box:
        seconds = count()
        made = Sending(
            box,
            line,
            Broadcasts(
                database=database,
                words=WORDS,
                catalogue=catalogue,
                manners=Manners(),
                rules=Broadcasting(rate=rate, piece=piece),
                now=box.clock,
                clock=lambda: made.seconds if next(seconds) else 0.0,
            ),
        )
        yield made
