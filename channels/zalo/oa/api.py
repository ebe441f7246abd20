"""The OpenAPI of a Zalo Official Account as we speak it: a few calls over httpx.

https://docs.zaloplatforms.com/docs/OA: JSON with the header ``access_token``. Whether a
call succeeded stands in ``error`` of the body, with HTTP status 200 either way.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import httpx

from channels.base import Misconfigured
from channels.trust import tls

API_URL = "https://openapi.zalo.me"
OAUTH_URL = "https://oauth.zaloapp.com"
SEND = "/v3.0/oa/message/cs"
_REFRESH = "/v4/oa/access_token"
_TIMEOUT = 20.0
_CONNECT_TIMEOUT = 10.0
# Zalo fetches a picture before it answers, as far as is known.
_PICTURE_TIMEOUT = 60.0
_CONNECTIONS = 64
_KEEP_ALIVE = 20.0
_BAD_URL = (
    "HOCSO_ZALO_OA__API_URL và HOCSO_ZALO_OA__OAUTH_URL phải bắt đầu bằng http:// hoặc https://."
)


class Failure(Enum):
    """What is known of a call that did not succeed."""

    UNSENT = auto()  # no connection: Zalo has seen nothing of it
    UNKNOWN = auto()  # the line broke, or no answer came in time: it may have been done
    TRANSIENT = auto()  # 5xx without Zalo's envelope
    FOREIGN = auto()  # whoever answered there is not Zalo
    REFUSED = auto()  # Zalo says why, by a number


class CallFailed(Exception):
    """A call that did not succeed. Its text holds a number, and nothing that Zalo said."""

    def __init__(self, failure: Failure, code: int = 0) -> None:
        super().__init__(f"Zalo OA: {failure.name.lower()}" + (f" ({code})" if code else ""))
        self.failure = failure
        self.code = code


@dataclass(frozen=True, slots=True)
class Pair:
    """What a refresh gives. Neither is ever written anywhere as it is."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts: timedelta


class Api:
    """Raises ``Misconfigured`` for what cannot even be an address."""

    def __init__(self, api_url: str, oauth_url: str) -> None:
        if not all(url.startswith(("http://", "https://")) for url in (api_url, oauth_url)):
            raise Misconfigured(_BAD_URL)
        self._api_url = api_url.rstrip("/")
        self._oauth_url = oauth_url.rstrip("/")
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(_TIMEOUT, connect=_CONNECT_TIMEOUT),
            limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_KEEP_ALIVE),
            trust_env=False,
            verify=tls(),
        )

    async def send(self, access: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send one line; what Zalo says of it. Raises ``CallFailed``."""
        longest = _PICTURE_TIMEOUT if "attachment" in body["message"] else _TIMEOUT
        answer = await self._post(
            f"{self._api_url}{SEND}",
            json=body,
            headers={"access_token": access},
            timeout=httpx.Timeout(longest, connect=_CONNECT_TIMEOUT, pool=longest),
        )
        said = _said(answer)
        code = _number(said.get("error"))
        if code is None:
            raise CallFailed(_without_words(answer.status_code), answer.status_code)
        if code:
            raise CallFailed(Failure.REFUSED, code)
        given = said.get("data")
        return given if isinstance(given, dict) else {}

    async def refresh(self, app_id: str, app_secret: str, refresh: str) -> Pair:
        """A new pair for a refresh token, which is used up by it. Raises ``CallFailed``."""
        answer = await self._post(
            f"{self._oauth_url}{_REFRESH}",
            data={"app_id": app_id, "grant_type": "refresh_token", "refresh_token": refresh},
            headers={"secret_key": app_secret},
        )
        said = _said(answer)
        access, renewed = said.get("access_token"), said.get("refresh_token")
        if isinstance(access, str) and isinstance(renewed, str) and access and renewed:
            # Documented as a string; a day when it cannot be read, which is less than it lasts.
            seconds = _number(said.get("expires_in")) or 86_400
            return Pair(access, renewed, timedelta(seconds=seconds))
        code = _number(said.get("error"))
        if code:
            raise CallFailed(Failure.REFUSED, code)
        raise CallFailed(_without_words(answer.status_code), answer.status_code)

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, url: str, **options: Any) -> httpx.Response:
        """Nothing that httpx raises goes any further: its texts may hold what was sent."""
        try:
            return await self._http.post(url, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise CallFailed(Failure.UNSENT) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise CallFailed(Failure.UNKNOWN) from None


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _number(given: Any) -> int | None:
    """Numbers have been seen as numbers and as text."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        return None
    try:
        return int(given)
    except ValueError:
        return None


def _without_words(status: int) -> Failure:
    """What an answer without Zalo's envelope means: some gateway in front of it, at best."""
    if status == 504:
        return Failure.UNKNOWN
    return Failure.TRANSIENT if 500 <= status < 600 else Failure.FOREIGN
