"""The tutor as a process: what it serves, what it says of itself, and what it never says."""

import asyncio
import resource
import signal
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from tests.support import telegram_server as faults
from tests.support.bot_process import Bot
from tests.support.databases import make_tables
from tests.support.telegram_server import TOKEN, Fault, TelegramServer
from tests.support.telegram_updates import text

WEBHOOK = "/telegram/webhook"
SECRET = "kept-between_us-4711"
NO_ANSWER = "Chưa gọi được Telegram; đang tự thử lại."


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def post(bot: Bot, update: int, words: str, who: int = 7, secret: str = SECRET) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    body = {"update_id": update, **text(words, who)}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(bot.url + WEBHOOK, json=body) as answer,
    ):
        return answer.status


def webhook(folder: Path, server: TelegramServer, **settings: Any) -> Bot:
    make_tables(folder / "hocso.db")
    return Bot(
        folder,
        telegram__token=TOKEN,
        telegram__api_url=server.url,
        telegram__mode="webhook",
        telegram__webhook_secret=SECRET,
        web__public_url="https://hoc.example.vn",
        log__level="DEBUG",
        **settings,
    )


def polling(folder: Path, server: TelegramServer, **settings: Any) -> Bot:
    make_tables(folder / "hocso.db")
    return Bot(
        folder,
        telegram__token=TOKEN,
        telegram__api_url=server.url,
        log__level="DEBUG",
        **settings,
    )


def parts(said: dict[str, object]) -> dict[str, bool]:
    return {name: part["well"] for name, part in said.items() if isinstance(part, dict)}


async def test_with_nothing_configured_the_page_is_served_and_one_line_says_where(
    tmp_path: Path,
) -> None:
    async with Bot(tmp_path) as bot:
        await bot.ready()
        status, page = await get(bot.url)
        said = await bot.until_health(lambda said: bool(said["well"]))
        code = await bot.told(signal.SIGINT)

    assert bot.out == [f"Học Số đang chạy. Mở trang này để học: http://localhost:{bot.port}/"]
    assert (status, "<title>" in page, bot.log, code) == (200, True, [], 0)
    assert said == {
        "well": True,
        "database": {"well": True},
        "content": {"well": True},
        "scheduler": {"well": True},
        "channel web": {"well": True},
    }


async def test_a_stop_while_it_starts_leaves_no_traceback(tmp_path: Path) -> None:
    async with TelegramServer() as server, polling(tmp_path, server) as bot:
        await server.until("getMe")
        code = await bot.told(signal.SIGTERM)

    assert (code, [line for line in bot.log if "Traceback" in line or "File" in line]) == (0, [])


async def test_ctrl_c_while_python_still_imports_leaves_no_word(tmp_path: Path) -> None:
    presses = "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)"
    (tmp_path / "pydantic.py").write_text(presses)
    async with Bot(tmp_path, pythonpath=str(tmp_path)) as bot:
        code = await bot.ended()

    assert (code, bot.all_said) == (-signal.SIGINT, "")


async def test_a_token_that_telegram_refuses_ends_the_start(tmp_path: Path) -> None:
    async with (
        TelegramServer(token="4242:another") as server,
        polling(tmp_path, server, web__enabled="false") as bot,
    ):
        code = await bot.ended()

    line = (
        "Telegram không nhận token này. Hãy xem lại HOCSO_TELEGRAM__TOKEN (lấy ở @BotFather) "
        "và HOCSO_TELEGRAM__API_URL."
    )
    assert (code, bot.out, bot.log) == (1, [], [line])


async def test_what_cannot_be_stored_is_not_acknowledged_and_taken_when_there_is_room(
    tmp_path: Path,
) -> None:
    """The disk is full: here a limit on the size of files, lifted again from outside."""
    async with TelegramServer() as server, polling(tmp_path, server) as bot:
        await bot.ready()
        (first,) = await server.push(text("/start"))
        await server.until_confirmed(first)
        await bot.until_sql("SELECT COUNT(*) FROM delivery", [(0,)])
        size = (tmp_path / "hocso.db-wal").stat().st_size
        unlimited = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))
        updates = await server.push(text("1"), text("/start", 8))
        await bot.logged("ổ đĩa báo lỗi khi đọc, ghi tệp hocso.db")
        sick = await bot.until_health(lambda said: not parts(said)["channel telegram"])
        unacknowledged = server.confirmed
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, unlimited)
        await server.until_confirmed(updates[-1])
        await bot.until_health(lambda said: bool(said["well"]))
        await bot.until_sql("SELECT COUNT(*) FROM delivery", [(0,)])
        seen = bot.sql("SELECT external_id FROM seen ORDER BY external_id")
        code = await bot.told(signal.SIGTERM)

    assert unacknowledged == first + 1
    assert sick["channel telegram"] == {
        "well": False,
        "detail": "Chưa ghi được vào cơ sở dữ liệu; tin của người học vẫn nằm ở Telegram "
        "và sẽ nhận lại.",
    }
    assert seen == [(str(update),) for update in (first, *updates)]
    assert (code, [line for line in bot.log if "Traceback" in line or "File" in line]) == (0, [])


async def test_telegram_away_is_unwell_while_the_page_goes_on_and_then_all_is_well(
    tmp_path: Path,
) -> None:
    async with TelegramServer() as server, polling(tmp_path, server) as bot:
        server.fail("getMe", faults.DROPPED)
        await bot.ready()
        status, said = await bot.health()
        page, _ = await get(bot.url)
        server.fail("getUpdates", faults.DROPPED)
        server.fail("sendMessage", faults.DROPPED)
        (update,) = await server.push(text("/start"))
        await server.until_confirmed(update)
        await bot.until_sql("SELECT COUNT(*) FROM delivery", [(0,)])
        well = await bot.until_health(lambda said: bool(said["well"]))
        code = await bot.told(signal.SIGTERM)

    assert (status, said["well"], page) == (503, False, 200)
    assert said["channel telegram"] == {"well": False, "detail": NO_ANSWER}
    assert (parts(well)["channel telegram"], code) == (True, 0)
    menu = {command["command"] for command in server.shown["MyCommands"]}
    assert menu >= {"hoc", "kiemtra", "tiendo", "dulieu", "xoa", "trogiup", "botla"}
    assert all(command["description"] for command in server.shown["MyCommands"])
    assert server.shown["MyDescription"]["description"]
    assert server.shown["MyShortDescription"]["short_description"]
    assert "Học Số" in server.asked("sendMessage")[-1].parameters["text"]
    assert TOKEN not in bot.all_said
    assert TOKEN.partition(":")[2] not in bot.all_said


async def test_a_webhook_is_proved_stored_once_and_refused_while_storage_is_down(
    tmp_path: Path,
) -> None:
    async with TelegramServer() as server, webhook(tmp_path, server) as bot:
        await bot.ready()
        refused = [await post(bot, 5, "/start", secret=secret) for secret in ("", "wrong")]
        taken = [await post(bot, update, "/start") for update in (5, 5)]
        await server.until("sendMessage")
        size = (tmp_path / "hocso.db-wal").stat().st_size
        unlimited = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))
        down = await post(bot, 6, "1")
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, unlimited)
        again = await post(bot, 6, "1")
        await bot.until_sql("SELECT COUNT(*) FROM delivery", [(0,)])
        seen = bot.sql("SELECT external_id FROM seen ORDER BY external_id")
        code = await bot.told(signal.SIGTERM)

    assert (refused, taken, down, again, code) == ([403, 403], [200, 200], 503, 200, 0)
    assert seen == [("5",), ("6",)]
    assert server.webhook["url"] == "https://hoc.example.vn" + WEBHOOK
    assert server.webhook["secret_token"] == SECRET
    assert (SECRET in bot.all_said, TOKEN in bot.all_said) == (False, False)


async def test_a_stop_sends_what_is_under_way_and_loses_nothing(tmp_path: Path) -> None:
    learners = range(1, 9)
    # Longer than sixteen posts take on a busy machine, and shorter than a stop waits.
    async with TelegramServer(delay=3.0) as server:
        async with webhook(tmp_path, server, telegram__sends_per_second=0) as bot:
            await bot.ready()
            await asyncio.gather(*(post(bot, who, "/start", who) for who in learners))
            await asyncio.gather(*(post(bot, who + 100, "/trogiup", who) for who in learners))
            begun = len(await server.until("sendMessage", len(learners)))
            clock = asyncio.get_running_loop()
            asked = clock.time()
            code = await bot.told(signal.SIGTERM)
            took = clock.time() - asked
        first = [said.parameters for said in server.asked("sendMessage")]
        left = bot.sql("SELECT COUNT(*) FROM delivery")
        server.delay = 0.0
        async with webhook(tmp_path, server) as bot:
            await bot.ready()
            await bot.until_sql("SELECT COUNT(*) FROM delivery", [(0,)])
        all_of_it = [said.parameters for said in server.asked("sendMessage")]

    words = {who: [said["text"] for said in all_of_it if said["chat_id"] == str(who)]
             for who in learners}  # fmt: skip
    assert (code, took < 10, begun, len(first)) == (0, True, len(learners), len(learners))
    assert left == [(len(all_of_it) - len(first),)]
    # Nothing twice, nothing missing, in order: as everybody else's.
    assert {tuple(said) for said in words.values()} == {tuple(words[1])}
    assert len(words[1]) > 1


async def test_the_page_answers_a_learner_and_repaints_after_a_kill(tmp_path: Path) -> None:
    async with Bot(tmp_path) as bot, aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True)
    ) as session:  # fmt: skip
        await bot.ready()
        async with session.post(f"{bot.url}/open", json={"id": str(uuid4()), "start": ""}) as open_:
            status = open_.status
        await bot.until_sql("SELECT COUNT(*) > 0, COUNT(DISTINCT side) FROM web_line", [(1, 1)])
        await bot.until_sql("SELECT COUNT(*) FROM delivery", [(0,)])
        lines = bot.sql("SELECT COUNT(*) FROM web_line")
        bot.process.kill()
        await bot.ended()
        async with Bot(tmp_path, port=bot.port) as again:
            await again.ready()
            body = {"id": str(uuid4()), "start": ""}
            async with session.post(f"{again.url}/open", json=body) as repainted:
                shown = await repainted.json()

    assert (status, [(len(shown["lines"]),)]) == (200, lines)


async def test_what_telegram_refuses_stops_nobody_else_and_what_must_wait_waits(
    tmp_path: Path,
) -> None:
    """A learner who blocked the bot, a refused reply, an overload of one second."""
    async with TelegramServer() as server, webhook(tmp_path, server) as bot:
        await bot.ready()
        server.fail("sendMessage", faults.BLOCKED)
        await post(bot, 1, "/start", 7)
        await bot.until_sql("SELECT DISTINCT status FROM delivery", [("cancelled",)])
        server.fail("sendMessage", Fault(status=400, description="Bad Request: can't parse"))
        await post(bot, 2, "/botla", 8)
        await bot.logged("set aside: Rejected: ")
        server.fail("sendMessage", faults.throttled(1))
        before = asyncio.get_running_loop().time()
        calls = len(server.asked("sendMessage"))
        await post(bot, 3, "/botla", 9)
        await post(bot, 4, "/botla", 10)
        await bot.until_sql("SELECT COUNT(*) FROM delivery WHERE settled_at IS NULL", [(0,)])
        waited = asyncio.get_running_loop().time() - before
        states = bot.sql("SELECT DISTINCT status FROM delivery ORDER BY status")
        code = await bot.told(signal.SIGTERM)

    got = [said.parameters["chat_id"] for said in server.asked("sendMessage")][calls:]
    assert (states, code, waited >= 1) == ([("cancelled",), ("failed",)], 0, True)
    assert Counter(got)["9"] + Counter(got)["10"] == len(got)
    assert {"9", "10"} == set(got)
    assert [line for line in bot.log if "Traceback" in line or "File" in line] == []


async def test_a_process_lets_in_more_pages_than_the_usual_limit_of_files(tmp_path: Path) -> None:
    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4_096))

    async with Bot(tmp_path, before=few) as bot:
        await bot.ready()
        limit = resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE)
    assert limit == (4_096, 4_096)
