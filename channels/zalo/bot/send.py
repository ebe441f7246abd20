"""Sends replies as the fewest lines that hold them, and says what a failure means.

Zalo has no way to say "this one only once", and none to ask what became of a line. So
what may have gone out is never sent again: a lost line is better than a doubled one,
which costs of the budget and teaches people not to read.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from channels.base import (
    Misconfigured,
    Publish,
    Rejected,
    SendError,
    Sent,
    Throttled,
    Unavailable,
    Uncertain,
)
from channels.zalo.bot.api import REFUSED, Api, CallFailed, Failure
from channels.zalo.text import Line, draw_lines
from conversation.replies import Reply

log = logging.getLogger(__name__)

# How often a line is offered that Zalo answered with "internal error".
_OFFERS = 3
# How long nothing is sent after a 429, doubling up to the longest.
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
# How many deliveries under way are remembered, so that a retry goes on where it stopped.
_HALF_SENT = 1_000
_FOREIGN = "Địa chỉ HOCSO_ZALO_BOT__API_URL trả lời không giống Zalo. Hãy xem lại."


class Sender:
    """Draws replies and sends them through ``api``.

    Without ``publish`` a picture is told in words. ``spent`` is called for every line that
    has, or may have, gone out; ``now`` gives aware UTC time.
    """

    def __init__(
        self,
        api: Api,
        *,
        publish: Publish | None,
        spent: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._publish = publish
        self._spent = spent
        self._now = now
        self._pace = _Pace(now)
        self._under_way: OrderedDict[int, _Progress] = OrderedDict()

    async def send(self, address: str, replies: Sequence[Reply], delivery: int) -> Sent:
        """The id of the last line. Raises a ``SendError``."""
        lines = draw_lines(replies, pictures=self._publish is not None)
        if not lines:
            raise Rejected("a reply without words")
        progress = self._under_way.pop(delivery, _Progress())
        left = lines[min(progress.done, len(lines) - 1) :]
        last = ""
        for line in left:
            try:
                last = await self._one(address, line)
            except CallFailed as error:
                raise self._failed(error, progress, delivery, len(lines)) from None
            except BaseException:
                # Cancelled: this line may have gone out, so it counts as done.
                progress.done += 1
                self._remember(delivery, progress)
                raise
            self._pace.went_well()
            progress.done += 1
            progress.offers = 0
        return Sent(last, requests=len(left))

    async def _one(self, address: str, line: Line) -> str:
        """One line; the id that Zalo gives it. Raises ``CallFailed``."""
        if line.picture is not None and (url := await self._published(address, line)):
            try:
                parameters = {"photo": url, "caption": line.text} if line.text else {"photo": url}
                return await self._call("sendPhoto", chat_id=address, **parameters)
            except CallFailed as error:
                if error.failure is not Failure.REFUSED:
                    raise
                log.warning("Zalo refuses a picture (%d); it is told in words", error.code)
        if line.picture is not None:
            line = line.in_words()
        return await self._call("sendMessage", chat_id=address, text=line.text)

    async def _call(self, method: str, **parameters: Any) -> str:
        try:
            answer = await self._api.call(method, **parameters)
        except CallFailed as error:
            if error.failure in (Failure.UNKNOWN, Failure.LATE):
                self._spent()
            raise
        except BaseException:
            self._spent()
            raise
        self._spent()
        found = answer.get("message_id") if isinstance(answer, dict) else None
        return str(found) if found is not None else ""

    async def _published(self, address: str, line: Line) -> str:
        """The address of the picture; "" when there can be none."""
        picture = line.picture
        if picture is None or self._publish is None:
            return ""
        try:
            return await self._publish(address, picture.picture, picture.content)
        except Unavailable as error:
            # What it shows can still be said.
            log.warning("picture %s is told in words: %s", picture.picture, error)
            return ""

    def _failed(
        self, error: CallFailed, progress: "_Progress", delivery: int, lines: int
    ) -> SendError:
        """What a failed line means for the whole delivery, and what of it is remembered."""
        match error.failure:
            case Failure.UNKNOWN | Failure.LATE:
                return self._uncertain(error, progress, delivery, lines)
            case Failure.TRANSIENT:
                progress.offers += 1
                if progress.offers >= _OFFERS:
                    return self._uncertain(error, progress, delivery, lines)
                meaning: SendError = Unavailable(str(error))
            case Failure.UNSENT:
                meaning = Unavailable(str(error))
            case Failure.QUOTA:
                meaning = Throttled(self._pace.too_much())
            case Failure.TOKEN:
                meaning = Misconfigured(REFUSED)
            case Failure.FOREIGN:
                meaning = Misconfigured(_FOREIGN)
            case Failure.REFUSED if progress.done:
                # Part of it went out; set aside and offered again, that would be doubled.
                return self._uncertain(error, progress, delivery, lines)
            case Failure.REFUSED:
                return Rejected(str(error))
        self._remember(delivery, progress)
        return meaning

    def _uncertain(
        self, error: CallFailed, progress: "_Progress", delivery: int, lines: int
    ) -> SendError:
        """This line is not offered again. If more follow, they still are to go out."""
        progress.done += 1
        progress.offers = 0
        if progress.done >= lines:
            return Uncertain(str(error))
        self._remember(delivery, progress)
        return Unavailable(str(error))

    def _remember(self, delivery: int, progress: "_Progress") -> None:
        if delivery and (progress.done or progress.offers):
            self._under_way[delivery] = progress
            if len(self._under_way) > _HALF_SENT:
                self._under_way.popitem(last=False)

    @property
    def held_back(self) -> bool:
        """Whether Zalo has lately said that it is too much."""
        return self._pace.held_back


class _Progress:
    """How much of a delivery is done with, and how often its next line was offered."""

    __slots__ = ("done", "offers")

    def __init__(self) -> None:
        self.done = 0
        self.offers = 0


class _Pace:
    """How long to keep quiet after 429: Zalo does not say, so longer each time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._wait = timedelta()
        self._until: datetime | None = None

    @property
    def held_back(self) -> bool:
        return self._until is not None

    def too_much(self) -> timedelta:
        now = self._now()
        if self._until is None or now >= self._until:
            self._wait = min(self._wait * 2, _LONGEST_WAIT) if self._wait else _FIRST_WAIT
            self._until = now + self._wait
        return self._until - now

    def went_well(self) -> None:
        self._wait = timedelta()
        self._until = None
