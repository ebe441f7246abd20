"""Codes that are read aloud and typed with one finger: never taken for anything else."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation import guard
from conversation.asked import Asked
from conversation.choices import NotUnderstood, understand
from lessons.urgent import is_urgent
from people import codes

OPTIONS = ("Tự làm ở nhà", "Ra công an xã", "Nhờ hàng xóm", "Không cần")
ASKED = (
    Asked(labels=("Học tiếp", "Chọn bài khác"), actions=("next", "learn")),
    Asked(
        labels=("Bác", "Ông", "Bà", "Cô", "Chú", "Dì", "Anh", "Chị", "Bạn"),
        actions=("a", "b", "c", "d", "e", "f", "g", "h", "i"),
    ),
    Asked(labels=OPTIONS, actions=("a", "b", "c", "d"), graded=True),
    Asked(kind="several", labels=OPTIONS, actions=("a", "b", "c", "d"), base="pick:1"),
    Asked(kind="order", labels=OPTIONS, actions=("a", "b", "c", "d"), base="rank:1"),
)


def made(seed: int, signs: int) -> str:
    luck = random.Random(seed)
    return codes.make(signs, lambda: luck.randrange(2**31))


SIGNS = st.sampled_from([codes.COHORT_SIGNS, codes.INVITATION_SIGNS])
ANY = st.builds(made, st.integers(0, 2**31), SIGNS)


@given(ANY)
def test_a_code_has_only_signs_that_neither_eye_nor_ear_confuses(code: str) -> None:
    assert set(code) <= set(codes.ALPHABET)
    assert set(codes.ALPHABET).isdisjoint("01OILAEUY8CQNSPGVR")


@given(ANY)
def test_a_code_is_known_again_however_it_is_typed(code: str) -> None:
    spaced = codes.spaced(code)
    for typed in (
        code,
        code.lower(),
        spaced,
        spaced.lower(),
        spaced.replace(" ", "-"),
        f"mã lớp {spaced}",
        f"Ma lop: {code.lower()}",
        f"  vào lớp {spaced} ",
    ):
        assert codes.read(typed) == code
        assert codes.meant(typed) == code


@given(ANY)
def test_a_typed_code_is_no_secret_no_answer_and_no_emergency(code: str) -> None:
    for typed in (code, codes.spaced(code).lower(), f"mã lớp {codes.spaced(code)}"):
        assert guard.look(typed, expecting=None) is None
        assert [understand(typed, asked) for asked in ASKED] == [NotUnderstood()] * len(ASKED)
        assert not is_urgent(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("C7N2SĐ", "K7M2XD"),  # heard as K, M, X
        ("k7m 2xd", "K7M2XD"),
        ("q7m 2sd", "K7M2XD"),
        ("K7M-2XD", "K7M2XD"),
        ("k 7 m 2 x d", "K7M2XD"),
        ("K7M2X8", "K7M2XB"),
    ],
)
def test_a_sign_that_is_not_ours_is_taken_for_the_one_it_sounds_like(typed: str, code: str) -> None:
    assert codes.read(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "t2 t4 t6", "T3 T5 T7 nha", "235679", "482913", "tk 2345", "DT 2345", "2 3 4 5",
        "xin chao", "KHONGB", "cau 2 b", "chọn 2b", "22h30", "0907123456", "K7M 2XDD", "bác Hai",
        "K7M20D", "a" * 200, "mã otp 482913", "đmhkbx",
    ],
)  # fmt: skip
def test_what_is_no_code_is_not_read_as_one(typed: str) -> None:
    assert codes.read(typed) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mã lớp abc 12", "ABC12"),
        ("ma moi 0o1i2l", "0O1I2L"),
        ("mã lớp của tôi", ""),
        ("ma lop la gi", ""),
        ("lớp 5", ""),
    ],
)
def test_a_mistyped_code_that_is_called_one_is_told_so(typed: str, meant: str) -> None:
    assert codes.meant(typed) == meant


def test_a_fingerprint_is_the_same_again_another_for_another_and_holds_nothing_of_the_code() -> (
    None
):
    one = codes.fingerprint("K7M2XDH4T9BK")

    assert one == codes.fingerprint("K7M2XDH4T9BK")
    assert one != codes.fingerprint("K7M2XDH4T9BD")
    assert len(one) == 64
    assert "K7M" not in one.upper()
