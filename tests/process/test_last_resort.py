"""A stop that something holds for ever."""

import os
import signal
from pathlib import Path

from tests.support.bot_process import ROOT, Bot

_SOON = "import last_resort\nlast_resort.MOST_SECONDS = 1.0\n"
# A thread of a library's that hangs, and a loop that nothing ends.
_HANGS = """
import asyncio, threading
threading.Thread(target=threading.Event().wait).start()
asyncio.Runner.close = lambda runner: threading.Event().wait()
"""


def _first(folder: Path, script: str) -> str:
    """A PYTHONPATH that has this script run before the program."""
    (folder / "sitecustomize.py").write_text(script)
    return os.pathsep.join((str(folder), str(ROOT)))


async def test_what_hangs_does_not_outlive_a_stop(tmp_path: Path) -> None:
    async with Bot(tmp_path, pythonpath=_first(tmp_path, _SOON + _HANGS)) as bot:
        await bot.ready()
        code = await bot.told(signal.SIGTERM)
    assert code == 1
    assert bot.log[-1].startswith("Sau 1 giây vẫn chưa dừng xong")
    assert "Traceback" not in bot.all_said
