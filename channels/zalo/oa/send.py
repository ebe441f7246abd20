"""Sends replies as the fewest lines that hold them, and says what a failure means.

Zalo has no way to say "this one only once", and none to ask what became of a line: what
may have gone out counts as sent. A token that Zalo refuses is renewed once, and the line
is sent once more.
"""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from channels.base import (
    Misconfigured,
    Publish,
    Rejected,
    SendError,
    Sent,
    Throttled,
    Unavailable,
    Uncertain,
    Unreachable,
)
from channels.zalo.oa.api import Api, CallFailed, Failure
from channels.zalo.oa.render import Message, last_choices, picture_message, render, text_message
from channels.zalo.oa.tokens import Tokens
from channels.zalo.text import Line
from conversation.replies import Reply

log = logging.getLogger(__name__)

# What Zalo's numbers mean: https://docs.zaloplatforms.com/docs/OA (Phụ lục, mã lỗi).
_TOKEN = frozenset((-216, -220, 216, 220, -401, 401))
_TOO_FAST = -32
_CLOSED = frozenset((-230, -232))  # outside seven days, or never spoken to
_GONE = frozenset((-213, -227, -244))  # does not follow, inactive, has restricted us
_AT_NIGHT = -234
_MONEY = frozenset((-211, -320, -321))
_SET_UP = frozenset((-204, -205, -209, -212, -219, -221, -223, -224))
# Of a picture: a parameter that Zalo does not take. What it shows can still be said.
_BAD_PICTURE = -201

NO_MONEY = "Zalo OA hết lượt hoặc hết tiền để gửi tin (lỗi {}). Xem gói OA ở oa.zalo.me."
NOT_SET_UP = "Zalo OA hoặc ứng dụng chưa được phép gửi tin (lỗi {}). Xem docs/zalo-oa.md."
_FOREIGN = "Địa chỉ HOCSO_ZALO_OA__API_URL trả lời không giống Zalo. Hãy xem lại."
# How many deliveries under way are remembered, so that a retry goes on where it stopped.
_HALF_SENT = 1_000


class Sender:
    """Draws replies and sends them through ``api``.

    Without ``publish`` a picture is told in words. ``closed`` is called for an address to
    which Zalo takes nothing but templates.
    """

    def __init__(
        self,
        api: Api,
        tokens: Tokens,
        *,
        publish: Publish | None,
        buttons: bool,
        closed: Callable[[str], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._tokens = tokens
        self._publish = publish
        self._buttons = buttons
        self._closed = closed
        self._now = now
        self._done: OrderedDict[int, int] = OrderedDict()
        self.trouble = ""

    async def send(self, address: str, replies: Sequence[Reply], delivery: int) -> Sent:
        """The id of the last line. Raises a ``SendError``."""
        lines = render(replies, pictures=self._publish is not None)
        if not lines:
            raise Rejected("a reply without words")
        choices = last_choices(replies) if self._buttons else ()
        done = min(self._done.pop(delivery, 0), len(lines) - 1)
        sent = ""
        for number, line in enumerate(lines[done:], start=done):
            is_last = number == len(lines) - 1
            try:
                sent = await self._line(address, line, choices if is_last else ())
            except CallFailed as error:
                raise await self._failed(error, address, delivery, number, len(lines)) from None
            except SendError:
                self._remember(delivery, number)
                raise
            except BaseException:
                # Cancelled: this line may have gone out, so it counts as done.
                self._remember(delivery, number + 1)
                raise
        self.trouble = ""
        return Sent(sent, requests=len(lines) - done)

    async def _line(self, address: str, line: Line, choices: Sequence[str]) -> str:
        if line.picture is not None and (url := await self._published(address, line)):
            try:
                return await self._once(address, picture_message(line.text, url))
            except CallFailed as error:
                if error.code != _BAD_PICTURE:
                    raise
                log.warning("Zalo refuses a picture (%d); it is told in words", error.code)
        return await self._once(address, text_message(line.in_words().text, choices))

    async def _once(self, address: str, message: Message) -> str:
        """One line; the id that Zalo gives it. Raises ``CallFailed`` and what ``Tokens`` raises."""
        body = {"recipient": {"user_id": address}, "message": message}
        access = await self._tokens.access()
        try:
            said = await self._api.send(access, body)
        except CallFailed as error:
            if error.code not in _TOKEN:
                raise
            said = await self._api.send(await self._tokens.renewed(access), body)
        quota = said.get("quota")
        if isinstance(quota, dict) and not quota.get("quota_type"):
            log.info("Zalo charges for a line")
        found = said.get("message_id")
        return str(found) if isinstance(found, str | int) else ""

    async def _published(self, address: str, line: Line) -> str:
        """The address of the picture; "" when there can be none."""
        picture = line.picture
        if picture is None or self._publish is None:
            return ""
        try:
            return await self._publish(address, picture.picture, picture.content)
        except Unavailable as error:
            log.warning("picture %s is told in words: %s", picture.picture, error)
            return ""

    async def _failed(
        self, error: CallFailed, address: str, delivery: int, number: int, lines: int
    ) -> SendError:
        """What a failed line means for the whole delivery, and what of it is remembered."""
        if error.failure is Failure.UNKNOWN:
            if number + 1 >= lines:
                return Uncertain(str(error))
            self._remember(delivery, number + 1)
            return Unavailable(str(error))
        if error.code in _CLOSED:
            await self._closed(address)
        meaning = self._meaning(error)
        if isinstance(meaning, Rejected) and number:
            # Part of it went out; set aside and offered again, that would be doubled.
            return Uncertain(str(error))
        if not isinstance(meaning, Rejected | Unreachable):
            self._remember(delivery, number)
        if isinstance(meaning, Misconfigured):
            if str(meaning) != self.trouble:
                log.error("Zalo OA: %s", meaning)
            self.trouble = str(meaning)
        return meaning

    def _meaning(self, error: CallFailed) -> SendError:
        match error.failure:
            case Failure.UNSENT | Failure.TRANSIENT:
                return Unavailable(str(error))
            case Failure.FOREIGN:
                return Misconfigured(_FOREIGN)
        code = error.code
        if code == _TOO_FAST:
            # The limit counts by the minute.
            return Throttled(timedelta(seconds=60 - self._now().second))
        if code == _AT_NIGHT:
            return Unavailable(f"Zalo: {code}")
        if code in _TOKEN:
            return Misconfigured(NOT_SET_UP.format(code))
        if code in _GONE:
            return Unreachable(f"Zalo: {code}")
        if code in _MONEY:
            return Misconfigured(NO_MONEY.format(code))
        if code in _SET_UP:
            return Misconfigured(NOT_SET_UP.format(code))
        return Rejected(f"Zalo: {code}")

    def _remember(self, delivery: int, done: int) -> None:
        if delivery and done:
            self._done[delivery] = done
            if len(self._done) > _HALF_SENT:
                self._done.popitem(last=False)
