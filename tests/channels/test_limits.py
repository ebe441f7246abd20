import pytest

from channels import limits
from channels.limits import Pace, network_of
from tests.support.web_page import Clock


def test_pace_allows_so_many_then_says_how_long_to_wait() -> None:
    clock = Clock(100.0)
    pace = Pace(2, 10.0, clock)
    assert [pace.knock("a"), pace.knock("a")] == [0.0, 0.0]
    clock.seconds = 104.0
    assert pace.knock("a") == 6.0
    assert pace.knock("b") == 0.0
    clock.seconds = 110.0
    assert pace.knock("a") == 0.0


def test_refused_knocks_do_not_lengthen_the_wait() -> None:
    clock = Clock(0.0)
    pace = Pace(1, 10.0, clock)
    pace.knock("a")
    assert [pace.knock("a") for _ in range(5)] == [10.0] * 5


def test_pace_remembers_no_more_keys_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 3)
    pace = Pace(1, 10.0, Clock())
    for key in "abcda":
        assert pace.knock(key) == 0.0


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("113.160.1.2", "113.160.1.2"),
        ("::ffff:113.160.1.2", "113.160.1.2"),
        ("2402:800:1:2:aaaa:bbbb:cccc:dddd", "2402:800:1:2::"),
        ("2402:800:1:2::1", "2402:800:1:2::"),
        ("unknown", "unknown"),
    ],
)
def test_a_client_is_known_by_what_one_subscriber_holds(remote: str, network: str) -> None:
    assert network_of(remote) == network
