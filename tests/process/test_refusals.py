"""Whatever is wrong at the start is one clear line, and an exit code that is not 0."""

import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.bot_fork import run_to_its_end
from tests.support.bot_process import ROOT, environment, free_port, without_root

SECRET = "geheim-4711"
VERSIONS = sorted(file.stem[:4] for file in ROOT.glob("storage/migrations/versions/0*.py"))


@dataclass(frozen=True)
class Case:
    name: str
    line: str  # the whole of stderr; {folder} and {port} are filled in
    settings: dict[str, object] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    prepare: Callable[[Path], None] | None = None
    readable_only: bool = False
    # Started as a whole, one for each kind of end. The others are forks of the imported program.
    is_whole: bool = False


def _newer(folder: Path) -> None:
    with sqlite3.connect(folder / "hocso.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.close()


def _not_a_database(folder: Path) -> None:
    (folder / "hocso.db").write_text("đây là một tệp chữ bình thường, không phải SQLite\n" * 40)


def _empty(folder: Path) -> None:
    (folder / "hocso.db").touch()


NOT_A_URL = (
    "Không dùng được cơ sở dữ liệu: địa chỉ không đúng dạng. Hãy viết sqlite:///tên-tệp.db "
    "hoặc postgresql://tên:mật-khẩu@máy-chủ/tên-cơ-sở-dữ-liệu."
)
NO_FOLDER = (
    "Không dùng được cơ sở dữ liệu: không mở hoặc không ghi được tệp {file}. "
    "Hãy kiểm tra thư mục có tồn tại và chương trình có quyền ghi vào đó."
)
REFUSED_TOKEN = (
    "Telegram không nhận token này. Hãy xem lại HOCSO_TELEGRAM__TOKEN (lấy ở @BotFather) "
    "và HOCSO_TELEGRAM__API_URL."
)
NEWER = (
    f"Cơ sở dữ liệu thuộc phiên bản mới hơn (9999) so với chương trình này ({VERSIONS[-1]}). "
    "Hãy cập nhật chương trình rồi chạy lại."
)
NOT_SQLITE = (
    "Không dùng được cơ sở dữ liệu: tệp hocso.db hỏng hoặc không phải tệp SQLite. "
    "Hãy chọn tệp khác, hoặc chép lại từ bản sao lưu."
)
WRONG = "Cấu hình «{setting}» chưa đúng: {why}. Sửa trong config.toml hoặc biến {variable}."


def wrong(setting: str, why: str) -> str:
    variable = "HOCSO_" + setting.upper().replace(".", "__")
    return WRONG.format(setting=setting, why=why, variable=variable)


CASES = (
    Case(
        "a misspelt section",
        wrong("telgram.token", "không có mục nào tên này"),
        {"telgram__token": SECRET},
        is_whole=True,
    ),
    Case("an unknown engine", NOT_A_URL, {"database__url": f"mysql://u:{SECRET}@h/db"}),
    Case(
        "no server at the URL",
        "Không dùng được cơ sở dữ liệu: không nối được, hoặc mất nối, với máy chủ PostgreSQL. "
        "Hãy kiểm tra máy chủ còn chạy, rồi thử lại.",
        {"database__url": f"postgresql://u:{SECRET}@127.0.0.1:1/db"},
    ),
    Case(
        "a folder that is not there",
        NO_FOLDER.format(file="nowhere/hocso.db"),
        {"database__url": "sqlite:///nowhere/hocso.db"},
    ),
    Case("a read-only folder", NO_FOLDER.format(file="hocso.db"), readable_only=True),
    Case(
        "a database in a read-only folder",
        NO_FOLDER.format(file="hocso.db"),
        prepare=_empty,
        readable_only=True,
    ),
    Case("a newer database", NEWER, prepare=_newer, is_whole=True),
    Case("not a database", NOT_SQLITE, prepare=_not_a_database),
    Case(
        "no channel",
        "Chưa bật kênh nào: đặt web.enabled = true, hoặc cho mã bot vào "
        "HOCSO_TELEGRAM__TOKEN, HOCSO_ZALO_BOT__TOKEN, hoặc đặt HOCSO_ZALO_OA__APP_ID.",
        {"web__enabled": "false"},
    ),
    Case("a token with spaces", REFUSED_TOKEN, {"telegram__token": f"a b {SECRET}"}),
    Case(
        "an address that is no address",
        "HOCSO_TELEGRAM__API_URL phải bắt đầu bằng http:// hoặc https://.",
        {"telegram__token": f"4242:{SECRET}", "telegram__api_url": "ftp://example.vn"},
    ),
    Case(
        "a webhook without an address",
        'telegram.mode = "webhook" cần HOCSO_WEB__PUBLIC_URL: địa chỉ https:// của máy này.',
        {"telegram__token": f"4242:{SECRET}", "telegram__mode": "webhook"},
    ),
    Case(
        "a webhook secret Telegram cannot send",
        "HOCSO_TELEGRAM__WEBHOOK_SECRET chỉ được có chữ cái không dấu, chữ số, _ và -, "
        "nhiều nhất 256 ký tự.",
        {"telegram__token": "4242:abc", "telegram__webhook_secret": f"có dấu {SECRET}"},
    ),
    Case(
        "a Zalo webhook without HTTPS",
        'zalo_bot.mode = "webhook" cần HOCSO_WEB__PUBLIC_URL: địa chỉ https:// của máy này.',
        {
            "zalo_bot__token": f"4242:{SECRET}",
            "zalo_bot__mode": "webhook",
            "web__public_url": "http://hoc.example.vn",
        },
    ),
    Case(
        "a webhook secret Zalo would not take",
        "HOCSO_ZALO_BOT__WEBHOOK_SECRET phải có từ 8 đến 256 ký tự không dấu.",
        {
            "zalo_bot__token": f"4242:{SECRET}",
            "zalo_bot__mode": "webhook",
            "zalo_bot__webhook_secret": "dấu có dấu",
            "web__public_url": "https://hoc.example.vn",
        },
    ),
    Case(
        "a port in use",
        "Cổng {port} đang có chương trình khác dùng (port {port} is in use). "
        "Tắt chương trình đó, hoặc đặt HOCSO_WEB__PORT sang số khác.",
        is_whole=True,
    ),
)


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def _run(case: Case, folder: Path, port: int) -> tuple[int, str, str]:
    if case.prepare:
        case.prepare(folder)
    if case.readable_only:
        folder.chmod(0o555)
    settings = {"log__level": "DEBUG", "web__port": port, **case.settings}
    try:
        if not (case.is_whole or case.readable_only):
            ended = run_to_its_end(folder, *case.arguments, settings=settings)
            return ended.code, ended.out, ended.err
        before = without_root if case.readable_only else None
        done = _bot(folder, *case.arguments, before=before, settings=settings)
        return done.returncode, done.stdout, done.stderr
    finally:
        folder.chmod(0o755)


def _bot(
    folder: Path,
    *arguments: str,
    before: Callable[[], None] | None = None,
    root: Path = ROOT,
    settings: dict[str, object] | None = None,
) -> Any:
    return subprocess.run(
        [sys.executable, root / "bot.py", *arguments],
        cwd=folder,
        env=environment(settings or {}),
        capture_output=True,
        text=True,
        timeout=30,
        preexec_fn=before,
        check=False,
    )


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_what_is_wrong_is_one_clear_line(case: Case, busy_port: int, tmp_path: Path) -> None:
    port = busy_port if "{port}" in case.line else free_port()

    code, out, err = _run(case, tmp_path, port)

    assert (code, out, err) == (1, "", case.line.replace("{port}", str(busy_port)) + "\n")
    assert SECRET not in out + err


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole program somewhere else, to be broken."""
    copy = tmp_path_factory.mktemp("copy") / "hoc-so"
    left_out = shutil.ignore_patterns(
        ".*", "tests", "benchmarks", "docs", "requirements*", "*.db*", "*.md"
    )
    shutil.copytree(ROOT, copy, ignore=left_out)
    return copy


def test_a_broken_lesson_is_refused_with_the_linters_words(copy: Path, tmp_path: Path) -> None:
    lesson = next((copy / "lessons/content").glob("*/*.yaml"))
    whole = lesson.read_text()
    lesson.write_text(whole + "\nlạ: 1\n")
    try:
        refused = _bot(tmp_path, root=copy, settings={"web__port": free_port()})
        checked = _bot(tmp_path, "check", root=copy)
    finally:
        lesson.write_text(whole)

    place = f"{lesson.relative_to(copy)}:{len(whole.splitlines()) + 2}: "
    assert (refused.returncode, refused.stdout, checked.returncode, checked.stderr) == (
        1,
        "",
        1,
        "",
    )
    assert [line[: len(place)] for line in refused.stderr.splitlines()] == [place]
    assert checked.stdout.splitlines()[0] == refused.stderr.rstrip("\n")


def test_a_configuration_that_is_not_toml_is_refused(copy: Path, tmp_path: Path) -> None:
    config = copy / "config.toml"
    whole = config.read_text()
    config.write_text(f'[telegram]\ntoken = "{SECRET}\n')
    try:
        refused = _bot(tmp_path, root=copy)
    finally:
        config.write_text(whole)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("config.toml: không đọc được (")
    assert (refused.stderr.count("\n"), SECRET in refused.stderr) == (1, False)


def test_check_says_that_all_content_is_well(tmp_path: Path) -> None:
    said = _bot(tmp_path, "check")

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines()[-1].startswith("Đã soát ")


def test_migrate_makes_the_tables_once(tmp_path: Path) -> None:
    first, second = _bot(tmp_path, "migrate"), _bot(tmp_path, "migrate")

    assert (first.returncode, first.stdout, first.stderr) == (
        0, f"Đã nâng cơ sở dữ liệu: {', '.join(VERSIONS)}.\n", "",
    )  # fmt: skip
    assert (second.returncode, second.stdout, second.stderr) == (0, "Cơ sở dữ liệu đã mới.\n", "")


def test_version_and_help_say_what_it_is_and_touch_nothing(tmp_path: Path) -> None:
    version, told = _bot(tmp_path, "--version"), _bot(tmp_path, "--help")
    words = ("run", "check", "migrate", "--version")

    assert (version.returncode, version.stdout, version.stderr) == (0, "Học Số 0.1.0\n", "")
    assert (told.returncode, told.stderr) == (0, "")
    assert [word for word in words if word in told.stdout] == list(words)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    line = (
        "Dòng lệnh chưa đúng: không có lệnh «frobnicate». "
        "Gõ python bot.py --help để xem cách dùng.\n"
    )

    refused = _bot(tmp_path, "frobnicate")

    assert (refused.returncode, refused.stdout, refused.stderr) == (
        1,
        "",
        line,
    )
