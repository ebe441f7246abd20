"""From YAML to courses, lessons and facts. ``docs/viet-bai.md`` explains every field to authors."""

from datetime import date
from typing import Literal

from authoring.form import Form, Sheet, longest
from authoring.reading import Tree
from lessons.model import Card, Course, Fact, Lesson, Practice
from vietnamese import fold

# The national framework for digital skills that lessons are held against, and its codes:
# the five basic skills, the three blocks of knowledge, and the skills themselves.
FRAMEWORKS = ("757-2025-v1.0",)
_SKILLS = (
    "N1 N2 N3 N4 N5 K1 K2 K3 0.1 0.2 1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5 2.6 3.1 3.2 3.3 3.4 "
    "4.1 4.2 4.3 4.4 5.1 5.2 5.3 5.4 6.1 6.2 6.3"
)
SKILLS = frozenset(_SKILLS.split())
MOST_IN_A_LESSON = 1_200


def parse_course_order(sheet: Sheet, tree: Tree) -> tuple[str, ...]:
    """The slugs of all courses, in the order learners see."""
    form = Form(sheet, tree, "danh sách khóa học")
    courses = form.slugs("courses", 1, 1000)
    form.close()
    return courses


def parse_course(sheet: Sheet, tree: Tree) -> Course:
    form = Form(sheet, tree, "khóa học")
    course = Course(
        slug=form.slug("slug"),
        title=form.prose("title", 28, filled=False),
        icon=_icon(form),
        summary=form.prose("summary", 120),
        is_safety=form.choice("safety", {"yes": True, "no": False}),
        lessons=form.slugs("lessons", 1, 30),
    )
    form.close()
    return course


def _icon(form: Form) -> str:
    icon = form.text("icon")
    # One picture may be several code points: a base, a selector, joiners.
    if icon.value and (fold(icon.value) or len(icon.value) > 7 or " " in icon.value):
        form.sheet.add(icon.line, f"«icon: {icon.value}» không phải một hình", "để đúng một hình")
    return icon.value


def parse_lesson(sheet: Sheet, tree: Tree) -> Lesson:
    """The lesson as far as it can be read; everything wrong with it joins the sheet's problems."""
    form = Form(sheet, tree, "bài học")
    lesson = Lesson(
        slug=form.slug("slug"),
        title=form.prose("title", 48, filled=False),
        course=form.slug("course"),
        framework_version=form.choice("framework_version", {one: one for one in FRAMEWORKS}),
        skills=_skills(form),
        minutes=form.number("minutes", 2, 5),
        checked_on=form.day("checked_on"),
        check_by=form.day("check_by"),
        keywords=_keywords(form),
        cards=tuple(_card(one) for one in form.forms("cards", 3, 6, "thẻ")),
        takeaway=form.proses("takeaway", 3, 3, 60, filled=False),
        practice=_practice(form.form("practice", "bài thực hành")),
    )
    form.close()
    _check_size(sheet, form.line, lesson)
    if date.min < lesson.check_by <= lesson.checked_on:
        sheet.add(
            form.line_of("check_by"),
            "ngày rà lại không sau ngày soát",
            "đặt check_by sau checked_on",
        )
    return lesson


def _card(form: Form) -> Card:
    facts = form.facts(0)
    text = form.prose("text", 300, facts=facts)
    form.close()
    return Card(facts=facts, text=text)


def _practice(form: Form) -> Practice:
    practice = Practice(
        task=form.prose("task", 200), steps_if_stuck=form.prose("steps_if_stuck", 200)
    )
    form.close()
    return practice


def _skills(form: Form) -> tuple[str, ...]:
    found = form.words("skills", 1, 6)
    for one in found:
        if one.value not in SKILLS:
            form.sheet.add(
                one.line, f"không có kỹ năng «{one.value}»", "dùng mã N1–N5, K1–K3 hoặc 0.1–6.3"
            )
    return tuple(one.value for one in found)


def _keywords(form: Form) -> tuple[str, ...]:
    found = form.words("keywords", 6, 30)
    seen: dict[str, str] = {}
    for one in found:
        folded = fold(one.value)
        if not folded or len(one.value) > 50:
            form.sheet.add(
                one.line, f"từ khóa «{one.value}» không dùng được", "viết một cụm từ ngắn"
            )
        elif folded in seen:
            form.sheet.add(
                one.line,
                f"từ khóa «{one.value}» trùng với «{seen[folded]}»",
                "bỏ một: lúc tìm không phân biệt dấu và chữ hoa",
            )
        seen[folded] = one.value
    return tuple(one.value for one in found)


def _check_size(sheet: Sheet, line: int, lesson: Lesson) -> None:
    practice = lesson.practice
    texts = [*(card.text for card in lesson.cards), *lesson.takeaway]
    size = sum(longest(text) for text in (*texts, practice.task, practice.steps_if_stuck))
    if size > MOST_IN_A_LESSON:
        sheet.add(
            line,
            f"cả bài dài {size} chữ, nhiều nhất {MOST_IN_A_LESSON}",
            "bớt chữ, hoặc tách thành hai bài",
        )


_CONFIDENCE: dict[str, Literal["1", "2+"]] = {"1": "1", "2+": "2+"}
_STALE: dict[str, Literal["low", "medium", "high"]] = {
    "low": "low",
    "medium": "medium",
    "high": "high",
}


def parse_facts(sheet: Sheet, tree: Tree) -> dict[str, Fact]:
    """Every row by its code."""
    form = Form(sheet, tree, "bảng sự thật")
    rows = form.form("rows", "mục «rows»")
    form.close()
    facts = {}
    for code, row in rows.members("dòng"):
        sheet.names.append((code, row.line))
        if not (code.isascii() and code.isalnum() and code == code.upper()):
            sheet.add(row.line, f"mã dòng «{code}» không đúng dạng", "viết như A12, PTHE")
        facts[code] = Fact(
            code=code,
            claim=row.text("claim").value,
            source=row.text("source").value,
            confidence=row.choice("confidence", _CONFIDENCE),
            stale=row.choice("stale", _STALE),
        )
        row.close()
    return facts
