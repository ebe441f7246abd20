from datetime import date

import pytest

from lessons.catalogue import Catalogue, ContentBroken, Loading, load
from lessons.model import Card, Course, Lesson, Practice
from tests.lessons.sample import LESSON, QUIZ, change, write


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


def test_broken_content_is_refused_with_the_linters_words(tmp_path):
    change(tmp_path, LESSON, "minutes: 3", "minutes: ba")
    with pytest.raises(ContentBroken) as refused:
        load(tmp_path)
    assert str(refused.value) == f"{LESSON}:6: «minutes: ba» không đúng → viết một số từ 2 đến 5"


def test_a_lesson_long_due_for_a_check_is_still_taught(tmp_path):
    change(
        tmp_path,
        LESSON,
        "checked_on: 2026-11-23\ncheck_by: 2027-05-23",
        "checked_on: 2016-11-23\ncheck_by: 2017-05-23",
    )
    assert [one.slug for one in load(tmp_path).lessons] == ["bai-mau"]


def test_a_second_start_gives_the_same_from_the_cache(tmp_path):
    write(tmp_path)
    cache = tmp_path / "kept" / "content.json"
    first = load(tmp_path, cache)
    before = cache.read_bytes()
    second = load(tmp_path, cache)
    assert (second.courses, second.lessons) == (first.courses, first.lessons)
    assert second.quiz("bai-mau") == first.quiz("bai-mau")
    assert cache.read_bytes() == before


def test_who_is_killed_before_settling_has_taught_all_the_same(tmp_path):
    write(tmp_path)
    cache = tmp_path / "content.json"
    killed = Loading(tmp_path, cache).finish()
    left_behind = cache.exists()
    found = [one.lesson.slug for one in killed.search.find("đọc tên người nhận")]
    next_time = load(tmp_path, cache)
    assert (left_behind, found) == (False, ["bai-mau"])
    assert (next_time.lessons, cache.exists()) == (killed.lessons, True)


def test_a_changed_file_is_read_again(tmp_path):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    change(tmp_path, LESSON, "title: Đọc tên người nhận", "title: Tên mới")
    assert [one.title for one in load(tmp_path, cache).lessons] == ["Tên mới"]


def test_a_file_broken_since_is_refused_whatever_is_kept(tmp_path):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    change(tmp_path, QUIZ, "kind: order", "kind: rank")
    with pytest.raises(ContentBroken):
        load(tmp_path, cache)


@pytest.mark.parametrize("harm", [b"", b"not it", b"\xff\n{}", None])
def test_a_damaged_cache_is_no_harm(tmp_path, harm):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    whole = cache.read_bytes()
    cache.write_bytes(
        whole.replace("Đọc tên".encode(), "Đọc tem".encode()) if harm is None else harm
    )
    assert [one.title for one in load(tmp_path, cache).lessons] == ["Đọc tên người nhận"]
    assert cache.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_no_harm(tmp_path):
    write(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert len(load(tmp_path, tmp_path / "file" / "content.json").lessons) == 1
    assert len(load(tmp_path, tmp_path).lessons) == 1
