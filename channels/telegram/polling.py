"""Long polling that acknowledges an update only after its turn is stored.

PTB's own Updater tells Telegram "got it" before anybody has looked at an update,
so a crash in between would lose a learner's answer. Here the next request, whose
``offset`` is the acknowledgement, goes out when the whole batch is committed.
https://core.telegram.org/bots/api#getupdates
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from channels.telegram.api import Bot, Request, retry_after
from channels.telegram.receive import ALLOWED_UPDATES

RawUpdate: TypeAlias = dict[str, Any]
# Whether every update given was stored, or needs no storing.
Take: TypeAlias = Callable[[Sequence[RawUpdate]], Awaitable[bool]]
Pause: TypeAlias = Callable[[float], Awaitable[None]]
# One sentence for the team why nothing comes in; "" when all is well.
Report: TypeAlias = Callable[[str], None]

_HOLD = 25  # seconds that Telegram may hold an empty answer back
_BATCH = 100
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_TOKEN_PAUSE = 60.0

CONFLICT = (
    "Có một tiến trình khác đang nhận tin của bot này (Telegram báo 409). "
    "Hãy tắt tiến trình kia, hoặc dùng chế độ webhook nếu muốn chạy nhiều bản."
)
REFUSED = (
    "Telegram không nhận token này. Hãy xem lại HOCSO_TELEGRAM__TOKEN "
    "(lấy ở @BotFather) và HOCSO_TELEGRAM__API_URL."
)
NO_ANSWER = "Chưa gọi được Telegram; đang tự thử lại."
NOT_STORED = "Chưa ghi được vào cơ sở dữ liệu; tin của người học vẫn nằm ở Telegram và sẽ nhận lại."


class Backoff:
    """Doubling pauses, from half a second to half a minute."""

    def __init__(self) -> None:
        self._next = _FIRST_PAUSE

    def grow(self) -> float:
        now, self._next = self._next, min(self._next * 2, _LONGEST_PAUSE)
        return now

    def reset(self) -> None:
        self._next = _FIRST_PAUSE


async def poll(bot: Bot, take: Take, report: Report, pause: Pause) -> None:
    """Fetch and take updates until cancelled. Never raises for Telegram or for storage."""
    backoff = Backoff()
    offset = 0
    while True:
        try:
            batch = await _fetch(bot, offset)
        except TelegramError as error:
            report(why_not(error))
            await pause(wait_after(error, backoff))
            continue
        if await take(batch):
            report("")
            backoff.reset()
            offset = max((update["update_id"] + 1 for update in batch), default=offset)
        else:
            report(NOT_STORED)
            await pause(backoff.grow())


async def _fetch(bot: Bot, offset: int) -> list[RawUpdate]:
    parameters = {
        "offset": offset,
        "limit": _BATCH,
        "timeout": _HOLD,
        "allowed_updates": list(ALLOWED_UPDATES),
    }
    batch: list[RawUpdate] = await bot.call(Request("getUpdates", parameters), wait=_HOLD)
    return batch


def why_not(error: TelegramError) -> str:
    """A sentence for the team. PTB's own words may hold the token, so none are passed on."""
    if isinstance(error, Conflict):
        return CONFLICT
    return REFUSED if isinstance(error, InvalidToken) else NO_ANSWER


def wait_after(error: TelegramError, backoff: Backoff) -> float:
    """Seconds to wait after this error before the next attempt."""
    if isinstance(error, RetryAfter):
        return retry_after(error).total_seconds()
    return _TOKEN_PAUSE if isinstance(error, InvalidToken) else backoff.grow()
