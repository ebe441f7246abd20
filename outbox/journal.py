"""What left this machine, as the next process on it may read after a kill.

The database learns that a broadcast's line was begun before its request leaves, and that it went
out after the answer came: too early and too late to say, of a process that was killed in between,
whether the request was written. This file says it. One byte is set right before the bytes go to
the kernel: while it is not set, the line is certainly not sent, and may be sent again.

The kernel keeps what was written to a file when the process dies, so nothing is synchronised with
the disk; it loses it when the machine dies. So a file of before the machine's last start is not
believed, nor one whose process may still live: it holds a lock on it until it is gone. Without a
file that is believed, what was begun stays unsure.

Written with ``pwrite`` and not through a mapping: on a full disk that would end the process.
"""

import logging
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from time import time
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: no lock that ends with its process, no journal
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

SLOTS = 4096
_MAGIC = b"hocso sends 1"
_HEAD = struct.Struct("<16s48s")
_SLOT = struct.Struct("<qB7x")  # the delivery, its fate
SIZE = _HEAD.size + SLOTS * _SLOT.size
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# What nobody asked for in so many seconds belongs to a database that is gone.
_FORGOTTEN = 30 * 24 * 3600


class Fate(IntEnum):
    """Of a delivery that was begun. Later ones are surer that it arrived."""

    FREE = 0  # no delivery here
    STAYED = 1  # no byte of it has left, or the platform refused it
    LEFT = 2  # it has left, and no answer came
    ARRIVED = 3  # the platform has it


def boot_id() -> str:
    """Of the machine's last start, or "" where it does not say: then nothing is believed."""
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return ""


class Journal:
    """The deliveries that one process has begun and not written down the end of.

    ``folder`` holds a file for each process; None keeps it all in memory, of use to this process
    alone. So does a folder that cannot be written.
    """

    def __init__(self, worker: str, folder: Path | None = None) -> None:
        self.worker = worker
        self._folder = folder
        self._path: Path | None = None
        self._file: int | None = None
        self._fates: dict[int, Fate] = {}
        self._places: dict[int, int] = {}
        self._free = list(range(SLOTS))

    def start(self) -> None:
        """Make the file, before anything is begun."""
        boot = boot_id()
        if self._folder is None or fcntl is None or not boot:
            return
        path = self._folder / self.worker
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep_out(self._folder)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            log.warning("no journal of what is sent: %s", error.strerror)
            return
        self._path, self._file = path, file
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # All of it, so that there is room for what is written over it later.
            head = _HEAD.pack(_MAGIC, boot.encode())
            os.pwrite(file, head + bytes(SIZE - len(head)), 0)
        except OSError as error:
            self._give_up(error)

    def stop(self) -> None:
        """The database knows all that is in it."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        if self._file is not None:
            os.close(self._file)
        self._path = self._file = None

    def begin(self, deliveries: Iterable[int]) -> None:
        """These are about to be begun; nothing of them has left. Before the database hears of it."""
        for delivery in deliveries:
            self._fates[delivery] = Fate.STAYED
            if delivery not in self._places and self._free:
                self._places[delivery] = self._free.pop()
            self._write(delivery, Fate.STAYED)

    def leaves(self, deliveries: Iterable[int]) -> None:
        """The very next thing is that their bytes go to the kernel."""
        self._mark(deliveries, Fate.LEFT)

    def arrived(self, deliveries: Iterable[int]) -> None:
        self._mark(deliveries, Fate.ARRIVED)

    def stayed(self, deliveries: Iterable[int]) -> None:
        """The platform refused them, or they never left."""
        self._mark(deliveries, Fate.STAYED)

    def end(self, deliveries: Iterable[int]) -> None:
        """The database knows what became of these."""
        for delivery in deliveries:
            if self._fates.pop(delivery, None) is None:
                continue
            self._write(delivery, Fate.FREE)
            place = self._places.pop(delivery, None)
            if place is not None:
                self._free.append(place)

    def fate(self, delivery: int) -> Fate | None:
        """Of one that this process began; None when it knows nothing of it."""
        return self._fates.get(delivery)

    def of(self, worker: str) -> Mapping[int, Fate]:
        """What a process left behind that is gone; empty when there is nothing to be believed."""
        if worker == self.worker:
            return dict(self._fates)
        if self._folder is None or fcntl is None:
            return {}
        with suppress(OSError):
            return read(self._folder / worker)
        return {}

    def forget(self, worker: str) -> None:
        """The database knows what became of all that this process had begun; if it is gone."""
        if self._folder is None or fcntl is None or worker == self.worker:
            return
        with suppress(OSError):
            _take_away(self._folder / worker)

    def _mark(self, deliveries: Iterable[int], fate: Fate) -> None:
        for delivery in deliveries:
            if delivery in self._fates:
                self._fates[delivery] = fate
                self._write(delivery, fate)

    def _write(self, delivery: int, fate: Fate) -> None:
        place = self._places.get(delivery)
        if self._file is None or place is None:
            return
        try:
            os.pwrite(self._file, _SLOT.pack(delivery, fate), _HEAD.size + place * _SLOT.size)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """A file that may be wrong must not be found by anybody."""
        log.error("no journal of what is sent any more: %s", error.strerror)
        self.stop()

    @staticmethod
    def _sweep_out(folder: Path) -> None:
        for path in folder.iterdir():
            if time() - path.stat().st_mtime > _FORGOTTEN:
                with suppress(OSError):
                    _take_away(path)


def read(path: Path) -> Mapping[int, Fate]:
    """The fates in a dead process's file; empty unless it is whole, of this start of the machine,
    and its process is gone. Raises ``OSError``.
    """
    with path.open("rb") as file:
        if _is_held(file):
            return {}
        content = file.read(SIZE + 1)
    boot = boot_id()
    if len(content) != SIZE or not boot:
        return {}
    if content[: _HEAD.size] != _HEAD.pack(_MAGIC, boot.encode()):
        return {}
    return _fates(_SLOT.iter_unpack(content[_HEAD.size :]))


def _is_held(file: BinaryIO) -> bool:
    """Whether the process that made it may live: it may be asleep, and wake."""
    try:
        # Shared: two processes may look at once.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _take_away(path: Path) -> None:
    with path.open("rb") as file:
        if not _is_held(file):
            path.unlink(missing_ok=True)


def _fates(slots: Iterable[Sequence[int]]) -> Mapping[int, Fate]:
    found: dict[int, Fate] = {}
    for delivery, value in slots:
        if value == Fate.FREE:
            continue
        # What is not understood may have left; the same delivery in two places, too.
        known = value in (Fate.STAYED, Fate.LEFT, Fate.ARRIVED) and delivery not in found
        found[delivery] = Fate(value) if known else Fate.LEFT
    return found
