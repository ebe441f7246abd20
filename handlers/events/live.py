"""Taking part in a live round from one's own telephone: a seat, a question, one answer a person.

What is asked on the big screen is asked here too. Nobody is told what anybody chose; the screen
counts.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from markupsafe import Markup

from conversation.actions import action
from conversation.asked import Asked
from conversation.handler import Command, Context, Handler, Stale, Step, number_of, step
from conversation.replies import AskQuestion, Button
from handlers.buttons import button, onward
from live import hosting
from live.choices import Put, put
from live.deck import Slide, question_at
from storage import live_questions, screens
from storage.live_questions import LiveQuestion
from storage.screens import Screen

AGAIN = "live_again"
# By then the room is somewhere else.
_ASKED_FOR = timedelta(minutes=10)


async def is_running(context: Context, cohort_id: int) -> Screen | None:
    """The class's screen, when a host moved it in these hours."""
    screen = await screens.of_class(context.connection, cohort_id)
    if screen is None or not screen.version or context.now - screen.moved_at > hosting.SITTING:
        return None
    return screen


async def sit(context: Context, screen: Screen, name: str, *buttons: Button) -> Step:
    """A seat; and the question that is open, if one is."""
    await live_questions.take_seat(context.connection, screen.id, context.learner.id, context.now)
    said = context.say(
        "live.seated",
        *buttons,
        button(context, "live.leave", action("live_leave", screen.id)),
        name=name,
    )
    question = await _open_now(context, screen)
    if question is None:
        return step(said)
    return Step((replace(said, buttons=()), *question.replies), question.asked)


async def answer(context: Context, number: str, given: str) -> Step:
    """One answer a person; until the right one is shown it may be changed."""
    asked, screen = await _the_question(context, number)
    question = _put(context, screen, asked)
    if question is None or not question.label(given):
        raise Stale
    taken = not _is_old(context, asked) and await live_questions.answer(
        context.connection, asked.id, context.learner.id, given, context.now
    )
    if not taken:
        return await _too_late(context, screen, question)
    said = context.say("live.taken", label=question.label(given))
    return Step((said,), _asked(question, asked))


async def again(context: Context, number: str) -> Step:
    """The question once more, for who did not understand or was busy with something else."""
    asked, screen = await _the_question(context, number)
    question = _put(context, screen, asked)
    if question is None:
        raise Stale
    if asked.shown_at is not None or _is_old(context, asked):
        return await _too_late(context, screen, question)
    return _ask(context, screen, asked, question)


async def leave(context: Context, number: str) -> Step:
    """Out of the round; an answer that was given stays one of the count."""
    await live_questions.leave_seat(context.connection, number_of(number), context.learner.id)
    return step(context.say("live.left", *onward(context)))


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """The host put a question: it comes to whoever still takes part."""
    del at
    asked = await live_questions.by_id(context.connection, int(subject))
    if asked is None or asked.shown_at is not None or context.is_stranger:
        return Step()
    screen = await screens.by_id(context.connection, asked.screen_id)
    seated = await live_questions.has_seat(context.connection, asked.screen_id, context.learner.id)
    question = _put(context, screen, asked) if screen is not None and seated else None
    if screen is None or question is None:
        return Step()
    before = await _answer_before(context, screen, asked)
    put = _ask(context, screen, asked, question, before)
    return replace(put, until=context.now + _ASKED_FOR)


def _ask(
    context: Context,
    screen: Screen,
    asked: LiveQuestion,
    question: Put,
    before: Markup = Markup(""),  # noqa: B008 - a constant
) -> Step:
    options = _buttons(question, asked)
    away = button(context, "live.leave", action("live_leave", screen.id))
    # Not to be a native quiz poll: that would tell who answers early what is right.
    return Step(
        (AskQuestion(before + question.ask, options, taps=(away,)),), _asked(question, asked)
    )


async def _open_now(context: Context, screen: Screen) -> Step | None:
    """What the room is asked at this moment."""
    asked = await live_questions.the_open_one(context.connection, screen.id)
    question = None if asked is None else _put(context, screen, asked)
    if asked is None or question is None or _is_old(context, asked):
        return None
    return _ask(context, screen, asked, question)


async def _answer_before(context: Context, screen: Screen, asked: LiveQuestion) -> Markup:
    """What was right of the question before, for who did not see the screen."""
    put = await live_questions.since(context.connection, screen.id, screen.begun_at)
    earlier = [one for one in put if one.id < asked.id]
    question = _put(context, screen, earlier[-1]) if earlier else None
    if question is None:
        return Markup("")
    said = context.text("live.before", label=question.label(question.right))
    return said + Markup("\n\n")


def _is_old(context: Context, asked: LiveQuestion) -> bool:
    """Left open by a host who went home."""
    return context.now - asked.opened_at > hosting.SEATED_FOR


def _buttons(question: Put, asked: LiveQuestion) -> tuple[Button, ...]:
    return tuple(Button(one.label, action("live", asked.id, one.given)) for one in question.choices)


def _asked(question: Put, asked: LiveQuestion) -> Asked:
    options = _buttons(question, asked)
    return Asked(
        labels=tuple(one.label for one in options),
        actions=tuple(one.action.encode() for one in options),
        graded=True,
        denies=question.denies,
        easier=action("live_again", asked.id).encode(),
    )


def _put(context: Context, screen: Screen, asked: LiveQuestion) -> Put | None:
    """``None`` when the question was taken out of its lesson since."""
    slide = Slide("question", asked.lesson, question=asked.question)
    found = question_at(context.catalogue, slide)
    return None if found is None else put(found, context.words, context.learner.term, screen.id)


async def _the_question(context: Context, number: str) -> tuple[LiveQuestion, Screen]:
    """Raises ``Stale`` for a question that is gone, or a room this person is not in."""
    asked = await live_questions.by_id(context.connection, number_of(number))
    if asked is None:
        raise Stale
    screen = await screens.by_id(context.connection, asked.screen_id)
    if screen is None or not await live_questions.has_seat(
        context.connection, screen.id, context.learner.id
    ):
        raise Stale
    return asked, screen


async def _too_late(context: Context, screen: Screen, late: Put) -> Step:
    """That question is over, and this was right; then the one that is open now."""
    now = await _open_now(context, screen)
    right = late.label(late.right)
    if now is None:
        return step(context.say("live.over", *onward(context), label=right, why=late.why))
    return Step((context.say("live.over_next", label=right), *now.replies), now.asked)


async def _leave_all(context: Context, argument: str) -> Step:
    del argument
    await live_questions.leave_seats(context.connection, context.learner.id)
    return step(context.say("live.left", *onward(context)))


HANDLER = Handler(
    name="live",
    commands=(
        Command(
            "khongchoi",
            "Thôi trả lời câu hỏi trên màn hình lớn",
            _leave_all,
            words=("không chơi nữa", "hông chơi nữa", "thôi không chơi", "nghỉ chơi"),
            in_menu=False,
        ),
    ),
    actions={"live": answer, AGAIN: again, "live_leave": leave},
    timers={hosting.TIMER: ring},
)
