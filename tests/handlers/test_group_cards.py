"""Every lesson there is, as a card for a group."""

from datetime import UTC, datetime
from typing import Any

import pytest

from channels.plain import plain
from channels.telegram.render import fits_poll
from conversation.handler import Context, Rules
from handlers.groups.group_cards import payload_of, picture_of, question_of, text_of
from lessons.catalogue import Catalogue
from places.model import Place
from storage.database import Database
from storage.group_chats import GroupChat
from storage.learners import Learner
from tests.support.talk import WORDS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GROUP = GroupChat(
    id=1,
    ref="k7m2xd",
    address_id=1,
    is_pasted=True,
    label="Zalo ấp 3",
    place=Place(),
    shows_votes=False,
    lesson="",
    posted_at=None,
    greeted_at=None,
    created_at=NOW,
)


def context(catalogue: Catalogue, connection: Any = None, seed: int = 1) -> Context:
    values: dict[str, Any] = dict.fromkeys(Context.__dataclass_fields__)
    links = {
        "web": lambda payload: f"https://hoc.dongthap.example.vn/s/{payload}",
        "telegram": lambda payload: f"https://t.me/hocso_dong_thap_bot?start={payload}",
    }
    return Context(
        **{
            **values,
            "learner": Learner(1, "bac", NOW, "1", NOW),
            "now": NOW,
            "connection": connection,
            "catalogue": catalogue,
            "words": WORDS,
            "rules": Rules(links=links),
            "seed": lambda: seed,
        }
    )


async def test_every_lesson_can_be_pasted_whole_and_leads_back(
    database: Database, catalogue: Catalogue
) -> None:
    async with database.read() as connection:
        texts = {
            lesson.slug: plain(await text_of(context(catalogue, connection), lesson, GROUP))
            for lesson in catalogue.lessons
        }

    # Zalo's longest text is 2,000; much shorter is read.
    assert {slug for slug, text in texts.items() if len(text) > 1_200} == set()
    for slug, text in texts.items():
        assert text.startswith("🪷 Chào bà con! Tổ công nghệ số gửi bà con bài: ")
        assert f"https://hoc.dongthap.example.vn/s/nhom-k7m2xd_{slug}\n" in text
        assert "không bao giờ hỏi số căn cước, mã OTP, mật khẩu" in text
        # Spoken to all, whoever fetched it.
        assert " bác" not in text.lower()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_lesson_has_a_question_that_a_poll_holds(seed: int, catalogue: Catalogue) -> None:
    for lesson in catalogue.lessons:
        question = question_of(context(catalogue, seed=seed), lesson, "secret")
        assert question is not None
        assert fits_poll(question), lesson.slug
        assert question.right in range(len(question.options))


def test_the_card_says_in_words_all_that_it_shows(catalogue: Catalogue) -> None:
    lesson = catalogue.lesson("gia-cong-an")
    assert lesson is not None
    said = context(catalogue)
    picture = picture_of(said, lesson, said.text("paste.picture"), "https://hoc.example.vn/s/x")

    assert all(line in picture.alt for line in (lesson.title, *lesson.takeaway))
    assert picture.content["link"] in picture.alt


@pytest.mark.parametrize(
    ("lesson", "payload"),
    [
        ("", "nhom-k7m2xd"),
        ("gia-cong-an", "nhom-k7m2xd_gia-cong-an"),
        ("x" * 38, f"nhom-k7m2xd_{'x' * 38}"),
        # Too long for a button that carries it through the consent: then the group alone.
        ("x" * 39, "nhom-k7m2xd"),
    ],
)
def test_a_link_carries_the_group_and_the_lesson_if_both_fit(lesson: str, payload: str) -> None:
    assert payload_of(GROUP, lesson) == payload
    assert len(payload) <= 50
