"""The pace of a channel, second by second, on a clock that only the test moves."""

from itertools import count, repeat

import pytest

from channels.base import Limits, Rate
from channels.telegram.limits import ALLOWED, PER_SECOND, limits
from outbox.pace import Pace

CHAT, GROUP = "7", "-7"


def begun(
    pace: Pace,
    address: str = "",
    *,
    since: float = 1000.0,
    until: float,
    late: float = 0.0,
    took: float = 0.0,
) -> list[float]:
    """When requests begin, each as soon as may be and ``late`` by so much, in seconds.

    All to one address, or else each to another one.
    """
    times: list[float] = []
    now = since
    for who in repeat(address) if address else map(str, count()):
        while (opens := max(pace.opens(now), pace.opens_to(who))) > now:
            now = opens
        now += late
        if now >= since + until:
            break
        pace.begin(who, now)
        pace.end(who, now + took)
        times.append(now - since)
    return times


def fullest(times: list[float], window: float) -> int:
    """How many fall into one window at most, wherever it begins."""
    return max(sum(begin <= time < begin + window for time in times) for begin in times)


def test_after_a_long_rest_requests_are_spread_evenly() -> None:
    times = begun(Pace(Limits(overall=Rate(10))), until=0.45)

    assert times == pytest.approx([0.0, 0.09, 0.19, 0.29, 0.39])


@pytest.mark.parametrize("late", [0.0, 0.001, 0.005, 0.009])
def test_telegram_gets_nearly_all_it_allows_and_in_no_second_more(late: float) -> None:
    times = begun(Pace(limits(PER_SECOND)), until=60, late=late)

    assert fullest(times, 1.0) <= ALLOWED
    assert len(times) >= 0.97 * ALLOWED * 60


def test_bubbles_of_one_answer_go_at_once_and_then_one_a_second() -> None:
    times = begun(Pace(limits(1000)), CHAT, until=4)

    assert [round(time, 2) for time in times] == [0, 0, 0, 0, 0, 1, 2, 3]


def test_a_group_gets_no_more_than_twenty_in_any_minute() -> None:
    times = begun(Pace(limits(PER_SECOND)), GROUP, until=600)

    assert fullest(times, 60) <= 20
    assert len(times) > 150


def test_no_limits_are_none() -> None:
    pace = Pace(limits(0))
    for address in (CHAT, GROUP) * 100:
        pace.begin(address, 5.0)
        pace.end(address, 5.0)

    assert (pace.opens(5.0), pace.opens_to(CHAT), pace.opens_to(GROUP)) == (0, 0, 0)


def test_several_requests_of_one_reply_all_count_and_none_counts_not() -> None:
    pace = Pace(Limits(overall=Rate(10), address=lambda _: Rate(1)))
    pace.begin(CHAT, 5.0)
    pace.end(CHAT, 5.0, 3)
    three = (pace.opens(5.0), pace.opens_to(CHAT))
    pace.begin("other", 5.3)
    pace.end("other", 5.3, 0)

    assert three == pytest.approx((5.29, 8.0))
    assert (pace.opens(5.3), pace.opens_to("other")) == pytest.approx((5.3, 5.3), abs=0.011)


@pytest.mark.parametrize(("refusals", "rate"), [(1, 9.0), (2, 8.1), (30, 1.0)])
def test_a_refusal_slows_the_channel_down_until_it_has_recovered(
    refusals: int, rate: float
) -> None:
    pace = Pace(Limits(overall=Rate(10)))
    for _ in range(refusals):
        pace.slow_down(1000.0)
    pace.begin("1", 1000.0)
    slow = pace.opens(1000.0) - 1000.0 + 0.01

    assert slow == pytest.approx(1 / rate)
    assert len(begun(pace, since=1060.0, until=10)) == pytest.approx(100, abs=2)


def test_after_a_rest_of_a_second_it_goes_on_as_ever() -> None:
    pace = Pace(limits(PER_SECOND))
    pace.rest(1000.0)
    times = begun(pace, until=10)

    assert times[0] == pytest.approx(1.008)
    assert len(times) == pytest.approx(9 * PER_SECOND, abs=2)


def test_where_nobody_counts_there_is_no_rest() -> None:
    pace = Pace(limits(0))
    pace.rest(1000.0)

    assert pace.opens(1000.0) == 0.0


def test_processes_divide_the_pace() -> None:
    pace = Pace(Limits(overall=Rate(30)))
    pace.share(3)

    assert len(begun(pace, until=10)) == pytest.approx(100, abs=1)
    pace.share(0)
    assert len(begun(pace, since=2000, until=10)) == pytest.approx(300, abs=1)


def test_addresses_that_have_rested_are_forgotten_and_others_not() -> None:
    pace = Pace(limits(1000))
    for address in [*map(str, range(100)), *["busy"] * 5]:
        pace.begin(address, 1000.0)
        pace.end(address, 1000.0)
    pace.forget(1001.0)

    assert pace.opens_to("busy") == pytest.approx(1001.0)
    assert pace.opens_to("1") == 0.0


@pytest.mark.parametrize("took", [0.0, 0.05, 0.3, 3.0])
def test_however_long_requests_take_the_pace_is_the_same(took: float) -> None:
    times = begun(Pace(limits(PER_SECOND)), until=60, took=took)

    assert len(times) >= 0.97 * ALLOWED * 60


@pytest.mark.parametrize("stall", [0.02, 0.05, 0.1])
def test_what_a_stalled_line_hands_over_in_a_heap_makes_no_second_too_full(stall: float) -> None:
    """Every seventh second the line stalls; what was sent meanwhile arrives at its end."""
    pace, arrived = Pace(limits(PER_SECOND)), []
    under_way: list[tuple[float, str]] = []
    now = 1000.0
    for who in map(str, range(1700)):
        while (opens := pace.opens(now)) > now:
            # Answers come back meanwhile.
            now = min([opens, *(ends for ends, _ in under_way)])
            for ends, back in [one for one in under_way if one[0] <= now]:
                pace.end(back, ends)
                under_way.remove((ends, back))
        pace.begin(who, now)
        into = now % 7
        held_up = stall - into if into < stall else 0.0
        arrived.append(now + held_up)
        under_way.append((now + held_up + 0.05, who))

    assert fullest(sorted(arrived), 0.999) <= ALLOWED
    assert len(arrived) / (now - 1000.0) >= 0.95 * ALLOWED
