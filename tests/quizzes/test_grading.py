import pytest

from quizzes.grading import REAL, RIGHT, SCAM, WRONG, Grade, grade, grade_reason, shuffled
from quizzes.model import PutInOrder
from tests.quizzes.sample import ORDER, REAL_DRILL, SCAM_DRILL, SEVERAL, SINGLE, STATEMENT


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        (SINGLE, "1", Grade(True)),
        (SINGLE, "0", Grade(False)),
        (SEVERAL, "0.2", Grade(True)),
        (SEVERAL, "2.0", Grade(True)),
        (SEVERAL, "0", Grade(False)),
        (SEVERAL, "0.1.2", Grade(False)),
        (STATEMENT, WRONG, Grade(True)),
        (STATEMENT, RIGHT, Grade(False)),
        (ORDER, "0.1.2", Grade(True)),
        (ORDER, "1.0.2", Grade(False)),
        (SCAM_DRILL, SCAM, Grade(True, "hit")),
        (SCAM_DRILL, REAL, Grade(False, "miss")),
        (REAL_DRILL, SCAM, Grade(False, "false_alarm")),
        (REAL_DRILL, REAL, Grade(True, "correct_rejection")),
    ],
)
def test_an_answer_is_graded_by_its_kind(question, given, expected):
    assert grade(question, given) == expected


@pytest.mark.parametrize(("given", "is_right"), [("2", True), ("0", False)])
def test_the_reason_of_a_drill_is_graded_by_itself(given, is_right):
    assert grade_reason(SCAM_DRILL, given) == Grade(is_right)


@pytest.mark.parametrize(
    ("question", "given"),
    [
        (SINGLE, ""),
        (SINGLE, "3"),
        (SINGLE, "-1"),
        (SINGLE, "0.1"),
        (SINGLE, "²"),
        (SINGLE, "9" * 5000),
        (SEVERAL, ""),
        (SEVERAL, "0.0"),
        (SEVERAL, "0..2"),
        (SEVERAL, "0.7"),
        (STATEMENT, "0"),
        (ORDER, "0.1"),
        (ORDER, "0.1.1"),
        (SCAM_DRILL, "2"),
    ],
)
def test_what_cannot_be_an_answer_is_refused(question, given):
    with pytest.raises(ValueError):
        grade(question, given)


def test_a_seed_shuffles_the_same_way_for_ever():
    assert [shuffled(SINGLE, seed) for seed in range(4)] == [
        (2, 0, 1),
        (1, 0, 2),
        (2, 0, 1),
        (2, 0, 1),
    ]


@pytest.mark.parametrize("question", [SINGLE, SEVERAL, ORDER, SCAM_DRILL])
def test_every_order_but_a_give_away_is_drawn_about_as_often(question):
    drawn = [shuffled(question, seed) for seed in range(3000)]
    orders = {order: drawn.count(order) for order in set(drawn)}
    assert len(orders) == (5 if isinstance(question, PutInOrder) else 6)
    assert min(orders.values()) > 400


def test_a_statement_keeps_true_before_false():
    assert {shuffled(STATEMENT, seed) for seed in range(50)} == {(0, 1)}


def test_two_questions_are_shuffled_apart():
    assert [shuffled(SINGLE, seed) for seed in range(9)] != [
        shuffled(SEVERAL, seed) for seed in range(9)
    ]
