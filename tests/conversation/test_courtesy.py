"""A wish is found inside the politeness around it."""

import pytest

from conversation.courtesy import without_courtesy


@pytest.mark.parametrize(
    ("said", "wished"),
    [
        ("con oi giup di voi", "giup"),
        ("hoc tiep di con", "hoc tiep"),
        ("da con oi", ""),
        ("lam sao cho chu to len", "lam sao cho chu to len"),
        ("", ""),
    ],
)
def test_words_of_politeness_are_taken_from_both_ends_only(said: str, wished: str) -> None:
    assert without_courtesy(said) == wished
