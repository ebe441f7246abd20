"""The Zalo Bot API as we speak it: a dozen calls over httpx, and what their failures are.

https://docs.zaloplatforms.com/docs/BOT: POST and JSON to ``/bot<token>/<method>``. A
failed call says ``"ok": false``, with HTTP status 200 as often as not, so the body is
read first and the status counts only where there is none.
"""

import asyncio
import re
from enum import Enum, auto
from typing import Any

import httpx

from channels.base import Misconfigured
from channels.trust import tls

API_URL = "https://bot-api.zaloplatforms.com"
# Zalo alone knows which tokens it gave out; this only keeps the address whole.
_TOKEN = re.compile(r"[^\s/?#%\\]+")
_TIMEOUT = 25.0
_CONNECT_TIMEOUT = 10.0
# Zalo fetches the picture before it answers, as far as is known.
_PHOTO_TIMEOUT = 75.0
# httpx looks through all of its requests under way at every one of them, so few are let in; at
# 50 ms each that is still 300 lines a second.
_AT_ONCE = 16
_KEEP_ALIVE = 20.0

REFUSED = (
    "Zalo không nhận mã bot này. Hãy xem lại HOCSO_ZALO_BOT__TOKEN "
    "(lấy trong Zalo, mục Zalo Bot Creator) và HOCSO_ZALO_BOT__API_URL."
)
_BAD_URL = "HOCSO_ZALO_BOT__API_URL phải bắt đầu bằng http:// hoặc https://."


class Failure(Enum):
    """What is known of a call that did not succeed."""

    UNSENT = auto()  # no connection: Zalo has seen nothing of it
    UNKNOWN = auto()  # the line broke, or no answer came in time: it may have been done
    LATE = auto()  # 408: Zalo says that it took too long; of a poll, that nothing came
    QUOTA = auto()  # 429: too fast, or nothing left of the month; Zalo does not say which
    TRANSIENT = auto()  # 403, which Zalo calls an internal error, and 5xx
    TOKEN = auto()  # 401
    REFUSED = auto()  # 400, 404 and whatever else Zalo says: this call, as it stands
    FOREIGN = auto()  # whoever answered there is not Zalo's API


class CallFailed(Exception):
    """A call that did not succeed. Its text holds the method and a number, nothing of Zalo's."""

    def __init__(self, method: str, failure: Failure, code: int = 0) -> None:
        super().__init__(f"{method}: {failure.name.lower()}" + (f" ({code})" if code else ""))
        self.failure = failure
        self.code = code


class Api:
    """Calls for one bot. Raises ``Misconfigured`` for what cannot even be an address."""

    def __init__(self, token: str, api_url: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise Misconfigured(REFUSED)
        if not api_url.startswith(("http://", "https://")):
            raise Misconfigured(_BAD_URL)
        self._base = f"{api_url.rstrip('/')}/bot{token}"
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(_TIMEOUT, connect=_CONNECT_TIMEOUT),
            limits=httpx.Limits(max_connections=_AT_ONCE, keepalive_expiry=_KEEP_ALIVE),
            trust_env=False,
            verify=tls(),
        )
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def call(self, method: str, wait: float = 0.0, **parameters: Any) -> Any:
        """The call's ``result``; ``None`` where Zalo gives none. Raises ``CallFailed``.

        ``wait`` is how many seconds more than usual the answer may take. Nothing that
        httpx raises goes any further: its texts hold the address, and that the token.
        """
        longest = (_PHOTO_TIMEOUT if method == "sendPhoto" else _TIMEOUT) + wait
        try:
            async with self._slots:
                answer = await self._http.post(
                    f"{self._base}/{method}",
                    json=parameters,
                    timeout=httpx.Timeout(longest, connect=_CONNECT_TIMEOUT),
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise CallFailed(method, Failure.UNSENT) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise CallFailed(method, Failure.UNKNOWN) from None
        return _result(method, answer)

    async def close(self) -> None:
        await self._http.aclose()


def _result(method: str, answer: httpx.Response) -> Any:
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        raise CallFailed(method, _without_words(answer.status_code), answer.status_code)
    if said["ok"]:
        return said.get("result")
    # One method is documented with the other spelling.
    given = said.get("error_code", said.get("errorCode"))
    code = int(given) if isinstance(given, int | str) and str(given).isdecimal() else 0
    code = code or answer.status_code
    raise CallFailed(method, _FAILURES.get(code, _other(code)), code)


_FAILURES = {
    401: Failure.TOKEN,
    403: Failure.TRANSIENT,
    408: Failure.LATE,
    429: Failure.QUOTA,
}


def _other(code: int) -> Failure:
    return Failure.TRANSIENT if 500 <= code < 600 else Failure.REFUSED


def _without_words(status: int) -> Failure:
    """What an answer without Zalo's envelope means: some gateway in front of it, at best."""
    if status == 504:
        return Failure.UNKNOWN
    if 500 <= status < 600:
        return Failure.TRANSIENT
    return _FAILURES.get(status, Failure.FOREIGN)
