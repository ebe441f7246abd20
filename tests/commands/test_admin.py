"""The first administrator: a code on the machine, used once in the chat."""

from datetime import UTC, datetime

import pytest

from channels.telegram.whoami import username
from commands.admin import invite
from lessons.catalogue import Catalogue
from settings import Database, Settings, Telegram, Web
from storage.opening import open_database
from tests.support.databases import ENGINES, NoPostgresql, fresh_url
from tests.support.tables import dump
from tests.support.talk import START, WORDS, Talk
from tests.support.telegram_server import TelegramServer
from tests.support.telegram_updates import BOT

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def code_of(lines: str) -> str:
    (line,) = (line for line in lines.splitlines() if "gõ mã: " in line)
    return line.rpartition(": ")[2]


@pytest.mark.parametrize("engine", ENGINES)
async def test_whoever_types_the_code_is_an_administrator_and_nobody_after_them(
    engine: str, catalogue: Catalogue
) -> None:
    try:
        async with fresh_url(engine) as url:
            # The tutor runs all the while.
            database = await open_database(url)
            try:
                lines = await invite(Settings(database=Database(url=url)), NOW)
                code = code_of(lines)
                assert code.replace(" ", "") not in await dump(database)
                first = Talk(database, catalogue)
                second = first.person("Hai")
                for talk in (first, second):
                    for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
                        await talk.line(line)
                for line in (code, "[Đồng ý nhận]", "[Không cần tên]"):
                    await first.line(line)
                said = await second.line(code)
                mine = await first.line("/vaitro")
            finally:
                await database.close()
    except NoPostgresql as reason:
        pytest.skip(str(reason))

    assert said[-1].text == WORDS.render("acceptance.used", "bac")  # type: ignore[union-attr]
    assert "quản trị Học Số, từ" in str(mine[-1].text)  # type: ignore[union-attr]


async def test_the_database_is_made_when_there_is_none_and_each_channel_gets_its_link() -> None:
    async with TelegramServer() as server, fresh_url("sqlite", empty=True) as url:
        lines = await invite(
            Settings(
                database=Database(url=url),
                web=Web(public_url="https://hoc.example.vn/"),
                telegram=Telegram(token=server.token, api_url=server.url),
            ),
            NOW,
        )

    code = code_of(lines).replace(" ", "")
    assert lines.splitlines() == [
        "Lời mời làm quản trị của Học Số, dùng một lần, tới 19:30 ngày 26/11/2026 (giờ Việt Nam).",
        f"Trang web: https://hoc.example.vn/s/moi-{code}",
        f"Telegram: https://t.me/{BOT['username']}?start=moi-{code}",
        f"Hoặc mở Học Số ở kênh nào cũng được, gõ mã: {code_of(lines)}",
        "Ai có mã này là nhận được quyền quản trị: chỉ mở trên máy của mình, đừng gửi vào nhóm.",
    ]


async def test_telegram_that_does_not_answer_costs_only_its_link() -> None:
    async with fresh_url("sqlite") as url:
        lines = await invite(
            Settings(
                database=Database(url=url),
                web=Web(enabled=False),
                telegram=Telegram(token="1:secret", api_url="http://127.0.0.1:9"),
            ),
            START,
        )

    assert lines.splitlines()[1] == (
        "Telegram: mở bot của mình rồi gõ mã bên dưới (Telegram chưa trả lời)."
    )
    assert "secret" not in lines


async def test_a_wrong_token_has_no_name() -> None:
    async with TelegramServer() as server:
        assert await username("1:wrong", server.url) == ""
