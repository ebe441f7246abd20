from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizzes.due import Picked, next_day, pick, pick_early
from quizzes.review import ReviewItem, Spacing, after_answer

SPACING = Spacing()
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
TODAY = SPACING.day(NOW)


def item(
    name: str,
    answered: int = 5,
    due: int = 0,
    stability: float = 5.0,
    is_safety: bool = False,
) -> ReviewItem:
    """Answered so many days ago, due in so many days."""
    return ReviewItem(
        question=name,
        stability=stability,
        difficulty=5.0,
        reviewed_at=NOW - timedelta(days=answered),
        due_at=SPACING.start_of(TODAY + timedelta(days=due)),
        is_safety=is_safety,
        was_right=True,
    )


def names(items: Sequence[ReviewItem], drills: Mapping[str, bool] | None = None) -> tuple[str, ...]:
    return pick(SPACING, items, NOW, drills or {}).questions


def test_nothing_is_picked_when_nothing_is_due() -> None:
    assert pick(SPACING, [], NOW, {}) == Picked(())
    assert pick(SPACING, [item("a", due=1)], NOW, {}) == Picked(())


def test_the_most_at_risk_come_first_and_no_more_than_a_days_worth() -> None:
    items = [
        item(name, stability=days) for name, days in zip("abcde", (9, 2, 7, 1, 30), strict=True)
    ]

    assert names(items) == ("d", "b", "c")


def test_a_safety_question_near_its_limit_comes_before_any_other() -> None:
    items = [
        item("quen", stability=1),
        item("an-toan", answered=119, stability=900, is_safety=True),
        item("thuong", answered=119, stability=900),
    ]

    assert names(items) == ("an-toan", "quen", "thuong")


def test_after_weeks_away_two_easy_ones_and_the_rest_spread_over_the_coming_days() -> None:
    items = [item(str(n), answered=40, due=-30, stability=n) for n in range(1, 10)]
    picked = pick(SPACING, [*items, item("mai", answered=40, due=1)], NOW, {})

    assert (picked.questions, picked.is_return) == (("9", "8"), True)
    assert [(one.question, (SPACING.day(one.due_at) - TODAY).days) for one in picked.moved] == [
        ("1", 1), ("2", 1), ("3", 2), ("4", 2), ("5", 2), ("6", 3), ("7", 3),
    ]  # fmt: skip


def test_a_long_interval_is_no_absence() -> None:
    picked = pick(SPACING, [item("a", answered=100, due=0)], NOW, {})

    assert picked == Picked(("a",))


def test_who_answered_lately_was_not_away() -> None:
    items = [item("a", answered=40, due=-30), item("b", answered=2, due=3)]

    assert pick(SPACING, items, NOW, {}) == Picked(("a",))


def test_drills_of_one_kind_only_get_one_of_the_other_kind_for_the_last() -> None:
    items = [item("lua-1", stability=1), item("lua-2", stability=2), item("lua-3", stability=3)]
    real = item("that", stability=90, due=20)
    drills = {"lua-1": True, "lua-2": True, "lua-3": True, "that": False}

    assert names([*items, real], drills) == ("lua-1", "lua-2", "that")
    assert names([*items[:2], real], drills) == ("lua-1", "lua-2", "that")
    assert names([items[0], real], drills) == ("lua-1",)
    assert names(items, drills) == ("lua-1", "lua-2", "lua-3")


def test_a_drill_at_its_limit_is_not_put_off_for_the_mix() -> None:
    items = [item(f"lua-{n}", answered=119, stability=n, is_safety=True) for n in (1, 2, 3)]
    drills = {"lua-1": True, "lua-2": True, "lua-3": True, "that": False}

    assert names([*items, item("that", due=9)], drills) == ("lua-1", "lua-2", "lua-3")


def test_who_only_ever_met_scams_is_brought_a_real_one_they_never_met() -> None:
    drills = {"lua-1": True, "lua-2": True, "lua-3": True, "that": False, "lua-moi": True}
    new = ("lua-moi", "that")
    scams = [item(f"lua-{n}", stability=n) for n in (1, 2, 3)]
    plain = [item("a", stability=9), item("b", stability=8)]

    def asked(items: Sequence[ReviewItem], a_day: int = 3) -> tuple[str, ...]:
        return pick(Spacing(questions_a_day=a_day), items, NOW, drills, new).questions

    assert asked(scams) == ("lua-1", "lua-2", "that")
    assert asked(scams[:1]) == ("lua-1", "that")
    assert asked([scams[0], *plain]) == ("lua-1", "b", "that")
    assert asked(scams[:1], 1) == ("that",)
    assert asked(plain) == ("b", "a")
    # One real one, met before, is mix enough for a day with a single drill.
    assert asked([scams[0], item("that", due=9)]) == ("lua-1",)
    early = pick_early(SPACING, [item("lua-1", due=9)], NOW, drills, new)
    assert early.questions == ("lua-1", "that")


def test_who_comes_back_meets_both_kinds_too() -> None:
    items = [item(f"lua-{n}", answered=40, due=-30, stability=n) for n in (1, 2, 3)]
    real = item("that", answered=40, due=-30, stability=0.5)
    drills = {"lua-1": True, "lua-2": True, "lua-3": True, "that": False, "moi": False}
    picked = pick(SPACING, [*items, real], NOW, drills)
    brought = pick(SPACING, items, NOW, drills, ("moi",))

    assert (picked.questions, picked.is_return) == (("lua-3", "that"), True)
    assert [one.question for one in picked.moved] == ["lua-1", "lua-2"]
    assert (brought.questions, brought.is_return) == (("lua-3", "moi"), True)
    assert [one.question for one in brought.moved] == ["lua-1", "lua-2"]


def test_who_comes_back_after_half_a_year_meets_both_kinds_though_all_is_past_its_limit() -> None:
    items = [
        item(f"lua-{n}", answered=180, due=-170, stability=n, is_safety=True) for n in (1, 2, 3)
    ]
    drills = {"lua-1": True, "lua-2": True, "lua-3": True, "moi": False}
    picked = pick(SPACING, items, NOW, drills, ("moi",))

    assert (picked.questions, picked.is_return) == (("lua-3", "moi"), True)
    assert [(one.question, SPACING.day(one.due_at) - TODAY) for one in picked.moved] == [
        ("lua-1", timedelta(1)),
        ("lua-2", timedelta(1)),
    ]


def test_a_plain_question_makes_room_before_a_drill_at_its_limit_does() -> None:
    near = [item(f"lua-{n}", answered=119, stability=n, is_safety=True) for n in (1, 2)]
    drills = {"lua-1": True, "lua-2": True, "that": False}
    items = [*near, item("a"), item("that", due=9)]

    assert names(items, drills) == ("lua-1", "lua-2", "that")


def test_a_drill_some_days_before_its_limit_may_wait_for_the_mix() -> None:
    items = [item(f"lua-{n}", answered=115, stability=n, is_safety=True) for n in (1, 2, 3)]
    drills = {"lua-1": True, "lua-2": True, "lua-3": True, "that": False}

    assert names([*items, item("that", due=9)], drills) == ("lua-1", "lua-2", "that")


def test_of_those_near_their_limit_the_nearest_comes_first_however_well_it_is_known() -> None:
    items = [item(f"yeu-{n}", answered=114, stability=1, is_safety=True) for n in (1, 2, 3)]
    last = item("cuoi", answered=120, stability=900, is_safety=True)

    assert names([*items, last]) == ("cuoi", "yeu-1", "yeu-2")


def test_an_early_review_takes_what_was_not_answered_today() -> None:
    items = [
        item("a", answered=0, due=2, stability=1),
        item("b", due=9, stability=2),
        item("c", due=9),
    ]

    assert pick_early(SPACING, items, NOW, {}).questions == ("b", "c")
    assert pick_early(SPACING, items[:1], NOW, {}).questions == ()


def test_the_next_review_is_today_when_something_is_due_and_tomorrow_once_it_is_done() -> None:
    late, later = item("a", due=-3), item("b", due=8)

    assert next_day(SPACING, [], NOW, reviewed_today=False) is None
    assert next_day(SPACING, [late, later], NOW, reviewed_today=False) == TODAY
    assert next_day(SPACING, [late, later], NOW, reviewed_today=True) == TODAY + timedelta(1)
    assert next_day(SPACING, [later], NOW, reviewed_today=True) == TODAY + timedelta(8)


items_of_a_learner = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 120), st.floats(0.1, 500), st.booleans()),
    max_size=60,
).map(
    lambda drawn: [
        item(str(n), answered, min(interval, 120) - answered, stability, is_safety)
        for n, (answered, interval, stability, is_safety) in enumerate(drawn)
    ]
)


@given(items_of_a_learner, st.integers(1, 5), st.data())
def test_a_review_is_small_and_whatever_it_moves_stays_within_the_limits(
    items: list[ReviewItem], a_day: int, data: st.DataObject
) -> None:
    spacing = Spacing(questions_a_day=a_day)
    drills = {one.question: data.draw(st.booleans()) for one in items[::2]}
    picked = pick(spacing, items, NOW, drills)
    by_name = {one.question: one for one in items}

    assert len(picked.questions) <= (min(a_day, 2) if picked.is_return else a_day)
    assert len(set(picked.questions)) == len(picked.questions)
    assert bool(picked.questions) is any(one.due_at <= NOW for one in items)
    moved = {one.question: spacing.day(one.due_at) for one in picked.moved}
    assert moved.keys().isdisjoint(picked.questions)
    for name, day in moved.items():
        limit = spacing.last_day(by_name[name])
        assert day > TODAY
        if by_name[name].is_safety:
            assert day <= max(limit, TODAY + timedelta(1))
    loads = Counter(day for name, day in moved.items() if not by_name[name].is_safety)
    assert all(load <= a_day for load in loads.values())


def test_in_a_year_of_evenings_no_safety_question_waits_beyond_its_limit() -> None:
    """A hundred questions, a lesson of five every other day, three reviewed each evening."""
    items: dict[str, ReviewItem] = {}
    asked: list[int] = []
    for days in range(365):
        now = NOW + timedelta(days=days)
        questions = list(pick(SPACING, list(items.values()), now, {}).questions)
        asked.append(len(questions))
        if days % 2 == 0 and days < 40:
            questions += [f"{days}-{n}" for n in range(5)]
        busy = Counter(SPACING.day(one.due_at) for one in items.values())
        for place, name in enumerate(questions):
            before = items.get(name)
            items[name] = after_answer(
                SPACING,
                name,
                before,
                now,
                is_right=(days + place) % 7 != 0,
                is_firm=True,
                is_safety=name.endswith(("0", "1", "2")),
                busy=busy,
            )
            if before is not None and before.is_safety:
                assert SPACING.day(now) <= SPACING.last_day(before)

    assert len(items) == 100
    assert max(asked) == 3
    assert sum(asked[-30:]) < 90
