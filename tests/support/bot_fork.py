"""``python bot.py`` as a process of its own, without its first second.

Forked from a process that has imported the program, and from there on the same: its own folder,
environment, streams and exit code. For what ends by itself; that the program itself starts, and
ends in every kind of way, is shown with real starts (``bot_process``).
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import bot
from tests.support.bot_process import environment

PATIENCE = 30.0
FORKS = multiprocessing.get_context("forkserver")
# Imported once, before it forks. There is one server of forks in a test process, so it is told of
# all that is wanted.
FORKS.set_forkserver_preload(
    [
        "tests.support.killed_sender",
        "tests.support.bot_fork",
        "alembic.command",
        "channels.telegram.channel",
        "channels.web.channel",
        "channels.web.server",
        "channels.zalo.bot.channel",
        "channels.zalo.oa.channel",
        "conversation.turn",
        "dashboard.board",
        "handlers.registry",
        "health",
        "outbox.dispatcher",
        "outbox.schedule",
        "pictures",
        "rulebook",
        "serving",
        "storage.migrate",
        "storage.postgresql",
        "storage.sqlite",
        "templates.words",
        "uvloop",
    ]
)


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def run_to_its_end(folder: Path, *arguments: str, settings: Mapping[str, object]) -> Ended:
    """Run it in ``folder`` with nothing of ours but these settings."""
    said = (folder / "stdout", folder / "stderr")
    process = FORKS.Process(target=_run, args=(folder, arguments, environment(settings)))
    process.start()
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
    out, err = (file.read_text() for file in said)
    for file in said:
        file.unlink()
    assert process.exitcode is not None
    return Ended(process.exitcode, out, err)


def _run(folder: Path, arguments: tuple[str, ...], variables: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = Path(name).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
        os.dup2(stream.fileno(), number)
        setattr(sys, name, stream)
    sys.argv = ["bot.py", *arguments]
    sys.exit(bot.main())
