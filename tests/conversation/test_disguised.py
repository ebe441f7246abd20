"""Secrets that no plain run of digits shows, and the everyday numbers that look most like them."""

import pytest

from conversation.guard import look, redact

CARD_LINE = "Nguyễn Văn A 01/01/1956 079056001234 Cần Thơ"
SECRETS = {
    CARD_LINE: "cccd",
    "079056\n001234": "cccd",
    "079\n056\n001\n234": "cccd",
    "079,056,001,234": "cccd",
    "079, 056, 001, 234": "cccd",
    "079/056/001/234": "cccd",
    "079 – 056 – 001 – 234": "cccd",
    "079\t056\t001\t234": "cccd",
    "0,7,9,0,5,6,0,0,1,2,3,4": "cccd",
    "cccd079056001234": "cccd",
    "số079056001234nha con": "cccd",
    "không bảy chín không năm sáu không không một hai ba bốn": "cccd",
    "khong bay chin khong nam sau khong khong mot hai ba bon": "cccd",
    "4111\n1111\n1111\n1111": "card",
    "the4111111111111111": "card",
    "otp482913": "otp",
    "mã OTP của con là bốn tám hai chín một ba": "otp",
    "pin 482913": "password",
}
EVERYDAY = (
    "02, 03, 05, 07, 08, 09",
    "08/11/2026 07:30",
    "07:30, 08:15, 09:45",
    "0912345678, 0987654321",
    "079,056,001 đồng",
    "một hai ba bốn năm sáu",
    "không hai ba năm sáu bảy tám chín không một",
    "pin 5000 mah",
    "tin 0292 3812345, 0292 3812346",
    "1. 2. 3. 4. 5. 6. 7. 8. 9. 10. 11. 12.",
)


@pytest.mark.parametrize(("typed", "kind"), SECRETS.items())
def test_secret_is_known_in_disguise(typed: str, kind: str) -> None:
    found = look(typed, expecting=None)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("typed", SECRETS)
def test_redacted_text_holds_none_of_it(typed: str) -> None:
    assert look(redact(typed), expecting=None) is None


@pytest.mark.parametrize("typed", EVERYDAY)
def test_everyday_numbers_are_no_secret(typed: str) -> None:
    assert look(typed, expecting=None) is None
