"""More courses and lessons than a small screen holds: a few at once, and the rest one tap away."""

from dataclasses import replace

import pytest

from conversation.replies import Say, ShowPicture
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support.talk import Talk

COURSES, LESSONS = 12, 20


@pytest.fixture
def many(catalogue: Catalogue) -> Catalogue:
    """Twelve courses of twenty lessons."""
    (course, *_), (lesson, *_) = catalogue.courses, catalogue.lessons
    courses = [
        replace(
            course,
            slug=f"khoa-{place}",
            title=f"Khóa thứ {place}",
            lessons=tuple(f"bai-{place}-{number}" for number in range(1, LESSONS + 1)),
        )
        for place in range(1, COURSES + 1)
    ]
    lessons = {
        slug: replace(lesson, slug=slug, course=one.slug, title=f"Bài {slug.removeprefix('bai-')}")
        for one in courses
        for slug in one.lessons
    }
    return Catalogue(courses, lessons, {})


@pytest.fixture
async def talk(database: Database, many: Catalogue) -> Talk:
    talk = Talk(database, many)
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
        await talk.line(line)
    return talk


async def labels(talk: Talk, line: str) -> list[str]:
    (said,) = await talk.line(line)
    assert isinstance(said, Say)
    assert len(said.text) <= 2_000
    return [button.label for button in said.buttons]


async def test_every_course_is_reached_by_going_on(talk: Talk) -> None:
    pages = [await labels(talk, line) for line in ("/hoc", "[Xem thêm]", "xem them")]

    assert pages == [
        ["Học tiếp", *(f"Khóa thứ {place}" for place in range(1, 6)), "Xem thêm"],
        ["Học tiếp", *(f"Khóa thứ {place}" for place in range(6, 11)), "Xem thêm"],
        ["Học tiếp", "Khóa thứ 11", "Khóa thứ 12"],
    ]


async def test_every_lesson_of_a_course_is_reached_by_going_on(talk: Talk) -> None:
    await talk.line("/hoc")

    pages = [await labels(talk, line) for line in ("[Khóa thứ 2]", "[Xem thêm]", "[Xem thêm]")]

    assert pages == [
        [*(f"Bài 2-{number}" for number in range(1, 9)), "Xem thêm", "Khóa khác"],
        [*(f"Bài 2-{number}" for number in range(9, 17)), "Xem thêm", "Khóa khác"],
        [*(f"Bài 2-{number}" for number in range(17, 21)), "Khóa khác"],
    ]


async def test_progress_keeps_to_ten_lines_and_shows_what_is_under_way(talk: Talk) -> None:
    await talk.line("#button takeaway:bai-9-1")
    await talk.line("#button card:bai-7-1:1")

    picture, summary = await talk.line("/tiendo")

    assert isinstance(picture, ShowPicture)
    assert isinstance(summary, Say)
    lines = summary.text.splitlines()
    assert len(lines) <= 10
    assert [line.split(" ", 1)[1] for line in lines if "Khóa thứ" in line] == [
        "Khóa thứ 1: 0/20",
        "Khóa thứ 2: 0/20",
        "Khóa thứ 7: 0/20",
        "Khóa thứ 9: 1/20",
    ]
    assert "Còn 8 khóa nữa: gõ “học bài” để xem." in lines
    assert [course["title"] for course in picture.content["courses"]] == [
        "Khóa thứ 1", "Khóa thứ 2", "Khóa thứ 7", "Khóa thứ 9",
    ]  # fmt: skip


@pytest.mark.parametrize("button", ["learn:99", "learn:-1", "learn:x", "course:khoa-1:20"])
async def test_a_place_that_is_not_there_is_an_old_button(talk: Talk, button: str) -> None:
    (said,) = await talk.line(f"#button {button}")

    assert isinstance(said, Say)
    assert "Khóa thứ" not in said.text
    assert said.buttons
