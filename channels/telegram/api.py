"""The Bot API as we speak it: python-telegram-bot over aiohttp, requests as plain data.

https://core.telegram.org/bots/api#making-requests
"""

import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from channels.base import (
    Misconfigured,
    Rejected,
    SendError,
    Throttled,
    Unavailable,
    Unreachable,
)
from channels.telegram.http import AiohttpRequest, LineBroke

# PTB is changing its plain seconds for timedeltas, and warns until it is told that we are ready.
os.environ.setdefault("PTB_TIMEDELTA", "1")

# Telegram answers within a second; a picture over a slow line may take longer.
_TIMEOUT = 20.0
_CONNECT_TIMEOUT = 10.0
# Room for all senders, and for the taps that are acknowledged beside them.
_CONNECTIONS = 256
_KEEP_ALIVE = 30.0
# What a 400 says when this chat, and not this reply, is at fault.
_NO_SUCH_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user_is_deactivated",
    # A group in which nobody, or not the tutor, may write.
    "not enough rights to send text messages",
    "have no rights to send a message",
    "chat_write_forbidden",
    "chat_restricted",
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that travels with a request."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the Bot API: the method, and its parameters as the API documents them."""

    method: str
    parameters: dict[str, Any]


class Bot(ExtBot[None]):
    """PTB's bot, and a way to call a method with plain values and get plain values back."""

    __slots__ = ()

    async def call(self, request: Request, *, wait: float = 0.0) -> Any:
        """The call's ``result``. Raises ``TelegramError``.

        The typed methods of PTB look through every value for objects of its own, and
        build one for every answer, of which we need one number. ``wait`` is how many
        seconds the server may hold the answer back.
        """
        http = self._request[0] if request.method == "getUpdates" else self._request[1]
        return await http.post(
            f"{self.base_url}/{request.method}",
            RequestData([_parameter(*pair) for pair in request.parameters.items()]),
            read_timeout=_TIMEOUT + wait,
        )


def _parameter(name: str, value: Any) -> RequestParameter:
    if isinstance(value, Upload):
        file = InputFile(value.content, filename=value.name)
        return RequestParameter(name, None, [file])
    return RequestParameter(name, value, None)


class _Application(Application[Any, Any, Any, Any, Any, Any]):
    def _mark_for_persistence_update(self, *, update: object = None, job: object = None) -> None:
        """Nothing: PTB keeps two ids for everybody who ever wrote, for a persistence we have not."""


PtbApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


def build_application(token: str, api_url: str) -> PtbApplication:
    """PTB's Application around our ``Bot``, without its Updater and its JobQueue."""
    bot = Bot(
        token=token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=_http(_CONNECTIONS),
        get_updates_request=_http(1),
    )
    builder = Application.builder().application_class(_Application)
    return builder.bot(bot).updater(None).job_queue(None).build()


def _http(connections: int) -> AiohttpRequest:
    return AiohttpRequest(
        connections, timeout=_TIMEOUT, connect_timeout=_CONNECT_TIMEOUT, keep_alive=_KEEP_ALIVE
    )


def silence_libraries() -> None:
    """Keep tokens and learners' words out of the log.

    PTB writes whole updates when one goes wrong, and answers that it cannot read.
    Whatever matters of it reaches us as an exception.
    """
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


def retry_after(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def send_error(error: TelegramError, *, group: bool = False) -> SendError:
    """What a failed request to a person or a ``group`` means for the delivery.

    Only the API's own descriptions are passed on, without what they quote: the
    texts of network errors hold addresses, and those hold the token.
    """
    match error:
        case RetryAfter():
            # A group has limits of its own, so low that they are nearly always what was meant.
            return Throttled(retry_after(error), only_here=group)
        case ChatMigrated():
            return Unreachable(f"the group moved to {error.new_chat_id}")
        case Forbidden():
            return Unreachable(_described(error))
        case InvalidToken():
            return Misconfigured("Telegram refuses the token")
        case BadRequest():
            gone = any(words in error.message.lower() for words in _NO_SUCH_CHAT)
            return (Unreachable if gone else Rejected)(_described(error))
        case _:
            perhaps_sent = isinstance(error, TimedOut | LineBroke)
            return Unavailable(type(error).__name__, perhaps_sent=perhaps_sent)


def _described(error: TelegramError) -> str:
    return error.message.partition('"')[0].strip()[:200]
