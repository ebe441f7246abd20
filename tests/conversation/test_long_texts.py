"""No text, however long or odd, holds up everybody else."""

import time

import pytest

from conversation.asked import Asked
from conversation.choices import NotUnderstood, understand
from conversation.guard import look

MENU = Asked(
    labels=tuple(f"Bài {n}: cài ứng dụng, xem tên người nhận rồi mới bấm" for n in range(1, 7)),
    actions=tuple(f"lesson:{n}" for n in range(1, 7)),
)
# In seconds of this process; each took at least a quarter of one when nothing bounded it.
ENOUGH = 0.15


@pytest.mark.parametrize("typed", ["dạ " * 59, "đi " * 59, "cho là " * 29, "o" * 4096])
def test_words_around_no_answer_are_read_quickly(typed: str) -> None:
    understand("một", MENU)
    began = time.process_time()
    assert understand(typed, MENU) == NotUnderstood()
    assert time.process_time() - began < ENOUGH


@pytest.mark.parametrize("typed", ["4829;" * 800, "g-482913 " * 450, "1 " * 2000, "0." * 2000])
def test_many_numbers_are_looked_through_quickly(typed: str) -> None:
    began = time.process_time()
    look(typed, expecting=MENU)
    assert time.process_time() - began < ENOUGH
