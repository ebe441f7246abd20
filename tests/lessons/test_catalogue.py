from datetime import date

import pytest

from lessons.catalogue import Catalogue
from lessons.loading import load
from lessons.model import Card, Course, Lesson, Practice
from tests.lessons.sample import write


def lesson(slug, course="a"):
    return Lesson(
        slug=slug,
        title=f"Bài {slug}",
        course=course,
        framework_version="757-2025-v1.0",
        skills=("N1",),
        minutes=3,
        checked_on=date(2026, 11, 23),
        check_by=date(2027, 5, 23),
        keywords=(f"từ khóa {slug}",),
        cards=(Card(facts=(), text="Đọc."),),
        takeaway=("Một.", "Hai.", "Ba."),
        practice=Practice(task="Làm.", steps_if_stuck="Nhờ."),
    )


def course(slug, *lessons):
    return Course(slug=slug, title=slug, icon="🔒", summary=slug, is_safety=False, lessons=lessons)


@pytest.fixture
def two_courses():
    lessons = {slug: lesson(slug, slug[0]) for slug in ("b-hai", "b-mot", "a-mot", "a-hai")}
    return Catalogue((course("a", "a-mot", "a-hai"), course("b", "b-mot", "b-hai")), lessons, {})


def test_lessons_come_course_by_course_in_the_courses_order(two_courses):
    assert [one.slug for one in two_courses.lessons] == ["a-mot", "a-hai", "b-mot", "b-hai"]


@pytest.mark.parametrize(
    ("done", "following"),
    [
        (set(), "a-mot"),
        ({"a-mot"}, "a-hai"),
        ({"b-mot"}, "b-hai"),
        ({"a-mot", "b-mot"}, "a-hai"),
        ({"b-mot", "b-hai"}, "a-mot"),
        ({"a-mot", "a-hai"}, "b-mot"),
        ({"a-mot", "a-hai", "b-mot", "b-hai"}, None),
        ({"taken-out-since"}, "a-mot"),
    ],
)
def test_what_follows_is_of_a_course_already_begun(two_courses, done, following):
    found = two_courses.next_lesson(done)
    assert (None if found is None else found.slug) == following


def test_everything_is_found_by_its_permanent_name(tmp_path):
    write(tmp_path)
    catalogue = load(tmp_path)
    assert catalogue.lesson("bai-mau") is catalogue.lessons[0]
    assert catalogue.course("tap-thu") is catalogue.courses[0]
    assert catalogue.course_of("bai-mau") is catalogue.courses[0]
    quiz = catalogue.quiz("bai-mau")
    assert quiz is not None
    assert catalogue.question("mau-that-lua") is quiz.question("mau-that-lua")


@pytest.mark.parametrize("name", ["khong-co", ""])
def test_what_is_not_there_is_none(two_courses, name):
    assert (
        two_courses.lesson(name),
        two_courses.course(name),
        two_courses.course_of(name),
        two_courses.quiz(name),
        two_courses.question(name),
    ) == (None, None, None, None, None)
