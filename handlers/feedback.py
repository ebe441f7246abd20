"""What is said of an answer: why the right one is right, and why the tempting one is wrong.

Explained feedback teaches about half as much again as showing the right answer
alone, and ten times as much as right or wrong (van der Kleij and others, 2015).
"""

from dataclasses import dataclass

from markupsafe import Markup

from conversation.handler import Context
from quizzes.attempt import Ask
from quizzes.grading import REAL, SCAM
from quizzes.model import Option, PutInOrder, RealOrScam, SeveralChoice, SingleChoice, TrueFalse


@dataclass(frozen=True, slots=True)
class _Explained:
    text: str
    why: str


def explain(context: Context, ask: Ask, given: str, is_right: bool) -> Markup:
    """``given`` is the answer in the author's terms; for a drill, the reason."""
    question = ask.question
    fill = context.plain
    match question:
        case SingleChoice(options=options):
            right = next(option for option in options if option.is_right)
            if is_right:
                return context.text("quiz.right_answer", why=fill(right.why))
            return context.text(
                "quiz.wrong_answer",
                tempting=fill(options[int(given)].why),
                answer=fill(right.text),
                why=fill(right.why),
            )
        case SeveralChoice(options=options):
            return _several(context, options, {int(place) for place in given.split(".")}, is_right)
        case TrueFalse():
            if is_right:
                return context.text("quiz.right_answer", why=fill(question.why))
            return context.text(
                "quiz.statement_wrong",
                is_true=question.is_true,
                why=fill(question.why),
                tempting=fill(question.tempting),
            )
        case PutInOrder(steps=steps):
            if is_right:
                return context.text("quiz.order_right", why=fill(question.why))
            return context.text(
                "quiz.order_wrong",
                steps=[fill(one) for one in steps],
                why=fill(question.why),
                tempting=fill(question.tempting),
            )
        case RealOrScam(reasons=reasons):
            sign = next(reason for reason in reasons if reason.is_right)
            return context.text(
                "quiz.drill_explained",
                verdict_right=ask.verdict == (SCAM if question.is_scam else REAL),
                reason_right=is_right,
                is_scam=question.is_scam,
                chosen_why=fill(reasons[int(given)].why),
                answer=fill(sign.text),
                why=fill(question.why),
                tempting=fill(question.tempting),
                first_move=fill(question.first_move),
            )


def _several(
    context: Context, options: tuple[Option, ...], chosen: set[int], is_right: bool
) -> Markup:
    def explained(*, right: bool, picked: bool) -> list[_Explained]:
        return [
            _Explained(context.plain(option.text), context.plain(option.why))
            for place, option in enumerate(options)
            if option.is_right is right and (place in chosen) is picked
        ]

    found = explained(right=True, picked=True)
    if is_right:
        return context.text("quiz.all_of_them", right=found)
    return context.text(
        "quiz.partly",
        right=found,
        missed=explained(right=True, picked=False),
        wrong=explained(right=False, picked=True),
    )
