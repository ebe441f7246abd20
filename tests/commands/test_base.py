"""A line of the program is read as it was meant, or refused in one line a person can act on."""

import argparse

import pytest

from commands.base import ProgramCommand, Refused, read_line


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=_days, default=180)
    parser.add_argument("--daylight", action="store_true")


def _days(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError("hãy gõ một số")
    return int(text)


def _answer(arguments: argparse.Namespace) -> int:
    return int(arguments.days)


COUNT = ProgramCommand(name="count", summary="đếm", run=_answer, options=_options)
PLAIN = ProgramCommand(name="plain", summary="trơn", run=lambda _: 7)


@pytest.mark.parametrize(
    ("line", "code"), [("count", 180), ("count --days 3", 3), ("count --days=4", 4), ("plain", 7)]
)
def test_a_command_runs_with_its_own_options(line: str, code: int) -> None:
    asked = read_line((COUNT, PLAIN), line.split(), version="1")

    assert asked.run(asked) == code


def test_without_a_command_nothing_is_chosen() -> None:
    assert read_line((COUNT, PLAIN), [], version="1").run is None


@pytest.mark.parametrize(
    ("line", "prog", "why"),
    [
        ("frob", "bot.py", "không có lệnh «frob»"),
        ("plain --days 3", "bot.py", "không có tùy chọn «--days 3»"),
        ("count --days", "bot.py count", "sau «--days» còn thiếu giá trị"),
        ("count --days bảy", "bot.py count", "--days: hãy gõ một số"),
        ("count --da", "bot.py count", "«--da» có thể hiểu nhiều cách, hãy gõ đủ chữ"),
        ("count --daylight=1", "bot.py count", "«--daylight» không nhận giá trị nào"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(line: str, prog: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_line((COUNT, PLAIN), line.split(), version="1")

    assert str(refused.value) == (
        f"Dòng lệnh chưa đúng: {why}. Gõ python {prog} --help để xem cách dùng."
    )
