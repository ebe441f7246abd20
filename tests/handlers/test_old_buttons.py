"""Buttons from last week, from elsewhere, and from nobody: a useful answer, and nothing broken."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from conversation.actions import Action
from conversation.events import Chosen
from conversation.replies import AskQuestion, Say
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support.tables import rows
from tests.support.talk import WORDS, Talk

STALE = WORDS.render("help.stale", "bac")
ALREADY = WORDS.render("quiz.answered_already", "bac")


async def tapped(talk: Talk, button: str) -> Say:
    replies = await talk.event(Chosen(Action.decode(button)))
    said = replies[0]
    assert isinstance(said, Say)
    assert said.buttons
    return said


@pytest.mark.parametrize(
    "button",
    [
        "lesson:gone", "quiz:gone", "course:gone", "again:gone", "takeaway:gone", "card:gone:0",
        "card:tai-vneid:99", "card:tai-vneid:-1", "card:tai-vneid:x", "card:tai-vneid", "card",
        "practice:tai-vneid:maybe", "term:king", "more:99", "more:x", "more:", "a:99:x:0:0",
        "a:x:y:z:0", "pick:99:x:0:0", "ease:99:x:0", "nobody", "next:more", "stale",
    ],
)  # fmt: skip
async def test_button_of_something_gone_says_so_and_leads_on(button: str, talk: Talk) -> None:
    assert (await tapped(talk, button)).text == STALE


@pytest.mark.parametrize(
    "given", ["99", "x", "-1", "0.0", "1.2.3", "right", "real", "0.1.2.3.4.5.6.7"]
)
async def test_answer_that_cannot_be_one_is_not_counted(given: str, talk: Talk) -> None:
    await talk.line("/kiemtra")
    await talk.line("1")

    await tapped(talk, f"a:1:tai-vneid-o-dau:0:{given}")

    assert [row["given"] for row in await rows(talk.database, "answer")] == []


async def test_answers_of_an_earlier_round_and_of_a_finished_attempt_change_nothing(
    talk: Talk,
) -> None:
    # Wrong but for the order, and all of them again.
    for line in ("/kiemtra", "1", "1", "tiep", "4 3 2 1", "tiep", "sai", "tiep", "that", "1"):
        await talk.line(line)
    for line in ("tiep", "3", "tiep"):
        await talk.line(line)
    stored = await rows(talk.database, "answer")

    assert (await tapped(talk, "a:1:tai-vneid-o-dau:0:0")).text == ALREADY
    assert await rows(talk.database, "answer") == stored
    for line in ("tiep", "1", "tiep", "4 3 2 1", "tiep", "sai", "tiep", "that", "1", "tiep", "3"):
        await talk.line(line)
    await talk.line("xem ket qua")
    (attempt,) = await rows(talk.database, "attempt")
    stored = await rows(talk.database, "answer")
    assert attempt["finished_at"] is not None
    assert (await tapped(talk, "a:1:tai-vneid-o-dau:1:0")).text == ALREADY
    assert (await tapped(talk, "a:1:tai-vneid-o-dau:0:0")).text == ALREADY
    assert await rows(talk.database, "answer") == stored
    assert await rows(talk.database, "attempt") == [attempt]


@pytest.mark.parametrize(
    "button", ["more:1", "a:1:tai-vneid-o-dau:0:0", "ease:1:tai-vneid-o-dau:0"]
)
async def test_attempt_of_another_learner_is_out_of_reach(
    button: str, talk: Talk, another: Callable[[str], Talk]
) -> None:
    await talk.line("/kiemtra")
    await talk.line("1")
    other = another("2002")
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
        await other.line(line)

    assert (await tapped(other, button)).text == STALE
    assert await rows(talk.database, "answer") == []


async def test_answer_taken_from_a_menu_weeks_ago_still_counts(talk: Talk) -> None:
    await talk.line("/kiemtra")
    (question,) = await talk.line("1")
    assert isinstance(question, AskQuestion)
    talk.clock.passes(timedelta(days=40))
    await talk.tidy()
    await talk.line("/hoc")

    await talk.event(Chosen(question.options[0].action))

    assert len(await rows(talk.database, "answer")) == 1


async def test_whoever_learnt_everything_is_told_so(
    talk: Talk, database: Database, catalogue: Catalogue
) -> None:
    for lesson in catalogue.lessons:
        await talk.event(Chosen(Action("takeaway", (lesson.slug,))))
        await talk.event(Chosen(Action("practice", (lesson.slug, "done"))))
    moment = int(talk.clock().timestamp() * 1000)
    async with database.transaction() as connection:
        for lesson in catalogue.lessons:
            await connection.execute(
                "INSERT INTO attempt (learner_id, lesson, seed, started_at, finished_at,"
                " right_count, question_count, passed) VALUES (1, $1, 1, $2, $2, 5, 5, 1)",
                lesson.slug,
                moment,
            )

    (said,) = await talk.line("/tiep")
    picture, summary = await talk.line("/tiendo")

    assert isinstance(said, Say)
    assert said.text == WORDS.render("lesson.all_done", "bac")
    assert isinstance(summary, Say)
    assert len(str(summary.text).splitlines()) <= 10
    total = len(catalogue.lessons)
    assert f"đã xong {total} trên {total} bài" in getattr(picture, "alt", "")
