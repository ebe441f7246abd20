"""``simulate`` as it is called: what it prints and writes, and what it refuses."""

from pathlib import Path

import pytest

import bot

SMALL = ("simulate", "--learners", "1", "--days", "30")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_prints_a_table_and_writes_the_picture(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = bot.main([*SMALL, "--questions-a-day", "1", "--out", "hinh.svg"])
    out = capsys.readouterr().out.splitlines()

    assert (code, [file.name for file in folder.iterdir()]) == (0, ["hinh.svg"])
    assert out[0] == "Ôn lại giữ được bao nhiêu? (mô hình, không phải số đo thật)"
    assert out[-1] == "Hình: hinh.svg"
    assert "questions_a_day                  3         1  ← khác" in out


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--out", "hinh.pdf"), "Tên tệp hình «hinh.pdf» phải tận cùng bằng .png hoặc .svg."),
        (
            ("--out", "xa/hinh.png"),
            "Không có thư mục «xa». Hãy tạo thư mục đó, hoặc chọn chỗ khác.",
        ),
        (("--out", "cho.svg"), "«cho.svg» là một thư mục. Hãy chọn tên tệp khác."),
        (
            ("--out", f"{'x' * 300}.png"),
            f"Không ghi được «{'x' * 300}.png» (tên dài quá). Hãy chọn chỗ khác bằng --out.",
        ),
        (("--retention", "0.99"), "Dòng lệnh chưa đúng: --retention phải từ 0.97 trở xuống."),
        (("--retention", "cao"), "Dòng lệnh chưa đúng: --retention phải là một số."),
        (
            ("--safety-interval-days", "150"),
            "Dòng lệnh chưa đúng: --safety-interval-days phải từ 120 trở xuống.",
        ),
        (
            ("--learners", "0"),
            (
                "Dòng lệnh chưa đúng: --learners: cần một số nguyên từ 1 đến 2000. "
                "Gõ python bot.py simulate --help để xem cách dùng."
            ),
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], line: str
) -> None:
    (folder / "cho.svg").mkdir()
    code = bot.main([*SMALL, *options])
    told = capsys.readouterr().err.splitlines()

    assert (code, told[-1]) == (1, line)
    assert [file.name for file in folder.iterdir()] == ["cho.svg"]
