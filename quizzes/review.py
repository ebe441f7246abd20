"""When to ask a question again, so that it lasts: FSRS, held inside a tutor's own limits. Pure.

FSRS foretells from the answers so far how likely a question is still known on a given day, and
asks again when that falls to the wanted share. Days are what it counts in, so a question comes due
at the start of a local day: whoever learns at half past seven in the evening is asked at seven.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from fsrs import Card, Rating, Scheduler, State

# Viet Nam has kept this one time, without summer time, since 1975.
VIET_NAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
# From this interval on it may come a tenth sooner or later, on the day with the least to do.
_STEADY_DAYS = 4
# The least stability that FSRS works with: less likely known than anything ever answered.
_UNKNOWN_DAYS = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One learner's memory of one question, as it was after the last answer.

    ``stability`` is in days: so long after an answer nine of ten would still know it.
    ``difficulty`` goes from 1 to 10. ``due_at`` is the start of a local day. ``question`` is its
    permanent id, and ``meaning`` what it meant when answered (``quizzes.meaning``), '' for answers
    that are older than that.
    """

    question: str
    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime
    is_safety: bool
    was_right: bool
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """The limits a team sets.

    ``retention`` is the share that should still be known when asked again. No interval is longer
    than ``maximum_interval_days``, and of a safety course than ``safety_interval_days``: training
    against scams was found to hold at four months and to be gone at six (Reinheimer and others,
    SOUPS 2020). ``zone`` says when a day begins.
    """

    retention: float = 0.9
    maximum_interval_days: int = 180
    safety_interval_days: int = 120
    questions_a_day: int = 3
    zone: tzinfo = VIET_NAM

    def day(self, moment: datetime) -> date:
        """The local day."""
        return moment.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The moment at which a local day begins, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def longest(self, *, is_safety: bool) -> int:
        """The longest interval, in days."""
        if is_safety:
            return min(self.maximum_interval_days, self.safety_interval_days)
        return self.maximum_interval_days

    def last_day(self, item: ReviewItem) -> date:
        """The day after which the limits are broken."""
        return self.day(item.reviewed_at) + timedelta(self.longest(is_safety=item.is_safety))


def after_answer(
    spacing: Spacing,
    question: str,
    before: ReviewItem | None,
    now: datetime,
    *,
    is_right: bool,
    is_firm: bool,
    is_safety: bool,
    busy: Mapping[date, int],
    meaning: str = "",
) -> ReviewItem:
    """The memory after an answer; ``before`` is None when it was the first one, which it is
    also when the question meant something else before.

    ``is_firm`` says that a right answer came without help and for the right reason. ``busy`` is
    how many other questions come due on each day.
    """
    rating = Rating.Again if not is_right else Rating.Good if is_firm else Rating.Hard
    scheduler = _scheduler(spacing.retention, spacing.maximum_interval_days)
    today = _counted(spacing, now)
    card, _ = scheduler.review_card(_card(spacing, before, today), rating, today)
    longest = spacing.longest(is_safety=is_safety)
    days = _least_busy(spacing.day(now), min((card.due - today).days, longest), longest, busy)
    return ReviewItem(
        question=question,
        stability=card.stability or 0.0,
        difficulty=card.difficulty or 0.0,
        reviewed_at=now,
        due_at=spacing.start_of(spacing.day(now) + timedelta(days)),
        is_safety=is_safety,
        was_right=is_right,
        meaning=meaning,
    )


def afresh(spacing: Spacing, item: ReviewItem, now: datetime) -> ReviewItem:
    """The memory of a question that means something else now: nothing is known of it, so it is
    asked today, and before the others.
    """
    today = spacing.start_of(spacing.day(now))
    return replace(item, stability=_UNKNOWN_DAYS, due_at=min(item.due_at, today))


def recall(spacing: Spacing, item: ReviewItem, now: datetime) -> float:
    """How likely it is still known, from 0 to 1, as far as the model can tell."""
    scheduler = _scheduler(spacing.retention, spacing.maximum_interval_days)
    today = _counted(spacing, now)
    return scheduler.get_card_retrievability(_card(spacing, item, today), today)


def _least_busy(today: date, days: int, longest: int, busy: Mapping[date, int]) -> int:
    """About so many days, but on the day with the least to do; never beyond ``longest``."""
    slack = max(1, days // 10) if days >= _STEADY_DAYS else 0
    near = range(days - slack, min(days + slack, longest) + 1)
    return min(
        near, key=lambda days_on: (busy.get(today + timedelta(days_on), 0), abs(days_on - days))
    )


@lru_cache(maxsize=8)
def _scheduler(retention: float, maximum_interval_days: int) -> Scheduler:
    # No steps of minutes: a question that comes back within the hour is drilled, not spaced, and
    # massed repeats help the old least. No dice either: ``_least_busy`` spreads them.
    return Scheduler(
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=maximum_interval_days,
        enable_fuzzing=False,
    )


def _card(spacing: Spacing, item: ReviewItem | None, today: datetime) -> Card:
    # The library makes up an id by sleeping a millisecond, unless it is given one.
    if item is None:
        return Card(card_id=0, due=today)
    return Card(
        card_id=0,
        state=State.Review,
        stability=item.stability,
        difficulty=item.difficulty,
        due=item.due_at,
        last_review=min(_counted(spacing, item.reviewed_at), today),
    )


def _counted(spacing: Spacing, moment: datetime) -> datetime:
    """The local day as the library counts days: it drops what is short of 24 hours."""
    return datetime.combine(spacing.day(moment), time(), UTC)
