from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.review import ReviewItem, Spacing, afresh, after_answer, recall

SPACING = Spacing()
# Half past seven in the evening in Viet Nam.
EVENING = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
# Right, right but barely, wrong.
ANSWERS = {"r": (True, True), "b": (True, False), "w": (False, False)}


def answer(
    before: ReviewItem | None,
    now: datetime,
    how: str = "r",
    spacing: Spacing = SPACING,
    is_safety: bool = False,
    busy: Mapping[date, int] | None = None,
) -> ReviewItem:
    is_right, is_firm = ANSWERS[how]
    return after_answer(
        spacing,
        "cau",
        before,
        now,
        is_right=is_right,
        is_firm=is_firm,
        is_safety=is_safety,
        busy=busy or {},
    )


def intervals(answers: str, spacing: Spacing = SPACING, is_safety: bool = False) -> list[int]:
    """The days from each answer to the next, when every review is kept on its evening."""
    item: ReviewItem | None = None
    now, days = EVENING, list[int]()
    for how in answers:
        item = answer(item, now, how, spacing, is_safety)
        days.append((spacing.day(item.due_at) - spacing.day(now)).days)
        now += timedelta(days=days[-1])
    return days


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("rrrrrr", [2, 11, 46, 163, 180, 180]),
        ("brrrr", [1, 5, 17, 50, 133]),
        ("wrrrrrr", [1, 2, 6, 17, 44, 102, 180]),
        ("rrwrrr", [2, 11, 2, 5, 12, 28]),
        ("wwwwr", [1, 1, 1, 1, 1]),
    ],
)
def test_intervals_grow_with_right_answers_and_start_small_again_after_a_wrong_one(
    answers: str, expected: list[int]
) -> None:
    assert intervals(answers) == expected


def test_a_safety_question_never_waits_longer_than_its_own_limit() -> None:
    assert intervals("rrrrrr", is_safety=True) == [2, 11, 46, 120, 120, 120]


def test_a_team_may_ask_sooner() -> None:
    careful = Spacing(retention=0.95, maximum_interval_days=30, safety_interval_days=20)

    assert intervals("rrrrr", careful) == [1, 3, 8, 19, 30]
    assert intervals("rrrrr", careful, is_safety=True) == [1, 3, 8, 19, 20]


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_it_comes_due_at_the_start_of_a_local_day_whatever_the_hour_of_the_answer(
    hour: int,
) -> None:
    midnight = datetime(2026, 11, 22, 17, tzinfo=UTC)
    item = answer(None, midnight + timedelta(hours=hour))

    assert item.due_at == midnight + timedelta(days=2)
    assert recall(SPACING, item, item.due_at) == pytest.approx(0.91, abs=0.005)


def test_recall_falls_day_by_day_and_is_full_on_the_day_of_the_answer() -> None:
    item = answer(None, EVENING)
    chances = [recall(SPACING, item, EVENING + timedelta(days=days)) for days in (0, 2, 10, 100)]

    assert chances == [1.0, *sorted(chances[1:], reverse=True)]
    assert 0 < chances[-1] < chances[1] < 1


def test_a_clock_set_back_asks_for_nothing_impossible() -> None:
    item = answer(answer(None, EVENING), EVENING - timedelta(days=5))

    assert item.due_at > EVENING - timedelta(days=5)
    assert recall(SPACING, item, EVENING - timedelta(days=9)) == 1.0


def test_a_long_interval_gives_way_to_a_day_with_less_to_do() -> None:
    item = answer(answer(None, EVENING), EVENING + timedelta(days=2))
    free = SPACING.day(item.due_at)
    again = answer(
        answer(None, EVENING), EVENING + timedelta(days=2), busy={free: 3, free + timedelta(1): 1}
    )

    assert SPACING.day(again.due_at) == free - timedelta(1)


def test_what_is_kept_says_what_was_answered() -> None:
    item = answer(None, EVENING, "w", is_safety=True)

    assert (item.question, item.reviewed_at, item.was_right, item.is_safety) == (
        "cau", EVENING, False, True,
    )  # fmt: skip


def test_what_means_something_else_now_is_asked_today_and_before_the_others() -> None:
    item = answer(answer(None, EVENING), EVENING + timedelta(days=2))
    later = EVENING + timedelta(days=5)
    again = afresh(SPACING, item, later)
    overdue = afresh(SPACING, item, EVENING + timedelta(days=60))

    assert (SPACING.day(again.due_at), again.reviewed_at) == (SPACING.day(later), item.reviewed_at)
    assert recall(SPACING, again, later) < recall(SPACING, answer(None, EVENING, "w"), later)
    assert overdue.due_at == item.due_at


spacings = st.builds(
    Spacing,
    retention=st.floats(0.7, 0.97),
    maximum_interval_days=st.integers(1, 730),
    safety_interval_days=st.integers(1, 120),
    questions_a_day=st.integers(1, 10),
)
answers = st.lists(
    st.tuples(st.sampled_from("rbw"), st.integers(0, 400), st.integers(0, 23)), min_size=1
)
busy_days = st.dictionaries(
    st.dates(TODAY, TODAY + timedelta(days=400)), st.integers(0, 9), max_size=30
)


@given(spacings, answers, st.booleans(), busy_days)
def test_due_never_leaves_the_limits_however_one_answers(
    spacing: Spacing,
    given_answers: list[tuple[str, int, int]],
    is_safety: bool,
    busy: dict[date, int],
) -> None:
    item: ReviewItem | None = None
    now = EVENING
    for how, days, hours in given_answers:
        now += timedelta(days=days, hours=hours)
        item = answer(item, now, how, spacing, is_safety, busy)
        wait = (spacing.day(item.due_at) - spacing.day(now)).days
        assert 1 <= wait <= spacing.longest(is_safety=is_safety)
        assert spacing.day(item.due_at) <= spacing.last_day(item)
        assert 0 <= recall(spacing, item, now) <= 1
