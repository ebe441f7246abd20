"""Compiled templates, kept so that the next start need not compile them again.

Compiling them all takes half a second of one core, more than anything else of a start; reading
them back takes a tenth of that. What is kept of a template is used only while its text, the
code that set Jinja up, Jinja and Python are the same.
"""

import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class Compiled(FileSystemBytecodeCache):
    """In files of ``folder``; one that is damaged or cannot be written only costs time."""

    def __init__(self, folder: Path, compiled_by: Path) -> None:
        """``compiled_by``: the code that has them compiled."""
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder), "%s.compiled")
        digest = sha256(compiled_by.read_bytes() + MAGIC_NUMBER)
        digest.update(f"{jinja2.__version__} {sys.implementation.cache_tag}".encode())
        self._made_by = digest.hexdigest()

    def get_source_checksum(self, source: str) -> str:
        return sha256(f"{self._made_by} {source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - a damaged file: its reader raises whatever it likes
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)
