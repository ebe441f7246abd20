"""``zalo-oa-token``: what a person at the server is told, and that no token is used twice."""

import asyncio
import io
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from channels.zalo.oa.tokens import LOST, NONE, SPENT
from commands import zalo_oa as command
from commands.base import Refused, read_line
from tests.support.databases import _sqlite_template
from tests.support.zalo_oa_server import APP_ID, APP_SECRET, FIRST_REFRESH, REFRESH, ZaloOaServer


@pytest.fixture
def server() -> Iterator[ZaloOaServer]:
    """A Zalo in a loop of its own, for the command runs one too."""
    loop, zalo = asyncio.new_event_loop(), ZaloOaServer()
    loop.run_until_complete(zalo.start())
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield zalo
    asyncio.run_coroutine_threadsafe(zalo.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def run(
    server: ZaloOaServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, list[str]]]:
    """The command as ``bot.py`` runs it: its exit code, and the lines it printed."""
    file = Path(shutil.copy(_sqlite_template(), tmp_path / "hocso.db"))

    def run(*words: str, pasted: str = "", **settings: str) -> tuple[int, list[str]]:
        ours = {
            "database__url": f"sqlite:///{file}",
            "zalo_oa__app_id": APP_ID,
            "zalo_oa__app_secret": APP_SECRET,
            "zalo_oa__api_url": server.url,
            "zalo_oa__oauth_url": server.url,
            **settings,
        }
        with monkeypatch.context() as patch:
            for name, value in ours.items():
                patch.setenv(f"HOCSO_{name.upper()}", value)
            patch.setattr("sys.stdin", io.StringIO(pasted))
            asked = read_line((command.COMMAND,), ["zalo-oa-token", *words], version="1")
            code = asked.run(asked)
        return code, capsys.readouterr().out.splitlines()

    return run


def test_without_a_token_it_says_how_to_get_one(run: Callable[..., tuple[int, list[str]]]) -> None:
    assert run() == (1, [NONE])


def test_a_token_is_taken_once_and_the_second_time_is_harmless(
    run: Callable[..., tuple[int, list[str]]], server: ZaloOaServer
) -> None:
    code, first = run("--new", pasted=f"  {FIRST_REFRESH}\n")
    again, second = run("--new", pasted=FIRST_REFRESH)

    assert (code, again) == (0, 0)
    assert first[0] == "Đã nhận, đã cất (có khóa)."
    assert second[0] == "Mã này đã đưa vào rồi, không dùng lại."
    assert first[1:] == second[1:] == run()[1]
    assert len(server.asked(REFRESH)) == 1
    assert FIRST_REFRESH not in "".join(first + second)


def test_a_token_that_was_used_elsewhere_leaves_the_pair_alone(
    run: Callable[..., tuple[int, list[str]]],
) -> None:
    run("--new", pasted=FIRST_REFRESH)
    with pytest.raises(Refused) as refused:
        run("--new", pasted="refresh-of-last-year")

    assert str(refused.value) == SPENT
    assert run()[0] == 0


@pytest.mark.parametrize(
    ("pasted", "settings", "said"),
    [
        ("", {}, "Chưa thấy refresh token"),
        ("hai chữ", {}, "Chưa thấy refresh token"),
        ("refreshé", {}, "Chưa thấy refresh token"),
        ("x" * 5000, {}, "Chưa thấy refresh token"),
        ("x", {"zalo_oa__app_id": ""}, "HOCSO_ZALO_OA__APP_ID"),
        ("x", {"zalo_oa__app_secret": "wrong"}, "lỗi -14004"),
        ("x", {"zalo_oa__oauth_url": "http://127.0.0.1:1"}, "Thử lại sau"),
        ("x", {"zalo_oa__oauth_url": "zalo"}, "http://"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    pasted: str, settings: dict[str, str], said: str, run: Callable[..., tuple[int, list[str]]]
) -> None:
    with pytest.raises(Refused) as refused:
        run("--new", pasted=pasted, **settings)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_lost_pair_is_said_and_mended(
    run: Callable[..., tuple[int, list[str]]], server: ZaloOaServer, tmp_path: Path
) -> None:
    run("--new", pasted=FIRST_REFRESH)
    with sqlite3.connect(tmp_path / "hocso.db") as connection:
        connection.execute("UPDATE zalo_oa_token SET dead_at = 1")
    connection.close()
    lost = run()
    server.refresh = "refresh-consented-again"
    mended, _ = run("--new", pasted="refresh-consented-again")

    assert lost == (1, [LOST])
    assert mended == 0
