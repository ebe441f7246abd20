"""Where a text gives a password away, and where it only speaks of one."""

import re
from collections.abc import Iterator

_KEY = r"\b(?:mat khau|matkhau|mk|pass ?word|pass ?code|pass|pwd|ma pin|ma so pin|ma mo khoa|ma khoa)\b"
# Whose, or what for: "mật khẩu vneid của tui là".
_OF = (
    r"(?:[ ,]+(?:cua|tui|toi|minh|con|chau|em|bac|co|chu|ong|ba|di|anh|chi|vneid|zalo|facebook|fb|"
    r"ngan hang|the|app|email|gmail|moi|cu|wifi|dien thoai|may|dang nhap|banking|momo|vietcombank|"
    r"agribank|bidv|vietinbank|icloud|google|youtube|cong dich vu cong|dich vu cong|day|ne|nha|do|"
    r"cap 2|muc 2|tai khoan|thi|bi lo)\b){0,5}"
)
_VALUE = r"(?P<value>[^\s,;•]{2,})"
_GIVEN = re.compile(_KEY + _OF + r"\s*(?P<link>[:=]|\b(?:la|thanh|bang)\b\s*:?|\s)\s*" + _VALUE)
# Alone, "pin" is a battery.
_PIN = re.compile(
    r"\bpin\b"
    + _OF
    + r"\s*(?:[:=]|\bla\b\s*:?|\s(?=[0-9]{6}\b))\s*(?P<value>[0-9]{4,6})\b(?!\s?(?:%|mah))"
)
_AMOUNT = re.compile(r"[0-9.,]+(?:k|tr|d|ngan|trieu|%)?")
# One Vietnamese syllable without marks: as a value it is most likely the next word of a sentence.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?"
    r"[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_QUESTIONS = frozenset(
    (
        "gi",
        "sao",
        "j",
        "gif",
        "z",
        "nao",
        "chi",
        "quen",
        "gi?",
        "ai",
        "dau",
        "otp",
        "khong",
        "ko",
        "hong",
    )
)


def spans(even: str, bare: str) -> Iterator[tuple[int, int]]:
    """Where the passwords stand. ``bare`` is ``even`` in lower case without marks, as long."""
    for found in _PIN.finditer(bare):
        yield found.span("value")
    for found in _GIVEN.finditer(bare):
        start, end = found.span("value")
        value = even[start:end].rstrip(".,;!?)”\"'")
        if value and _is_given(value, found["link"].strip(), found["value"].rstrip(".,;!?)”\"'")):
            yield start, start + len(value)


def _is_given(value: str, link: str, bare: str) -> bool:
    if not bare or bare in _QUESTIONS:
        return False
    digits = any(letter.isdecimal() for letter in value)
    if link in {":", "="} or link.endswith(":"):
        return len(value) >= 3
    if digits:
        amount = _AMOUNT.fullmatch(bare)
        return len(value) >= 4 and not (amount and not bare.isdecimal())
    if not link:
        return len(value) >= 6 and bool(re.search(r"[@#!$%^&*_]", value))
    return len(bare) >= 5 and not _SYLLABLE.fullmatch(bare)
