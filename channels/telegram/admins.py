"""Who may run a group, asked of Telegram before the turn and remembered for a minute.

A turn touches no network, so whether the sender is an administrator has to be part of the
event. https://core.telegram.org/bots/api#getchatadministrators
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from telegram.error import TelegramError

from channels.telegram.api import Bot, Request

log = logging.getLogger(__name__)

# Whoever loses the right keeps it with us for no longer than this.
_KNOWN_FOR = timedelta(minutes=1)
# While Telegram does not say, nobody is one; it is not asked for every line of a busy group.
_UNKNOWN_FOR = timedelta(seconds=10)
_MOST = 1_000
_LONGEST_WAIT = 5.0  # seconds


class Admins:
    """The administrators of each group that was asked about lately. ``now`` is the clock."""

    def __init__(self, bot: Bot, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._now = now
        self._known: OrderedDict[str, tuple[datetime, frozenset[str]]] = OrderedDict()

    async def include(self, chat: str, who: str) -> bool:
        """Whether ``who`` is an administrator of ``chat``. Never raises: in doubt, nobody is."""
        until, admins = self._known.get(chat, (self._now(), frozenset[str]()))
        if until <= self._now():
            admins = await self._ask(chat)
        return who in admins

    async def _ask(self, chat: str) -> frozenset[str]:
        try:
            async with asyncio.timeout(_LONGEST_WAIT):
                found = await self._bot.call(Request("getChatAdministrators", {"chat_id": chat}))
            admins = frozenset(str(member["user"]["id"]) for member in found)
            known_for = _KNOWN_FOR
        except (TelegramError, TimeoutError, KeyError, TypeError) as error:
            log.warning("the administrators of a group are unknown: %s", type(error).__name__)
            admins, known_for = frozenset(), _UNKNOWN_FOR
        self._known[chat] = self._now() + known_for, admins
        self._known.move_to_end(chat)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return admins
