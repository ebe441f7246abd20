"""What a quiz is. Every text is as the author wrote it, with ``{ban}`` still to be filled.

A question's ``edition`` is raised by its author when the same id comes to mean something else.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Option:
    """``why`` says why it is right, or why it tempts and is wrong."""

    text: str
    why: str
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice:
    """One of two to four options is right."""

    id: str
    facts: tuple[str, ...]
    ask: str
    options: tuple[Option, ...]
    kind: Literal["single"] = "single"
    edition: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralChoice:
    """At least two options are right and at least one is wrong."""

    id: str
    facts: tuple[str, ...]
    ask: str
    options: tuple[Option, ...]
    kind: Literal["several"] = "several"
    edition: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse:
    """A statement. ``tempting`` says why people think the other thing."""

    id: str
    facts: tuple[str, ...]
    ask: str
    is_true: bool
    why: str
    tempting: str
    kind: Literal["true_false"] = "true_false"
    edition: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PutInOrder:
    """Three or four steps, kept in the right order."""

    id: str
    facts: tuple[str, ...]
    ask: str
    steps: tuple[str, ...]
    why: str
    tempting: str
    kind: Literal["order"] = "order"
    edition: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RealOrScam:
    """A drill: something arrives, is it real or a scam, and which sign shows it?"""

    id: str
    facts: tuple[str, ...]
    scene: str
    is_scam: bool
    why: str
    tempting: str
    first_move: str
    reasons: tuple[Option, ...]
    kind: Literal["real_or_scam"] = "real_or_scam"
    edition: int = 1


Question: TypeAlias = SingleChoice | SeveralChoice | TrueFalse | PutInOrder | RealOrScam
KINDS = ("single", "several", "true_false", "order", "real_or_scam")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """The quiz of one lesson; ``lesson`` is that lesson's slug."""

    lesson: str
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        return next((one for one in self.questions if one.id == question_id), None)
