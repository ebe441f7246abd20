"""From one typed line to the hamlets it names: "ấp 1, 2, 3, khóm Mỹ Tây"."""

import re
from dataclasses import dataclass

from people.names import Unfit, clean
from places.model import HamletKind
from vietnamese import fold

_MOST_OF_A_NAME = 30
_PARTS = re.compile(r"[,;\n]|\bvà\b")
# Folded, the longest first: "kp 3" and "khu pho 3" are one.
_SAID: dict[str, HamletKind] = {
    "khu pho": "khu_pho", "kp": "khu_pho", "khom": "khom", "k": "khom", "ap": "ap",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hamlets:
    """Those that were named, each once, and what could be no name, as it was typed."""

    named: tuple[tuple[HamletKind, str], ...]
    unfit: tuple[str, ...]


def read_hamlets(typed: str, *, is_ward: bool) -> Hamlets:
    """A kind that is said once goes on for what follows; left out, a ward has khóm and a
    commune ấp.
    """
    kind: HamletKind = "khom" if is_ward else "ap"
    named: dict[tuple[HamletKind, str], tuple[HamletKind, str]] = {}
    unfit = []
    for part in filter(str.strip, _PARTS.split(typed)):
        kind, rest = _kind(part.strip(), kind)
        try:
            name = _name(rest)
        except Unfit:
            unfit.append(part.strip()[:_MOST_OF_A_NAME])
            continue
        named.setdefault((kind, fold(name)), (kind, name))
    return Hamlets(tuple(named.values()), tuple(unfit))


def _kind(part: str, before: HamletKind) -> tuple[HamletKind, str]:
    words = part.split()
    for said, kind in _SAID.items():
        size = len(said.split())
        if len(words) > size and fold(" ".join(words[:size])) == said:
            return kind, " ".join(words[size:])
    return before, part


def _name(rest: str) -> str:
    """A number is a name here: ấp 3. Raises ``Unfit``."""
    if rest.isdecimal() and len(rest) <= 3:
        return str(int(rest))
    return clean(rest, _MOST_OF_A_NAME)
