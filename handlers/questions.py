"""How each kind of question is put to a learner: its words, its options, its buttons."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from conversation.actions import Action, action
from conversation.asked import Asked, Kind
from conversation.handler import Context, Step
from conversation.replies import AskQuestion, Button
from handlers.buttons import button
from quizzes.attempt import Ask
from quizzes.grading import REAL, RIGHT, SCAM, WRONG, shuffled
from quizzes.model import Option, PutInOrder, RealOrScam, SeveralChoice, SingleChoice, TrueFalse
from storage.attempts import Attempt

# Held against such a statement, a bare "không" may mean either verdict.
_DENIAL = re.compile(r"\b(không|chưa|đừng|khỏi|chẳng)\b", re.IGNORECASE)

# A tap will do, except where several are wanted.
_EASIER = {"several": "quiz.easier_several", "order": "quiz.easier_order"}


@dataclass(frozen=True, slots=True)
class Asking:
    """One question on its way to a learner, and what all its buttons must carry."""

    context: Context
    attempt: Attempt
    ask: Ask

    def means(self, name: str, *more: str) -> Action:
        """An action about this question, in this round of this attempt."""
        return action(name, self.attempt.id, self.ask.question.id, self.ask.round, *more)

    def option(self, text: str, given: str) -> Button:
        return Button(self.context.plain(text).strip(), self.means("a", given))

    def say(self, name: str, **values: Any) -> Markup:
        return self.context.text(
            f"quiz.{name}",
            place=self.ask.place,
            total=self.ask.total,
            again=self.ask.round > 0,
            **{key: self._filled(value) for key, value in values.items()},
        )

    def _filled(self, value: Any) -> Any:
        return self.context.plain(value).strip() if isinstance(value, str) else value

    def graded(
        self,
        text: Markup,
        options: tuple[Button, ...],
        right: int,
        why: str,
        *,
        denies: bool = False,
    ) -> Step:
        """Exactly one option is right, so a native quiz may hold the question."""
        # "Để sau" has no number: one typed too high must not leave the quiz.
        question = AskQuestion(
            text, options, right, self.context.plain(why).strip(), taps=(_later(self),)
        )
        asked = Asked(
            labels=tuple(one.label for one in options),
            actions=tuple(one.action.encode() for one in options),
            graded=True,
            denies=denies,
            easier=self.means("ease").encode(),
        )
        return Step((question,), asked)


def put(asking: Asking, chosen: str | None = None) -> Step:
    """The question; ``chosen`` is what has been ticked or ordered so far, by author's places.

    Given, it is drawn in place of the question it was tapped on.
    """
    question = asking.ask.question
    match question:
        case SingleChoice():
            return _single(asking, question, shuffled(question, asking.attempt.seed))
        case TrueFalse():
            return _true_false(asking, question)
        case RealOrScam():
            if not asking.ask.verdict:
                return _verdict(asking, question)
            return _reason(asking, question, shuffled(question, asking.attempt.seed))
        case SeveralChoice():
            return _several(asking, question, chosen)
        case PutInOrder():
            return _order(asking, question, chosen)


def put_easier(asking: Asking) -> Step:
    """The same question for whom the tutor could not understand twice: less to choose from."""
    question = asking.ask.question
    words = asking.context.text(_EASIER.get(question.kind, "quiz.easier_tap"))
    if isinstance(question, SingleChoice) and len(question.options) > 2:
        words = asking.context.text("quiz.easier_two")
        eased = _single(asking, question, _two_of(asking, question.options))
    elif isinstance(question, RealOrScam) and asking.ask.verdict and len(question.reasons) > 2:
        words = asking.context.text("quiz.easier_two")
        eased = _reason(asking, question, _two_of(asking, question.reasons))
    else:
        eased = put(asking)
    replies = tuple(
        replace(reply, text=words + Markup("\n\n") + reply.text)
        for reply in eased.replies
        if isinstance(reply, AskQuestion)
    )
    return Step(replies, eased.asked)


def _two_of(asking: Asking, options: Sequence[Option]) -> list[int]:
    """The right option and the first wrong one, as they were shown."""
    order = shuffled(asking.ask.question, asking.attempt.seed)
    lure = next(place for place in order if not options[place].is_right)
    return [place for place in order if place == lure or options[place].is_right]


def _single(asking: Asking, question: SingleChoice, order: Sequence[int]) -> Step:
    options = tuple(asking.option(question.options[place].text, str(place)) for place in order)
    right = next(n for n, place in enumerate(order) if question.options[place].is_right)
    why = question.options[order[right]].why
    return asking.graded(asking.say("single", ask=question.ask), options, right, why)


def _true_false(asking: Asking, question: TrueFalse) -> Step:
    options = (
        asking.option(asking.context.text("quiz.right_label"), RIGHT),
        asking.option(asking.context.text("quiz.wrong_label"), WRONG),
    )
    right = 0 if question.is_true else 1
    return asking.graded(
        asking.say("true_false", ask=question.ask),
        options,
        right,
        question.why,
        denies=_DENIAL.search(question.ask) is not None,
    )


def _verdict(asking: Asking, question: RealOrScam) -> Step:
    options = (
        asking.option(asking.context.text("quiz.real_label"), REAL),
        asking.option(asking.context.text("quiz.scam_label"), SCAM),
    )
    right = 1 if question.is_scam else 0
    return asking.graded(asking.say("drill", scene=question.scene), options, right, question.why)


def _reason(asking: Asking, question: RealOrScam, order: Sequence[int]) -> Step:
    options = tuple(asking.option(question.reasons[place].text, str(place)) for place in order)
    right = next(n for n, place in enumerate(order) if question.reasons[place].is_right)
    text = asking.context.text(
        "quiz.drill_reason",
        verdict_right=asking.ask.verdict == (SCAM if question.is_scam else REAL),
        is_scam=question.is_scam,
        tempting=asking.context.plain(question.tempting),
    )
    return asking.graded(text, options, right, question.reasons[order[right]].why)


def _several(asking: Asking, question: SeveralChoice, chosen: str | None) -> Step:
    """Tapping ticks and unticks: every button carries all that would be ticked then."""
    picked = _places(chosen, len(question.options))
    order = shuffled(question, asking.attempt.seed)
    labels = [asking.context.plain(question.options[place].text).strip() for place in order]
    options = tuple(
        Button(
            asking.context.text(
                "quiz.picked" if place in picked else "quiz.unpicked", label=label
            ).unescape(),
            asking.means("pick", _joined(sorted({place} ^ set(picked)))),
        )
        for place, label in zip(order, labels, strict=True)
    )
    done = button(asking.context, "quiz.picked_all", asking.means("a", _joined(picked)))
    text = asking.say("several", ask=question.ask)
    asked = _asked(asking, "several", labels, order)
    return _redrawable(text, options, (done, _later(asking)), asked, redraw=chosen is not None)


def _order(asking: Asking, question: PutInOrder, tapped: str | None) -> Step:
    """Tapping puts one step after the other; the last one settles the order."""
    chosen = _places(tapped, len(question.steps))
    order = shuffled(question, asking.attempt.seed)
    labels = [asking.context.plain(question.steps[place]).strip() for place in order]
    options = []
    for place, label in zip(order, labels, strict=True):
        shown = label
        if place in chosen:
            rank = chosen.index(place) + 1
            shown = asking.context.text("quiz.ranked", rank=rank, label=label).unescape()
        after = [*chosen, place] if place not in chosen else chosen
        last = len(after) == len(order)
        meaning = asking.means("a" if last else "rank", _joined(after))
        options.append(Button(shown, meaning))
    text = asking.say(
        "order",
        ask=question.ask,
        example=" ".join(str(n) for n in range(len(order), 0, -1)),
        chosen=[asking.context.plain(question.steps[place]).strip() for place in chosen],
    )
    over = button(asking.context, "quiz.start_over", asking.means("rank", ""))
    asked = _asked(asking, "order", labels, order)
    return _redrawable(
        text, tuple(options), (over, _later(asking)), asked, redraw=tapped is not None
    )


def _redrawable(
    text: Markup,
    options: tuple[Button, ...],
    taps: tuple[Button, ...],
    asked: Asked,
    *,
    redraw: bool,
) -> Step:
    return Step((AskQuestion(text, options, taps=taps, replace=redraw),), asked)


def _asked(asking: Asking, kind: Kind, labels: list[str], order: Sequence[int]) -> Asked:
    return Asked(
        kind=kind,
        labels=tuple(labels),
        actions=tuple(str(place) for place in order),
        base=asking.means("a").encode(),
        graded=True,
        easier=asking.means("ease").encode(),
    )


def _later(asking: Asking) -> Button:
    return button(asking.context, "lesson.later", action("later"))


def _places(chosen: str | None, count: int) -> list[int]:
    """The places named, each once; what is none of the ``count`` was made up by somebody."""
    named = [place for place in (chosen or "").split(".") if place.isdecimal() and len(place) < 4]
    return [place for place in dict.fromkeys(map(int, named)) if place < count]


def _joined(places: list[int]) -> str:
    return ".".join(map(str, places))
