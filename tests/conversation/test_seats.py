"""Whose a button is, on a telephone that several share."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversation.actions import Action, action
from conversation.seats import address_of, another, mark_of
from storage.addresses import Address

ALONE = Address(
    id=77,
    learner_id=1,
    channel="telegram",
    external_id="4711",
    asked="",
    misses=0,
    last_tap="",
    last_at=datetime(2026, 11, 24, tzinfo=UTC),
    stopped_at=None,
)
FIRST = replace(ALONE, seat=1)
OTHER = replace(ALONE, id=99_999_999, seat=2)
CARD = action("card", "tai-vneid", 1)


@pytest.mark.parametrize("number", [1, 35, 36, 77, 99_999_999, 2**40])
def test_a_mark_is_read_back(number: int) -> None:
    assert address_of(mark_of(replace(FIRST, id=number))) == number


@pytest.mark.parametrize("mark", ["", "~", "A", "-1", "z" * 13, "đ"])
def test_what_is_no_mark_stands_for_nobody(mark: str) -> None:
    assert address_of(mark) == 0


@pytest.mark.parametrize(
    ("address", "tapped", "means"),
    [
        (ALONE, CARD, None),
        (FIRST, CARD, None),
        (FIRST, replace(CARD, whose=mark_of(FIRST)), None),
        (FIRST, replace(CARD, whose=mark_of(OTHER)), action("anothers", mark_of(OTHER))),
        (OTHER, replace(CARD, whose=mark_of(OTHER)), None),
        (OTHER, replace(CARD, whose=mark_of(FIRST)), action("anothers", mark_of(FIRST))),
        (OTHER, CARD, action("anothers", "")),
        (OTHER, action("sit", 5), None),
        (OTHER, action("a", 12, "q", 0, "x"), None),
    ],
)
def test_a_tap_means_what_its_owner_was_shown_or_nothing(
    address: Address, tapped: Action, means: Action | None
) -> None:
    assert another(address, tapped) == means


def test_a_marked_action_is_written_and_read_back_within_the_bytes_of_every_platform() -> None:
    longest = replace(action("practice", "x" * 32, "not_yet"), whose=mark_of(OTHER))

    assert Action.decode(longest.encode()) == longest
    assert len(longest.encode()) <= 64
