"""Reviewing: a few questions a day of what was learnt, before it is forgotten, and no debt."""

from conversation.actions import action
from conversation.handler import Command, Context, Handler, Step, step
from conversation.replies import Say
from handlers import memory, quiz
from handlers.buttons import LEARN, NEXT, QUIZZES, button
from handlers.reminders.soon import soon
from storage import attempts, review_items
from storage.attempts import Attempt, Kind

REVIEW = action("review")
EARLY = action("early")
LEARN_NOW = action("learn_now")


async def start(context: Context) -> Step:
    """Today's review, from where it was left; when nothing is due, when the next is."""
    begun = await memory.todays_review(context)
    if begun is None:
        picked = await _prepare(context)
        if picked is None:
            return await _nothing_due(context)
        review, is_return = picked
    else:
        rest = await memory.still_open(context, begun)
        if not rest:
            return await _nothing_due(context)
        if begun.finished_at is None:
            return await quiz.go_on(context, str(begun.id))
        review, is_return = await _begin(context, "review", rest, None), False
    name = "review.back" if is_return else "review.begin"
    said = context.say(name, count=len(review.questions))
    return await _after(said, context, review)


async def start_early(context: Context) -> Step:
    """A few questions before they are due, because the learner wants to."""
    begun = await attempts.latest_review(context.connection, context.learner.id, "early")
    if begun is not None and begun.finished_at is None and memory.began_today(context, begun):
        return await quiz.go_on(context, str(begun.id))
    items = await memory.known_items(context)
    picked = memory.pick_early(context, items)
    if not picked.questions:
        return await _nothing_due(context)
    review = await _begin(context, "early", picked.questions, begun)
    said = context.say("review.early", count=len(review.questions))
    return await _after(said, context, review)


async def offer(context: Context) -> Step | None:
    """The day's review, before new things; None when there is nothing to offer, or it was declined."""
    begun = await memory.todays_review(context)
    if begun is not None:
        rest = await memory.still_open(context, begun) if begun.finished_at is None else ()
        return _offered(context, "review.offer", len(rest)) if rest else None
    if not await review_items.count_due(context.connection, context.learner.id, context.now):
        return None
    picked = await _prepare(context)
    if picked is None:
        return None
    review, is_return = picked
    name = "review.offer_back" if is_return else "review.offer"
    return _offered(context, name, len(review.questions))


async def is_waiting(context: Context) -> bool:
    """Whether today's review is still to be done, begun or not."""
    return (await memory.coming(context)).today > 0


async def open_today(context: Context) -> Step:
    """The first open question of today's review, which begins with it unless it had begun."""
    begun = await memory.todays_review(context)
    if begun is None:
        picked = await _prepare(context)
        begun = None if picked is None else picked[0]
    return await start(context) if begun is None else await quiz.go_on(context, str(begun.id))


async def decline(context: Context) -> None:
    """Today is for something else: nothing is offered again until tomorrow, ``/on`` still works."""
    begun = await memory.todays_review(context)
    if begun is not None:
        await attempts.finish(context.connection, begun.id, 0, passed=False, now=context.now)


def _offered(context: Context, name: str, count: int) -> Step:
    return step(
        context.say(
            name,
            button(context, "review.to_review", REVIEW),
            button(context, "review.learn_now", LEARN_NOW),
            count=count,
        )
    )


async def _prepare(context: Context) -> tuple[Attempt, bool] | None:
    """Choose what to ask today and keep it; None when nothing is due."""
    items = await memory.known_items(context)
    picked = memory.pick(context, items)
    if not picked.questions:
        return None
    await review_items.move(context.connection, context.learner.id, picked.moved)
    before = await attempts.latest_review(context.connection, context.learner.id, "review")
    return await _begin(context, "review", picked.questions, before), picked.is_return


async def _begin(
    context: Context, kind: Kind, questions: tuple[str, ...], before: Attempt | None
) -> Attempt:
    """One of a kind is open at a time: what an earlier one still asked would count twice."""
    if before is not None:
        await attempts.finish(context.connection, before.id, 0, passed=False, now=context.now)
    seed = context.seed()
    number = await attempts.start_review(
        context.connection, context.learner.id, kind, questions, seed, context.now
    )
    return Attempt(
        id=number,
        learner_id=context.learner.id,
        lesson="",
        seed=seed,
        started_at=context.now,
        finished_at=None,
        right_count=0,
        question_count=len(questions),
        passed=False,
        kind=kind,
        questions=questions,
    )


async def _after(said: Say, context: Context, attempt: Attempt) -> Step:
    """A word, and then the first question."""
    asked = await quiz.go_on(context, str(attempt.id))
    return Step((said, *asked.replies), asked.asked)


async def _nothing_due(context: Context) -> Step:
    items = await memory.known_items(context)
    if not items:
        return step(
            context.say(
                "review.nothing_yet",
                button(context, "menu.next", NEXT),
                button(context, "menu.quiz", QUIZZES),
            )
        )
    coming = await memory.coming(context)
    buttons = [button(context, "menu.next", NEXT)]
    if memory.pick_early(context, items).questions:
        buttons.append(button(context, "review.to_early", EARLY))
    else:
        buttons.append(button(context, "menu.learn", LEARN))
    today = context.rules.spacing.day(context.now)
    return step(context.say("review.nothing_due", *buttons, soon=soon(coming.day or today, today)))


async def _start(context: Context, argument: str) -> Step:
    del argument
    return await start(context)


HANDLER = Handler(
    name="review",
    commands=(
        Command(
            "on",
            "Ôn lại cho khỏi quên",
            _start,
            words=(
                "ôn", "ôn bài", "ôn tập", "ôn lại", "ôn đi", "ôn bài đi", "ôn bài cũ", "học lại",
                "nhắc lại bài",
            ),
        ),
    ),
    actions={"review": start, "early": start_early},
)  # fmt: skip
