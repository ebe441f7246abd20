"""Whether an answer is right. Pure: nothing here remembers anything.

An answer is kept as ``given``: places in the author's order, from zero and joined by dots, so that
it means the same however the options were shuffled. ``"1"`` is one option, ``"0.2"`` several,
``"2.0.1"`` an order. A statement is answered ``RIGHT`` or ``WRONG``, a drill first ``REAL`` or
``SCAM`` and then with the place of a reason, which is an answer of its own.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias

from quizzes.model import PutInOrder, Question, RealOrScam, SeveralChoice, SingleChoice, TrueFalse

# How a verdict on a drill went, in the words of signal detection: a hit is a scam seen through.
Verdict: TypeAlias = Literal["", "hit", "miss", "false_alarm", "correct_rejection"]

RIGHT, WRONG = "right", "wrong"
REAL, SCAM = "real", "scam"


@dataclass(frozen=True, slots=True)
class Grade:
    """``verdict`` is set for the verdict on a drill and for nothing else."""

    is_right: bool
    verdict: Verdict = ""


def grade(question: Question, given: str) -> Grade:
    """The grade of an answer; of a drill, of its verdict.

    Raises ``ValueError`` when ``given`` cannot be an answer to this question.
    """
    match question:
        case SingleChoice(options=options):
            return Grade(options[_one(given, len(options))].is_right)
        case SeveralChoice(options=options):
            chosen = set(_places(given, len(options)))
            return Grade(chosen == {n for n, option in enumerate(options) if option.is_right})
        case TrueFalse():
            return Grade(_either(given, RIGHT, WRONG) == question.is_true)
        case PutInOrder(steps=steps):
            places = _places(given, len(steps))
            if len(places) != len(steps):
                raise ValueError(f"not an order of {len(steps)} steps: {given!r}")
            return Grade(places == sorted(places))
        case RealOrScam():
            said_scam = _either(given, SCAM, REAL)
            if question.is_scam:
                return Grade(said_scam, "hit" if said_scam else "miss")
            return Grade(not said_scam, "false_alarm" if said_scam else "correct_rejection")


def grade_reason(question: RealOrScam, given: str) -> Grade:
    """The grade of a drill's reason. Raises ``ValueError`` as ``grade`` does."""
    return Grade(question.reasons[_one(given, len(question.reasons))].is_right)


def shuffled(question: Question, seed: int) -> tuple[int, ...]:
    """The places in the order to show them; of a drill, its reasons.

    The same for a seed on every machine and version. Đúng and Sai keep their order (0, 1), and
    steps are never shown in the right one.
    """
    match question:
        case SingleChoice(options=options) | SeveralChoice(options=options):
            count = len(options)
        case RealOrScam(reasons=reasons):
            count = len(reasons)
        case PutInOrder(steps=steps):
            count = len(steps)
        case TrueFalse():
            return (0, 1)
    mixed = sorted(range(count), key=lambda place: _draw(seed, question.id, place))
    if isinstance(question, PutInOrder) and mixed == list(range(count)):
        mixed = [*mixed[1:], mixed[0]]
    return tuple(mixed)


def _draw(seed: int, question_id: str, place: int) -> bytes:
    # Neither hash() nor random.shuffle() promises the same result in another process or version.
    return sha256(f"{seed}/{question_id}/{place}".encode()).digest()


def _either(given: str, yes: str, no: str) -> bool:
    if given not in (yes, no):
        raise ValueError(f"neither {yes} nor {no}: {given!r}")
    return given == yes


def _one(given: str, count: int) -> int:
    places = _places(given, count)
    if len(places) != 1:
        raise ValueError(f"not one place: {given!r}")
    return places[0]


def _places(given: str, count: int) -> list[int]:
    parts = given.split(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
        raise ValueError(f"not places: {given!r}")
    places = [int(part) for part in parts]
    if max(places) >= count or len(set(places)) != len(places):
        raise ValueError(f"not different places below {count}: {given!r}")
    return places
