"""The picture of a learner's path."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

import pictures
from pictures.path import WIDTH


def content(*courses: list[str], title: str = "Đường học của bác") -> dict[str, Any]:
    return {
        "title": title,
        "summary": "Đã xong 1/3 bài",
        "footer": "Học Số · Bình dân học vụ số",
        "courses": [{"title": "Thanh toán an toàn", "stones": stones} for stones in courses],
    }


def drawn(values: dict[str, Any]) -> Image.Image:
    return Image.open(BytesIO(pictures.draw("path", values)))


def test_picture_is_a_png_as_wide_as_a_phone_shows_sharply() -> None:
    image = drawn(content(["passed", "done", "current", "ahead"]))

    assert image.format == "PNG"
    assert image.width == WIDTH
    # The longer side and the sum that Telegram takes for a photo: 10,000 together.
    assert image.width + image.height < 10_000


def test_picture_grows_with_courses_and_with_rows_of_lessons() -> None:
    one = drawn(content(["ahead"] * 5)).height
    two = drawn(content(["ahead"] * 5, ["ahead"] * 5)).height
    long = drawn(content(["ahead"] * 20)).height

    assert one < two
    assert one < long


@pytest.mark.parametrize("before", ["ahead", "current", "done"])
def test_every_step_forward_shows(before: str) -> None:
    after = {"ahead": "current", "current": "done", "done": "passed"}[before]

    assert pictures.draw("path", content([before])) != pictures.draw("path", content([after]))


def test_same_content_is_drawn_the_same() -> None:
    values = content(["passed", "current", "ahead"])

    assert pictures.draw("path", values) == pictures.draw("path", values)


def test_long_words_stay_inside() -> None:
    values = content(["ahead"], title="Đường học của một người có cái tên dài hơn mọi người khác")

    image = drawn(values).convert("RGB")

    edge = {image.getpixel((WIDTH - 1, row)) for row in range(image.height)}
    assert len(edge) == 1


def test_course_without_lessons_is_drawn() -> None:
    assert drawn(content([])).width == WIDTH


def test_picture_nobody_draws_is_an_error() -> None:
    with pytest.raises(KeyError):
        pictures.draw("khong-co", {})


def week(*learnt: int, today: int = 3) -> dict[str, Any]:
    names = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
    days = [
        {"name": name, "learnt": place in learnt, "today": place == today}
        for place, name in enumerate(names)
    ]
    return {"title": "Tuần này: học 2/3 buổi", "review": "Ôn lại: mai", "days": days}


def test_every_day_of_learning_shows_and_so_does_today() -> None:
    pictures_of = {
        pictures.draw("path", {**content(["ahead"]), "week": one})
        for one in (week(), week(0), week(0, 6), week(0, 6, today=4))
    }

    assert len(pictures_of) == 4


def test_content_stored_before_there_were_weeks_is_drawn_without() -> None:
    old = content(["ahead"])

    assert drawn(old).height < drawn({**old, "week": week()}).height
