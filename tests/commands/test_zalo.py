"""``zalo``: what a person at the server is told, and that nothing else touches the webhook."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from commands import zalo as command
from commands.base import Refused, read_line
from quizzes.review import VIET_NAM
from tests.support.databases import _sqlite_template
from tests.support.zalo_bot_server import TOKEN, Asked, ZaloBotServer

PUBLIC = "https://hoc.example.vn"
HOOK = f"{PUBLIC}/zalo/bot/webhook"
NOBODY = "Nhắc giúp: 0 người học đang chờ Tổ công nghệ số nhắc trực tiếp."


@pytest.fixture
def server() -> Iterator[ZaloBotServer]:
    """A Zalo in a loop of its own, for the command runs one too."""
    loop, zalo = asyncio.new_event_loop(), ZaloBotServer()
    loop.run_until_complete(zalo.start())
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield zalo
    asyncio.run_coroutine_threadsafe(zalo.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(_sqlite_template(), tmp_path / "hocso.db"))


@pytest.fixture
def run(
    server: ZaloBotServer,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, list[str]]]:
    """The command as ``bot.py`` runs it: its exit code, and the lines it printed."""

    def run(*words: str, **settings: str) -> tuple[int, list[str]]:
        ours = {
            "database__url": f"sqlite:///{file}",
            "zalo_bot__token": TOKEN,
            "zalo_bot__api_url": server.url,
            **settings,
        }
        with monkeypatch.context() as patch:
            for name, value in ours.items():
                patch.setenv(f"HOCSO_{name.upper()}", value)
            asked = read_line((command.COMMAND,), ["zalo", *words], version="1")
            code = asked.run(asked)
        return code, capsys.readouterr().out.splitlines()

    return run


def test_status_says_who_it_is_and_how_the_month_stands(
    server: ZaloBotServer, file: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    first = run()
    month = f"{datetime.now(UTC).astimezone(VIET_NAM):%Y-%m}"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO channel_month VALUES ('zalo_bot', ?, 2400)", (month,))
    server.webhook = {"url": HOOK, "secret_token": "x" * 8}
    second = run("status")

    none = "Webhook: chưa có (nhận tin kiểu polling)"
    fresh = "Tháng này đã gửi 0/3000 tin; 0/50 khung chat."
    thin = (
        "Tháng này đã gửi 2400/3000 tin; 0/50 khung chat; "
        "sắp hết lượt: nhắc học thưa lại, dành cho câu trả lời."
    )
    assert first == (0, ["Bot: bot.HocSo", none, fresh, NOBODY])
    assert second == (0, ["Bot: bot.HocSo", f"Webhook: {HOOK}", thin, NOBODY])
    assert server.asked("setWebhook", "deleteWebhook") == []


def test_the_webhook_is_set_with_the_secret_that_a_start_will_expect(
    server: ZaloBotServer, file: Path, run: Callable[..., tuple[int, list[str]]]
) -> None:
    said = run("set-webhook", web__public_url=f"{PUBLIC}/")
    with closing(sqlite3.connect(file)) as connection:
        (kept,) = connection.execute(
            "SELECT value FROM kept_secret WHERE name = 'zalo_bot.webhook'"
        ).fetchone()
    given = run("set-webhook", web__public_url=PUBLIC, zalo_bot__webhook_secret="of-our-own")
    gone = run("delete-webhook")

    assert said == given == (0, [f"Zalo sẽ gửi tin về {HOOK}", "Zalo gọi thử được."])
    assert gone == (0, ["Đã gỡ webhook: từ giờ nhận tin kiểu polling được."])
    assert server.requests == [
        Asked("setWebhook", {"url": HOOK, "secret_token": kept}),
        Asked("setWebhook", {"url": HOOK, "secret_token": "of-our-own"}),
        Asked("deleteWebhook", {}),
    ]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("webhook.http.403", "Zalo gọi thử bị chặn (403): xem tường lửa, Cloudflare, proxy."),
        ("webhook.http.5xx", "Máy này báo lỗi khi Zalo gọi thử: trợ giảng có đang chạy không?"),
        ("webhook.err.blocked", "Zalo không nối được tới địa chỉ này."),
        ("something.new", "Zalo gọi thử chưa được."),
    ],
)
def test_a_probe_that_failed_is_explained(
    server: ZaloBotServer,
    run: Callable[..., tuple[int, list[str]]],
    outcome: str,
    said: str,
) -> None:
    server.probe = outcome

    code, lines = run("set-webhook", web__public_url=PUBLIC)

    assert (code, lines[1]) == (1, f"{said} ({outcome})")


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["set-webhook"], {"web__public_url": "http://hoc.example.vn"}, "HOCSO_WEB__PUBLIC_URL"),
        (
            ["set-webhook"],
            {"web__public_url": PUBLIC, "zalo_bot__webhook_secret": "short"},
            "HOCSO_ZALO_BOT__WEBHOOK_SECRET phải có từ 8 đến 256",
        ),
        ([], {"zalo_bot__token": ""}, "Chưa có bot Zalo"),
        ([], {"zalo_bot__token": "a b"}, "Zalo không nhận mã bot này"),
        ([], {"zalo_bot__token": "4242:another"}, "Zalo không nhận mã bot này"),
        ([], {"zalo_bot__api_url": "http://127.0.0.1:1"}, "Chưa gọi được Zalo"),
        (["rut-webhook"], {}, "«rut-webhook» không phải status, set-webhook, delete-webhook"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run: Callable[..., tuple[int, list[str]]],
    words: list[str],
    settings: dict[str, str],
    said: str,
) -> None:
    with pytest.raises(Refused) as refused:
        run(*words, **settings)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert TOKEN.partition(":")[2] not in str(refused.value)
