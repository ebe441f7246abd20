"""Which questions to bring back today: few, the most at risk first, and never a debt. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from quizzes.review import ReviewItem, Spacing, recall

# Who comes back after so long begins with a few easy ones.
AWAY = timedelta(days=14)
_EASY_QUESTIONS = 2
# A safety question goes first for so long before its limit: at a few a day, all get their turn.
LAST_CALL = timedelta(days=7)


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
) -> Picked:
    """Today's review; no questions when nothing is due.

    ``drills`` says of each drill whether it is a scam. Scams and real ones are mixed where they
    can be: who only ever meets scams learns to answer "scam", not to see the difference.
    """
    due = _at_risk(spacing, (item for item in items if item.due_at <= now), now)
    if due and _was_away(items, due, now):
        easy = due[::-1][: min(_EASY_QUESTIONS, spacing.questions_a_day)]
        rest = [item for item in due if item not in easy]
        ahead = Counter(spacing.day(item.due_at) for item in items if item.due_at > now)
        return Picked(_names(easy), tuple(_spread(spacing, rest, now, ahead)), is_return=True)
    others = _in_turn(spacing, due, items, now)
    return Picked(_names(_mixed(spacing, due[: spacing.questions_a_day], others, now, drills)))


def pick_early(
    spacing: Spacing, items: Iterable[ReviewItem], now: datetime, drills: Mapping[str, bool]
) -> Picked:
    """A few to review before they are due; none that was answered today already."""
    fresh = _at_risk(spacing, _not_today(spacing, items, now), now)
    return Picked(_names(_mixed(spacing, fresh[: spacing.questions_a_day], fresh, now, drills)))


def next_day(
    spacing: Spacing, items: Iterable[ReviewItem], now: datetime, *, reviewed_today: bool
) -> date | None:
    """The local day of the next review, today included; None when there is nothing to review."""
    days = [spacing.day(item.due_at) for item in items]
    earliest = spacing.day(now) + timedelta(1 if reviewed_today else 0)
    return max(min(days), earliest) if days else None


def _at_risk(spacing: Spacing, items: Iterable[ReviewItem], now: datetime) -> list[ReviewItem]:
    """Those near their limit first, and then the least likely to be known still."""
    return sorted(
        items,
        key=lambda item: (
            not _is_at_limit(spacing, item, now),
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


def _mixed(
    spacing: Spacing,
    chosen: list[ReviewItem],
    others: Iterable[ReviewItem],
    now: datetime,
    drills: Mapping[str, bool],
) -> list[ReviewItem]:
    """With a drill of the other kind, when there are several and all of one kind."""
    kinds = [drills[item.question] for item in chosen if item.question in drills]
    if len(kinds) < 2 or len(set(kinds)) == 2:
        return chosen
    other = next((one for one in others if drills.get(one.question) is (not kinds[0])), None)
    if other is None:
        return chosen
    if len(chosen) < spacing.questions_a_day:
        return [*chosen, other]
    waits = next(
        (
            item
            for item in reversed(chosen)
            if item.question in drills and not _is_at_limit(spacing, item, now)
        ),
        None,
    )
    return [other if item is waits else item for item in chosen]


def _names(items: Iterable[ReviewItem]) -> tuple[str, ...]:
    return tuple(item.question for item in items)
