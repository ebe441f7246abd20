"""Secrets that a learner may type, which must never be kept, logged or echoed.

Better one kind warning too many than one number kept; but a phone number, a price, a
date and an answer are typed every day and are no secrets.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from stdnum import luhn

from conversation import disguised, passwords
from conversation.choices import Asked, Understood, understand

SecretKind: TypeAlias = Literal["cccd", "card", "otp", "password"]
_GRAVEST: tuple[SecretKind, ...] = ("cccd", "card", "otp", "password")
HIDDEN = "•••"

# Digits with single spaces, dots or dashes between, and the letters taken for 0 and 1.
_RUN = re.compile(r"(?<![a-z0-9])[0-9oil](?:(?: ?[.\-_] ?| {1,2})?[0-9oil])*(?![a-z0-9])")
_GROUP = re.compile(r"[0-9oil]+")
_LOOKALIKES = str.maketrans("oil", "011")
_AMOUNT_AFTER = re.compile(
    r"\s?(?:%|₫|\$|d\b|k\b|dong\b|vnd\b|ngan\b|nghin\b|tram\b|chuc\b|tr\b|trieu\b|ty\b|ti\b|kg\b|ky\b|"
    r"gam\b|mah\b|met\b|cay\b|km\b|m2\b|tuoi\b|nam\b|phut\b|gio\b|lan\b|nguoi\b|trai\b|con ca\b)"
)
# One code in a thousand looks so, and nearly every price of the market does.
_PRICE = re.compile(r"[1-9][0-9]{2} ?000")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
_DAY_MONTH = r"(?:0?[1-9]|[12][0-9]|3[01])[ .\-](?:0?[1-9]|1[0-2])"
_DOTTED_DATE = re.compile(_DAY_MONTH + r"(?:[ .\-](?:19|20)[0-9]{2}|[.\-][0-9]{2})")
_PHONE = re.compile(
    r"0[235789][0-9]{8}|02[0-9]{9}|(?:00)?84[235789][0-9]{8}|1[89]00(?:[0-9]{4}|[0-9]{6})"
)
_YEAR = re.compile(r"19[0-9]{2}|20[0-3][0-9]")

_IDENTITY = re.compile(r"\b(?:cccd|cmnd|cmt|cmtnd|can cuoc|chung minh|so dinh danh|ma dinh danh)\b")
_ACCOUNT = re.compile(r"\b(?:stk|so tk|so tai khoan|sotk)\b")
_SOME_ACCOUNT = re.compile(r"\b(?:tai khoan|tk)\b")
_CARD = re.compile(
    r"\b(?:so the|the atm|atm|visa|mastercard|napas|the ngan hang|the tin dung|card)\b"
)
_CVV = re.compile(r"\b(?:cvv|cvc|ccv|cvv2)\b[^0-9]{0,12}([0-9]{3,4})\b")
_CODE = re.compile(
    r"\b(?:otp|o t p|0tp|smart otp|ma xac nhan|ma xac thuc|ma xac minh|ma code|code|ma kich hoat|"
    r"ma dang nhap|ma bao mat|ma giao dich|verification|ma ho gui|ma no gui|ma vua gui|ma gui ve|"
    r"ma 6 so|ma sau so|ma 4 so|ma bon so|sms ma)\b"
)
_GOOGLE = re.compile(r"\bg-[0-9]{6}\b")
# What may stand beside a code that is sent alone: "mã nè con: 482913".
_AROUND_CODE = re.compile(
    r"\b(?:da|thua|ma|so|cua|tui|toi|minh|la|day|ne|nha|nhe|nghen|nghe|con|chau|em|oi|do|a|ah|cai|"
    r"no|gui|ve|duoc|vua|roi|di|co|chu|bac|di|ba|ong|nhan|moi|gi|vay|bao|tong dai|hien|may|o|tin)\b"
)
_WORDS_BEFORE, _WORDS_AFTER = 40, 30
_MOST_AROUND_CODE = 300


@dataclass(frozen=True, slots=True)
class Secret:
    """What kind of secret a text holds; never the secret itself."""

    kind: SecretKind


@dataclass(frozen=True, slots=True)
class _Found:
    kind: SecretKind
    start: int
    end: int


def look(text: str, *, expecting: Asked | None) -> Secret | None:
    """The gravest secret that ``text`` holds, or ``None``.

    ``expecting`` is what was last asked: "2134" may be an order, and is then no code.
    Six digits alone are taken for a code, unless they are a price: "200000".
    """
    found = {one.kind for one in _secrets(_even(text), expecting)}
    return next((Secret(kind) for kind in _GRAVEST if kind in found), None)


def redact(text: str) -> str:
    """``text`` with every secret in it replaced by three dots, for the rare place that shows it."""
    even = _even(text)
    kept, shown = 0, []
    for one in sorted(_secrets(even, None), key=lambda one: one.start):
        if one.end > kept:
            shown.append(even[kept : one.start] + HIDDEN if one.start >= kept else "")
            kept = one.end
    return "".join(shown) + even[kept:]


def _even(text: str) -> str:
    """One character for one, with the digits of every script plain."""
    composed = unicodedata.normalize("NFKC", text.replace("\u20e3", "").replace("\ufe0f", ""))
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in composed
        if unicodedata.category(letter) != "Cf"
    )


def _bare(even: str) -> str:
    """``even`` in lower case without marks, of the same length."""
    return "".join(
        unicodedata.normalize("NFD", "d" if letter in "đĐ" else letter.lower())[0]
        for letter in even
    )


def _secrets(even: str, expecting: Asked | None) -> Iterator[_Found]:
    bare = _bare(even)
    taken: list[_Found] = []
    for run in _RUN.finditer(bare):
        taken += _in_run(run, bare, even, expecting)
    taken += [_Found("card", *found.span(1)) for found in _CVV.finditer(bare)]
    taken += [_Found("otp", *found.span()) for found in _GOOGLE.finditer(bare)]
    taken += [_Found(*found) for found in disguised.spans(bare)]
    yield from taken
    for start, end in passwords.spans(even, bare):
        if not any(one.start < end and start < one.end for one in taken):
            yield _Found("password", start, end)


def _in_run(run: re.Match[str], bare: str, even: str, expecting: Asked | None) -> Iterator[_Found]:
    """The secrets in one run of digits. A phone number in it stands for itself."""
    parts: list[list[re.Match[str]]] = [[]]
    if not _PHONE.fullmatch(_digits(run[0])) or _ACCOUNT.search(bare):
        for group in _GROUP.finditer(bare, *run.span()):
            if _PHONE.fullmatch(_digits(group[0])) and not _ACCOUNT.search(bare):
                parts.append([])
            else:
                parts[-1].append(group)
    for part in filter(None, parts):
        start, end = part[0].start(), part[-1].end()
        kind = _kind(bare, start, end, even, expecting)
        if kind:
            yield _Found(kind, start, end)


def _digits(written: str) -> str:
    return "".join(letter for letter in written.translate(_LOOKALIKES) if letter.isdecimal())


def _kind(bare: str, start: int, end: int, even: str, expecting: Asked | None) -> SecretKind | None:
    written = bare[start:end]
    digits = _digits(written)
    if sum(letter.isdecimal() for letter in written) < max(3, 0.6 * len(digits)):
        return None
    before = bare[max(0, start - _WORDS_BEFORE) : start]
    after = bare[end : end + _WORDS_AFTER]
    if _is_identity(digits, bare, before, start, end):
        return "cccd"
    if _is_card(digits, before, after):
        return "card"
    if _is_amount_or_date(written, digits, after):
        return None
    if 4 <= len(digits) <= 8 and _is_code(written, digits, bare, (start, end), even, expecting):
        return "otp"
    return None


def _is_identity(digits: str, bare: str, before: str, start: int, end: int) -> bool:
    """Twelve digits from a province's code on (Circular 59/2021/TT-BCA), or an old card's nine."""
    named = bool(_IDENTITY.search(before) or _IDENTITY.search(bare[end : end + _WORDS_AFTER]))
    if len(digits) == 12:
        return named or 1 <= int(digits[:3]) <= 96
    if len(digits) == 9:
        return named or _is_alone(bare[:start] + bare[end:])
    return False


def _is_card(digits: str, before: str, after: str) -> bool:
    size = len(digits)
    if 8 <= size <= 15 and (_ACCOUNT.search(before) or _ACCOUNT.search(after)):
        return True
    if 9 <= size <= 15 and _SOME_ACCOUNT.search(before) and not _PHONE.fullmatch(digits):
        return True
    if not 13 <= size <= 22:
        return False
    if digits.startswith("9704") or _CARD.search(before):
        return True
    # The last three or four may be the code on the back.
    sizes = {size, 16, size - 3, size - 4}
    return any(13 <= part <= min(size, 19) and luhn.is_valid(digits[:part]) for part in sizes)


def _is_amount_or_date(written: str, digits: str, after: str) -> bool:
    if _AMOUNT_AFTER.match(after) or _THOUSANDS.fullmatch(written):
        return True
    if _DOTTED_DATE.fullmatch(written) or _YEAR.fullmatch(digits):
        return True
    if _PHONE.fullmatch(digits):
        return True
    if len(digits) != 8:
        return False
    try:
        born = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2039


def _is_code(
    written: str,
    digits: str,
    bare: str,
    span: tuple[int, int],
    even: str,
    expecting: Asked | None,
) -> bool:
    start, end = span
    if _CODE.search(bare[max(0, start - _WORDS_BEFORE) : start]):
        return True
    if _CODE.search(bare[end : end + _WORDS_AFTER]):
        return True
    rest = bare[:start] + bare[end:]
    if re.search(r"[0-9]", rest) or not _is_alone(rest):
        return False
    if len(digits) == 6 and not _PRICE.fullmatch(written):
        return True
    if digits.endswith("000") or (len(digits) < 6 and _is_list(written)):
        return False
    return expecting is None or not isinstance(understand(even, expecting), Understood)


def _is_alone(rest: str) -> bool:
    """Whether ``rest`` is no more than what people put around a number that they send alone."""
    short = len(rest) <= _MOST_AROUND_CODE
    return not re.search(r"[a-z]", _AROUND_CODE.sub("", rest) if short else rest)


def _is_list(written: str) -> bool:
    """Small numbers apart, each once: "2 1 3 4" answers something, even if too late."""
    parts = re.split(r"[ .\-_]+", written)
    return len(parts) > 1 and len(set(parts)) == len(parts) and set(parts) <= set("123456")
