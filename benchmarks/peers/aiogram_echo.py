"""A bare aiogram echo bot with default settings.

``python -m benchmarks.peers.aiogram_echo polling|webhook TOKEN API_URL PORT``.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web


async def _echo(message: Message) -> None:
    await message.answer(message.text or "")


async def _serve(mode: str, token: str, api_url: str, port: int) -> None:
    dispatcher = Dispatcher()
    dispatcher.message.register(_echo)
    async with Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url))) as bot:
        if mode == "polling":
            await dispatcher.start_polling(bot)
            return
        app = web.Application()
        SimpleRequestHandler(dispatcher, bot).register(app, "/telegram/webhook")
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await bot.set_webhook(f"http://127.0.0.1:{port}/telegram/webhook")
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
