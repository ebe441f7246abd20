"""The tutor as a process, with an Official Account: from a post to the phone, a kill while the
tokens are renewed, and nothing told that is secret.
"""

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support import zalo_oa_events as zalo
from tests.support.bot_fork import run_to_its_end
from tests.support.bot_process import Bot, free_port
from tests.support.zalo_oa_server import (
    APP_ID,
    APP_SECRET,
    FIRST_REFRESH,
    OA_ID,
    REFRESH,
    SECRET_KEY,
    SEND,
    USER,
    ZaloOaServer,
)


def settings(url: str) -> dict[str, Any]:
    return {
        "zalo_oa__app_id": APP_ID,
        "zalo_oa__app_secret": APP_SECRET,
        "zalo_oa__secret_key": SECRET_KEY,
        "zalo_oa__oa_id": OA_ID,
        "zalo_oa__refresh_token": FIRST_REFRESH,
        "zalo_oa__api_url": url,
        "zalo_oa__oauth_url": url,
        "web__public_url": "https://hoc.example.vn",
        "log__level": "DEBUG",
    }


def now() -> str:
    return str(int(time.time() * 1000))


async def test_a_first_word_is_answered_and_no_secret_is_told(tmp_path: Path) -> None:
    async with ZaloOaServer() as server, Bot(tmp_path, **settings(server.url)) as bot:
        await bot.ready()
        server.webhook = f"{bot.url}/zalo/oa/webhook"
        server.heard[USER] = server.now()
        forged = await server.post(
            zalo.text("xin chao bac Nam", timestamp=now()), sign=lambda _: "mac=0"
        )
        taken = await server.post(zalo.text("xin chao bac Nam", timestamp=now()))
        await server.until(SEND)
        health = await bot.until_health(lambda said: bool(said["well"]))
        code = await bot.told(signal.SIGTERM)

    (line,) = server.lines()
    assert (forged, taken, code) == (403, 200, 0)
    assert "1. Đồng ý, vào học" in line
    assert health["channel zalo_oa"] == {"well": True}
    told = (APP_SECRET, SECRET_KEY, FIRST_REFRESH, "access-1-of", "refresh-1-of", "chao bac Nam")
    assert [word for word in told if word in bot.all_said] == []


async def test_killed_while_zalo_gives_new_tokens_nothing_is_half_written(tmp_path: Path) -> None:
    async with ZaloOaServer() as server:
        async with Bot(tmp_path, **settings(server.url)) as bot:
            await bot.ready()
            await bot.until_health(lambda said: bool(said["well"]))
            # Zalo refuses the token; while it gives a new pair, the process is killed.
            server.webhook = f"{bot.url}/zalo/oa/webhook"
            server.heard[USER] = server.now()
            server.access = "another"
            server.hold = asyncio.Event()
            assert await server.post(zalo.text("chao", timestamp=now())) == 200
            await server.until(REFRESH, 2)
            await bot.told(signal.SIGKILL)
        with closing(sqlite3.connect(bot.database)) as connection:
            kept = connection.execute(
                "SELECT turn, dead_at, leased_by <> '' FROM zalo_oa_token"
            ).fetchall()
        server.hold.set()
        async with Bot(tmp_path, **settings(server.url)) as bot:
            await bot.ready()
            health = await bot.until_health(lambda said: "channel zalo_oa" in said)
            await bot.told(signal.SIGTERM)

    assert kept == [(1, None, 1)]
    # The first token is not brought a second time.
    assert len(server.asked(REFRESH)) == 2
    assert health["database"] == {"well": True}


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("zalo_oa__app_secret", "HOCSO_ZALO_OA__APP_SECRET"),
        ("zalo_oa__secret_key", "HOCSO_ZALO_OA__SECRET_KEY"),
        ("web__public_url", "HOCSO_WEB__PUBLIC_URL"),
    ],
)
def test_what_is_missing_is_said_in_one_line(missing: str, said: str, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    changes = {missing: "", "log__level": "INFO", "web__port": free_port()}

    ended = run_to_its_end(tmp_path, settings={**settings(nobody), **changes})

    assert ended.code == 1
    (line,) = ended.err.splitlines()
    assert said in line
