"""When the next reminder is due, and whether it is needed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation import pace
from conversation.manners import VIET_NAM, Manners
from conversation.pace import Turn
from storage.rhythms import EVERY_DAY, Rhythm
from storage.study_weeks import StudyWeek, monday_of

MANNERS = Manners()
DAILY = Rhythm(state="on", days=EVERY_DAY, sessions=5)
THREE = Rhythm(state="on", days=pace.SPREAD[3], sessions=3, is_free=True)
MONDAY = date(2026, 11, 23)


def here(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIET_NAM)


@pytest.mark.parametrize(
    ("rhythm", "now", "due"),
    [
        (DAILY, here(2026, 11, 23, 12), here(2026, 11, 23, 19, 30)),
        (DAILY, here(2026, 11, 23, 19, 30), here(2026, 11, 24, 19, 30)),
        (DAILY, here(2028, 2, 28, 20), here(2028, 2, 29, 19, 30)),
        (DAILY, here(2027, 2, 5, 20), here(2027, 2, 9, 19, 30)),  # Tết
        (THREE, here(2026, 11, 23, 20), here(2026, 11, 25, 19, 30)),
        (THREE, here(2026, 11, 27, 20), here(2026, 11, 30, 19, 30)),
        # Had today's already, and then chose a later hour: not twice on one day.
        (
            replace(DAILY, reminded_at=here(2026, 11, 23, 11, 30)),
            here(2026, 11, 23, 12),
            here(2026, 11, 24, 19, 30),
        ),
        (
            replace(DAILY, rests_until_at=here(2026, 12, 1, 0)),
            here(2026, 11, 23, 12),
            here(2026, 12, 1, 19, 30),
        ),
        # A team made the evening shorter since the hour was chosen.
        (replace(DAILY, minute=22 * 60), here(2026, 11, 23, 12), here(2026, 11, 23, 20, 30)),
    ],
)
def test_next_time(rhythm: Rhythm, now: datetime, due: datetime) -> None:
    assert pace.next_time(rhythm, MANNERS, VIET_NAM, now) == due


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        ("Europe/Berlin", date(2027, 3, 27), 6), ("Europe/Berlin", date(2027, 3, 28), 5),
        ("Europe/Berlin", date(2027, 10, 30), 5), ("Europe/Berlin", date(2027, 10, 31), 6),
        ("America/New_York", date(2027, 3, 13), 12), ("America/New_York", date(2027, 3, 14), 11),
        ("America/New_York", date(2027, 11, 7), 12),
    ],
)  # fmt: skip
def test_hour_is_the_one_on_the_wall_when_clocks_change(zone: str, day: date, hour: int) -> None:
    morning = replace(DAILY, minute=7 * 60)
    before = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)

    due = pace.next_time(morning, MANNERS, ZoneInfo(zone), before)

    assert due == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@given(
    st.integers(0, 5 * 365 * 24 * 60),
    st.integers(1, EVERY_DAY),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from(
        ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
    ),
)
def test_next_time_is_later_on_a_chosen_day_and_never_quiet(
    later: int, days: int, minute: int, zone: str
) -> None:
    there = ZoneInfo(zone)
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=later)

    due = pace.next_time(replace(DAILY, days=days, minute=minute), MANNERS, there, moment)

    local = due.astimezone(there)
    assert due > moment
    assert days >> local.weekday() & 1
    assert not MANNERS.is_quiet(due, there)
    # Eleven days at most: a week, and Tết in between; or another week, when Tết is on the day.
    assert due - moment < timedelta(days=15)


@pytest.mark.parametrize(
    ("rhythm", "learnt", "day", "needed"),
    [
        (DAILY, "", 0, True),
        (DAILY, "0", 0, False),
        (DAILY, "0", 1, True),
        (DAILY, "01234", 5, True),
        (THREE, "", 0, True),
        (THREE, "1", 2, True),  # one so far, where two are to be by Wednesday
        (THREE, "01", 2, False),
        (THREE, "012", 4, False),  # the week is done
        (THREE, "02", 4, True),
        (THREE, "02", 5, True),  # put off from Friday
        (THREE, "", 6, True),
    ],
)
def test_reminder_is_needed(rhythm: Rhythm, learnt: str, day: int, needed: bool) -> None:
    week = StudyWeek(MONDAY, sum(1 << int(place) for place in learnt), rhythm.sessions)

    assert pace.is_needed(rhythm, week, MONDAY + timedelta(day)) is needed


def test_week_before_says_nothing_of_this_one() -> None:
    assert pace.is_needed(DAILY, StudyWeek(MONDAY - timedelta(7), EVERY_DAY, 5), MONDAY)
    assert pace.is_needed(DAILY, None, MONDAY)


def test_ladder_of_who_never_answers() -> None:
    rhythm, came = DAILY, []
    for _ in range(12):
        turn = pace.turn(rhythm)
        came.append(turn)
        if turn is Turn.SKIP:
            rhythm = replace(rhythm, is_skipping=True)
        elif turn is Turn.REMIND:
            rhythm = replace(rhythm, unanswered=rhythm.unanswered + 1, is_skipping=False)
        else:
            break

    remind, skip = Turn.REMIND, Turn.SKIP
    assert came == [remind, remind, remind, skip, remind, skip, remind, skip, remind, Turn.GOODBYE]


@pytest.mark.parametrize(("last", "unanswered"), [(-1, 4), (0, 4), (1, 0)])
def test_any_sign_of_life_after_it_restores_the_rhythm(last: int, unanswered: int) -> None:
    now = here(2026, 11, 23, 19, 30)
    rhythm = replace(DAILY, reminded_at=now, unanswered=4, is_skipping=True)

    looked = pace.heard_of(rhythm, now + timedelta(seconds=last))

    assert (looked.unanswered, looked.is_skipping) == (unanswered, bool(unanswered))


def weeks(*kept: bool) -> list[StudyWeek]:
    """The weeks before this one, the latest first."""
    return [
        StudyWeek(MONDAY - timedelta(weeks=back), 0b10101 if is_kept else 1, 3)
        for back, is_kept in enumerate(kept, start=1)
    ]


@pytest.mark.parametrize(
    ("this", "before", "kept"),
    [
        (0b0, [], 0),
        (0b1, [True, True], 2),  # this one still runs, and breaks nothing
        (0b111, [True, True], 3),
        (0b111, [False, True], 1),
    ],
)
def test_weeks_kept_in_a_row(this: int, before: list[bool], kept: int) -> None:
    all_weeks = [StudyWeek(MONDAY, this, 3), *weeks(*before)]

    assert pace.weeks_kept(all_weeks, MONDAY + timedelta(3)) == kept


NOW = here(2026, 11, 23, 19, 30)


@pytest.mark.parametrize(
    ("begun", "reminded", "faded", "kept", "may"),
    [
        (25, None, None, [True] * 3, True),
        (20, None, None, [True] * 3, False),  # not yet three weeks
        (100, 22, None, [True] * 3, True),
        (100, 20, None, [True] * 3, False),  # one was needed since
        (100, None, None, [True, False, True], False),
        (100, None, 30, [True] * 3, False),  # offered a month ago
        (200, None, 90, [True] * 3, True),
    ],
)
def test_stepping_back_is_offered_to_who_kept_it_alone(
    begun: int, reminded: int | None, faded: int | None, kept: list[bool], may: bool
) -> None:
    def ago(days: int | None) -> datetime | None:
        return None if days is None else NOW - timedelta(days)

    rhythm = replace(DAILY, begun_at=ago(begun), reminded_at=ago(reminded), fading_at=ago(faded))

    assert pace.may_fade(rhythm, weeks(*kept), NOW, monday_of(MONDAY)) is may
