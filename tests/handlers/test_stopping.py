"""The one word that stops reminders: known in every wording, and never taken from a quiz."""

import pytest

from conversation.asked import Asked
from conversation.choices import Understood, understand
from handlers.reminders.stopping import HANDLER
from lessons.catalogue import Catalogue
from quizzes.model import PutInOrder, RealOrScam, SeveralChoice, TrueFalse
from storage import rhythms
from storage.rhythms import Rhythm
from tests.handlers.test_shared_telephone import a_home
from tests.support.tables import rows
from tests.support.talk import WORDS, Talk

STOPPED = WORDS.render("reminder.stopped", "bac", name="")
NOTHING_TO_STOP = WORDS.render("reminder.nothing_to_stop", "bac")


@pytest.fixture
async def daily(talk: Talk) -> Talk:
    """Somebody who agreed and is reminded every day at half past seven."""
    await talk.line("/nhac 19:30 mỗi ngày")
    return talk


async def state(talk: Talk) -> str:
    async with talk.database.read() as connection:
        found = await rhythms.of_learner(connection, 1)
    return "" if found is None else found.state


@pytest.mark.parametrize(
    "line",
    ["dừng", "Dừng!", "dung", "DUNG", "dừng nha con", "đừng nhắn nữa", "dung nhan nua", "thôi đừng nhắc nữa",
     "thoi dung nhac nua nha con", "đừng gửi nữa", "ngưng nhắc", "stop", "khỏi nhắc", "dừng hẳn", "/dung"],
)  # fmt: skip
async def test_words_that_stop_it_whatever_was_asked(daily: Talk, line: str) -> None:
    await daily.line("học tiếp")

    (said,) = await daily.line(line)

    assert getattr(said, "text", "") == STOPPED


@pytest.mark.parametrize(
    "line",
    [
        "đúng",
        "đúng rồi",
        "dung roi con",
        "đúng rồi con",
        "đúng quá",
        "đụng",
        "nghỉ",
        "thôi",
        "để sau",
    ],
)
async def test_words_that_do_not_stop_it(daily: Talk, line: str) -> None:
    await daily.line("học tiếp")

    await daily.line(line)

    assert await state(daily) == "on"


async def test_stop_where_nothing_is_set_is_a_kind_word(talk: Talk) -> None:
    (said,) = await talk.line("dừng")

    assert getattr(said, "text", "") == NOTHING_TO_STOP


def _options(question: object) -> tuple[tuple[str, ...], str]:
    match question:
        case TrueFalse():
            return ("Đúng", "Sai"), "one"
        case RealOrScam(reasons=reasons):
            return tuple(one.text for one in reasons), "one"
        case PutInOrder(steps=steps):
            return tuple(steps), "order"
        case SeveralChoice(options=options):
            return tuple(one.text for one in options), "several"
        case _:
            return tuple(one.text for one in question.options), "one"  # type: ignore[attr-defined]


FIRM = {
    word
    for command in HANDLER.commands
    if command.firm
    for word in command.words
}  # fmt: skip


def test_no_word_that_stops_or_rests_is_an_answer_to_any_question(catalogue: Catalogue) -> None:
    """So none is taken for an answer, and none takes an answer away."""
    stolen = set()
    for lesson in catalogue.lessons:
        quiz = catalogue.quiz(lesson.slug)
        for question in quiz.questions if quiz else ():
            labels, kind = _options(question)
            asked = Asked(
                kind=kind,  # type: ignore[arg-type]
                labels=labels,
                actions=tuple(map(str, range(len(labels)))),
                base="a",
                graded=True,
            )
            stolen |= {
                word for word in FIRM if isinstance(understand(word, asked), Understood)
            }  # fmt: skip

    # What an option says itself is that option.
    assert stolen == {"dừng lại"}


async def test_unmarked_word_is_the_answer_where_it_is_asked_for(
    daily: Talk, catalogue: Catalogue
) -> None:
    slug = next(
        lesson.slug
        for lesson in catalogue.lessons
        if (quiz := catalogue.quiz(lesson.slug)) and isinstance(quiz.questions[0], TrueFalse)
    )
    await daily.line(f"#button quiz:{slug}")

    await daily.line("dung")

    assert len(await rows(daily.database, "answer")) == 1
    assert await state(daily) == "on"


async def test_the_second_stop_on_a_shared_telephone_silences_everybody(daily: Talk) -> None:
    """In whatever words; and after it nothing is left to ask."""
    ba = await a_home(daily)
    async with daily.database.transaction() as connection:
        await rhythms.keep(connection, ba, Rhythm(state="on", minute=420))

    (asked,) = await daily.line("dừng")
    (done,) = await daily.line("đừng nhắn nữa")
    (after,) = await daily.line("dừng")

    assert "Dừng nhắc <b>Ông Hai</b> phải không" in getattr(asked, "text", "")
    assert "Ông Hai, Bà Ba" in getattr(done, "text", "")
    assert {row["state"] for row in await rows(daily.database, "rhythm")} == {"off"}
    assert getattr(after, "text", "") == NOTHING_TO_STOP


async def test_of_a_shared_telephone_only_the_named_one_is_silenced(daily: Talk) -> None:
    ba = await a_home(daily)
    async with daily.database.transaction() as connection:
        await rhythms.keep(connection, ba, Rhythm(state="on", minute=420))

    await daily.line("dung")
    await daily.line("2")

    states = {row["learner_id"]: row["state"] for row in await rows(daily.database, "rhythm")}
    assert states.pop(ba) == "off"
    assert list(states.values()) == ["on"]
