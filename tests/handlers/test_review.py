"""What the golden conversations do not show: what is stored, and what an answer counts for."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from conversation.events import Chosen, TextReceived
from conversation.handler import Rules
from conversation.replies import AskQuestion, Reply, Say
from lessons.catalogue import Catalogue
from quizzes.model import Quiz, SingleChoice, TrueFalse
from quizzes.review import ReviewItem, Spacing
from storage import review_items
from storage.discrimination import discrimination
from tests.support.databases import fresh_database
from tests.support.talk import WORDS, Talk

# Five questions of a safety course, two of them drills.
LESSON = "gia-cong-an"
SPACING = Spacing()


@pytest.fixture
async def talk(catalogue: Catalogue) -> AsyncIterator[Talk]:
    """A learner who agreed, and answered one quiz, all of it right."""
    async with fresh_database() as database:
        talk = Talk(database, catalogue)
        for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
            await talk.line(line)
        await answer_all(talk, await talk.line(f"#button quiz:{LESSON}"))
        yield talk


def question(replies: list[Reply]) -> AskQuestion | None:
    return next((one for one in replies if isinstance(one, AskQuestion)), None)


async def answer(talk: Talk, asked: AskQuestion, *, right: bool = True) -> list[Reply]:
    if asked.right is not None:
        place = asked.right if right else (asked.right + 1) % len(asked.options)
        return await talk.event(Chosen(asked.options[place].action, "line"))
    _, attempt, name, round_, _ = asked.options[0].action.encode().split(":")
    count = len(asked.options)
    order = range(count) if right else reversed(range(count))
    given = ".".join(map(str, order))
    return await talk.line(f"#button a:{attempt}:{name}:{round_}:{given}")


async def answer_all(talk: Talk, replies: list[Reply], *, right: bool = True) -> list[str]:
    """Answer until nothing is asked any more; returns the questions asked, in their order."""
    asked_for: list[str] = []
    while True:
        talk.clock.passes(timedelta(seconds=20))
        asked = question(replies)
        if asked is not None:
            name = asked.options[0].action.arguments[1]
            asked_for += [name] if name not in asked_for else []
            replies = await answer(talk, asked, right=right)
        elif talk.last and talk.last[0].action.name == "more":
            replies = await talk.event(Chosen(talk.last[0].action, "line"))
        else:
            return asked_for


async def items(talk: Talk) -> dict[str, ReviewItem]:
    async with talk.database.read() as connection:
        (learner,) = (row[0] for row in await connection.fetch("SELECT id FROM learner"))
        return {one.question: one for one in await review_items.of_learner(connection, learner)}


async def attempts_of(talk: Talk, kind: str) -> int:
    async with talk.database.read() as connection:
        return int(await connection.fetchval("SELECT COUNT(*) FROM attempt WHERE kind = $1", kind))


def said(name: str, **values: object) -> str:
    return str(WORDS.render(name, "bac", **values))


def words(replies: list[Reply]) -> list[str]:
    return [str(one.text) for one in replies if isinstance(one, Say)]


async def test_every_answered_question_becomes_an_item(talk: Talk, catalogue: Catalogue) -> None:
    quiz = catalogue.quiz(LESSON)
    assert quiz is not None
    kept = await items(talk)

    assert kept.keys() == {one.id for one in quiz.questions}
    assert all(one.is_safety and one.was_right for one in kept.values())
    assert {SPACING.day(one.due_at) - SPACING.day(one.reviewed_at) for one in kept.values()} == {
        timedelta(2)
    }


async def test_the_coming_back_of_a_wrong_question_changes_nothing_of_its_item(talk: Talk) -> None:
    asked = question(await talk.line("#button quiz:khoa-zalo"))
    assert asked is not None
    await answer_all(talk, await answer(talk, asked, right=False))
    wrong = (await items(talk))[asked.options[0].action.arguments[1]]

    assert not wrong.was_right
    assert SPACING.day(wrong.due_at) == SPACING.day(wrong.reviewed_at) + timedelta(1)


async def test_an_answer_given_twice_counts_once(talk: Talk) -> None:
    talk.clock.passes(timedelta(days=2))
    asked = question(await talk.line("/on"))
    assert asked is not None
    await answer(talk, asked)
    after_one = await items(talk)
    talk.clock.passes(timedelta(minutes=1))
    again = await answer(talk, asked, right=False)

    assert await items(talk) == after_one
    assert words(again) == [said("quiz.answered_already")]


async def test_there_is_one_review_a_day_and_no_more_than_its_questions(talk: Talk) -> None:
    talk.clock.passes(timedelta(days=2))
    first = await answer_all(talk, await talk.line("/on"))
    second = question(await talk.line("ôn bài"))
    talk.clock.passes(timedelta(days=1))
    third = await answer_all(talk, await talk.line("on tap"))

    assert (len(first), second, len(third)) == (3, None, 2)
    assert set(first).isdisjoint(third)


async def test_a_team_may_ask_for_fewer(talk: Talk, catalogue: Catalogue) -> None:
    talk.clock.passes(timedelta(days=2))
    fewer = Talk(
        talk.database,
        catalogue,
        clock=talk.clock,
        rules=Rules(spacing=Spacing(questions_a_day=1)),
        address=talk.address,
    )
    fewer._ids = talk._ids

    assert len(await answer_all(fewer, await fewer.line("/on"))) == 1


async def test_a_review_begun_before_midnight_goes_on_after_it(talk: Talk) -> None:
    talk.clock.passes(timedelta(days=2, hours=3, minutes=50))
    await talk.line("/on")
    asked = question(await talk.line("/on"))
    assert asked is not None
    talk.clock.passes(timedelta(hours=2))
    await answer(talk, asked)
    answered = (await items(talk))[asked.options[0].action.arguments[1]]

    assert answered.reviewed_at == talk.clock()
    assert await attempts_of(talk, "review") == 1


async def test_a_button_of_a_review_that_made_room_for_another_says_so(talk: Talk) -> None:
    talk.clock.passes(timedelta(days=2))
    old = question(await talk.line("/on"))
    assert old is not None
    talk.clock.passes(timedelta(days=1))
    await talk.line("/on")
    before = await items(talk)
    talk.clock.passes(timedelta(minutes=1))
    replies = await answer(talk, old)

    assert words(replies) == [said("review.over")]
    assert await items(talk) == before


async def test_declined_it_is_not_offered_again_that_day_and_still_there_to_ask_for(
    talk: Talk,
) -> None:
    talk.clock.passes(timedelta(days=2))
    offered = await talk.line("/tiep")
    await talk.line("[Học bài luôn]")
    later = await talk.line("/tiep")
    asked_for = await answer_all(talk, await talk.line("/on"))
    talk.clock.passes(timedelta(days=1))
    tomorrow = await talk.line("/tiep")

    assert words(offered) == [said("review.offer", count=3)]
    assert words(later) != words(offered)
    assert len(asked_for) == 3
    assert words(tomorrow) == [said("review.offer", count=2)]


async def test_put_off_in_the_middle_the_rest_is_offered_once_more(talk: Talk) -> None:
    talk.clock.passes(timedelta(days=2))
    asked = question(await talk.line("/on"))
    assert asked is not None
    assert asked.options[0].action.arguments[1] == "cong-an-dia-chi-vneid"
    await answer(talk, asked)
    await talk.line("để sau")
    offered = await talk.line("/tiep")
    rest = await answer_all(talk, await talk.line("[Ôn lại]"))

    assert words(offered) == [said("review.offer", count=2)]
    assert len(rest) == 2
    assert await attempts_of(talk, "review") == 1


async def test_a_question_taken_out_is_skipped_and_the_others_are_asked(
    talk: Talk, catalogue: Catalogue
) -> None:
    quiz = catalogue.quiz(LESSON)
    assert quiz is not None
    kept = [one for one in quiz.questions if one.kind == "true_false"]
    talk.clock.passes(timedelta(days=2))
    fewer = Talk(talk.database, _with(catalogue, replace(quiz, questions=tuple(kept))))
    fewer.clock, fewer._ids = talk.clock, talk._ids
    asked_for = await answer_all(fewer, await fewer.line("/on"))

    assert asked_for == [one.id for one in kept]


async def test_when_all_of_an_open_review_is_taken_out_it_ends_kindly(
    talk: Talk, catalogue: Catalogue
) -> None:
    quiz = catalogue.quiz(LESSON)
    assert quiz is not None
    talk.clock.passes(timedelta(days=2))
    asked = question(await talk.line("/on"))
    assert asked is not None
    attempt = asked.options[0].action.arguments[0]
    empty = Talk(talk.database, _with(catalogue, replace(quiz, questions=())))
    empty.clock, empty._ids = talk.clock, talk._ids
    replies = await empty.line(f"#button more:{attempt}")

    assert words(replies) == [said("review.done", right=0, total=0, soon=None)]


async def test_only_the_easier_question_answered_means_barely_remembered(
    talk: Talk, catalogue: Catalogue
) -> None:
    slug = next(
        lesson.slug
        for lesson in catalogue.lessons
        if lesson.slug != LESSON
        and (quiz := catalogue.quiz(lesson.slug)) is not None
        and isinstance(first := quiz.questions[0], SingleChoice)
        and len(first.options) > 2
    )
    asked = question(await talk.line(f"#button quiz:{slug}"))
    assert asked is not None
    for text in ("ủa cái gì vậy ta", "hổng hiểu gì trơn á"):
        await talk.event(TextReceived(text))
    await answer(talk, asked)
    eased = (await items(talk))[asked.options[0].action.arguments[1]]

    assert eased.was_right
    assert SPACING.day(eased.due_at) == SPACING.day(eased.reviewed_at) + timedelta(1)


async def test_a_question_whose_right_answer_changed_is_asked_again_at_once_and_afresh(
    talk: Talk, catalogue: Catalogue
) -> None:
    quiz = catalogue.quiz(LESSON)
    assert quiz is not None
    changed = [
        replace(one, is_true=not one.is_true) if isinstance(one, TrueFalse) else one
        for one in quiz.questions
    ]
    (turned,) = (one.id for one in quiz.questions if isinstance(one, TrueFalse))
    newer_quiz = replace(quiz, questions=tuple(changed))
    before = (await items(talk))[turned]
    # Nothing is due yet.
    talk.clock.passes(timedelta(days=1))
    newer = Talk(talk.database, _with(catalogue, newer_quiz))
    newer.clock, newer._ids = talk.clock, talk._ids
    asked_for = await answer_all(newer, await newer.line("/on"))
    after = (await items(newer))[turned]

    assert asked_for == [turned]
    assert (before.meaning, after.meaning) == (
        catalogue.meaning(turned),
        _with(catalogue, newer_quiz).meaning(turned),
    )
    # As after a first answer, not as after a second one.
    assert after.stability == before.stability
    assert SPACING.day(after.due_at) == SPACING.day(talk.clock()) + timedelta(2)


async def test_a_question_only_reworded_keeps_its_history(talk: Talk, catalogue: Catalogue) -> None:
    quiz = catalogue.quiz(LESSON)
    assert quiz is not None
    reworded = [
        replace(one, ask=one.ask + " Thử nghĩ coi.") if isinstance(one, TrueFalse) else one
        for one in quiz.questions
    ]
    (name,) = (one.id for one in quiz.questions if isinstance(one, TrueFalse))
    before = (await items(talk))[name]
    newer = Talk(talk.database, _with(catalogue, replace(quiz, questions=tuple(reworded))))
    newer.clock, newer._ids = talk.clock, talk._ids
    talk.clock.passes(timedelta(days=1))
    early = question(await newer.line("/on"))
    talk.clock.passes(timedelta(days=1))
    await answer_all(newer, await newer.line("/on"))
    talk.clock.passes(timedelta(days=1))
    await answer_all(newer, await newer.line("/on"))
    after = (await items(newer))[name]

    assert early is None
    assert after.stability > 2 * before.stability


async def test_who_answered_only_scams_is_asked_a_real_one_in_the_review(
    catalogue: Catalogue,
) -> None:
    """A quiz left after its first drill, a scam: months later the refresher brings both kinds."""
    quiz = catalogue.quiz(LESSON)
    assert quiz is not None
    scam, *_ = (one.id for one in quiz.questions if catalogue.drills.get(one.id))
    only_scam = [one for one in quiz.questions if one.id == scam]
    async with fresh_database() as database:
        fewer = Talk(database, _with(catalogue, replace(quiz, questions=tuple(only_scam))))
        for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
            await fewer.line(line)
        await answer_all(fewer, await fewer.line(f"#button quiz:{LESSON}"))
        met = (await items(fewer)).keys()
        fewer.clock.passes(timedelta(days=120))
        later = Talk(database, catalogue)
        later.clock, later._ids = fewer.clock, fewer._ids
        asked_for = await answer_all(later, await later.line("/on"))
        async with database.read() as connection:
            (learner,) = (row[0] for row in await connection.fetch("SELECT id FROM learner"))
            counted = (await discrimination(connection, [learner]))[learner]
            told = await items(later)

    assert met == {scam}
    assert [catalogue.drills[name] for name in asked_for] == [True, False]
    # The real one is of the lesson that the learner knows something of.
    assert asked_for[1] in {one.id for one in quiz.questions}
    assert told.keys() == set(asked_for)
    assert (counted.hits, counted.correct_rejections) == (2, 1)
    assert (counted.misses, counted.false_alarms) == (0, 0)


def _with(catalogue: Catalogue, changed: Quiz) -> Catalogue:
    """The same content but for one quiz."""
    quizzes = {
        lesson.slug: quiz
        for lesson in catalogue.lessons
        if (quiz := catalogue.quiz(lesson.slug)) is not None
    }
    return Catalogue(
        catalogue.courses,
        {lesson.slug: lesson for lesson in catalogue.lessons},
        {**quizzes, changed.lesson: changed},
    )
