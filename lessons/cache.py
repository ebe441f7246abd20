"""Checked content, kept as JSON so that the next start need not read and check it again.

Reading and checking a thousand lessons takes about two seconds of one core; reading them back
takes a third of that. What is kept is used only while every content file, and every file
of the code that checks them, is the same to the byte.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from lessons.gather import LESSONS, QUIZZES
from lessons.model import Course, Lesson
from quizzes.model import Quiz

_CODE = Path(__file__).resolve().parent.parent
_CHECKERS = ("authoring", "lessons", "quizzes", "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Content that had no serious problem: courses in order, lessons and quizzes in any."""

    courses: tuple[Course, ...]
    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]


def fingerprint(root: Path) -> str:
    """Changes when any content file under ``root`` does, or the code that checks it."""
    digest = sha256()
    for path in (*_sources(), *_contents(root)):
        digest.update(f"{path}\0".encode())
        with suppress(OSError):
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def fetch(cache: Path, known: str) -> Kept | None:
    """What was kept under that fingerprint; None when there is nothing, or it is damaged."""
    try:
        seal, _, payload = cache.read_bytes().partition(b"\n")
    except OSError:
        return None
    if seal.decode(errors="replace") != _seal(known, payload):
        return None
    try:
        return _adapter().validate_json(payload)
    except ValidationError:
        return None


def keep(cache: Path, known: str, content: Kept) -> None:
    """Keep it for the next start. A folder that cannot be written is no reason to stop."""
    payload = _adapter().dump_json(content)
    with suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache.parent, prefix=cache.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_seal(known, payload).encode() + b"\n" + payload)
            Path(name).replace(cache)
        except OSError:
            Path(name).unlink(missing_ok=True)


def _seal(known: str, payload: bytes) -> str:
    return sha256(known.encode() + payload).hexdigest()


def _adapter() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)


def _sources() -> Iterator[Path]:
    for folder in _CHECKERS:
        yield from sorted((_CODE / folder).glob("*.py"))
    yield _CODE / "vietnamese.py"


def _contents(root: Path) -> Iterator[Path]:
    for where in (LESSONS, QUIZZES):
        yield from sorted(path for path in (root / where).rglob("*") if path.is_file())
