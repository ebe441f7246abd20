"""Files against each other: every lesson in its course, a quiz for each, names given once.

A part is known by where its file stands; that it calls itself the same is a rule of its own, so
one wrong slug is one problem.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from authoring.problems import Problem
from lessons.gather import COURSE_ORDER, LESSONS, QUIZZES, Found, Gathered
from lessons.model import Course
from quizzes.model import KINDS, Quiz, RealOrScam

Part = TypeVar("Part")

# Below so many drills in a course, nothing is said about their balance.
_ENOUGH_DRILLS = 4


def check_together(gathered: Gathered) -> Iterator[Problem]:
    yield from _names_once(gathered)
    yield from _course_files(gathered)
    yield from _lesson_files(gathered)
    yield from _quiz_files(gathered)
    for course in gathered.courses:
        yield from _balance(course, gathered.quizzes)


def _names_once(gathered: Gathered) -> Iterator[Problem]:
    """Slugs and question ids are permanent names: history points at them."""
    first: dict[tuple[str, str], tuple[str, int]] = {}
    named = [
        *(("bài", one.part.slug, one.sheet.path, 1) for one in gathered.lessons),
        *(
            ("câu hỏi", name, one.sheet.path, line)
            for one in gathered.quizzes
            for name, line in one.sheet.names
        ),
    ]
    for kind, name, path, line in named:
        earlier = first.setdefault((kind, name), (path, line))
        if name and earlier != (path, line):
            where = f"{earlier[0]}:{earlier[1]}"
            yield Problem(
                path, line, f"mã {kind} «{name}» đã có ở {where}", "đặt một mã khác, giữ mã cũ"
            )


def _course_files(gathered: Gathered) -> Iterator[Problem]:
    yield from _repeated(gathered.order, COURSE_ORDER, 1, "khóa")
    known = {found.folder for found in gathered.courses}
    for slug in gathered.order:
        if slug not in known and not _unread(gathered, LESSONS / slug / "course.yaml"):
            yield Problem(
                COURSE_ORDER, 1, f"không có khóa «{slug}»", f"thêm {slug}/course.yaml, hoặc bỏ đi"
            )
    for found in gathered.courses:
        path, course, line = found.sheet.path, found.part, found.sheet.line_of("lessons")
        yield from _repeated(course.lessons, path, line, "bài")
        yield from _misplaced(found, "slug", course.slug, found.folder)
        if found.folder not in gathered.order and COURSE_ORDER not in gathered.unread:
            yield Problem(
                path, 1, f"khóa «{found.folder}» chưa ghi vào danh sách", f"thêm ở {COURSE_ORDER}"
            )
        here = {one.name for one in gathered.lessons if one.folder == found.folder}
        for slug in course.lessons:
            if slug not in here and not _unread(gathered, LESSONS / found.folder / f"{slug}.yaml"):
                yield Problem(path, line, f"không có bài «{slug}»", f"thêm {slug}.yaml, hoặc bỏ đi")


def _lesson_files(gathered: Gathered) -> Iterator[Problem]:
    listed = {found.folder: found.part.lessons for found in gathered.courses}
    asked = {(found.folder, found.name) for found in gathered.quizzes}
    for found in gathered.lessons:
        path, folder, name = found.sheet.path, found.folder, found.name
        yield from _misplaced(found, "slug", found.part.slug, name)
        yield from _misplaced(found, "course", found.part.course, folder)
        if name not in listed.get(folder, ()) and not _unread(
            gathered, LESSONS / folder / "course.yaml"
        ):
            yield Problem(
                path, 1, "bài này chưa nằm trong khóa nào", f"thêm vào {folder}/course.yaml"
            )
        if (folder, name) not in asked and not _unread(gathered, QUIZZES / folder / f"{name}.yaml"):
            yield Problem(
                path,
                1,
                "bài này chưa có bài kiểm tra",
                f"viết quizzes/content/{folder}/{name}.yaml",
            )


def _quiz_files(gathered: Gathered) -> Iterator[Problem]:
    taught = {(found.folder, found.name) for found in gathered.lessons}
    safety = {found.folder for found in gathered.courses if found.part.is_safety}
    for found in gathered.quizzes:
        path, folder, name = found.sheet.path, found.folder, found.name
        yield from _misplaced(found, "lesson", found.part.lesson, name)
        if (folder, name) not in taught and not _unread(
            gathered, LESSONS / folder / f"{name}.yaml"
        ):
            yield Problem(
                path,
                1,
                "không có bài học cho bài kiểm tra này",
                f"viết lessons/content/{folder}/{name}.yaml",
            )
        if folder in safety and not _drills(found):
            yield Problem(
                path,
                1,
                "khóa về an toàn mà bài kiểm tra không có câu «thật hay lừa»",
                "thêm một câu kind: real_or_scam",
            )


def _balance(course: Found[Course], quizzes: list[Found[Quiz]]) -> Iterator[Problem]:
    path = course.sheet.path
    here = [found for found in quizzes if found.folder == course.folder]
    kinds = {question.kind for found in here for question in found.part.questions}
    missing = [kind for kind in KINDS if kind not in kinds]
    if here and missing:
        yield Problem(
            path,
            1,
            f"cả khóa chưa có câu hỏi kiểu {', '.join(missing)}",
            "thêm mỗi kiểu ít nhất một câu",
        )
    drills = [drill for found in here for drill in _drills(found)]
    scams = sum(drill.is_scam for drill in drills)
    if len(drills) >= _ENOUGH_DRILLS and not 0.3 <= scams / len(drills) <= 0.7:
        yield Problem(
            path,
            1,
            f"câu «thật hay lừa» của khóa lệch: {scams} lừa, {len(drills) - scams} thật",
            "để gần một nửa là thật, kẻo người học đoán lúc nào cũng là lừa",
        )


def _drills(found: Found[Quiz]) -> list[RealOrScam]:
    return [question for question in found.part.questions if isinstance(question, RealOrScam)]


def _unread(gathered: Gathered, path: Path) -> bool:
    return path.as_posix() in gathered.unread


def _repeated(slugs: tuple[str, ...], path: str, line: int, kind: str) -> Iterator[Problem]:
    for slug, times in Counter(slugs).items():
        if times > 1:
            yield Problem(path, line, f"{kind} «{slug}» ghi {times} lần", "giữ lại một")


def _misplaced(found: Found[Part], key: str, written: str, place: str) -> Iterator[Problem]:
    if written and written != place:
        yield Problem(
            found.sheet.path,
            found.sheet.line_of(key),
            f"«{key}: {written}» mà tệp nằm ở «{place}»",
            "cho tên tệp, tên thư mục và mã giống hệt nhau",
        )
