"""Secrets are seen in every disguise, and everyday numbers are left alone."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conversation.asked import Asked
from conversation.guard import HIDDEN, look, redact

TABLE: dict[str, dict[str, str]] = yaml.load(
    (Path(__file__).parent / "secrets.yaml").read_text("utf-8"), Loader=yaml.BaseLoader
)
STEPS = Asked(
    kind="order", graded=True, labels=("Mở ứng dụng", "Nhập số tiền", "Đọc tên", "Bấm gửi")
)


def kind_of(text: str, expecting: Asked | None) -> str:
    secret = look(text, expecting=expecting)
    return secret.kind if secret else ""


@pytest.mark.parametrize(("typed", "kind"), TABLE["alone"].items())
def test_secret_is_known_by_its_look(typed: str, kind: str) -> None:
    assert kind_of(typed, None) == kind


@pytest.mark.parametrize(("typed", "kind"), TABLE["after"].items())
def test_digits_that_answer_are_no_secret(typed: str, kind: str) -> None:
    assert kind_of(typed, STEPS) == kind


@pytest.mark.parametrize("typed", [typed for typed, kind in TABLE["alone"].items() if kind])
def test_redacted_text_holds_no_secret(typed: str) -> None:
    hidden = redact(typed)
    assert HIDDEN in hidden
    assert kind_of(hidden, None) == ""


@pytest.mark.parametrize("typed", [typed for typed, kind in TABLE["alone"].items() if not kind])
def test_text_without_a_secret_is_shown_whole(typed: str) -> None:
    assert redact(typed) == typed


@given(st.text(), st.none() | st.just(STEPS))
def test_any_text_is_looked_at_without_a_fault(typed: str, expecting: Any) -> None:
    look(typed, expecting=expecting)
    redact(typed)


@given(
    st.integers(1, 96),
    st.integers(0, 999_999_999),
    st.sampled_from(("{}", "{} nha con", "cccd {}", "của tui là {}, coi dùm")),
    st.sampled_from(("", " ", ".", "-")),
)
def test_every_citizen_number_is_seen(province: int, rest: int, way: str, join: str) -> None:
    digits = f"{province:03}{rest:09}"
    written = join.join(digits[at : at + 3] for at in range(0, 12, 3))
    assert kind_of(way.format(written), None) == "cccd"


@given(st.integers(0, 999_999))
def test_six_digits_alone_are_a_code_unless_they_are_whole_thousands(code: int) -> None:
    is_price = code >= 100_000 and code % 1000 == 0
    assert kind_of(f"{code:06}", STEPS) == ("" if is_price else "otp")
