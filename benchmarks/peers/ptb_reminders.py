"""Many reminders through python-telegram-bot and its own rate limiter, and answers meanwhile.

``python -m benchmarks.peers.ptb_reminders TOKEN API_URL RATE COUNT RETRIES``. One line to each of
the chats 1 to COUNT, all asked for at once as PTB's documentation shows; an echo for everybody
else. https://docs.python-telegram-bot.org/en/stable/telegram.ext.aioratelimiter.html
"""

import asyncio
import sys
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, CallbackContext, MessageHandler, filters

from benchmarks.dispatch_load import TEXT

_Context = CallbackContext[Any, Any, Any, Any]


async def _echo(update: Update, _: _Context) -> None:
    assert update.message
    await update.message.reply_text(update.message.text or "")


def main() -> None:
    token, api_url, rate, count, retries = sys.argv[1:]
    reminding: list[asyncio.Task[None]] = []

    async def remind(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        async def one(chat: int) -> None:
            try:
                await application.bot.send_message(chat, TEXT)
            except TelegramError:
                return  # what nobody sends again is lost, and the load counts it

        async def all_of_them() -> None:
            # Its own calls at the start wait in the same line, behind whatever is there already.
            await asyncio.sleep(2)
            await asyncio.gather(*(one(chat) for chat in range(1, int(count) + 1)))

        reminding.append(asyncio.create_task(all_of_them()))

    limiter = AIORateLimiter(
        overall_max_rate=float(rate), overall_time_period=1, max_retries=int(retries)
    )
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .rate_limiter(limiter)
        .concurrent_updates(True)
        .pool_timeout(60)
        .post_init(remind)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    application.run_polling()


if __name__ == "__main__":
    main()
