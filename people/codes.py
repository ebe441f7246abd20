"""Codes that are read aloud, copied from a poster, typed with one finger.

Fourteen signs, each unlike the others to the eye and to the ear: no 0 or O, no 1, I or L, no
vowel (so no word comes out), of the letters that sound alike in some part of the country only
one (K for C and Q, M for N, X for S, D for Đ, G, V and R, B for P), no 8 beside B.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from vietnamese import fold

ALPHABET: Final = "BDHKMTX2345679"
COHORT_SIGNS: Final = 6
INVITATION_SIGNS: Final = 12

_LETTERS = frozenset("BDHKMTX")
_GROUP = 3
# What people type around a code; folded, in front.
_LEADS = ("ma lop hoc", "ma lop", "ma moi", "vao lop", "lop", "ma")
# Signs that are not in the alphabet and can only have been meant for one that is.
_MEANT = str.maketrans({"8": "B", "S": "X", "C": "K", "Q": "K", "N": "M", "P": "B"})
_SPOKEN = re.compile(r"[a-z0-9 ]+")


def make(signs: int, seed: Callable[[], int]) -> str:
    """A new code: at least two letters and a digit, and none right after it said alike.

    ``seed()`` gives unforeseeable numbers. All digits would look like an OTP.
    """
    while True:
        code = "".join(ALPHABET[seed() % len(ALPHABET)] for _ in range(signs))
        letters = sum(sign in _LETTERS for sign in code)
        if 2 <= letters < signs:
            return code


def spaced(code: str) -> str:
    """As it is shown and said: "K7M 2XD"."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def read(typed: str) -> str:
    """The code in what somebody typed, or "" when it can be none.

    Any case, any spaces and dashes, "mã lớp" before it; a sign that was heard or seen as
    another of its kind is put right.
    """
    said = fold(typed)
    lead = next((one for one in _LEADS if said.startswith(f"{one} ")), "")
    code = _signs(said.removeprefix(lead))
    return code or _signs(said)


def _signs(said: str) -> str:
    if not _SPOKEN.fullmatch(said) or len(said) > 2 * INVITATION_SIGNS:
        return ""
    code = said.replace(" ", "").upper()
    if len(code) not in (COHORT_SIGNS, INVITATION_SIGNS):
        return ""
    # A code has a digit, and words have none.
    if code.isalpha() or code.isdecimal():
        return ""
    code = code.translate(_MEANT)
    return code if set(code) <= set(ALPHABET) else ""


def fingerprint(code: str) -> str:
    """What is kept of an invitation's code: it can be known again, and not read back.

    Stretched, so that whoever steals the database cannot try all codes in time; a few
    milliseconds, once an invitation.
    """
    return hashlib.pbkdf2_hmac("sha256", code.encode(), b"hocso.invitation", 20_000).hex()
