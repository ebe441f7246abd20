"""Every content file of a project, read once: what was found, and what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from authoring.form import Sheet
from authoring.problems import Problem
from authoring.reading import Tree, read_file
from lessons.model import Course, Fact, Lesson
from lessons.parse import parse_course, parse_course_order, parse_facts, parse_lesson
from quizzes.model import Quiz
from quizzes.parse import parse_quiz

Part = TypeVar("Part")

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


COURSE_ORDER = (LESSONS / "courses.yaml").as_posix()
FACTS = (LESSONS / "facts.yaml").as_posix()


def gather(root: Path) -> Gathered:
    """Read all content under ``root``. Never raises for what authors wrote."""
    all_of_it = Gathered()
    order = _read(all_of_it, root, LESSONS / "courses.yaml", parse_course_order)
    facts = _read(all_of_it, root, LESSONS / "facts.yaml", parse_facts)
    if order is not None:
        all_of_it.order = order.part
    if facts is not None:
        all_of_it.facts = facts.part
        all_of_it.fact_lines = dict(facts.sheet.names)
    for path in _files(all_of_it, root, LESSONS):
        if path.name == "course.yaml":
            _append(all_of_it.courses, _read(all_of_it, root, path, parse_course))
        else:
            _append(all_of_it.lessons, _read(all_of_it, root, path, parse_lesson))
    for path in _files(all_of_it, root, QUIZZES):
        _append(all_of_it.quizzes, _read(all_of_it, root, path, parse_quiz))
    return all_of_it


def _append(parts: list[Found[Part]], found: Found[Part] | None) -> None:
    if found is not None:
        parts.append(found)


def _files(all_of_it: Gathered, root: Path, where: Path) -> Iterator[Path]:
    """The YAML files one folder below ``where``, in the order of their names."""
    own = {"courses.yaml", "facts.yaml"} if where == LESSONS else set()
    if not (root / where).is_dir():
        all_of_it.problems.append(
            Problem(where.as_posix(), 1, "không có thư mục này", "tạo lại từ bản gốc của dự án")
        )
        return
    for folder in sorted((root / where).iterdir()):
        if folder.name.startswith(".") or folder.name in own:
            continue
        inside = sorted(folder.iterdir()) if folder.is_dir() else [folder]
        for path in inside:
            if path.name.startswith("."):
                continue
            shown = path.relative_to(root)
            if path.parent == folder and path.is_file() and path.suffix == ".yaml":
                yield shown
            else:
                all_of_it.problems.append(
                    Problem(
                        shown.as_posix(),
                        1,
                        "tệp này không nằm đúng chỗ",
                        "mỗi khóa một thư mục, mỗi bài một tệp .yaml trong đó",
                    )
                )


def _read(
    all_of_it: Gathered, root: Path, path: Path, parse: Callable[[Sheet, Tree], Part]
) -> Found[Part] | None:
    sheet = Sheet(path.as_posix(), all_of_it.problems)
    tree = read_file(root / path, sheet.path, all_of_it.problems)
    if tree is None:
        all_of_it.unread.add(sheet.path)
        return None
    all_of_it.sheets.append(sheet)
    return Found(parse(sheet, tree), sheet, path.parent.name, path.stem)
