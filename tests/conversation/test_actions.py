"""What a button carries: whole, small, and nobody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.actions import MAX_BYTES, Action, action

PARTS = st.text("abzAZ019_.-", max_size=9)


@given(st.text("abzAZ019_.-", min_size=1, max_size=9), st.lists(PARTS, max_size=4))
def test_action_survives_being_written_and_read(name: str, arguments: list[str]) -> None:
    meaning = Action(name, tuple(arguments))

    assert Action.decode(meaning.encode()) == meaning


def test_arguments_may_be_numbers() -> None:
    assert action("card", "tai-vneid", 2).encode() == "card:tai-vneid:2"


@pytest.mark.parametrize("part", ["a:b", "đ", "a b", "a\n", "<", "'"])
def test_argument_that_no_button_could_carry_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        action("a", part)


def test_action_as_long_as_a_button_holds_is_the_longest() -> None:
    assert len(action("a", "x" * (MAX_BYTES - 2)).encode()) == MAX_BYTES
    with pytest.raises(ValueError, match="over 64 bytes"):
        action("a", "x" * (MAX_BYTES - 1))


@pytest.mark.parametrize("written", ["", ":a", "a b", "đồng ý", "x" * 65, "a:\x00"])
def test_what_none_of_ours_wrote_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"allowed|name|over"):
        Action.decode(written)
