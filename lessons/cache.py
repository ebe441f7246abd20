"""Checked content, kept as JSON so that the next start need not read and check it again.

Reading and checking a thousand lessons takes about two seconds of one core; reading them back
takes a third of that. What is kept is used only while every content file, and every file
of the code that checks them, is the same to the byte.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.gather import COURSE_ORDER, FACTS, digest_of, parts_under
from lessons.model import Course, Lesson
from quizzes.model import Quiz

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from authoring.problems import Problem

_CODE = Path(__file__).resolve().parent.parent
_CHECKERS = ("authoring", "lessons", "quizzes", "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Content that had no serious problem: courses in order, lessons and quizzes in any."""

    courses: tuple[Course, ...]
    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]


def fetch(cache: Path, root: Path) -> Kept | None:
    """What was kept of the content that lies under ``root`` now; None when there is nothing, or
    it is damaged.
    """
    try:
        seal, _, payload = cache.read_bytes().partition(b"\n")
    except OSError:
        return None
    if seal.decode(errors="replace") != _seal(_digests(root), payload):
        return None
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(payload)
    except ValidationError:
        return None


def keep(cache: Path, read: Mapping[str, bytes], content: Kept) -> None:
    """Keep it for the next start. A folder that cannot be written is no reason to stop.

    ``read`` has the digest of every content file, taken when it was read: what is written to one
    afterwards is not what was checked.
    """
    payload = _adapter().dump_json(content)
    with suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache.parent, prefix=cache.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_seal(read, payload).encode() + b"\n" + payload)
            Path(name).replace(cache)
        except OSError:
            Path(name).unlink(missing_ok=True)


def _seal(contents: Mapping[str, bytes], payload: bytes) -> str:
    """Changes when any content file does, or the code that checks them, or the payload."""
    seal = sha256()
    checkers = ((str(path), _digest(path)) for path in _sources())
    for name, digest in (*checkers, *sorted(contents.items())):
        seal.update(f"{name}\0".encode() + digest)
    seal.update(payload)
    return seal.hexdigest()


def _digests(root: Path) -> dict[str, bytes]:
    """That of every content file as it is now, by its path under ``root``."""
    misplaced: list[Problem] = []
    names = [COURSE_ORDER, FACTS, *(path.as_posix() for path in parts_under(root, misplaced))]
    names += [problem.path for problem in misplaced]  # something to complain about, so no match
    return {name: _digest(root / name) for name in names}


def _digest(path: Path) -> bytes:
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return digest_of(None)


def _adapter() -> "TypeAdapter[Kept]":
    from pydantic import TypeAdapter  # a first start wants it only once the tutor answers

    return TypeAdapter(Kept)


def _sources() -> Iterator[Path]:
    for folder in _CHECKERS:
        yield from sorted((_CODE / folder).glob("*.py"))
    yield _CODE / "vietnamese.py"
