"""Pictures for platforms that take no upload: a name that nobody can guess, for some days.

Such a platform fetches the address itself, more than once and later again, without a
cookie: so the name is all that guards it. It is made of a secret and of what is drawn,
so a delivery that is sent again has the same name.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from aiohttp import web

from channels.base import Publish, Unavailable
from channels.limits import Pace, client_of, network_of
from storage import addresses, kept_secrets, public_pictures
from storage.database import Connection, Database
from storage.errors import StorageError
from storage.public_pictures import PublicPicture

log = logging.getLogger(__name__)

Draw: TypeAlias = Callable[[str, dict[str, Any]], bytes]

# A chat that is opened a few days later still shows its pictures.
KEPT_FOR = timedelta(days=7)
# The smallest limit of the platforms we know: an Official Account of Zalo takes 1 MB.
MOST_BYTES = 1_000_000
MOST_OF_ONE = 60
# Names that are none. A platform's whole fleet may come from one network, but it asks only
# for names that we gave it.
MOST_WRONG = 30
WITHIN = 60.0  # seconds
_DRAWN_AT_ONCE = 2
_REMEMBERED = 64  # drawn pictures of some dozens of kilobytes
_CACHED_FOR = 3600  # seconds
_SECRET = "web.pictures"  # noqa: S105 - the secret's name
_BUSY = {"Retry-After": "5"}


class PublicPictures:
    """Publishes pictures, and answers ``GET /p/<name>``.

    ``draw(picture, content)`` gives the PNG; it runs in a thread. ``public_url`` is the
    address that the platform opens, without a slash at the end; "" publishes nothing.
    ``fit(png, most)`` gives bytes that are not above ``most`` and their media type.
    """

    def __init__(
        self,
        *,
        database: Database,
        draw: Draw,
        fit: Callable[[bytes, int], tuple[bytes, str]],
        public_url: str,
        behind_proxy: bool,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._draw = draw
        self._fit = fit
        self._public_url = public_url.rstrip("/")
        self._behind_proxy = behind_proxy
        self._now = now
        self._asked = Pace(MOST_OF_ONE, WITHIN, monotonic)
        self._wrong = Pace(MOST_WRONG, WITHIN, monotonic)
        self._drawing = asyncio.Semaphore(_DRAWN_AT_ONCE)
        self._drawn: OrderedDict[str, tuple[bytes, str]] = OrderedDict()
        self._key = ""
        self.routes: tuple[web.RouteDef, ...] = (
            web.get(r"/p/{name:[A-Za-z0-9_-]{32}}", self._picture),
        )

    def of(self, channel: str) -> Publish:
        """What this channel publishes pictures with."""

        async def publish(address: str, picture: str, content: Mapping[str, Any]) -> str:
            return await self._publish(channel, address, picture, content)

        return publish

    async def _publish(
        self, channel: str, address: str, picture: str, content: Mapping[str, Any]
    ) -> str:
        if not self._public_url:
            return ""
        stored = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        try:
            async with self._database.transaction() as connection:
                key = await self._secret(connection)
                owner = await addresses.find(connection, channel, address) if address else None
                if address and owner is None:
                    return ""  # erased meanwhile: nothing of theirs is made public now
                owned_by = None if owner is None else owner.id
                name = _name(key, f"{owned_by}", picture, stored)
                kept = PublicPicture(picture, stored, self._now() + KEPT_FOR)
                await public_pictures.keep(connection, name, owned_by, kept)
        except StorageError as error:
            raise Unavailable(type(error).__name__) from error
        return f"{self._public_url}/p/{name}"

    async def _secret(self, connection: Connection) -> str:
        if not self._key:
            self._key = await kept_secrets.get_or_create(
                connection, _SECRET, lambda: secrets.token_urlsafe(32)
            )
        return self._key

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        network = network_of(client_of(request, behind_proxy=self._behind_proxy))
        if self._asked.knock(name) or self._wrong.would_wait(network):
            return web.Response(status=429, headers={"Retry-After": str(int(WITHIN))})
        try:
            async with self._database.read() as connection:
                kept = await public_pictures.get(connection, name, self._now())
        except StorageError:
            return web.Response(status=503, headers=_BUSY)
        if kept is None:
            self._drawn.pop(name, None)
            self._wrong.knock(network)
            return web.Response(status=404)
        headers = self._headers(name, kept)
        if any(known.value == name for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        try:
            body, kind = await self._bytes(name, kept)
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing is there to show
            log.error("picture %s cannot be drawn: %s", kept.picture, type(error).__name__)  # noqa: TRY400
            return web.Response(status=404)
        return web.Response(body=body, content_type=kind, headers=headers)

    def _headers(self, name: str, kept: PublicPicture) -> dict[str, str]:
        left = int((kept.expires_at - self._now()).total_seconds())
        return {
            # No cache on the way keeps it: a learner may be erased within the hour.
            "Cache-Control": f"private, max-age={min(left, _CACHED_FOR)}",
            "ETag": f'"{name}"',
            # The platform's own page may show it from here.
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Robots-Tag": "noindex",
        }

    async def _bytes(self, name: str, kept: PublicPicture) -> tuple[bytes, str]:
        """The picture and its media type; what was drawn a moment ago is not drawn again."""
        async with self._drawing:
            drawn = self._drawn.get(name)
            if drawn is None:
                drawn = await asyncio.to_thread(self._drawn_anew, kept)
                self._drawn[name] = drawn
            self._drawn.move_to_end(name)
            while len(self._drawn) > _REMEMBERED:
                self._drawn.popitem(last=False)
        return drawn

    def _drawn_anew(self, kept: PublicPicture) -> tuple[bytes, str]:
        return self._fit(self._draw(kept.picture, json.loads(kept.content)), MOST_BYTES)


def _name(key: str, *parts: str) -> str:
    """24 bytes of a keyed hash, as 32 characters that every address may hold."""
    made = hmac.digest(key.encode(), "\n".join(parts).encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made[:24]).decode()
