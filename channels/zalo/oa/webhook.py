"""The webhook: Zalo posts here what happens in an Official Account, one event a request.

https://docs.zaloplatforms.com/docs/OA/webhook. Zalo waits two seconds for an answer and
comes again a few times after that; then it turns the webhook off for everybody. So only
what could not be stored is answered with an error.
"""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from aiohttp import web

from channels.limits import Pace, body_within, client_of, network_of
from channels.zalo.receive import word

log = logging.getLogger(__name__)

PATH = "/zalo/oa/webhook"
_SIGNATURE = "X-ZEvent-Signature"
_PREFIX = "mac="
BODY_LIMIT = 256 * 1024
# So many posts with a wrong signature are looked at; what comes after costs us nothing more.
MOST_FORGED = 30
WITHIN = 60.0  # seconds

# Whether the event is dealt with; False has Zalo send it again.
Post: TypeAlias = Callable[[dict[str, Any]], Awaitable[bool]]


class Webhook:
    """Answers ``POST /zalo/oa/webhook``.

    403 for a wrong signature, 413 for a body over ``BODY_LIMIT`` bytes, 429 for a network
    that keeps forging, 503 when it could not be stored; 200 for everything else that is
    Zalo's, odd or unknown as it may be.
    """

    def __init__(
        self,
        *,
        app_id: str,
        oa_id: str,
        secret_key: str,
        post: Post,
        behind_proxy: bool,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        # Documented is the application's id; a few have seen the account's in its place.
        self._ids = [one for one in (app_id, oa_id) if one]
        self._secret_key = secret_key
        self._post = post
        self._behind_proxy = behind_proxy
        self._forged = Pace(MOST_FORGED, WITHIN, monotonic)
        self._told = False

    def routes(self) -> Sequence[web.RouteDef]:
        return (web.post(PATH, self._take),)

    async def _take(self, request: web.Request) -> web.Response:
        network = network_of(client_of(request, behind_proxy=self._behind_proxy))
        if self._forged.would_wait(network):
            return web.Response(status=429, headers={"Retry-After": str(int(WITHIN))})
        given = request.headers.get(_SIGNATURE, "")
        body = await body_within(request, BODY_LIMIT) if given else b""
        if body is None:
            return web.Response(status=413)
        posted = _parsed(body)
        if posted is None or not self._is_zalos(given, body, word(posted, "timestamp")):
            self._forged.knock(network)
            return web.Response(status=403)
        return web.Response(status=200 if await self._post(posted) else 503)

    def _is_zalos(self, given: str, body: bytes, timestamp: str) -> bool:
        """SHA-256 of the id, the raw body, its timestamp and the account's secret key."""
        # aiohttp hands on bytes that are no UTF-8 as lone surrogates.
        proof = given.removeprefix(_PREFIX).strip().lower().encode(errors="surrogateescape")
        matches = [
            hmac.compare_digest(proof, signature(one, body, timestamp, self._secret_key).encode())
            for one in self._ids
        ]
        if any(matches[1:]) and not self._told:
            self._told = True
            log.info("Zalo signs with the id of the account, not of the application")
        return bool(self._secret_key) and any(matches)


def signature(id_: str, body: bytes, timestamp: str, secret_key: str) -> str:
    """As Zalo makes it: a plain hash, in hexadecimal."""
    return hashlib.sha256(
        id_.encode() + body + timestamp.encode(errors="surrogatepass") + secret_key.encode()
    ).hexdigest()


def _parsed(body: bytes) -> dict[str, Any] | None:
    """The object in a body. Nothing of it is looked at but the timestamp before it is proved."""
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return posted if isinstance(posted, dict) else None
