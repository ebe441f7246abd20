import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đúng rồi!", "dung roi"),
        ("đ Đ", "d d"),
        (unicodedata.normalize("NFD", "Lỡ đọc mã OTP"), "lo doc ma otp"),
        ("ＡＢＣ１２", "abc12"),
        ("  Chuyển   khoản…\n", "chuyen khoan"),
        ("1. Câu_một", "1 cau mot"),
        ("khoá khóa", "khoa khoa"),
        ("👍", ""),
        ("", ""),
    ],
)
def test_text_is_folded_to_bare_words(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aàảãáạăằâầđeèêềiìoòôồơờuùưừyỳ ĐẠỐ"))
def test_composed_and_decomposed_text_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
