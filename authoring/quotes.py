"""Telling the tutor's own words from those that it only quotes."""

import re
from typing import NamedTuple

_QUOTED = re.compile(r"“[^“”]*”")


class Remark(NamedTuple):
    """What a language rule found: at which character, what is wrong and what to do."""

    place: int
    message: str
    advice: str


def outside_quotes(text: str) -> str:
    """The text with what stands in “ ” blanked out, every place kept."""
    if "“" not in text:
        return text
    return _QUOTED.sub(lambda quoted: " " * len(quoted.group()), text)
