"""An author's change keeps a question's history when its answer is the same, and not otherwise."""

from dataclasses import replace

import pytest

from quizzes.meaning import is_same, meaning
from quizzes.model import (
    Option,
    PutInOrder,
    Question,
    RealOrScam,
    SeveralChoice,
    SingleChoice,
    TrueFalse,
)

HANG_UP = Option("Cúp máy", "đúng", is_right=True)
SEND = Option("Gửi mã", "không", is_right=False)
ASK = Option("Hỏi con cháu", "chưa đủ", is_right=False)
SINGLE = SingleChoice(id="q", facts=("F1",), ask="Làm gì?", options=(HANG_UP, SEND, ASK))
BOTH = (HANG_UP, SEND, replace(ASK, is_right=True))
SEVERAL = SeveralChoice(id="q", facts=(), ask="Làm gì?", options=BOTH)
TRUE = TrueFalse(id="q", facts=(), ask="Công an gọi?", is_true=True, why="w", tempting="t")
ORDER = PutInOrder(
    id="q", facts=(), ask="Thứ tự?", steps=("Cúp máy", "Gọi lại", "Báo"), why="w", tempting="t"
)
DRILL = RealOrScam(
    id="q", facts=(), scene="s", is_scam=True, why="w", tempting="t", first_move="f",
    reasons=(HANG_UP, SEND, ASK),
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SINGLE, replace(SINGLE, ask="Mình làm gì trước?", facts=("F2",))),
        (SINGLE, replace(SINGLE, options=(replace(HANG_UP, text="Cúp máy liền"), SEND, ASK))),
        (SINGLE, replace(SINGLE, options=(SEND, ASK, HANG_UP))),
        (SINGLE, replace(SINGLE, options=(replace(HANG_UP, text="CUP MAY"), SEND))),
        (SEVERAL, replace(SEVERAL, options=(SEND, BOTH[2], HANG_UP))),
        (TRUE, replace(TRUE, ask="Công an có gọi không?", why="khác")),
        (ORDER, replace(ORDER, steps=("Cúp máy liền", "Gọi lại", "Báo"))),
        (DRILL, replace(DRILL, scene="“Tin khác”", reasons=(SEND, HANG_UP, ASK))),
    ],
)
def test_reworded_or_moved_it_means_the_same(before: Question, now: Question) -> None:
    assert is_same(meaning(before), meaning(now))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SINGLE, replace(SINGLE, options=(replace(HANG_UP, is_right=False), SEND, BOTH[2]))),
        (SINGLE, replace(SINGLE, options=(SEND, replace(HANG_UP, text="Đưa máy cho con")))),
        (SINGLE, SEVERAL),
        (SEVERAL, replace(SEVERAL, options=(HANG_UP, replace(SEND, is_right=True), ASK))),
        (SEVERAL, replace(SEVERAL, options=(*BOTH, replace(ASK, text="Báo", is_right=True)))),
        (TRUE, replace(TRUE, is_true=False)),
        (ORDER, replace(ORDER, steps=("Gọi lại", "Cúp máy", "Báo"))),
        (ORDER, replace(ORDER, steps=("Cúp máy", "Gọi lại", "Báo", "Ghi sổ"))),
        (DRILL, replace(DRILL, is_scam=False)),
        *((one, replace(one, edition=2)) for one in (SINGLE, SEVERAL, TRUE, ORDER, DRILL)),
    ],
)
def test_another_right_answer_means_something_else(before: Question, now: Question) -> None:
    assert not is_same(meaning(before), meaning(now))


@pytest.mark.parametrize("question", [SINGLE, SEVERAL, TRUE, ORDER, DRILL])
def test_what_was_answered_before_meanings_were_kept_counts_as_the_same(
    question: Question,
) -> None:
    assert is_same("", meaning(question))
    assert is_same(meaning(question), meaning(question))
