from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.times import from_ms, to_ms


@pytest.mark.parametrize(
    ("moment", "stored"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(2026, 11, 23, 8, 30, 0, 125_999, tzinfo=UTC), 1795422600125),
        (datetime(2026, 11, 23, 15, 30, tzinfo=timezone(timedelta(hours=7))), 1795422600000),
        (datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), 253402300799999),
    ],
)
def test_a_moment_is_whole_milliseconds_in_utc(moment: datetime, stored: int) -> None:
    assert to_ms(moment) == stored
    assert from_ms(stored).utcoffset() == timedelta()
    assert to_ms(from_ms(stored)) == stored


def test_nothing_stays_nothing() -> None:
    assert from_ms(None) is None


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(TypeError):
        to_ms(datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point
