"""Names that people give: kept as they are meant, or refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.hamlet_names import read_hamlets
from people.names import MOST_OF_A_NAME, Unfit, clean


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bà Sáu Lành", "bà Sáu Lành"),
        ("  bà   Sáu \n Lành ", "bà Sáu Lành"),
        ("ba\u0300 Sa\u0301u", "bà Sáu"),
        ("\u202eháu\u202c Tư", "háu Tư"),
        ("bà\u200bSáu\ufeff", "bàSáu"),
        ("chú Tư (Hải), ấp 3", "chú Tư (Hải), ấp 3"),
        ("lớp năm 2026", "lớp năm 2026"),
        ("Năm", "Năm"),
        ("Lớp TP.HCM 2", "Lớp TP.HCM 2"),
        ("Ng.V.Ba", "Ng.V.Ba"),
        ("Cô T.Hoa", "Cô T.Hoa"),
        ("P.Tân An", "P.Tân An"),
    ],
)
def test_a_name_is_kept_composed_on_one_line_and_visible(typed: str, name: str) -> None:
    assert clean(typed) == name


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("\u200b\u202e", "empty"),
        ("...", "empty"),
        ("👍👍", "empty"),
        ("dong y", "empty"),
        ("Không", "empty"),
        ("0907123456", "digits"),
        ("bà Sáu 0907 123 456", "digits"),
        ("Sáu 0.9.0.7.1.2.3", "digits"),
        ("079203001234", "digits"),
        ("bà Sáu ０９０７１２３", "digits"),
        ("b" * (MOST_OF_A_NAME + 1), "long"),
        ("Lành " * 50, "long"),
        ("<script>alert(1)</script>", "signs"),
        ("bà Sáu <b>", "signs"),
        ("bà & Sáu {{ ban }}", "signs"),
        ("Sáu https://x.vn", "signs"),
        ("bà Sáu 🌸", "signs"),
        ("nhan-qua-tet.com", "signs"),
        ("Bà Sáu bit.ly/abc12", "signs"),
        ("t.me/nhanqua", "signs"),
        ("QUA-TANG.TOP", "signs"),
        ("Nhậnquà.vn", "signs"),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(typed: str, fault: str) -> None:
    with pytest.raises(Unfit) as unfit:
        clean(typed)

    assert unfit.value.fault == fault


@given(st.text(max_size=80))
def test_whatever_is_typed_a_name_is_short_on_one_line_and_without_markup(typed: str) -> None:
    try:
        name = clean(typed)
    except Unfit:
        return
    assert 1 <= len(name) <= MOST_OF_A_NAME
    assert set(name).isdisjoint('<>{}"\n\r\t\u202e\u200b')
    assert sum(letter.isdigit() for letter in name) <= 4


@pytest.mark.parametrize(
    ("typed", "is_ward", "named", "unfit"),
    [
        ("ấp 1, ấp 2", False, [("ap", "1"), ("ap", "2")], 0),
        ("ap 1, 2,3", False, [("ap", "1"), ("ap", "2"), ("ap", "3")], 0),
        ("1, 2", True, [("khom", "1"), ("khom", "2")], 0),
        ("ấp 1, khóm Mỹ Tây và khu phố 3", False, [("ap", "1"), ("khom", "Mỹ Tây"), ("khu_pho", "3")], 0),
        ("KP 4; kp 5", True, [("khu_pho", "4"), ("khu_pho", "5")], 0),
        ("ấp Đông, ap dong", False, [("ap", "Đông")], 0),
        ("ấp 01", False, [("ap", "1")], 0),
        ("ấp 1, <b>, 0907123456", False, [("ap", "1")], 2),
        ("", False, [], 0),
        (" , ;", False, [], 0),
    ],
)  # fmt: skip
def test_one_line_names_several_hamlets(
    typed: str, is_ward: bool, named: list[tuple[str, str]], unfit: int
) -> None:
    found = read_hamlets(typed, is_ward=is_ward)

    assert (list(found.named), len(found.unfit)) == (named, unfit)
