"""The bot's name, asked for by who only wants to write a link to it."""

from http import HTTPStatus

import aiohttp

_PATIENCE = aiohttp.ClientTimeout(total=5)


async def username(token: str, api_url: str) -> str:
    """Without "@"; "" when Telegram does not say, whatever the reason.

    https://core.telegram.org/bots/api#getme
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, trust_env=True) as session,
            session.post(f"{api_url.rstrip('/')}/bot{token}/getMe") as answer,
        ):
            if answer.status != HTTPStatus.OK:
                return ""
            return str((await answer.json())["result"]["username"])
    # The address holds the token, so nothing of the error is told.
    except (TimeoutError, aiohttp.ClientError, OSError, KeyError, TypeError, ValueError):
        return ""
