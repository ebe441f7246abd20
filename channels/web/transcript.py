"""The lines of each page, as stored: what was typed, and what the tutor said."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from channels.web.render import CALLS, TutorLine, dump_learner_line
from conversation import guard
from conversation.asked import Asked
from conversation.replies import AskQuestion, GiveFile, Reply, Say
from storage import addresses, deliveries, seats, seen, web_lines
from storage.addresses import Address
from storage.database import Connection, Database
from storage.web_lines import WebLine

NAME = "web"
# A page shows so many lines after a reload, and an address keeps so many at most.
SHOWN = 60
KEPT = 300
_TRIM_EVERY = 25
# The dedupe of learners' lines has its own names, beside the turn's own for the same ids.
_LINES = "web.line"
HIDDEN = "••• (đã che đi, không lưu lại)"


class Transcript:
    """Reads and writes the lines of an address. Raises ``StorageError``.

    Where several learners share a page each has lines of their own, and it shows those of who is
    learning; of the others only what was said to them while they were not there, so that they
    hear of it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, address: str) -> Sequence[WebLine]:
        """The last ``SHOWN`` lines, oldest first."""
        async with self._database.read() as connection:
            row = await addresses.find(connection, NAME, address)
            return await _latest(connection, row, SHOWN) if row else ()

    async def after(self, address: str, line: int) -> Sequence[WebLine]:
        """The first ``SHOWN`` lines that follow ``line``."""
        async with self._database.read() as connection:
            row = await addresses.find(connection, NAME, address)
            return await _after(connection, row, line, SHOWN) if row else ()

    async def one(self, address: str, line: int) -> WebLine | None:
        """That very line, when it stands on this address's page."""
        async with self._database.read() as connection:
            row = await addresses.find(connection, NAME, address)
            return await _one(connection, row, line) if row else None

    async def add_typed(self, address: str, said: str, text: str, now: datetime) -> bool:
        """Keep what a learner typed, once for each ``said``; of a secret, only that there was one.

        ``False`` when nothing is kept, because this learner has not agreed to be remembered.
        """
        async with self._database.transaction() as connection:
            row, learner = await addresses.load(connection, NAME, address, now)
            if learner.consented_at is None:
                return False
            if not await seen.first_time(connection, _LINES, said, now):
                return True
            secret = guard.look(text, expecting=Asked.load(row.asked))
            content = dump_learner_line(HIDDEN if secret else text, said)
            await web_lines.add(connection, row.id, "learner", content, None, now)
            return True

    async def add_reply(
        self, address: str, reply: Reply, *, replaces: int, delivery: int, now: datetime
    ) -> tuple[int, bool] | None:
        """Keep a reply: its line's id, and whether that line was there and is drawn anew.

        The same delivery makes one line, however often it is sent. A reply that asks
        to replace is drawn in place only while nothing stands below: over a button
        far up the page it would change unseen, so there it becomes a new line.
        ``None`` when nobody has this address any more, or whom it was said to is gone.
        """
        async with self._database.transaction() as connection:
            # Held, so that the ids of an address's lines follow the order of the commits:
            # a page that has seen one line never misses an earlier one.
            row = await addresses.find(connection, NAME, address, hold=True)
            whose = row and await _whose(connection, row, delivery)
            if row is None or whose is None:
                return None
            if isinstance(reply, Say | AskQuestion) and reply.replace and replaces:
                newest = await _latest(connection, row, 1)
                own = await web_lines.latest(connection, whose.id, 1)
                if own and own == newest and own[-1].id == replaces and own[-1].side == "tutor":
                    await _redraw(connection, whose.id, own[-1], reply, delivery)
                    return replaces, True
            if isinstance(reply, GiveFile):
                await _empty_files(connection, whose.id)
            content = TutorLine(reply, delivery, calls=whose.id != row.id).dump()
            line = await web_lines.add(
                connection, whose.id, "tutor", content, delivery or None, now
            )
            if line % _TRIM_EVERY == 0:
                await web_lines.trim(connection, whose.id, KEPT)
            return line, False


async def _whose(connection: Connection, page: Address, delivery: int) -> Address | None:
    """Whom a reply is for: on a page that several share, whoever its delivery says."""
    if not page.seat:
        return page
    number = await deliveries.address_of(connection, delivery)
    people = await seats.of_phone(connection, page)
    return next((one for one in people if one.id == number), None)


async def _latest(connection: Connection, page: Address, limit: int) -> Sequence[WebLine]:
    own = await web_lines.latest(connection, page.id, limit)
    if not page.seat:
        return own
    calls = await web_lines.calling(connection, NAME, page.phone, CALLS, limit)
    return sorted((*own, *calls), key=lambda line: line.id)[-limit:]


async def _after(connection: Connection, page: Address, line: int, limit: int) -> Sequence[WebLine]:
    own = await web_lines.after(connection, page.id, line, limit)
    if not page.seat:
        return own
    calls = await web_lines.calling(connection, NAME, page.phone, CALLS, limit, after_line=line)
    return sorted((*own, *calls), key=lambda found: found.id)[:limit]


async def _one(connection: Connection, page: Address, line: int) -> WebLine | None:
    found = await _after(connection, page, line - 1, 1)
    return found[0] if found and found[0].id == line else None


async def _redraw(
    connection: Connection, address_id: int, line: WebLine, reply: Reply, delivery: int
) -> None:
    kept = TutorLine.load(line.content)
    if delivery and kept.delivery == delivery:  # sent before, and the sender did not hear of it
        return
    drawn = replace(kept, reply=reply, delivery=delivery, version=kept.version + 1)
    await web_lines.replace(connection, address_id, line.id, drawn.dump())


async def _empty_files(connection: Connection, address_id: int) -> None:
    """Only the file given last is kept: each holds all there is, and every reload reads them."""
    for line in await web_lines.latest(connection, address_id, KEPT):
        kept = TutorLine.load(line.content) if line.side == "tutor" else None
        if kept is not None and isinstance(kept.reply, GiveFile) and kept.reply.content:
            emptied = replace(kept, reply=replace(kept.reply, content=""))
            await web_lines.replace(connection, address_id, line.id, emptied.dump())


def is_redrawn(line: WebLine) -> bool:
    return line.side == "tutor" and bool(json.loads(line.content)["version"])
