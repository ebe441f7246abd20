"""Taking part in a live round from one's own telephone: a seat, a question, one answer a person.

What is asked on the big screen is asked here too. Nobody is told what anybody chose; the screen
counts.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from conversation.actions import action
from conversation.asked import Asked
from conversation.handler import Context, Handler, Stale, Step, step
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
    asked = await live_questions.the_open_one(context.connection, screen.id)
    if asked is None:
        return step(said)
    question = _ask(context, screen, asked)
    if question is None:
        return step(said)
    return Step((replace(said, buttons=()), *question.replies), question.asked)


async def answer(context: Context, number: str, given: str) -> Step:
    """One answer a person; until the right one is shown it may be changed."""
    asked, screen = await _the_question(context, number)
    question = _put(context, screen, asked)
    if question is None or not question.label(given):
        raise Stale
    taken = await live_questions.answer(
        context.connection, asked.id, context.learner.id, given, context.now
    )
    if not taken:
        return await _too_late(context, screen)
    said = context.say("live.taken", label=question.label(given))
    return Step((said,), _asked(question, asked, _buttons(context, question, asked, screen)))


async def again(context: Context, number: str) -> Step:
    """The question once more, for who did not understand or was busy with something else."""
    asked, screen = await _the_question(context, number)
    if asked.shown_at is not None:
        return await _too_late(context, screen)
    question = _ask(context, screen, asked)
    if question is None:
        raise Stale
    return question


async def leave(context: Context, number: str) -> Step:
    """Out of the round; an answer that was given stays one of the count."""
    if not number.isdecimal() or len(number) > 15:
        raise Stale
    await live_questions.leave_seat(context.connection, int(number), context.learner.id)
    return step(context.say("live.left", *onward(context)))


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """The host put a question: it comes to whoever still takes part."""
    del at
    asked = await live_questions.by_id(context.connection, int(subject))
    if asked is None or asked.shown_at is not None or context.is_stranger:
        return Step()
    screen = await screens.by_id(context.connection, asked.screen_id)
    seated = await live_questions.has_seat(context.connection, asked.screen_id, context.learner.id)
    question = _ask(context, screen, asked) if screen is not None and seated else None
    if question is None:
        return Step()
    return replace(question, until=context.now + _ASKED_FOR)


def _ask(context: Context, screen: Screen, asked: LiveQuestion) -> Step | None:
    question = _put(context, screen, asked)
    if question is None:
        return None
    options = _buttons(context, question, asked, screen)
    # Not to be a native quiz poll: that would tell who answers early what is right.
    reply = AskQuestion(question.ask, options[:-1], extra=options[-1:])
    return Step((reply,), _asked(question, asked, options))


def _buttons(
    context: Context, question: Put, asked: LiveQuestion, screen: Screen
) -> tuple[Button, ...]:
    return (
        *(Button(one.label, action("live", asked.id, one.given)) for one in question.choices),
        button(context, "live.leave", action("live_leave", screen.id)),
    )


def _asked(question: Put, asked: LiveQuestion, options: tuple[Button, ...]) -> Asked:
    return Asked(
        labels=tuple(one.label for one in options),
        actions=tuple(one.action.encode() for one in options),
        graded=True,
        denies=question.denies,
        easier=action(AGAIN, asked.id).encode(),
    )


def _put(context: Context, screen: Screen, asked: LiveQuestion) -> Put | None:
    """``None`` when the question was taken out of its lesson since."""
    slide = Slide("question", asked.lesson, question=asked.question)
    found = question_at(context.catalogue, slide)
    return None if found is None else put(found, context.words, context.learner.term, screen.id)


async def _the_question(context: Context, number: str) -> tuple[LiveQuestion, Screen]:
    """Raises ``Stale`` for a question that is gone, or a room this person is not in."""
    if not number.isdecimal() or len(number) > 15:
        raise Stale
    asked = await live_questions.by_id(context.connection, int(number))
    if asked is None:
        raise Stale
    screen = await screens.by_id(context.connection, asked.screen_id)
    if screen is None or not await live_questions.has_seat(
        context.connection, screen.id, context.learner.id
    ):
        raise Stale
    return asked, screen


async def _too_late(context: Context, screen: Screen) -> Step:
    """That question is over; the one that is open now, or a look at the screen."""
    now = await live_questions.the_open_one(context.connection, screen.id)
    question = _ask(context, screen, now) if now is not None else None
    if question is None:
        return step(context.say("live.over", *onward(context)))
    return Step((context.say("live.over_next"), *question.replies), question.asked)


HANDLER = Handler(
    name="live",
    actions={"live": answer, AGAIN: again, "live_leave": leave},
    timers={hosting.TIMER: ring},
)
