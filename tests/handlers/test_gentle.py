"""A gentle word, once each: at lessons 1, 3 and 10, and at a course's end."""

from datetime import timedelta

import pytest

from tests.support.talk import WORDS, Talk


async def finish(talk: Talk, slug: str) -> str:
    talk.clock.passes(timedelta(minutes=1))
    (said,) = await talk.line(f"#button takeaway:{slug}")
    return str(getattr(said, "text", "")).splitlines()[1]


async def test_words_come_at_their_lessons_and_once(talk: Talk) -> None:
    catalogue = talk._catalogue
    course = min(catalogue.courses, key=lambda one: len(one.lessons))
    others = [lesson.slug for lesson in catalogue.lessons if lesson.slug not in course.lessons]
    order = [*others[:3], *course.lessons, *others[3:]][:12]
    special = {1: 1, 3: 3, 10: 10, 3 + len(course.lessons): 0}

    for number, slug in enumerate(order, start=1):
        first = await finish(talk, slug)
        again = await finish(talk, slug)
        usual = "Xong bài rồi!"
        count = special.get(number)
        praise = usual if count is None else WORDS.render(
            "lesson.praise", "bac", count=count or number, course="" if count else course.title
        )  # fmt: skip
        assert first.startswith(str(praise)), number
        assert again.startswith(usual), number


@pytest.mark.parametrize(("done", "day"), [(0, "mình bắt đầu nha"), (1, "học 1 ngày")])
async def test_progress_never_says_that_nothing_was_done(talk: Talk, done: int, day: str) -> None:
    for _ in range(done):
        await talk.line("/tiep")

    _, summary = await talk.line("/tiendo")

    assert f"chủ nhật: {day}" in str(getattr(summary, "text", ""))
