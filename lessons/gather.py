"""Every content file of a project, read once: what was found, and what is wrong with it."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from authoring.form import Sheet
from authoring.language import check_language
from authoring.problems import Problem
from authoring.reading import Tree, parse_source, read_source
from lessons.beside import Beside
from lessons.lint_cited import check_cited
from lessons.model import Course, Fact, Lesson
from lessons.parse import parse_course, parse_course_order, parse_facts, parse_lesson
from quizzes.model import Quiz
from quizzes.parse import parse_quiz

Part = TypeVar("Part")
Parse: TypeAlias = Callable[[Sheet, Tree], Any]

LESSONS = Path("lessons") / "content"
QUIZZES = Path("quizzes") / "content"


@dataclass(frozen=True, slots=True)
class Found(Generic[Part]):
    """One part of the content with the file it came from: its folder and its name there."""

    part: Part
    sheet: Sheet
    folder: str
    name: str


@dataclass(slots=True)
class Gathered:
    """All files, and the problems each had by itself."""

    order: tuple[str, ...] = ()
    courses: list[Found[Course]] = field(default_factory=list)
    lessons: list[Found[Lesson]] = field(default_factory=list)
    quizzes: list[Found[Quiz]] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    fact_lines: dict[str, int] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Files that could not be read at all, so that nobody calls them missing too.
    unread: set[str] = field(default_factory=set)
    # What each file held when it was read, by its path under the root.
    digests: dict[str, bytes] = field(default_factory=dict)


COURSE_ORDER = (LESSONS / "courses.yaml").as_posix()
FACTS = (LESSONS / "facts.yaml").as_posix()


def gather(root: Path) -> Gathered:
    """Read all content under ``root``. Never raises for what authors wrote."""
    return Gathering(root).finish()


class Gathering:
    """The reading of all content under ``root``, under way until ``finish``."""

    def __init__(self, root: Path) -> None:
        self._gathered = gathered = Gathered()
        order = _add(gathered, _read(root, {}, (Path(COURSE_ORDER), parse_course_order)))
        facts = _add(gathered, _read(root, {}, (Path(FACTS), parse_facts)))
        if order is not None:
            gathered.order = order.part
        if facts is not None:
            gathered.facts = facts.part
            gathered.fact_lines = dict(facts.sheet.names)
        self._files = [
            (path, _parse_of(path)) for path in parts_under(root, problems=gathered.problems)
        ]
        self._reading = Beside(partial(_read, root, gathered.facts), self._files)

    def finish(self) -> Gathered:
        gathered = self._gathered
        parts: dict[Parse, list[Found[Any]]] = {
            parse_course: gathered.courses,
            parse_lesson: gathered.lessons,
            parse_quiz: gathered.quizzes,
        }
        for (_, parse), read in zip(self._files, self._reading.results(), strict=True):
            found = _add(gathered, read)
            if found is not None:
                parts[parse].append(found)
        return gathered


def _add(all_of_it: Gathered, read: "_Read") -> Found[Any] | None:
    all_of_it.problems.extend(read.sheet.problems)
    all_of_it.digests[read.sheet.path] = read.digest
    if read.found is None:
        all_of_it.unread.add(read.sheet.path)
    else:
        all_of_it.sheets.append(read.sheet)
    return read.found


def _parse_of(path: Path) -> Parse:
    if path.is_relative_to(QUIZZES):
        return parse_quiz
    return parse_course if path.name == "course.yaml" else parse_lesson


def parts_under(root: Path, problems: list[Problem]) -> list[Path]:
    """The files of all courses, lessons and quizzes, as seen from ``root``; what lies about
    there besides joins ``problems``.
    """
    return [path for where in (LESSONS, QUIZZES) for path in _files(root, where, problems)]


def _files(root: Path, where: Path, problems: list[Problem]) -> Iterator[Path]:
    """The YAML files one folder below ``where``, in the order of their names."""
    own = {"courses.yaml", "facts.yaml"} if where == LESSONS else set()
    for folder in _entries(root, where, problems):
        shown = where / folder.name
        if folder.is_dir():
            for file in _entries(root, shown, problems):
                if file.is_file() and file.name.endswith(".yaml"):
                    yield shown / file.name
                else:
                    problems.append(_misplaced(shown / file.name))
        elif folder.name not in own:
            problems.append(_misplaced(shown))


def _entries(root: Path, where: Path, problems: list[Problem]) -> list[os.DirEntry[str]]:
    """What lies in a folder and is not hidden, in the order of the names. Unlike a path, such an
    entry knows without another question to the disk whether it is a file.
    """
    try:
        with os.scandir(root / where) as entries:
            seen = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        message, advice = (
            ("không có thư mục này", "tạo lại từ bản gốc của dự án")
            if missing
            else (f"không mở được thư mục ({error.strerror})", "xem lại quyền đọc thư mục")
        )
        problems.append(Problem(where.as_posix(), 1, message, advice))
        return []
    return sorted(seen, key=lambda entry: entry.name)


def _misplaced(shown: Path) -> Problem:
    return Problem(
        shown.as_posix(),
        1,
        "tệp này không nằm đúng chỗ",
        "mỗi khóa một thư mục, mỗi bài một tệp .yaml trong đó",
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A file and what is wrong with it by itself; ``found`` is None when it cannot be read."""

    sheet: Sheet
    found: Found[Any] | None
    digest: bytes


def _read(root: Path, facts: Mapping[str, Fact], file: tuple[Path, Parse]) -> _Read:
    path, parse = file
    sheet = Sheet(path.as_posix(), [])
    source = read_source(root / path, sheet.path, sheet.problems)
    digest = digest_of(source)
    tree = None if source is None else parse_source(source, sheet.path, sheet.problems)
    if tree is None:
        return _Read(sheet, None, digest)
    found = Found(parse(sheet, tree), sheet, path.parent.name, path.stem)
    sheet.problems.extend(check_language(sheet))
    sheet.problems.extend(check_cited(sheet, facts))
    sheet.written.clear()  # checked; it would only have to travel
    return _Read(sheet, found, digest)


def digest_of(source: bytes | None) -> bytes:
    """Tells whether a file is still the one that was read; None is one that cannot be."""
    return b"" if source is None else sha256(source).digest()
