"""Notebook codes as they are made, said and typed."""

import pytest

from conversation import guard
from handlers import notebook_codes as codes
from lessons.search import is_urgent
from people import codes as others


def test_numbers_give_different_codes_of_four_letters_and_five_digits() -> None:
    made = [codes.make(number) for number in (*range(5000), codes.COUNT - 1)]

    assert len(set(made)) == len(made)
    assert codes.make(codes.COUNT) == codes.make(0) == "BBBB22222"
    assert codes.make(codes.COUNT - 1) == "XXXX99999"
    assert {(code[:4].isalpha(), code[4:].isdigit(), len(code)) for code in made} == {
        (True, True, 9)
    }


def test_codes_have_the_signs_of_all_codes_that_are_said_aloud() -> None:
    signs = {sign for number in range(0, codes.COUNT, 9973) for sign in codes.make(number)}

    assert signs == set(others.ALPHABET)


@pytest.mark.parametrize("number", range(0, codes.COUNT, codes.COUNT // 50))
def test_a_code_is_neither_that_of_a_class_nor_an_invitation(number: int) -> None:
    assert others.read(codes.spaced(codes.make(number))) == ""


@pytest.mark.parametrize("signs", [others.COHORT_SIGNS, others.INVITATION_SIGNS])
def test_the_code_of_a_class_or_an_invitation_is_none(signs: int) -> None:
    made = [others.make(signs, iter(range(n, n + 400)).__next__) for n in range(0, 2000, 17)]

    assert {codes.find(f"mã {others.spaced(code)}") for code in made} == {""}
    assert {codes.find(code) for code in made} == {""}
    assert {codes.find(" ".join(code)) for code in made} == {""}


@pytest.mark.parametrize(
    "typed",
    [
        "KMXB74925", "kmxb 74925", "KMXB-74925", "k m x b 7 4 9 2 5", "KMXB. 74925",
        "mã học KMXB 74925", "ma hoc cua toi la kmxb74925", "mã học của tui: kmxb 74925 nha con",
        "(KMXB 74925)", "KMXB 749 25", "knsp 74925", "cmxp 74925",
    ],
)  # fmt: skip
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert codes.find(typed) == "KMXB74925"
    # What nobody may type is looked for first, and emergencies too.
    assert guard.look(typed, expecting=None) is None
    assert not is_urgent(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("KMXB 74901", "KMXB74901"), ("kmxb-7o925", "KMXB7O925"), ("KMXB 74 9 x 5", "KMXB749X5")],
)
def test_a_slip_of_the_finger_is_still_meant_for_a_code(typed: str, code: str) -> None:
    assert codes.find(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "", "2", "hai", "mã học", "ngày 23456", "kênh 23456", "thêm 33333", "trên 24697",
        "KMXB 7492", "KMX 74925", "KMXB 749253", "xKMXB74925", "KMXI 74925", "0912345678",
        "482913", "kmxb tuan", "kmxb than1", "KMXB", "sinh năm 1960", "66F1 234.56",
        "tết 2026 có học không", "KMXB 74925 " + "x" * 80,
    ],
)  # fmt: skip
def test_what_people_type_otherwise_is_no_code(typed: str) -> None:
    assert codes.find(typed) == ""


def test_a_link_carries_a_code() -> None:
    assert codes.of_payload(codes.to_payload("KMXB74925")) == "KMXB74925"


@pytest.mark.parametrize(
    "payload", ["", "ma-", "ma-1", "hoc-gia-shipper", "kmxb74925", "ma-kmxb749"]
)
def test_a_link_without_a_code_carries_none(payload: str) -> None:
    assert codes.of_payload(payload) == ""
