"""A stop ends, whatever still holds the process: a server that never answers, a thread that hangs.

Everything a turn or a sending does survives ``kill -9``, so nothing is lost by going like that.
"""

import os
import threading
from contextlib import suppress

# What a stop may take by itself, one after the other: a renewal of Zalo's tokens (30), what is
# being sent (5), and the pages that are being answered.
MOST_SECONDS = 45.0
_STDERR = 2


def end_in_time() -> None:
    """From now on the process has ``MOST_SECONDS`` to end by itself; then it is ended."""
    timer = threading.Timer(MOST_SECONDS, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    # Past the log and every buffer: whoever hangs may hold their locks.
    line = (
        f"Sau {MOST_SECONDS:.0f} giây vẫn chưa dừng xong, nên tắt hẳn. "
        "Dữ liệu không mất: lần chạy sau làm tiếp phần còn lại.\n"
    )
    with suppress(OSError):
        os.set_blocking(_STDERR, False)
        os.write(_STDERR, line.encode())
    os._exit(1)
