"""Where a learner stands in an attempt, at a lesson's quiz or in a review, from the answers alone."""

from collections.abc import Iterable

from conversation.handler import Context, Stale
from quizzes.attempt import ROUNDS, Standing, stand
from quizzes.model import Quiz
from storage import attempts
from storage.attempts import Answer, Attempt


def the_quiz(context: Context, slug: str) -> Quiz:
    """The quiz of that lesson; ``Stale`` when it was taken out."""
    quiz = context.catalogue.quiz(slug)
    if quiz is None:
        raise Stale
    return quiz


def asked_in(context: Context, attempt: Attempt) -> Quiz:
    """What the attempt asks; of a review, without the questions that were taken out since."""
    if attempt.kind == "quiz":
        return the_quiz(context, attempt.lesson)
    found = (context.catalogue.question(name) for name in attempt.questions)
    return Quiz(lesson="", questions=tuple(one for one in found if one is not None))


def stand_after(context: Context, attempt: Attempt, answers: Iterable[Answer]) -> Standing:
    """The question to ask after these answers, or the result. A review asks each once."""
    rounds = ROUNDS if attempt.kind == "quiz" else 1
    return stand(asked_in(context, attempt), answers, rounds)


async def standing(context: Context, attempt: Attempt) -> Standing:
    """The question to ask now, or the result."""
    return stand_after(context, attempt, await attempts.answers(context.connection, attempt.id))
