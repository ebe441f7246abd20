"""The tutor as a process, with a Zalo bot: from a post to the phone, and nothing told that is secret."""

import signal
from pathlib import Path

from channels.zalo.bot.polling import WEBHOOK_SET
from tests.support import zalo_bot_events as zalo
from tests.support.bot_process import Bot
from tests.support.zalo_bot_server import TOKEN, ZaloBotServer

SECRET = "kept-between_us-4711"


async def test_a_first_word_is_answered_and_counted_and_the_token_told_to_nobody(
    tmp_path: Path,
) -> None:
    async with (
        ZaloBotServer() as server,
        Bot(
            tmp_path,
            zalo_bot__token=TOKEN,
            zalo_bot__api_url=server.url,
            zalo_bot__mode="webhook",
            zalo_bot__webhook_secret=SECRET,
            web__public_url="https://hoc.example.vn",
            log__level="DEBUG",
        ) as bot,
    ):
        await bot.ready()
        server.webhook = {"url": f"{bot.url}/zalo/bot/webhook", "secret_token": SECRET}
        before = (await bot.until_health(lambda said: "channel zalo_bot" in said))[
            "channel zalo_bot"
        ]
        statuses = [await server.post(zalo.text("xin chao bac Nam"), secret="wrong-secret")]
        statuses.append(await server.post(zalo.text("xin chao bac Nam")))
        await server.until("sendMessage")
        await bot.until_sql("SELECT sent FROM channel_month", [(1,)])
        after = await bot.until_health(lambda said: bool(said["well"]))
        code = await bot.told(signal.SIGTERM)

    (line,) = server.lines("ab12cd34ef56ab78cd90")
    assert "set-webhook" in str(before)
    assert (statuses, code) == ([403, 200], 0)
    assert "1. Đồng ý, vào học" in line
    assert after["channel zalo_bot"] == {
        "well": True,
        "detail": "Tháng này đã gửi 1/3000 tin; 1/50 khung chat.",
    }
    told = [SECRET, TOKEN.partition(":")[2], "chao bac Nam", "Cô Lan"]
    assert [word for word in told if word in bot.all_said] == []


async def test_a_bot_that_should_poll_while_a_webhook_is_set_does_not_start(tmp_path: Path) -> None:
    async with ZaloBotServer() as server:
        server.webhook = {"url": "https://elsewhere.example.vn", "secret_token": "x" * 8}
        async with Bot(tmp_path, zalo_bot__token=TOKEN, zalo_bot__api_url=server.url) as bot:
            code = await bot.ended()

    assert (code, bot.out) == (1, [])
    assert bot.log == [WEBHOOK_SET]
