"""Learning on: one tap or one word, from wherever the learner stopped."""

from conversation.handler import Command, Context, Handler, Step, step
from handlers import asked_again, lesson, quiz, review
from handlers.buttons import LEARN, QUIZZES, button
from handlers.onward import Answer, Onward, Read, onward


async def go_on(context: Context) -> Step:
    """On from where the learner stopped; what is due for review is offered before a lesson.

    Not before a quiz: one set of questions at a time.
    """
    coming = await onward(context)
    offered = None if isinstance(coming, Answer) else await review.offer(context)
    return offered or await _learn(context, coming)


async def learn_now(context: Context) -> Step:
    """On with the lessons, and the review another day."""
    await review.decline(context)
    return await _learn(context, await onward(context))


async def _learn(context: Context, coming: Onward) -> Step:
    if isinstance(coming, Read):
        return await lesson.open_lesson(context, coming.lesson)
    if isinstance(coming, Answer):
        return await quiz.open_quiz(context, coming.lesson)
    return step(
        context.say(
            "lesson.all_done",
            button(context, "menu.learn", LEARN),
            button(context, "menu.quiz", QUIZZES),
        )
    )


async def _go_on(context: Context, argument: str) -> Step:
    """Typed with a question before one's eyes, it is that one to go on with."""
    del argument
    if context.asked.graded:
        return await asked_again.ask_again(context)
    return await go_on(context)


HANDLER = Handler(
    name="go_on",
    commands=(
        Command(
            "tiep",
            "Học tiếp chỗ đang dở",
            _go_on,
            words=("học tiếp", "tiếp", "tiếp tục", "tiếp theo", "học tiếp đi", "tiếp đi"),
        ),
    ),
    actions={"next": go_on, "learn_now": learn_now},
)
