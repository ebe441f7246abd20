"""A learner on either of Zalo's products goes through all three courses, by typing numbers, and then asks to be forgotten.

The real tutor, the real channel, the real web server; only Zalo is not the real one.
"""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest

from channels.split import utf16_units
from channels.zalo.text import TEXT_LIMIT
from conversation.replies import AskQuestion
from lessons.catalogue import Catalogue
from storage.database import Database
from storage.privacy import PERSONAL
from tests.support.talk import Talk
from tests.support.zalo_bot_talk import ZaloTalk, zalo_talk
from tests.support.zalo_oa_talk import OaTalk, oa_talk

# The way forward, wherever it is offered: the first of these that is.
_FORWARD = (
    "Đồng ý, vào học", "Bác", "Xem tiếp", "Xem tiếp ba dòng cần nhớ", "Đã làm được", "Làm câu hỏi",
    "Câu tiếp theo", "Học bài kế", "Học tiếp",
)  # fmt: skip
_MOST_TURNS = 1_500


def _typed(talk: Talk) -> str:
    """What to type next: an answer, or the number before the way forward."""
    question = talk.chat.sent[-1][1]
    labels = [button.label for button in talk.last]
    if isinstance(question, AskQuestion) and question.options:
        return _answer(question)
    for wanted in _FORWARD:
        if wanted in labels:
            return str(labels.index(wanted) + 1)
    return "1"


def _answer(question: AskQuestion) -> str:
    if question.right is not None:
        return str(question.right + 1)
    numbers = [str(place + 1) for place in range(len(question.options))]
    return " ".join(numbers if "thứ tự" in question.text else numbers[:2])


@pytest.mark.parametrize("opening", [zalo_talk, oa_talk], ids=["bot", "account"])
async def test_all_courses_are_learnt_by_numbers_and_forgotten_at_a_word(
    opening: Callable[[Database, Catalogue], AbstractAsyncContextManager[ZaloTalk | OaTalk]],
    database: Database,
    catalogue: Catalogue,
) -> None:
    lessons = {slug for course in catalogue.courses for slug in course.lessons}
    done: set[str] = set()
    async with opening(database, catalogue) as talk:
        await talk.line("/start")
        turns = 1
        while done != lessons:
            turns += 1
            assert turns < _MOST_TURNS, f"stuck at {talk.chat.sent[-1][1]}"
            talk.clock.passes(timedelta(seconds=30))
            await talk.line(_typed(talk))
            async with database.read() as connection:
                rows = await connection.fetch(
                    "SELECT lesson FROM lesson_progress WHERE done_at IS NOT NULL"
                )
            done = {lesson for (lesson,) in rows}
        said = talk.phone()
        await talk.line("xoa")
        await talk.line("1")
        async with database.read() as connection:
            left = {
                table: await connection.fetchval(f"SELECT COUNT(*) FROM {table}")
                for table in PERSONAL
            }

    assert len(said) == turns
    assert all(0 < utf16_units(line) <= TEXT_LIMIT for line in said)
    assert not [line for line in said if re.search(r"<[a-z/]|&[a-z#]+;", line)]
    assert {table: count for table, count in left.items() if count} == {}
