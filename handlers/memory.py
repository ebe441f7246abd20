"""What an answer says of a learner's memory, and what it asks the tutor to bring back, and when."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from conversation.handler import Context
from handlers.reminders.standing import standing
from quizzes import due, grading
from quizzes.attempt import Ask
from quizzes.due import Picked
from quizzes.meaning import is_same
from quizzes.model import RealOrScam
from quizzes.review import ReviewItem, Spacing, afresh, after_answer
from storage import attempts, review_items
from storage.attempts import Attempt

# From the second time the tutor had to ask again, the question was made easier.
_EASED = 2


@dataclass(frozen=True, slots=True)
class Coming:
    """``today`` counts the questions still to come today; ``day`` is the local day of the next
    review, None when there is nothing to review.
    """

    today: int
    day: date | None


async def remember(context: Context, ask: Ask, *, is_right: bool) -> None:
    """Plan when the question is asked again. The learner is never asked how hard it was.

    Wrong is forgotten. Right is remembered, and barely so when only the easier question was
    answered, or a drill was seen through for the wrong reason.
    """
    question = ask.question
    is_firm = context.address.misses < _EASED
    if isinstance(question, RealOrScam):
        is_firm = is_firm and is_right
        is_right = ask.verdict == (grading.SCAM if question.is_scam else grading.REAL)
    spacing = context.rules.spacing
    connection, learner_id = context.connection, context.learner.id
    ahead = await review_items.ahead(connection, learner_id, context.now, question.id)
    before = await review_items.by_question(connection, learner_id, question.id)
    means = context.catalogue.meaning(question.id)
    item = after_answer(
        spacing,
        question.id,
        before if before is not None and is_same(before.meaning, means) else None,
        context.now,
        is_right=is_right,
        is_firm=is_firm,
        is_safety=context.catalogue.is_safety(question.id),
        busy={spacing.day(moment): count for moment, count in ahead.items()},
        meaning=means,
    )
    await review_items.keep(connection, learner_id, item)


async def known_items(context: Context) -> list[ReviewItem]:
    """The learner's, without those of questions that were taken out; they wait unasked.

    A question whose right answer is another one now is to be learnt afresh.
    """
    items = await review_items.of_learner(context.connection, context.learner.id)
    return [found for item in items if (found := _as_it_means_now(context, item)) is not None]


def _as_it_means_now(context: Context, item: ReviewItem) -> ReviewItem | None:
    if context.catalogue.question(item.question) is None:
        return None
    if is_same(item.meaning, context.catalogue.meaning(item.question)):
        return item
    return afresh(context.rules.spacing, item, context.now)


async def todays_review(context: Context) -> Attempt | None:
    """The one review of the tutor's own accord that began today, open or finished."""
    found = await attempts.latest_review(context.connection, context.learner.id, "review")
    return found if found is not None and began_today(context, found) else None


def began_today(context: Context, attempt: Attempt) -> bool:
    spacing = context.rules.spacing
    return spacing.day(attempt.started_at) == spacing.day(context.now)


def pick(context: Context, items: list[ReviewItem]) -> Picked:
    """Today's questions, if there were no review today yet."""
    return _picked(context, items, due.pick)


def pick_early(context: Context, items: list[ReviewItem]) -> Picked:
    return _picked(context, items, due.pick_early)


async def still_open(context: Context, review: Attempt) -> tuple[str, ...]:
    """The questions of a review that have no answer yet."""
    stands = await standing(context, review)
    if not isinstance(stands, Ask):
        return ()
    known = [one for one in review.questions if context.catalogue.question(one) is not None]
    return tuple(known[stands.place - 1 :])


async def coming(context: Context) -> Coming:
    """What is still to come today, and the day of the next review."""
    items = await known_items(context)
    review = await todays_review(context)
    spacing = context.rules.spacing
    if review is None:
        day = due.next_day(spacing, items, context.now, reviewed_today=False)
        return Coming(len(pick(context, items).questions), day)
    if review.finished_at is None:
        rest = await still_open(context, review)
        if rest:
            return Coming(len(rest), spacing.day(context.now))
    return Coming(0, due.next_day(spacing, items, context.now, reviewed_today=True))


def _picked(
    context: Context,
    items: list[ReviewItem],
    by: Callable[[Spacing, list[ReviewItem], datetime, Mapping[str, bool], Iterable[str]], Picked],
) -> Picked:
    catalogue = context.catalogue
    new = catalogue.new_drills({item.question for item in items})
    return by(context.rules.spacing, items, context.now, catalogue.drills, new)
