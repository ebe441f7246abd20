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


def explain(context: Context, ask: Ask, given: str, is_right: bool) -> tuple[Markup, ...]:
    """Line by line, each as short as a card. ``given`` is the answer in the author's terms; for a
    drill, the reason: what its verdict was is explained when the reason is asked for.
    """
    question = ask.question
    fill = context.plain
    match question:
        case SingleChoice(options=options):
            right = next(option for option in options if option.is_right)
            if is_right:
                return (context.text("quiz.right_answer", why=fill(right.why)),)
            tempting = fill(options[int(given)].why)
            answer, why = fill(right.text), fill(right.why)
            return (context.text("quiz.wrong_answer", tempting=tempting, answer=answer, why=why),)
        case SeveralChoice(options=options):
            return _several(context, options, {int(place) for place in given.split(".")}, is_right)
        case TrueFalse(is_true=is_true):
            why, tempting = fill(question.why), fill(question.tempting)
            if is_right:
                return (context.text("quiz.right_answer", why=why),)
            return (
                context.text("quiz.statement_wrong", is_true=is_true, why=why, tempting=tempting),
            )
        case PutInOrder():
            why = fill(question.why)
            if is_right:
                return (context.text("quiz.order_right", why=why),)
            return (
                context.text("quiz.order_wrong", tempting=fill(question.tempting)),
                context.text("quiz.order_is", steps=[fill(one) for one in question.steps], why=why),
            )
        case RealOrScam():
            return _drill(context, question, ask.verdict, given, reason_right=is_right)


def _drill(
    context: Context, drill: RealOrScam, verdict: str, given: str, *, reason_right: bool
) -> tuple[Markup, ...]:
    explained = context.text(
        "quiz.drill_explained",
        verdict_right=verdict == (SCAM if drill.is_scam else REAL),
        reason_right=reason_right,
        is_scam=drill.is_scam,
        why=context.plain(drill.why),
        first_move=context.plain(drill.first_move),
    )
    if reason_right:
        return (explained,)
    sign = next(reason for reason in drill.reasons if reason.is_right)
    other = context.text(
        "quiz.other_sign",
        chosen_why=context.plain(drill.reasons[int(given)].why),
        answer=context.plain(sign.text),
    )
    return (other, explained)


def _several(
    context: Context, options: tuple[Option, ...], chosen: set[int], is_right: bool
) -> tuple[Markup, ...]:
    def explained(*, right: bool, picked: bool) -> list[_Explained]:
        return [
            _Explained(context.plain(option.text), context.plain(option.why))
            for place, option in enumerate(options)
            if option.is_right is right and (place in chosen) is picked
        ]

    found = explained(right=True, picked=True)
    if is_right:
        return (context.text("quiz.all_of_them", right=found),)
    missed, wrong = explained(right=True, picked=False), explained(right=False, picked=True)
    answer = context.text("quiz.partly", right=found, missed=missed, wrong=wrong)
    if not wrong:
        return (answer,)
    return (context.text("quiz.not_these", any_right=bool(found), wrong=wrong), answer)
