"""Moments as the database keeps them: whole milliseconds since 1970, in UTC."""

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """An aware moment as epoch milliseconds, rounded down. ``TypeError`` when it is naive."""
    return (moment - _EPOCH) // _MILLISECOND


@overload
def from_ms(stored: int) -> datetime: ...
@overload
def from_ms(stored: None) -> None: ...
def from_ms(stored: int | None) -> datetime | None:
    """The aware moment, in UTC; nothing stays nothing."""
    return None if stored is None else _EPOCH + stored * _MILLISECOND
