"""Learning on: one tap or one word, from wherever the learner stopped."""

from conversation.handler import Command, Context, Handler, Step, step
from handlers import lesson, quiz
from handlers.buttons import LEARN, QUIZZES, button
from handlers.onward import Answer, Read, onward


async def go_on(context: Context) -> Step:
    coming = await onward(context)
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
    del argument
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
    actions={"next": go_on},
)
