"""How long the lines are in which an answer is explained.

People read them on a small screen in large letters, so each holds no more than a card does. The
texts of a question share that room: what is asked to be cut is the sum.
"""

from collections.abc import Iterable, Iterator

from authoring.form import longest_once_chosen
from quizzes.model import (
    Option,
    PutInOrder,
    Question,
    RealOrScam,
    SeveralChoice,
    SingleChoice,
    TrueFalse,
)

MOST_SAID = 300

# The most that templates/vi/quiz.j2 puts around the texts of one line; a test holds them against it.
_SINGLE_WRONG = 52
_STATEMENT_WRONG = 35
_ORDER_WRONG = 26
_ORDER = 17
_NUMBERED = 4
_SEVERAL_RIGHT = 39
_SEVERAL_WRONG = 45
_OPTION = 5
_OTHER_SIGN = 50
_DRILL_VERDICT = 84
_DRILL = 74


def longest_said(question: Question) -> int:
    """The characters of the longest line that any answer to it brings, for a learner who has said
    how to be addressed.
    """
    lengths = (
        around + sum(longest_once_chosen(text) for text in texts)
        for around, texts in _lines(question)
    )
    return max(lengths, default=0)  # one without options is broken in another way


def _lines(question: Question) -> Iterator[tuple[int, list[str]]]:
    """Every line: the characters around its texts, and the texts. That of a right answer only
    where no line of a wrong one holds the same texts and more.
    """
    match question:
        case SingleChoice(options=options):
            right = _parted(options, right=True)
            yield from ((_SINGLE_WRONG, [*right, why]) for _, why in _pairs(options, right=False))
        case SeveralChoice(options=options):
            for is_right, around in ((True, _SEVERAL_RIGHT), (False, _SEVERAL_WRONG)):
                texts = _parted(options, right=is_right)
                yield around + _OPTION * (len(texts) // 2), texts
        case TrueFalse():
            yield _STATEMENT_WRONG, [question.why, question.tempting]
        case PutInOrder(steps=steps):
            yield _ORDER + _NUMBERED * len(steps), [*steps, question.why]
            yield _ORDER_WRONG, [question.tempting]
        case RealOrScam(reasons=reasons):
            signs = [text for text, _ in _pairs(reasons, right=True)]
            yield from ((_OTHER_SIGN, [why, *signs]) for _, why in _pairs(reasons, right=False))
            yield _DRILL_VERDICT, [question.tempting]
            yield _DRILL, [question.why, question.first_move]


def _pairs(options: Iterable[Option], *, right: bool) -> list[tuple[str, str]]:
    return [(one.text, one.why) for one in options if one.is_right is right]


def _parted(options: Iterable[Option], *, right: bool) -> list[str]:
    return [text for pair in _pairs(options, right=right) for text in pair]
