"""The webhook: Telegram posts updates here, and learns by the status whether they are stored.

https://core.telegram.org/bots/api#setwebhook
"""

import hmac
import json
from collections.abc import Sequence

from aiohttp import web

from channels.limits import body_within
from channels.telegram.api import Bot, Request
from channels.telegram.polling import RawUpdate, Take
from channels.telegram.receive import ALLOWED_UPDATES

PATH = "/telegram/webhook"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
# An update is some kilobytes; a long text with many entities stays far below this.
BODY_LIMIT = 256 * 1024


def routes(secret: str, take: Take) -> Sequence[web.RouteDef]:
    """What the web server is to answer for us.

    403 for a wrong secret, 413 for a body over ``BODY_LIMIT`` bytes, 400 for
    anything but an update, 503 when it could not be stored (Telegram sends it
    again), 200 when it is; a tap is acknowledged in the same answer.
    """

    async def post_update(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        # aiohttp hands on bytes that are no UTF-8 as lone surrogates.
        proof = given.encode(errors="surrogateescape")
        if not secret or not hmac.compare_digest(proof, secret.encode()):
            return web.Response(status=403)
        body = await body_within(request, BODY_LIMIT)
        if body is None:
            return web.Response(status=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        if not await take([update]):
            return web.Response(status=503)
        return _stop_the_clock(update)

    return (web.post(PATH, post_update),)


def _stop_the_clock(update: RawUpdate) -> web.Response:
    """200; for a tap with the request that ends the waiting on its button.

    https://core.telegram.org/bots/api#making-requests-when-getting-updates
    """
    tap = update.get("callback_query")
    if not isinstance(tap, dict) or not isinstance(tap.get("id"), str):
        return web.Response()
    return web.json_response({"method": "answerCallbackQuery", "callback_query_id": tap["id"]})


async def set_webhook(bot: Bot, url: str, secret: str) -> None:
    """Have updates posted to ``url``. Raises ``TelegramError``."""
    parameters = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": list(ALLOWED_UPDATES),
    }
    await bot.call(Request("setWebhook", parameters))


async def delete_webhook(bot: Bot) -> None:
    """Keep updates for polling; those that wait are not dropped. Raises ``TelegramError``."""
    await bot.call(Request("deleteWebhook", {}))
