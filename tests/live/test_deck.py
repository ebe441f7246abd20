"""Slides and questions of every lesson there is: all can be shown and answered by one tap."""

import pytest

from lessons.catalogue import Catalogue
from live.choices import Put, put
from live.deck import FAIR_QUESTIONS, Slide, deck, question_at
from quizzes.grading import grade
from quizzes.model import PutInOrder, SeveralChoice
from templates.terms import GROUP
from templates.words import Words

WORDS = Words()


def questions(catalogue: Catalogue, slides: tuple[Slide, ...]) -> list[Put]:
    found = []
    for slide in slides:
        question = question_at(catalogue, slide)
        if question is not None:
            shown = put(question, WORDS, GROUP.key, 7)
            assert shown is not None
            found.append(shown)
    return found


def test_every_question_but_those_with_several_right_options_is_on_a_slide(
    catalogue: Catalogue,
) -> None:
    for lesson in catalogue.lessons:
        quiz = catalogue.quiz(lesson.slug)
        slides = deck(catalogue, lesson.slug, is_fair=False)
        asked = [one.question for one in slides if one.kind == "question"]
        assert quiz is not None
        assert asked == [one.id for one in quiz.questions if not isinstance(one, SeveralChoice)], (
            lesson.slug
        )
        assert [one.kind for one in slides if one.kind == "card"] == ["card"] * len(lesson.cards)


def test_what_is_right_on_a_slide_is_what_the_grader_calls_right(catalogue: Catalogue) -> None:
    for lesson in catalogue.lessons:
        for slide in deck(catalogue, lesson.slug, is_fair=False):
            question = question_at(catalogue, slide)
            shown = None if question is None else put(question, WORDS, GROUP.key, 3)
            if question is None or shown is None or isinstance(question, PutInOrder):
                continue
            right = [one.given for one in shown.choices if grade(question, one.given).is_right]
            assert right == [shown.right]


def test_of_steps_the_first_is_asked_for(catalogue: Catalogue) -> None:
    for lesson in catalogue.lessons:
        quiz = catalogue.quiz(lesson.slug)
        for question in quiz.questions if quiz else ():
            if isinstance(question, PutInOrder):
                shown = put(question, WORDS, GROUP.key, 3)
                assert shown is not None
                assert shown.label(shown.right) == WORDS.fill(question.steps[0], GROUP.key).strip()
                assert shown.ask.striptags().endswith("Việc nào làm trước hết?")


@pytest.mark.parametrize("is_fair", [False, True])
def test_labels_of_a_question_differ_and_address_nobody(
    catalogue: Catalogue, *, is_fair: bool
) -> None:
    for lesson in catalogue.lessons:
        for shown in questions(catalogue, deck(catalogue, lesson.slug, is_fair=is_fair)):
            labels = [one.label for one in shown.choices]
            assert 2 <= len(labels) == len(set(labels))
            assert "{" not in f"{shown.ask}{labels}{shown.why}"


def test_a_fair_asks_five_questions_whatever_its_lesson(catalogue: Catalogue) -> None:
    for lesson in catalogue.lessons:
        shown = questions(catalogue, deck(catalogue, lesson.slug, is_fair=True))
        assert len(shown) == FAIR_QUESTIONS


def test_a_lesson_that_was_taken_out_still_shows_how_to_join(catalogue: Catalogue) -> None:
    assert [one.kind for one in deck(catalogue, "gone", is_fair=False)] == ["join", "end"]
