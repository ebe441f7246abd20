"""Numbers of identity cards, cards and codes that no plain run of digits shows.

A learner copies a card line by line, sets commas between, leaves a space out
("cccd079…"), or speaks the digits to the keyboard. Looked for without context, so only
what can hardly be anything else: lottery numbers, dates, prices and phones are not.
"""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from stdnum import luhn

Kind: TypeAlias = Literal["cccd", "card", "otp"]

# Twelve digits together, whatever letters or other numbers stand beside them.
_TOGETHER = re.compile(r"(?<![0-9])(?:[0-9]{12}|[0-9]{16})(?![0-9])")
# The same sign, or the same few, between groups of digits of which none is a day or an hour.
_PARTED = re.compile(
    r"(?<![0-9])(?:"
    r"[0-9]{3,8}(?P<sign>[^0-9a-z]{1,3})[0-9]{3,8}(?:(?P=sign)[0-9]{3,8}){0,4}"
    r"|[0-9](?P<mark>[^0-9a-z]{1,3})[0-9](?:(?P=mark)[0-9]){10,14}"
    r")(?![0-9])"
)
_CODE = re.compile(r"\b(?:otp|cvv|cvc|ma so|ma pin|pin)(?P<value>[0-9]{4,8})(?![0-9])")
_NAMES = {
    "khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4",
    "nam": "5", "lam": "5", "sau": "6", "bay": "7", "tam": "8", "chin": "9",
}  # fmt: skip
_NAME = "(?:" + "|".join(_NAMES) + ")"
# Up to five digit names in a row may answer a question or count something.
_SPOKEN = re.compile(rf"\b{_NAME}(?:[ ,.\-]{{1,2}}{_NAME}){{5,15}}\b")
_CODE_BEFORE = re.compile(r"\b(?:otp|ma xac nhan|ma xac thuc|ma so|pin|mat khau)\b[^0-9]{0,30}$")
_WORDS_BEFORE = 45


def spans(bare: str) -> Iterator[tuple[Kind, int, int]]:
    """What is found and where, in text in lower case without marks."""
    for found in (*_TOGETHER.finditer(bare), *_PARTED.finditer(bare)):
        kind = _kind("".join(re.findall("[0-9]", found[0])))
        if kind:
            yield kind, found.start(), found.end()
    for found in _CODE.finditer(bare):
        yield "otp", *found.span("value")
    for found in _SPOKEN.finditer(bare):
        digits = "".join(_NAMES[name] for name in re.findall("[a-z]+", found[0]))
        kind = _kind(digits)
        before = bare[max(0, found.start() - _WORDS_BEFORE) : found.start()]
        if not kind and 6 <= len(digits) <= 8 and _CODE_BEFORE.search(before):
            kind = "otp"
        if kind:
            yield kind, found.start(), found.end()


def _kind(digits: str) -> Kind | None:
    """Twelve digits from a province's code on (Circular 59/2021/TT-BCA), or a card's sixteen."""
    if len(digits) == 12 and digits[0] == "0" and 1 <= int(digits[:3]) <= 96:
        return "cccd"
    if len(digits) == 16 and (digits.startswith("9704") or luhn.is_valid(digits)):
        return "card"
    return None
