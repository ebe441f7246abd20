from dataclasses import dataclass, replace

import pytest

from quizzes.attempt import Ask, Finished, stand
from quizzes.grading import REAL, RIGHT, SCAM, WRONG
from quizzes.model import Quiz
from tests.quizzes.sample import ORDER, QUIZ, SCAM_DRILL, SEVERAL, SINGLE, STATEMENT


@dataclass(frozen=True)
class Answer:
    question: str
    given: str
    round: int = 0


ALL_RIGHT = [
    Answer("mot", "1"),
    Answer("nhieu", "0.2"),
    Answer("dung-sai", WRONG),
    Answer("thu-tu", "0.1.2"),
    Answer("lua", SCAM),
    Answer("lua.why", "2"),
]


def change(question, given):
    return [Answer(one.question, given) if one.question == question else one for one in ALL_RIGHT]


def test_questions_come_in_the_authors_order_and_a_drill_in_two_parts():
    asked = [stand(QUIZ, ALL_RIGHT[:count]) for count in range(len(ALL_RIGHT) + 1)]
    assert asked == [
        Ask(SINGLE, 0, "mot", "", 1, 5),
        Ask(SEVERAL, 0, "nhieu", "", 2, 5),
        Ask(STATEMENT, 0, "dung-sai", "", 3, 5),
        Ask(ORDER, 0, "thu-tu", "", 4, 5),
        Ask(SCAM_DRILL, 0, "lua", "", 5, 5),
        Ask(SCAM_DRILL, 0, "lua.why", SCAM, 5, 5),
        Finished(5, 5),
    ]


def test_wrong_questions_come_back_once_and_the_first_answers_count():
    first = [
        *change("mot", "0")[:4],
        Answer("lua", REAL),
        Answer("lua.why", "2"),
    ]
    again = [
        Answer("mot", "2", 1),
        Answer("lua", SCAM, 1),
        Answer("lua.why", "2", 1),
    ]
    assert [stand(QUIZ, [*first, *again[:count]]) for count in range(4)] == [
        Ask(SINGLE, 1, "mot", "", 1, 2),
        Ask(SCAM_DRILL, 1, "lua", "", 2, 2),
        Ask(SCAM_DRILL, 1, "lua.why", SCAM, 2, 2),
        Finished(3, 5),
    ]


@pytest.mark.parametrize(("question", "given"), [("lua", REAL), ("lua.why", "0"), ("lua.why", "1")])
def test_a_drill_is_right_only_when_both_its_parts_are(question, given):
    standing = stand(QUIZ, change(question, given))
    assert standing == Ask(SCAM_DRILL, 1, "lua", "", 1, 1)


def test_the_first_of_two_answers_counts():
    assert stand(QUIZ, [*ALL_RIGHT, Answer("mot", "0")]) == Finished(5, 5)
    standing = stand(QUIZ, [Answer("mot", "0"), *ALL_RIGHT])
    assert standing == Ask(SINGLE, 1, "mot", "", 1, 1)


def test_a_question_taken_out_meanwhile_counts_for_nothing():
    quiz = replace(QUIZ, questions=QUIZ.questions[1:])
    assert stand(quiz, ALL_RIGHT) == Finished(4, 4)


def test_a_question_put_in_meanwhile_is_asked_even_in_the_second_round():
    new = replace(STATEMENT, id="moi", is_true=True)
    quiz = Quiz(lesson="bai", questions=(*QUIZ.questions, new))
    answers = [*change("mot", "0"), Answer("mot", "1", 1)]
    assert stand(quiz, answers) == Ask(new, 0, "moi", "", 6, 6)
    assert stand(quiz, [*answers, Answer("moi", RIGHT)]) == Finished(5, 6)


@pytest.mark.parametrize("given", ["", "9", "x", SCAM, "0.1"])
def test_a_stored_answer_that_fits_no_more_is_not_right(given):
    assert stand(QUIZ, change("mot", given)) == Ask(SINGLE, 1, "mot", "", 1, 1)


@pytest.mark.parametrize(
    ("right", "total", "ratio", "passes"),
    [
        (7, 10, 0.7, True),
        (6, 10, 0.7, False),
        (4, 5, 0.7, True),
        (3, 5, 0.7, False),
        (3, 5, 0.6, True),
        (5, 5, 1.0, True),
        (4, 5, 1.0, False),
        (2, 3, 2 / 3, True),
    ],
)
def test_the_share_that_passes_is_the_one_that_is_set(right, total, ratio, passes):
    assert Finished(right, total).passes(ratio) is passes


def test_with_one_round_nothing_comes_back():
    answers = change("mot", "0")
    assert stand(QUIZ, answers[:5], 1) == Ask(SCAM_DRILL, 0, "lua.why", SCAM, 5, 5)
    assert stand(QUIZ, answers, 1) == Finished(4, 5)
