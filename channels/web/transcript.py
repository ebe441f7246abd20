"""The lines of each page, as stored: what was typed, and what the tutor said."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from channels.web.render import TutorLine, dump_learner_line
from conversation import guard
from conversation.asked import Asked
from conversation.replies import AskQuestion, GiveFile, Reply, Say
from storage import addresses, seen, web_lines
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
    """Reads and writes the lines of an address. Raises ``StorageError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, address: str) -> Sequence[WebLine]:
        """The last ``SHOWN`` lines, oldest first."""
        async with self._database.read() as connection:
            row = await addresses.find(connection, NAME, address)
            return await web_lines.latest(connection, row.id, SHOWN) if row else ()

    async def after(self, address: str, line: int) -> Sequence[WebLine]:
        """The first ``SHOWN`` lines that follow ``line``."""
        async with self._database.read() as connection:
            row = await addresses.find(connection, NAME, address)
            return await web_lines.after(connection, row.id, line, SHOWN) if row else ()

    async def one(self, address: str, line: int) -> WebLine | None:
        """That very line, when it stands on this address's page."""
        async with self._database.read() as connection:
            row = await addresses.find(connection, NAME, address)
            return await _one(connection, row.id, line) if row else None

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
        ``None`` when nobody has this address any more.
        """
        async with self._database.transaction() as connection:
            # Held, so that the ids of an address's lines follow the order of the commits:
            # a page that has seen one line never misses an earlier one.
            row = await addresses.find(connection, NAME, address, hold=True)
            if row is None:
                return None
            if isinstance(reply, Say | AskQuestion) and reply.replace and replaces:
                newest = await web_lines.latest(connection, row.id, 1)
                if newest and newest[-1].id == replaces and newest[-1].side == "tutor":
                    await _redraw(connection, row.id, newest[-1], reply, delivery)
                    return replaces, True
            if isinstance(reply, GiveFile):
                await _empty_files(connection, row.id)
            content = TutorLine(reply, delivery).dump()
            line = await web_lines.add(connection, row.id, "tutor", content, delivery or None, now)
            if line % _TRIM_EVERY == 0:
                await web_lines.trim(connection, row.id, KEPT)
            return line, False


async def _one(connection: Connection, address_id: int, line: int) -> WebLine | None:
    found = await web_lines.after(connection, address_id, line - 1, 1)
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
