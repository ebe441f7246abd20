"""Join codes as people say and type them: four letters, then five digits. Pure.

The signs are those of every code that is said aloud (``people.codes``); letters first, so
that a telephone's keyboard is changed once. No letter is a vowel, so no Vietnamese keyboard
turns two of them into one.
"""

import re

from people.codes import ALPHABET
from vietnamese import fold

_LETTERS = "".join(sign for sign in ALPHABET if sign.isalpha())
_DIGITS = "".join(sign for sign in ALPHABET if sign.isdecimal())
LETTERS, DIGITS = 4, 5
# How many different codes there are: some forty millions.
COUNT = len(_LETTERS) ** LETTERS * len(_DIGITS) ** DIGITS
# What was heard or seen for one of the letters.
_MEANT = str.maketrans("SCQNPGVR8", "XKKMBDDDB")
_CONSONANT = "[b-df-hj-np-tvwxz]"
_GAP = r"[ .\-]{0,2}"
_ALONE = r"[ .\-]"
# Four consonants and five signs with at least three digits: a code, or a slip of the finger
# in one, which deserves another answer than "I do not understand". The letters stand together
# or each alone, and then no single sign is around them: it is no part of a longer code.
_CODE = re.compile(
    rf"(?<![a-z0-9])(?:{_CONSONANT * LETTERS}"
    rf"|(?<![^a-z0-9][a-z0-9]{_ALONE}){_ALONE.join([_CONSONANT] * LETTERS)})"
    rf"{_GAP}(?=(?:[a-z .\-]*[0-9]){{3}}){_GAP.join(['[a-z0-9]'] * DIGITS)}"
    rf"(?![a-z0-9]|{_ALONE}[a-z0-9](?![a-z0-9]))"
)
# In a link: join with this code. The rest of the payload is the code.
_PAYLOAD = "ma-"
_LONGEST = 80


def make(seed: int) -> str:
    """The code of a number from 0; every ``COUNT`` numbers it comes again."""
    code = ""
    for letters, count in ((_DIGITS, DIGITS), (_LETTERS, LETTERS)):
        for _ in range(count):
            seed, place = divmod(seed, len(letters))
            code = letters[place] + code
    return code


def spaced(code: str) -> str:
    """As it is shown: two groups, "KMXB 74925"."""
    return f"{code[:LETTERS]} {code[LETTERS:]}"


def find(text: str) -> str:
    """The code that a short line holds, in whatever case and with whatever gaps, or what was
    meant for one; else "".
    """
    found = _CODE.search(f" {fold(text)}") if len(text) <= _LONGEST else None
    if found is None:
        return ""
    code = re.sub(r"[^a-z0-9]", "", found[0]).upper()
    return code[:LETTERS].translate(_MEANT) + code[LETTERS:]


def to_payload(code: str) -> str:
    return f"{_PAYLOAD}{code.lower()}"


def of_payload(payload: str) -> str:
    """The code that a link carries, or ""."""
    return find(payload.removeprefix(_PAYLOAD)) if payload.startswith(_PAYLOAD) else ""
