"""Which questions to bring back today: few, the most at risk first, and never a debt. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain

from quizzes.review import ReviewItem, Spacing, recall

# Who comes back after so long begins with a few easy ones.
AWAY = timedelta(days=14)
_EASY_QUESTIONS = 2
# A safety question goes first for so long before its limit: at a few a day, all get their turn.
LAST_CALL = timedelta(days=7)
# A drill so long before its last day may wait until tomorrow for the mix.
_ROOM = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Picked:
    """The questions of one review, in the order to ask them.

    ``moved`` are other questions, on new days. ``is_return`` says that the learner was away.
    """

    questions: tuple[str, ...]
    moved: tuple[ReviewItem, ...] = ()
    is_return: bool = False


def pick(
    spacing: Spacing,
    items: Sequence[ReviewItem],
    now: datetime,
    drills: Mapping[str, bool],
    new: Iterable[str] = (),
) -> Picked:
    """Today's review; no questions when nothing is due.

    ``drills`` says of each drill whether it is a scam. Scams and real ones are mixed where they
    can be: who only ever meets scams learns to answer "scam", not to see the difference. ``new``
    are drills never met, from which the other kind is taken when the learner knows none of it.
    """
    due = _at_risk(spacing, (item for item in items if item.due_at <= now), now)
    is_return = bool(due) and _was_away(items, due, now)
    most = min(_EASY_QUESTIONS, spacing.questions_a_day) if is_return else spacing.questions_a_day
    chosen = due[::-1][:most] if is_return else due[:most]
    others = _in_turn(spacing, due, items, now)
    other = _of_the_other_kind(chosen, items, others, drills, new)
    waits = _may_wait(spacing, chosen, now, drills, is_return=is_return)
    questions = _with(chosen, other, most, waits)
    if not is_return:
        return Picked(questions)
    rest = [item for item in due if item.question not in questions]
    ahead = Counter(spacing.day(item.due_at) for item in items if item.due_at > now)
    return Picked(questions, tuple(_spread(spacing, rest, now, ahead)), is_return=True)


def pick_early(
    spacing: Spacing,
    items: Sequence[ReviewItem],
    now: datetime,
    drills: Mapping[str, bool],
    new: Iterable[str] = (),
) -> Picked:
    """A few to review before they are due; none that was answered today already."""
    fresh = _at_risk(spacing, _not_today(spacing, items, now), now)
    chosen = fresh[: spacing.questions_a_day]
    other = _of_the_other_kind(chosen, items, fresh, drills, new)
    waits = _may_wait(spacing, chosen, now, drills)
    return Picked(_with(chosen, other, spacing.questions_a_day, waits))


def next_day(
    spacing: Spacing, items: Iterable[ReviewItem], now: datetime, *, reviewed_today: bool
) -> date | None:
    """The local day of the next review, today included; None when there is nothing to review."""
    days = [spacing.day(item.due_at) for item in items]
    earliest = spacing.day(now) + timedelta(1 if reviewed_today else 0)
    return max(min(days), earliest) if days else None


def _at_risk(spacing: Spacing, items: Iterable[ReviewItem], now: datetime) -> list[ReviewItem]:
    """Those near their limit first, the nearest before the others, and then the least likely to
    be known still.
    """
    return sorted(
        items,
        key=lambda item: (
            spacing.last_day(item) if _is_at_limit(spacing, item, now) else date.max,
            recall(spacing, item, now),
            item.question,
        ),
    )


def _is_at_limit(spacing: Spacing, item: ReviewItem, now: datetime) -> bool:
    return item.is_safety and spacing.last_day(item) - LAST_CALL <= spacing.day(now)


def _was_away(items: Iterable[ReviewItem], due: Iterable[ReviewItem], now: datetime) -> bool:
    """No answer for weeks although something waited: long intervals alone are no absence."""
    last = max(item.reviewed_at for item in items)
    return last <= now - AWAY and min(item.due_at for item in due) <= now - AWAY


def _spread(
    spacing: Spacing, items: Iterable[ReviewItem], now: datetime, ahead: Counter[date]
) -> list[ReviewItem]:
    """The same questions over the coming days, so many a day, safety never beyond its limit."""
    tomorrow = spacing.day(now) + timedelta(1)
    day, moved = tomorrow, []
    for item in items:
        while ahead[day] >= spacing.questions_a_day:
            day += timedelta(1)
        limit = max(spacing.last_day(item), tomorrow)
        chosen = min(day, limit) if item.is_safety else day
        ahead[chosen] += 1
        moved.append(replace(item, due_at=spacing.start_of(chosen)))
    return moved


def _in_turn(
    spacing: Spacing, due: Iterable[ReviewItem], items: Iterable[ReviewItem], now: datetime
) -> Iterator[ReviewItem]:
    """What may stand in for another: due ones first. Nothing is reckoned before it is needed."""
    yield from due
    ahead = (item for item in items if item.due_at > now)
    yield from _at_risk(spacing, _not_today(spacing, ahead, now), now)


def _not_today(
    spacing: Spacing, items: Iterable[ReviewItem], now: datetime
) -> Iterator[ReviewItem]:
    today = spacing.day(now)
    return (item for item in items if spacing.day(item.reviewed_at) < today)


def _of_the_other_kind(
    chosen: Iterable[ReviewItem],
    items: Iterable[ReviewItem],
    others: Iterable[ReviewItem],
    drills: Mapping[str, bool],
    new: Iterable[str],
) -> str | None:
    """A drill to put among those chosen, when they are several of one kind, or of the only kind
    that was ever met; None when they need none, or there is none.
    """
    kinds = [drills[item.question] for item in chosen if item.question in drills]
    if len(set(kinds)) != 1:
        return None
    wanted = not kinds[0]
    has_met = any(drills.get(item.question) is wanted for item in items)
    if has_met and len(kinds) == 1:
        return None
    known = (item.question for item in others) if has_met else ()
    return next((name for name in chain(known, new) if drills.get(name) is wanted), None)


def _with(
    chosen: Sequence[ReviewItem], other: str | None, most: int, waits: str | None
) -> tuple[str, ...]:
    """The names of those chosen, at most so many, with the other drill last, or in place of the
    one that ``waits``.
    """
    names = tuple(item.question for item in chosen)
    if other is None:
        return names
    if len(names) < most:
        return (*names, other)
    return tuple(other if name == waits else name for name in names)


def _may_wait(
    spacing: Spacing,
    chosen: Sequence[ReviewItem],
    now: datetime,
    drills: Mapping[str, bool],
    *,
    is_return: bool = False,
) -> str | None:
    """The last that is not near its limit, rather a drill when there are several; or else the
    last drill that is well before its last day still. Who was away has no limit to keep today.
    """
    drilled = [item for item in chosen if item.question in drills]
    plain = [item for item in chosen if item.question not in drills]
    in_turn = [*plain, *drilled] if len(drilled) > 1 else [*drilled, *plain]
    for item in reversed(in_turn):
        if is_return or not _is_at_limit(spacing, item, now):
            return item.question
    soon = spacing.day(now) + _ROOM
    return next((one.question for one in reversed(drilled) if spacing.last_day(one) >= soon), None)
