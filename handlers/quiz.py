"""Being asked: a quiz or a review from its first question to its end, one answer at a time.

Where a learner stands in it follows from the stored answers and from nothing
else, so a restart, an old button or a second tap can neither lose an answer nor
count it twice.
"""

from markupsafe import Markup

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Stale, Step, step
from conversation.replies import Button, Say
from handlers import feedback, kept, memory, questions
from handlers.buttons import LEARN, NEXT, button, onward
from handlers.lesson import the_lesson
from handlers.questions import Asking
from handlers.reminders import reminder
from handlers.reminders.rhythm import REMIND
from handlers.reminders.soon import soon
from handlers.reminders.standing import stand_after, standing, the_quiz
from handlers.support import closing
from handlers.support.items import question_item
from quizzes import grading
from quizzes.attempt import Ask, Finished, Standing
from quizzes.model import RealOrScam
from storage import attempts, cases, progress
from storage.attempts import Answer, Attempt

# Fits a phone's screen, and the numbers 1 to 5 are typed without thinking.
_MOST_OFFERED = 5
_MOST_DIGITS = 18


async def pick_quiz(context: Context) -> Step:
    """Which quiz: the one left open, then lessons learnt and not passed, then the others."""
    learnt = await progress.of_learner(context.connection, context.learner.id)
    results = await attempts.results(context.connection, context.learner.id)
    open_one = await attempts.latest_unfinished(context.connection, context.learner.id)
    passed = {slug for slug, result in results.items() if result.passed}
    lessons = [
        lesson.slug
        for lesson in context.catalogue.lessons
        if context.catalogue.quiz(lesson.slug) is not None
    ]
    open_slug = open_one.lesson if open_one is not None else ""

    def urgency(slug: str) -> int:
        if slug == open_slug:
            return 0
        return 1 if slug in learnt and slug not in passed else 2 if slug in learnt else 3

    offered = sorted(lessons, key=urgency)[:_MOST_OFFERED]
    return step(
        context.say(
            "quiz.pick",
            *(Button(the_lesson(context, slug).title, action("quiz", slug)) for slug in offered),
            button(context, "menu.learn", LEARN),
            any=bool(learnt),
        )
    )


async def open_quiz(context: Context, slug: str) -> Step:
    """Go on with the attempt left open, or begin a new one."""
    the_quiz(context, slug)
    found = await attempts.unfinished(context.connection, context.learner.id, slug)
    if found is None:
        return await begin(context, slug)
    return await _go_on(context, found)


async def begin(context: Context, slug: str) -> Step:
    quiz = the_quiz(context, slug)
    seed = context.seed()
    number = await attempts.start(
        context.connection, context.learner.id, slug, seed, len(quiz.questions), context.now
    )
    return await go_on(context, str(number))


async def go_on(context: Context, attempt_id: str) -> Step:
    return await _go_on(context, await _the_attempt(context, attempt_id))


async def take_answer(
    context: Context, attempt_id: str, question_id: str, round_: str, given: str
) -> Step:
    """Grade one answer, once, and explain it."""
    attempt = await _the_attempt(context, attempt_id)
    before = await attempts.answers(context.connection, attempt.id)
    asking = _waiting(context, attempt, stand_after(context, attempt, before), question_id, round_)
    if asking is None or _belongs_to_verdict(asking, given):
        return await _answered_already(context, attempt_id)
    question, ask = asking.ask.question, asking.ask
    if not given:
        return _nothing_picked(asking)
    try:
        if isinstance(question, RealOrScam) and ask.verdict:
            grade = grading.grade_reason(question, given)
        else:
            grade = grading.grade(question, given)
    except ValueError:
        raise Stale from None
    answer = Answer(ask.name, ask.round, given, grade.verdict, grade.is_right, context.now)
    await attempts.record(context.connection, attempt.id, answer)
    await kept.note(context)
    following = stand_after(context, attempt, (*before, answer))
    if isinstance(question, RealOrScam) and not ask.verdict:
        return await _put(context, attempt, following)
    if ask.round == 0:
        await memory.remember(context, ask, is_right=grade.is_right)
    *before_last, said = feedback.explain(context, ask, given, grade.is_right)
    label = "quiz.see_result" if isinstance(following, Finished) else "quiz.next_question"
    buttons = [button(context, label, action("more", attempt_id))]
    if grade.is_right and ask.round == 0:
        await closing.finished(context, question_item(ask.name))
    elif not grade.is_right and await _is_too_hard(context, ask.name):
        said += Markup("\n\n") + context.text("support.offer_for_question")
        help_ = action("case_hard", question_item(ask.name))
        buttons.append(button(context, "support.ask", help_))
    return step(*map(Say, before_last), Say(said, tuple(buttons)))


async def _is_too_hard(context: Context, question_id: str) -> bool:
    """Whether it was wrong so often that a person is offered, which is done at one answer only."""
    times = await cases.times_wrong(context.connection, context.learner.id, question_id)
    if times < context.rules.support_wrong_times:
        return False
    item = question_item(question_id)
    return not await cases.was_ever(context.connection, context.learner.id, item)


async def tick(
    context: Context, attempt_id: str, question_id: str, round_: str, chosen: str
) -> Step:
    """Draw the question again with what is ticked, or put in order, so far."""
    asking = await _expected(context, attempt_id, question_id, round_)
    if asking is None:
        return await _answered_already(context, attempt_id)
    return questions.put(asking, chosen)


async def ease(context: Context, attempt_id: str, question_id: str, round_: str) -> Step:
    """The question made easier to answer."""
    asking = await _expected(context, attempt_id, question_id, round_)
    if asking is None:
        return await _answered_already(context, attempt_id)
    return questions.put_easier(asking)


async def _go_on(context: Context, attempt: Attempt) -> Step:
    return await _put(context, attempt, await standing(context, attempt))


async def _put(context: Context, attempt: Attempt, stands: Standing) -> Step:
    """The question that waits, or the result."""
    if isinstance(stands, Ask):
        if _is_closed(attempt):
            return _over(context)
        return questions.put(Asking(context, attempt, stands))
    passed = attempt.kind == "quiz" and stands.passes(context.rules.pass_ratio)
    await attempts.finish(context.connection, attempt.id, stands.right, passed, context.now)
    if attempt.kind != "quiz":
        return await _reviewed(context, stands)
    buttons = [button(context, "menu.next", NEXT)]
    if not passed:
        buttons.insert(0, button(context, "quiz.reread", action("lesson", attempt.lesson)))
    if stands.right < stands.total:
        buttons.append(button(context, "quiz.again", action("again", attempt.lesson)))
    said = context.text(
        "quiz.passed" if passed else "quiz.not_yet",
        right=stands.right,
        total=stands.total,
        lesson=the_lesson(context, attempt.lesson).title,
    )
    if await reminder.offer(context) is not None:
        said += Markup("\n\n") + context.text("reminder.offer_after_quiz")
        buttons.append(button(context, "reminder.remind_me", REMIND))
    return step(Say(said, tuple(buttons)))


async def _reviewed(context: Context, result: Finished) -> Step:
    """The end of a review: how it went, and when the next one is."""
    coming = await memory.coming(context)
    today = context.rules.spacing.day(context.now)
    return step(
        context.say(
            "review.done",
            *onward(context),
            right=result.right,
            total=result.total,
            soon=soon(coming.day, today) if coming.day else None,
        )
    )


async def _expected(
    context: Context, attempt_id: str, question_id: str, round_: str
) -> Asking | None:
    """The question that waits for an answer, or None when this is not the one."""
    attempt = await _the_attempt(context, attempt_id)
    stands = await standing(context, attempt)
    return _waiting(context, attempt, stands, question_id, round_)


def _waiting(
    context: Context, attempt: Attempt, stands: Standing, question_id: str, round_: str
) -> Asking | None:
    if (
        _is_closed(attempt)
        or isinstance(stands, Finished)
        or stands.question.id != question_id
        or str(stands.round) != round_
    ):
        return None
    return Asking(context, attempt, stands)


def _belongs_to_verdict(asking: Asking, given: str) -> bool:
    """A verdict tapped once more, when it is the reason that is asked for."""
    return bool(asking.ask.verdict) and given in (grading.REAL, grading.SCAM)


async def _answered_already(context: Context, attempt_id: str) -> Step:
    """An answer that came before counts; go on from where the learner is."""
    attempt = await _the_attempt(context, attempt_id)
    if _is_closed(attempt):
        return _over(context)
    said = context.text("quiz.answered_already")
    if attempt.finished_at is not None:
        return step(Say(said, onward(context)))
    return step(Say(said, (button(context, "quiz.next_question", action("more", attempt_id)),)))


def _is_closed(attempt: Attempt) -> bool:
    """A review makes room for the next one, whatever it still asked."""
    return attempt.kind != "quiz" and attempt.finished_at is not None


def _over(context: Context) -> Step:
    return step(context.say("review.over", *onward(context)))


def _nothing_picked(asking: Asking) -> Step:
    """Nothing was ticked before "done": the question stands as it is."""
    again = questions.put(asking)
    said = asking.context.text("quiz.nothing_picked")
    return Step((Say(said), *again.replies), again.asked)


async def _the_attempt(context: Context, attempt_id: str) -> Attempt:
    """The attempt a button speaks of; ``Stale`` when it is gone, or somebody else's."""
    # Longer than any id of ours, and than what a database takes for a number.
    known = attempt_id.isdecimal() and len(attempt_id) <= _MOST_DIGITS
    attempt = await attempts.by_id(context.connection, int(attempt_id)) if known else None
    if attempt is None or attempt.learner_id != context.learner.id:
        raise Stale
    return attempt


async def _pick_quiz(context: Context, argument: str) -> Step:
    del argument
    return await pick_quiz(context)


HANDLER = Handler(
    name="quiz",
    commands=(
        Command(
            "kiemtra",
            "Làm câu hỏi cho nhớ",
            _pick_quiz,
            words=(
                "kiểm tra",
                "làm kiểm tra",
                "câu hỏi",
                "làm câu hỏi",
                "trắc nghiệm",
                "đố",
                "hỏi đi",
            ),
        ),
    ),
    actions={
        "quizzes": pick_quiz,
        "quiz": open_quiz,
        "again": begin,
        "more": go_on,
        "a": take_answer,
        "pick": tick,
        "rank": tick,
        "ease": ease,
    },
)
