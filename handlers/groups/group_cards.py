"""A lesson as a card for a group, and a question that a whole group can answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from conversation.actions import action
from conversation.handler import Context
from conversation.replies import AskQuestion, Button, ShowPicture, Votes
from lessons.model import Lesson
from quizzes.grading import shuffled
from quizzes.model import Option, Question, RealOrScam, SingleChoice, TrueFalse
from storage import hamlets
from storage.group_chats import GroupChat
from templates.terms import GROUP

# In a link: somebody comes through a group. The rest is the group's ref, and, after the sign
# that neither may hold, the lesson that stood in the group.
GROUP_PAYLOAD = "nhom-"
PARTS = "_"
# Telegram takes 64 letters and digits, and so does a button, which carries it through the consent.
_MOST_OF_PAYLOAD = 50

# What the polls of every platform hold that has any (Telegram's 300, 100 and 200; WhatsApp's 255).
_ASK, _OPTION, _EXPLANATION = 255, 100, 200


def payload_of(group: GroupChat, lesson: str = "") -> str:
    """What a link carries that leads from the group to a lesson, or to the tutor."""
    payload = f"{GROUP_PAYLOAD}{group.ref}"
    with_lesson = f"{payload}{PARTS}{lesson}"
    return with_lesson if lesson and len(with_lesson) <= _MOST_OF_PAYLOAD else payload


def picture_of(context: Context, lesson: Lesson, caption: Markup, link: str = "") -> ShowPicture:
    """The card: what to remember, in large letters, and the way to one's own lesson."""
    context = context.known_as(GROUP.key)
    course = context.catalogue.course(lesson.course)
    content: dict[str, Any] = {
        "course": course.title if course else "",
        "title": lesson.title,
        "lines": list(lesson.takeaway),
        "promise": context.text("group_card.promise").unescape(),
        "link": link,
        "invites": context.text("group_card.invites").unescape() if link else "",
    }
    alt = context.text("group_card.alt", **content).unescape()
    return ShowPicture("lesson_card", content, alt, caption)


def caption_of(context: Context, lesson: Lesson) -> Markup:
    """What stands under the card in a chat: the first thing the lesson teaches."""
    context = context.known_as(GROUP.key)
    first = context.plain(lesson.cards[0].text).strip()
    return context.text("group_card.caption", title=lesson.title, first=first)


async def text_of(context: Context, lesson: Lesson, group: GroupChat) -> Markup:
    """The card as words alone, to be pasted anywhere: complete in itself."""
    hamlet = await hamlets.by_id(context.connection, group.place.hamlet)
    links = context.links(payload_of(group, lesson.slug))
    context = context.known_as(GROUP.key)
    return context.text(
        "group_card.pasted",
        hamlet=hamlet.title if hamlet else "",
        title=lesson.title,
        first=context.plain(lesson.cards[0].text).strip(),
        lines=lesson.takeaway,
        links=list(links.values()),
    )


def question_of(context: Context, lesson: Lesson, votes: Votes) -> AskQuestion | None:
    """One of the lesson's questions as a poll for all; ``None`` when none of them fits one."""
    context = context.known_as(GROUP.key)
    quiz = context.catalogue.quiz(lesson.slug)
    seed = context.seed()
    put = [_put(context, question, seed) for question in quiz.questions] if quiz else []
    fitting = [one for one in put if one is not None and one.fits]
    if not fitting:
        return None
    chosen = fitting[seed % len(fitting)]
    return AskQuestion(
        chosen.text,
        tuple(
            Button(label, action("together", chosen.question, place))
            for place, label in enumerate(chosen.options)
        ),
        chosen.right,
        chosen.explanation,
        votes=votes,
    )


@dataclass(frozen=True, slots=True)
class _Put:
    question: str
    text: Markup
    options: Sequence[str]
    right: int
    explanation: str

    @property
    def fits(self) -> bool:
        return (
            len(self.text.unescape()) <= _ASK
            and all(len(option) <= _OPTION for option in self.options)
            and len(self.explanation) <= _EXPLANATION
        )


def _put(context: Context, question: Question, seed: int) -> _Put | None:
    """The question for a group; ``None`` for the kinds that no poll can hold."""
    match question:
        case SingleChoice():
            order = shuffled(question, seed)
            options = [question.options[place] for place in order]
            return _choice(context, question, options)
        case TrueFalse():
            labels = [context.text(f"quiz.{name}_label").unescape() for name in ("right", "wrong")]
            ask = context.text("group_card.ask_true", ask=context.plain(question.ask).strip())
            right = 0 if question.is_true else 1
            return _Put(question.id, ask, labels, right, context.plain(question.why).strip())
        case RealOrScam():
            labels = [context.text(f"quiz.{name}_label").unescape() for name in ("real", "scam")]
            scene = context.plain(question.scene).strip()
            ask = context.text("group_card.ask_drill", scene=scene)
            why = context.plain(question.why).strip()
            return _Put(question.id, ask, labels, int(question.is_scam), why)
        case _:
            return None


def _choice(context: Context, question: SingleChoice, options: Sequence[Option]) -> _Put:
    right = next(place for place, option in enumerate(options) if option.is_right)
    return _Put(
        question.id,
        context.text("group_card.ask", ask=context.plain(question.ask).strip()),
        [context.plain(option.text).strip() for option in options],
        right,
        context.plain(options[right].why).strip(),
    )
