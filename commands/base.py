"""What a command of the program declares, and how its line is read."""

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

PROGRAM = "bot.py"


class Refused(Exception):
    """The program cannot do it; the text says why and what to do, in one line for a person."""


def no_options(parser: argparse.ArgumentParser) -> None:
    """For commands whose name says everything."""
    del parser


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads an option that is a whole number within these."""

    def read(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"cần một số nguyên từ {least} đến {most}")
        return int(text)

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCommand:
    """``summary`` is what ``--help`` shows. ``run`` returns the exit code: 0 when all went well.

    A command's module imports what it needs inside ``run``: nobody should wait for the libraries
    of a command they did not ask for.
    """

    name: str
    summary: str
    run: Callable[[argparse.Namespace], int]
    options: Callable[[argparse.ArgumentParser], None] = no_options


def read_line(
    commands: Iterable[ProgramCommand], arguments: Sequence[str] | None, *, version: str
) -> argparse.Namespace:
    """What was asked for; ``run`` in it is the function to call, None when no command was named.

    Raises ``Refused`` for a line that cannot be meant.
    """
    parser = _Parser(prog=PROGRAM, description="Học Số: trợ giảng kỹ năng số qua tin nhắn.")
    parser.add_argument("--version", action="version", version=f"Học Số {version}")
    parser.set_defaults(run=None)
    places = parser.add_subparsers(dest="command", metavar="LỆNH")
    for command in commands:
        place = places.add_parser(command.name, help=command.summary, description=command.summary)
        command.options(place)
        place.set_defaults(run=command.run)
    return parser.parse_args(arguments)


# argparse's complaints, as a person may read them; ours (ArgumentTypeError) are the last.
_WHY = (
    (r"unrecognized arguments: (.+)", "không có tùy chọn «{}»"),
    (r"argument LỆNH: invalid choice: '(.*?)' .*", "không có lệnh «{}»"),
    (r"argument (\S+?)(?:/\S+)?: expected .*", "sau «{}» còn thiếu giá trị"),
    (r"ambiguous option: (\S+) could match .*", "«{}» có thể hiểu nhiều cách, hãy gõ đủ chữ"),
    (r"argument (\S+): ignored explicit argument .*", "«{}» không nhận giá trị nào"),
    (r"the following arguments are required: (.+)", "còn thiếu «{}»"),
    (r"argument (.+)", "{}"),
)


class _Parser(argparse.ArgumentParser):
    """Refuses in one line instead of two screens of usage."""

    def error(self, message: str) -> NoReturn:
        why = message
        for pattern, said in _WHY:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found is not None:
                why = said.format(found[1])
                break
        raise Refused(f"Dòng lệnh chưa đúng: {why}. Gõ python {self.prog} --help để xem cách dùng.")
