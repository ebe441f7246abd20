"""Học Số: the entry. Commands other than ``run`` are in commands/."""

import signal

if __name__ == "__main__":
    # Ctrl+C ends the process at once and without a traceback, until ``run`` knows better.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from commands.base import ProgramCommand, Refused, read_line
from commands.registry import COMMANDS

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 when all went well."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that has no Vietnamese letters
    try:
        asked = read_line((RUN, *COMMANDS), arguments, version=VERSION)
        return (asked.run or _run)(asked)
    except BrokenPipeError:
        # Whoever read along, such as ``head``, has seen enough; no word at exit about it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as reason:
        if not isinstance(reason, _for_a_person()):
            raise
        print(reason, file=sys.stderr)
        return 1


def _for_a_person() -> tuple[type[Exception], ...]:
    """The exceptions whose text says it all. Asked for when one was raised: who knows them takes
    a while to import, and the lessons should be under way by then.
    """
    from lessons.loading import ContentBroken
    from places.directory import PlacesBroken
    from settings import SettingsBroken
    from storage.errors import StorageError

    return SettingsBroken, StorageError, ContentBroken, PlacesBroken, Refused


def _run(arguments: argparse.Namespace) -> int:
    del arguments
    from lessons.loading import Loading

    # Beside the code it was checked by; a folder that cannot be written only costs a second.
    loading = Loading(ROOT, cache=ROOT / ".cache" / "content.json")
    # The first thing of all, and only then the libraries: see ``serving``.
    from serving import serve

    return serve(loading)


RUN = ProgramCommand(name="run", summary="chạy trợ giảng (mặc định)", run=_run)


if __name__ == "__main__":
    sys.exit(main())
