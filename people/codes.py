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
HOUSEHOLD_SIGNS: Final = 8
INVITATION_SIGNS: Final = 12

_LETTERS = frozenset("BDHKMTX")
_GROUP = 3
# "T2 T4 T6" are days of the week.
_DAYS = re.compile(r"(?:T[2-7]){2,}")
# What people type around a code; folded, in front.
_LEADS = ("ma lop hoc", "ma lop", "ma moi", "vao lop", "ma gia dinh", "ma nha", "lop", "ma")
_NAMING = 3  # of them, those that can be followed by nothing else
# Signs that are not in the alphabet and can only have been meant for one that is.
_MEANT = str.maketrans({"8": "B", "S": "X", "C": "K", "Q": "K", "N": "M", "P": "B"})
_SPOKEN = re.compile(r"[a-z0-9 ]+")


def make(signs: int, seed: Callable[[], int]) -> str:
    """A new code, of letters for the half at least: all digits would look like an OTP, and
    "TK 2345" is an account.

    ``seed()`` gives unforeseeable numbers below 2**31; two of them are more than any code holds.
    """
    while True:
        # Spread by a hash, so that seeds which are near to one another make no codes that are.
        spread = hashlib.sha256(f"{seed()}.{seed()}".encode()).digest()
        number = int.from_bytes(spread, "big")
        code = ""
        for _ in range(signs):
            number, place = divmod(number, len(ALPHABET))
            code += ALPHABET[place]
        if _may_be(code):
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
    return _signs(said.removeprefix(lead))


def meant(typed: str) -> str:
    """As ``read``, but words that name a code, such as "mã lớp ABC 12", are taken for one even
    when no code looks like that: who mistyped is told so.
    """
    said = fold(typed)
    lead = next((one for one in _LEADS[:_NAMING] if said.startswith(f"{one} ")), "")
    rest = said.removeprefix(lead).replace(" ", "").upper()
    if lead and 4 <= len(rest) <= INVITATION_SIGNS and any(sign.isdecimal() for sign in rest):
        return read(typed) or rest
    return read(typed)


def _signs(said: str) -> str:
    if not _SPOKEN.fullmatch(said) or len(said) > 2 * INVITATION_SIGNS:
        return ""
    code = said.replace(" ", "").upper()
    if len(code) not in (COHORT_SIGNS, HOUSEHOLD_SIGNS, INVITATION_SIGNS):
        return ""
    if code.isalpha():
        return ""  # a word, whose letters are not to be put right
    code = code.translate(_MEANT)
    return code if set(code) <= set(ALPHABET) and _may_be(code) else ""


def _may_be(code: str) -> bool:
    letters = sum(sign in _LETTERS for sign in code)
    return len(code) / 2 <= letters < len(code) and not _DAYS.search(code)


def fingerprint(code: str) -> str:
    """What is kept of an invitation's code: it can be known again, and not read back.

    Stretched, so that whoever steals the database cannot try all codes in time; a few
    milliseconds, once an invitation.
    """
    return hashlib.pbkdf2_hmac("sha256", code.encode(), b"hocso.invitation", 20_000).hex()
