"""Long polling, for a developer's machine: Zalo itself says that it may miss events.

What ``getUpdates`` hands over is gone at Zalo: there is no offset and no second time. So
one event is asked for at a time, and the next only when the turn of the one before is
stored, however long that takes.
https://docs.zaloplatforms.com/docs/BOT/apis/getUpdates
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from channels.zalo.bot.api import REFUSED, Api, CallFailed, Failure

log = logging.getLogger(__name__)

# Whether the event was stored, or needs no storing.
Take: TypeAlias = Callable[[Any], Awaitable[bool]]
Pause: TypeAlias = Callable[[float], Awaitable[None]]
# One sentence for the team why nothing comes in; "" when all is well.
Report: TypeAlias = Callable[[str], None]

_HOLD = 30  # seconds that Zalo may hold an empty answer back
_PATIENCE = 10.0  # seconds more that we wait for it
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_TOKEN_PAUSE = 60.0
# An empty answer that comes sooner than this did not wait: no reason to ask in a ring.
_TOO_SOON = 1.0

NO_ANSWER = "Chưa gọi được Zalo; đang tự thử lại."
NOT_STORED = (
    "Chưa ghi được vào cơ sở dữ liệu; đang giữ tin của người học và thử lại. "
    "Đừng tắt chương trình lúc này: Zalo không gửi lại tin đó."
)
WEBHOOK_SET = (
    "Bot Zalo này đang có webhook nên không nhận tin kiểu polling được. "
    "Chạy «python bot.py zalo delete-webhook», hoặc đặt HOCSO_ZALO_BOT__MODE=webhook."
)
_TOO_MUCH = "Zalo báo 429 khi hỏi tin mới (quá nhanh hoặc hết lượt); đang tự thử lại."


class Backoff:
    """Doubling pauses, from one second to half a minute, each with up to a quarter more."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._next = _FIRST_PAUSE

    def grow(self) -> float:
        now, self._next = self._next, min(self._next * 2, _LONGEST_PAUSE)
        return now * (1 + self._random() / 4)

    def reset(self) -> None:
        self._next = _FIRST_PAUSE


async def poll(
    api: Api,
    take: Take,
    report: Report,
    pause: Pause,
    *,
    random: Callable[[], float],
    clock: Callable[[], float],
) -> None:
    """Fetch and take events until cancelled. Never raises for Zalo or for storage.

    ``clock`` is monotonic, in seconds.
    """
    backoff = Backoff(random)
    while True:
        asked_at = clock()
        try:
            found = await api.call("getUpdates", wait=_HOLD - 25 + _PATIENCE, timeout=str(_HOLD))
        except CallFailed as error:
            waited = clock() - asked_at
            if not _nothing_came(error, waited):
                report(why_not(error))
                await pause(_TOKEN_PAUSE if error.failure is Failure.TOKEN else backoff.grow())
                continue
            found = None
        report("")
        # One object, as documented and seen; a list would do no harm.
        events = found if isinstance(found, list) else [found] if found else []
        for event in events:
            await _until_stored(event, take, report, pause, random)
        if events:
            backoff.reset()
        elif clock() - asked_at < _TOO_SOON:
            await pause(backoff.grow())


async def _until_stored(
    event: Any, take: Take, report: Report, pause: Pause, random: Callable[[], float]
) -> None:
    backoff = Backoff(random)
    while not await take(event):
        report(NOT_STORED)
        await pause(backoff.grow())
    report("")


def _nothing_came(error: CallFailed, waited: float) -> bool:
    """Zalo answers an idle poll with 408; an answer that never came is one as well."""
    return error.failure is Failure.LATE or (error.failure is Failure.UNKNOWN and waited >= _HOLD)


def why_not(error: CallFailed) -> str:
    """A sentence for the team."""
    match error.failure:
        case Failure.TOKEN:
            return REFUSED
        case Failure.REFUSED if error.code == 400:
            return WEBHOOK_SET
        case Failure.QUOTA:
            return _TOO_MUCH
        case _:
            return NO_ANSWER
