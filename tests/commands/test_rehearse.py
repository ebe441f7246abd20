"""``rehearse`` as it is called: a commune's days in a new file, and what it refuses."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

import bot
from commands.base import Refused
from lessons.loading import Loading
from serving import running
from settings import Database, Settings, Telegram

SMALL = ("rehearse", "--learners", "20", "--days", "8", "--until", "2026-11-23")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_the_days_are_lived_and_every_number_agrees(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await asyncio.to_thread(bot.main, [*SMALL, "--into", "xa.db"])
    head, *lines = capsys.readouterr().out.splitlines()

    assert code == 0, lines
    assert head.split("  ")[-1].strip() == "đếm"
    assert [line.partition("  ")[0] for line in lines[:-5]] == [
        "Cả xã: người học",
        "Cả xã: gặp trong 7 ngày qua",
        *(
            f"Lớp tập dượt ấp {hamlet}: {what}"
            for hamlet in (1, 2)
            for what in (
                "người trong lớp",
                "cho xem việc học",
                "gặp trong 7 ngày qua",
                "xong khóa",
                "quá 7 ngày chưa gặp",
                "nhờ giúp",
            )
        ),
        "Cả kỳ: buổi, điểm hướng dẫn",
        "Cả kỳ: lượt người được hướng dẫn",
        "Tập dượt: người học",
        "Tập dượt: thành viên Tổ",
        "Tập dượt: đại sứ số",
        "Tập dượt: gia đình",
        "Tập dượt: người không có điện thoại",
        "Tập dượt: lượt thăm",
        "Gia đình số: số nhà",
        "Ca đang mở",
    ]
    assert lines[0].split()[-5:] == ["20"] * 5
    assert lines[-4] == (
        "Đã tập dượt: 20 người học, 4 thành viên Tổ, 2 đại sứ số, 3 gia đình, "
        "2 người không có điện thoại, 4 lượt thăm."
    )
    assert lines[-3].startswith("Mọi con số đều khớp.")

    with sqlite3.connect(folder / "xa.db") as file:
        counted = {
            table: file.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
            for table in (
                "learner",
                "assisted",
                "household",
                "visit",
                "fair",
                "broadcast",
                "field_report",
            )
        }
    assert counted == {
        "learner": 20 + 4 + 2 + 1 + 2,  # learners, team, ambassadors, administrator, assisted
        "assisted": 2,
        "household": 3,
        "visit": 4,
        "fair": 1,
        "broadcast": 1,
        "field_report": 5,
    }

    settings = Settings(
        database=Database(url="sqlite:///xa.db"), telegram=Telegram(token="1:made-up")
    )
    with pytest.raises(Refused, match="của buổi tập dượt"):
        async with running(settings, Loading(bot.ROOT)):
            pass


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ("--into", "co-roi.db"),
            "Đã có «co-roi.db», nên không ghi vào. Hãy chọn tên tệp khác bằng --into.",
        ),
        (
            ("--into", "xa/moi.db"),
            "Không có thư mục «xa». Hãy tạo thư mục đó, hoặc chọn chỗ khác.",
        ),
        (
            ("--commune", "Xã Không Có"),
            "Không có xã, phường «Xã Không Có». Gõ đúng tên hoặc mã, ví dụ «Tân Hồng».",
        ),
        (
            ("--until", "hôm qua"),
            (
                "Dòng lệnh chưa đúng: --until: cần một ngày như 2026-11-23. "
                "Gõ python bot.py rehearse --help để xem cách dùng."
            ),
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], line: str
) -> None:
    (folder / "co-roi.db").write_bytes(b"somebody's")
    before = sorted(folder.iterdir())

    assert bot.main([*SMALL, *options]) == 1

    assert capsys.readouterr().err.splitlines()[-1] == line
    assert sorted(folder.iterdir()) == before
    assert (folder / "co-roi.db").read_bytes() == b"somebody's"
