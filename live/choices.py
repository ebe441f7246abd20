"""A question as a whole room can answer it: one tap each, so that bars say what was thought. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from quizzes.grading import REAL, RIGHT, SCAM, WRONG, shuffled
from quizzes.model import Option, PutInOrder, Question, RealOrScam, SingleChoice, TrueFalse
from templates.words import Words

# Held against such a statement, a bare "không" may mean either.
_DENIAL = re.compile(r"\b(không|chưa|đừng|khỏi|chẳng)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """``given`` is what is kept of it, as ``quizzes.grading`` has it, and ``label`` what is shown."""

    given: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """``ask`` is the question in words; ``right`` what is right among ``choices``."""

    question: str
    ask: Markup
    choices: tuple[Choice, ...]
    right: str
    why: str
    is_drill: bool = False
    denies: bool = False

    def label(self, given: str) -> str:
        """As it was shown; "" for what cannot be chosen."""
        return next((one.label for one in self.choices if one.given == given), "")


def put(question: Question, words: Words, term: str, seed: int) -> Put | None:
    """The question in the words of address of ``term``; ``None`` for the kind that has no bars.

    The order is fixed by ``seed``, so that the screen and every telephone show the same. Of
    steps to be put in order the first one is asked for.
    """

    def fill(text: str) -> str:
        return words.fill(text, term).strip()

    def say(name: str, **values: str) -> Markup:
        return words.render(name, term, **values)

    match question:
        case SingleChoice(options=options):
            right = next(at for at, option in enumerate(options) if option.is_right)
            return Put(
                question=question.id,
                ask=say("live.ask", ask=fill(question.ask)),
                choices=_options(options, shuffled(question, seed), fill),
                right=str(right),
                why=fill(options[right].why),
            )
        case TrueFalse():
            return Put(
                question=question.id,
                ask=say("live.ask_true", ask=fill(question.ask)),
                choices=_two(words, term, (RIGHT, "quiz.right_label"), (WRONG, "quiz.wrong_label")),
                right=RIGHT if question.is_true else WRONG,
                why=fill(question.why),
                denies=_DENIAL.search(question.ask) is not None,
            )
        case RealOrScam():
            return Put(
                question=question.id,
                ask=say("live.ask_drill", scene=fill(question.scene)),
                choices=_two(words, term, (REAL, "quiz.real_label"), (SCAM, "quiz.scam_label")),
                right=SCAM if question.is_scam else REAL,
                why=fill(question.why),
                is_drill=True,
            )
        case PutInOrder(steps=steps):
            order = shuffled(question, seed)
            return Put(
                question=question.id,
                ask=say("live.ask_first", ask=fill(question.ask)),
                choices=tuple(Choice(str(at), fill(steps[at])) for at in order),
                right="0",
                why=fill(question.why),
            )
        case _:
            return None


def _options(
    options: tuple[Option, ...], order: tuple[int, ...], fill: Callable[[str], str]
) -> tuple[Choice, ...]:
    return tuple(Choice(str(at), fill(options[at].text)) for at in order)


def _two(words: Words, term: str, *both: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(given, words.render(name, term).unescape()) for given, name in both)
