"""When a delivery that failed is due again."""

from datetime import timedelta

import pytest

from outbox.retry import LONGEST, Backoff
from tests.support.talk import START


def wait(tries: int, random: float = 1.0, at_least: float = 0.0) -> float:
    due = Backoff(lambda: random).next_due(START, tries, timedelta(seconds=at_least))
    return (due - START).total_seconds()


def test_waits_double_up_to_five_minutes() -> None:
    assert [wait(tries) for tries in range(10)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]


@pytest.mark.parametrize("tries", [20, 64, 10_000])
def test_many_tries_wait_no_longer(tries: int) -> None:
    assert wait(tries) == LONGEST.total_seconds()


def test_half_of_a_wait_is_chance() -> None:
    assert [wait(4, random) for random in (0.0, 0.5, 1.0)] == [8, 12, 16]


def test_wait_is_as_long_as_the_platform_said() -> None:
    assert wait(0, at_least=30) == 30
    assert wait(9, at_least=30) == 300
