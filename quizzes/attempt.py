"""What to ask next in an attempt, from the answers given so far. Pure, so it survives anything.

Round 0 asks every question in the author's order. Round 1 brings each wrong one back once. Only
the first answers count for the score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from quizzes.grading import grade, grade_reason
from quizzes.model import Question, Quiz, RealOrScam

ROUNDS = 2
# Question ids hold no dot, so the reason of a drill is kept beside its verdict.
_REASON = ".why"


class Given(Protocol):
    """An answer as it is stored: the name it is kept under, its round, and what was chosen."""

    @property
    def question(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def given(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask this now, and keep the answer under ``name``.

    ``verdict`` is empty, or the verdict just given on a drill whose reason is now asked for.
    ``place`` counts from 1 within the round, and ``total`` is how many the round asks.
    """

    question: Question
    round: int
    name: str
    verdict: str
    place: int
    total: int


@dataclass(frozen=True, slots=True)
class Finished:
    """``right`` of ``total`` questions were right at the first answer."""

    right: int
    total: int

    def passes(self, ratio: float) -> bool:
        """Whether that share is enough. A ratio such as 0.7 is not exact in binary: 7 of 10 is."""
        return self.right + 1e-9 >= ratio * self.total


Standing: TypeAlias = Ask | Finished
_Kept: TypeAlias = dict[tuple[int, str], str]


def stand(quiz: Quiz, answers: Iterable[Given], rounds: int = ROUNDS) -> Standing:
    """Where the attempt stands: the question to ask now, or the result.

    With one of ``rounds``, as in a review, what went wrong does not come back the same day.
    ``answers``, in the order given, may hold answers to questions taken out since, which count
    for nothing, and lack those to questions put in since, which are asked. The first answer to
    a question in a round counts.
    """
    kept: _Kept = {}
    for answer in answers:
        kept.setdefault((answer.round, answer.question), answer.given)
    asked, right = quiz.questions, 0
    for round_ in range(rounds):
        for place, question in enumerate(asked, start=1):
            name = _still_open(question, round_, kept)
            if name is not None:
                verdict = kept.get((round_, question.id), "")
                return Ask(question, round_, name, verdict, place, len(asked))
        asked = tuple(question for question in asked if not _is_right(question, round_, kept))
        if round_ == 0:
            right = len(quiz.questions) - len(asked)
    return Finished(right, len(quiz.questions))


def _names(question: Question) -> tuple[str, ...]:
    if isinstance(question, RealOrScam):
        return question.id, question.id + _REASON
    return (question.id,)


def _still_open(question: Question, round_: int, kept: _Kept) -> str | None:
    return next((name for name in _names(question) if (round_, name) not in kept), None)


def _is_right(question: Question, round_: int, kept: _Kept) -> bool:
    """Right as a whole: of a drill, both its verdict and its reason.

    An answer that cannot be one, because the question was rewritten since, is not right.
    """
    try:
        if not grade(question, kept[round_, question.id]).is_right:
            return False
        return not isinstance(question, RealOrScam) or (
            grade_reason(question, kept[round_, question.id + _REASON]).is_right
        )
    except ValueError:
        return False
