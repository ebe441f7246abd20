"""Sends a reply, one request after another, and says what a failure means."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from markupsafe import Markup
from telegram.error import BadRequest, ChatMigrated, TelegramError

from channels.base import Rejected, Sent
from channels.telegram.api import Bot, Request, send_error
from channels.telegram.limits import is_group
from channels.telegram.render import Draw, render, render_edit
from conversation.replies import AskQuestion, GiveDocument, Reply, Say, ShowPicture

log = logging.getLogger(__name__)

# Told the old and the new id of a chat; returns when that is stored.
Moved: TypeAlias = Callable[[str, str], Awaitable[None]]
# What a 400 says when a group lets the tutor write but send no pictures.
_NO_PICTURES = ("not enough rights to send photos", "chat_send_photos_forbidden")

# How many half-sent deliveries are remembered, so that a retry goes on where it stopped.
_HALF_SENT = 1_000


class Sender:
    """Draws replies and sends them through ``bot``.

    ``moved`` is told the old and the new id of a group when Telegram says that it has another.
    """

    def __init__(self, bot: Bot, draw: Draw, moved: Moved) -> None:
        self._bot = bot
        self._draw = draw
        self._moved = moved
        self._sent_parts: OrderedDict[int, int] = OrderedDict()

    async def send(self, address: str, reply: Reply, replaces: str, delivery: int) -> Sent:
        """The ids of the last line and of the poll. Raises a ``SendError``."""
        try:
            return await self._send(address, reply, replaces, delivery)
        except ChatMigrated as error:
            to = str(error.new_chat_id)
        except TelegramError as error:
            # Without its cause: PTB's own words may quote the learner.
            raise send_error(error, group=is_group(address)) from None
        # The line to draw over stayed in the old chat.
        await self._moved(address, to)
        try:
            return await self._send(to, reply, "", delivery)
        except TelegramError as error:
            raise send_error(error, group=True) from None

    async def _send(self, address: str, reply: Reply, replaces: str, delivery: int) -> Sent:
        """Raises ``TelegramError``, or ``Rejected`` for a reply without words."""
        if replaces and isinstance(reply, Say | AskQuestion) and reply.replace:
            edited = await self._edit(address, replaces, reply)
            if edited:
                return edited
        try:
            return await self._send_parts(await self._requests(address, reply), delivery)
        except BadRequest as error:
            told = _in_words(reply, error)
            if told is None:
                raise
            return await self._send_parts(render(address, told, self._draw), delivery)

    async def _requests(self, address: str, reply: Reply) -> list[Request]:
        if not isinstance(reply, ShowPicture | GiveDocument):
            return render(address, reply, self._draw)
        try:
            return await asyncio.to_thread(render, address, reply, self._draw)
        except Exception as error:  # noqa: BLE001 - what the picture says can still be said
            log.error("%s cannot be drawn: %s", _drawing(reply), type(error).__name__)  # noqa: TRY400
            return render(address, _told(reply), self._draw)

    async def _edit(self, address: str, line: str, reply: Say | AskQuestion) -> Sent | None:
        """Draw over a line; ``None`` when Telegram will not have it, and a new line is due."""
        request = render_edit(address, line, reply)
        if request is None:
            return None
        try:
            await self._bot.call(request)
        except BadRequest as error:
            # It stands there already: a retry, or the same button twice.
            return Sent(line) if "not modified" in error.message else None
        return Sent(line)

    async def _send_parts(self, requests: list[Request], delivery: int) -> Sent:
        """Send what an earlier attempt at this delivery has not sent yet."""
        if not requests:
            raise Rejected("a reply without words")
        done = self._sent_parts.pop(delivery, 0)
        sent = Sent()
        left = requests[min(done, len(requests) - 1) :]
        for request in left:
            try:
                line = await self._bot.call(request)
            except BaseException:
                if done and delivery:
                    self._remember(delivery, done)
                raise
            done += 1
            sent = Sent(str(line["message_id"]), line.get("poll", {}).get("id", ""), len(left))
        return sent

    def _remember(self, delivery: int, done: int) -> None:
        self._sent_parts[delivery] = done
        if len(self._sent_parts) > _HALF_SENT:
            self._sent_parts.popitem(last=False)


def _in_words(reply: Reply, error: BadRequest) -> Say | None:
    """What a picture says, where a group lets nobody send pictures."""
    if not isinstance(reply, ShowPicture):
        return None
    refused = error.message.lower()
    return _told(reply) if any(words in refused for words in _NO_PICTURES) else None


def _told(reply: ShowPicture | GiveDocument) -> Say:
    return Say(Markup("{}\n\n{}").format(reply.caption, reply.alt))


def _drawing(reply: ShowPicture | GiveDocument) -> str:
    return reply.picture if isinstance(reply, ShowPicture) else reply.document
