"""The webhook: Zalo posts events here, one a request.

https://docs.zaloplatforms.com/docs/BOT/webhook. How long Zalo waits for the answer, and
whether it posts again what was not answered 200, it does not say.
"""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiohttp import web

from channels.limits import body_within
from channels.zalo.bot.api import Api, CallFailed, Failure
from storage import kept_secrets
from storage.database import Database

PATH = "/zalo/bot/webhook"
_SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
# An event is some kilobytes; the longest text stays far below this.
BODY_LIMIT = 256 * 1024
# Bytes of the secret, as documented.
SECRET_LENGTH = range(8, 257)

# The status that a posted event is to be answered with.
Post: TypeAlias = Callable[[Any], Awaitable[int]]


def routes(secret: str, post: Post) -> Sequence[web.RouteDef]:
    """What the web server is to answer for us.

    403 for a wrong secret and when there is none, 413 for a body over ``BODY_LIMIT``
    bytes, else what ``post`` says. A body that is no event, as Zalo's own probe may be,
    is answered 200: to have it sent again would not mend it.
    """

    async def take_post(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        # aiohttp hands on bytes that are no UTF-8 as lone surrogates.
        proof = given.encode(errors="surrogateescape")
        if not secret or not hmac.compare_digest(proof, secret.encode()):
            return web.Response(status=403)
        body = await body_within(request, BODY_LIMIT)
        if body is None:
            return web.Response(status=413)
        try:
            posted = json.loads(body)
        except (ValueError, RecursionError):
            return web.Response()
        return web.Response(status=await post(posted))

    return (web.post(PATH, take_post),)


async def registered(api: Api) -> str:
    """The address that Zalo posts to; "" when none is set. Raises ``CallFailed``."""
    try:
        answer = await api.call("getWebhookInfo")
    except CallFailed as error:
        # So Zalo says that there never was one.
        if error.failure is Failure.REFUSED and error.code == 404:
            return ""
        raise
    url = answer.get("url") if isinstance(answer, dict) else ""
    return url if isinstance(url, str) else ""


@dataclass(frozen=True, slots=True)
class Probe:
    """What came of Zalo's own try of an address, in its word: ``webhook.ok``, or why not."""

    well: bool
    outcome: str


async def register(api: Api, url: str, secret: str) -> Probe:
    """Have events posted to ``url`` from now on, also when the probe fails. Raises ``CallFailed``.

    Zalo takes this a few times a day only, so nothing but a person's command does it.
    """
    answer = await api.call("setWebhook", url=url, secret_token=secret)
    probe = answer.get("verification") if isinstance(answer, dict) else None
    if not isinstance(probe, dict):
        return Probe(well=True, outcome="")
    return Probe(well=probe.get("ok") is True, outcome=str(probe.get("outcome", "")))


async def remove(api: Api) -> None:
    """Have events kept for polling. Raises ``CallFailed``."""
    await api.call("deleteWebhook")


async def kept_secret(database: Database) -> str:
    """The secret that the tutor made for itself. Raises ``StorageError``."""
    async with database.transaction() as connection:
        return await kept_secrets.get_or_create(
            connection, "zalo_bot.webhook", lambda: secrets.token_urlsafe(32)
        )
