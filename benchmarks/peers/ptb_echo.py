"""A bare python-telegram-bot echo bot with default settings.

``python -m benchmarks.peers.ptb_echo polling|webhook TOKEN API_URL PORT``. The webhook is PTB's
own documented custom one: an aiohttp route that puts updates into the queue.
"""

import asyncio
import sys
from typing import Any

from aiohttp import web
from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters

_Context = CallbackContext[Any, Any, Any, Any]


async def _echo(update: Update, _: _Context) -> None:
    assert update.message
    await update.message.reply_text(update.message.text or "")


async def _serve_webhook(token: str, api_url: str, port: int) -> None:
    application = (
        Application.builder().token(token).base_url(f"{api_url}/bot").updater(None).build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _echo))

    async def take(request: web.Request) -> web.Response:
        update = Update.de_json(await request.json(), application.bot)
        await application.update_queue.put(update)
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram/webhook", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with application:
        await application.start()
        await application.bot.set_webhook(f"http://127.0.0.1:{port}/telegram/webhook")
        await asyncio.Event().wait()


def main() -> None:
    mode, token, api_url, port = sys.argv[1:]
    if mode == "webhook":
        asyncio.run(_serve_webhook(token, api_url, int(port)))
        return
    application = Application.builder().token(token).base_url(f"{api_url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    application.run_polling()


if __name__ == "__main__":
    main()
