"""A wish is found inside the politeness around it."""

import pytest

from conversation.courtesy import wishes, without_courtesy


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


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("ket qua con oi", ["ket qua con oi", "ket qua con", "ket qua", "ket"]),
        ("con oi giup", ["con oi giup", "oi giup", "giup"]),
        ("tiep", ["tiep"]),
        ("da", ["da"]),
        ("", []),
    ],
)
def test_a_wish_is_heard_with_as_much_politeness_as_belongs_to_it(
    said: str, heard: list[str]
) -> None:
    assert list(wishes(said)) == heard
