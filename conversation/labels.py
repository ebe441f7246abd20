"""The labels of one question as words, and where a whole label was typed.

Marks decide only between labels that are equal without them, and guard labels of one
word, where a mark is all that tells "đừng" from "Đúng".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from conversation.around import NOT
from conversation.asked import Asked
from conversation.typed import Phrases, Token, Word, tokens, words

# The short forms that phones taught everybody.
_SHORT = {
    "dc": "được", "đc": "được", "dk": "được", "đk": "được", "ng": "người", "tk": "tài khoản",
    "ck": "chuyển khoản|chuyển tiền", "nh": "ngân hàng", "dt": "điện thoại", "đt": "điện thoại",
    "mk": "mật khẩu", "tn": "tin nhắn", "vs": "với", "j": "gì", "z": "vậy", "lun": "luôn",
    "thui": "thôi", "rui": "rồi", "rùi": "rồi", "thiệt": "thật", "hok": "không", "ko": "không",
    "k": "không", "kg": "không", "hông": "không", "hổng": "không", "hong": "không",
    "hỏng": "không", "khum": "không", "hem": "không", "kh": "không", "bik": "biết",
    "biet": "biết", "wa": "quá", "gd": "gia đình", "cty": "công ty",
    "nhắng": "nhắn", "dô": "vào", "vô": "vào", "zô": "vào", "coi": "xem", "kêu": "gọi",
    "bự": "to", "nhứt": "nhất", "nhơn": "nhân", "chánh": "chính", "tánh": "tính", "app": "ứng dụng",
    "link": "đường dẫn", "biểu": "bảo", "típ": "tiếp", "lợi": "lại",
}  # fmt: skip
_EXPANSIONS: dict[str, tuple[tuple[Word, tuple[Word, ...]], ...]] = {}
for _short, _longs in _SHORT.items():
    for _long in _longs.split("|"):
        _key = words(_short)[0]
        _EXPANSIONS[_key.bare] = (*_EXPANSIONS.get(_key.bare, ()), (_key, words(_long)))

_ASKS = Phrases(("gì", "sao", "nào", "ai", "đâu", "bao nhiêu", "mấy", "đừng", "chưa", "rồi"))
_CAPITALS = re.compile(r"[^\W\d_]*[A-Z][^\W\d_]*[A-Z]|\d")
# Many learners stand before the same menu; taking its labels apart once is enough.
_QUESTIONS = 512


@dataclass(frozen=True, slots=True)
class Label:
    """One way to say a choice: its place, its words, and those that are abbreviations."""

    place: int
    words: tuple[Word, ...]
    pauses: tuple[bool, ...]
    striking: frozenset[str]
    spelt: bool = False
    bare: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "bare", tuple(one.bare for one in self.words))


@lru_cache(maxsize=_QUESTIONS)
def labels_of(asked: Asked) -> tuple[Label, ...]:
    """Every label, then the short words that stand for them."""
    found = [_label(place, label) for place, label in enumerate(asked.labels)]
    for place, shorts in enumerate(asked.short):
        found += [_label(place, short) for short in shorts.split("|") if short.strip()]
    return tuple(label for label in (*found, *map(_also, found)) if label.words)


def _also(label: Label) -> Label:
    """The label as typed words are spelt out, so that "vô" and "vào" meet; empty if the same."""
    spelt = spelt_out([Token(one) for one in label.words], 0)
    return replace(label, words=() if spelt == label.words else spelt, spelt=True)


def _label(place: int, text: str) -> Label:
    taken = tokens(text)
    striking = {
        token.bare
        for part in text.split()
        if _CAPITALS.search(part) and not text.isupper()
        for token in tokens(part)
    }
    return Label(
        place,
        tuple(token.word for token in taken),
        tuple(token.pause for token in taken),
        frozenset(striking),
    )


def said_at(typed: Sequence[Token], start: int, labels: Sequence[Label]) -> tuple[set[int], int]:
    """The places whose whole label stands at ``start``, the longest ones, and its length."""
    for size in sorted({len(label.words) for label in labels}, reverse=True):
        part = typed[start : start + size]
        if len(part) < size:
            continue
        places = said_by([token.word for token in part], labels)
        if places:
            return places, size
    return set(), 0


def said_by(typed: Sequence[Word], labels: Sequence[Label]) -> set[int]:
    """The places whose whole label ``typed`` is, by its marks where those decide."""
    bare = tuple(one.bare for one in typed)
    same = [label for label in labels if label.bare == bare]
    exact = {label.place for label in same if tuple(typed) == label.words}
    if exact and any(one.marks for one in typed):
        return exact
    fitting = {label.place for label in same if all(map(Word.fits, typed, label.words))}
    if fitting or len(bare) < 2:
        return fitting
    return {label.place for label in same}


def spelt_out(typed: Sequence[Token], pick: int) -> tuple[Word, ...]:
    """The words with phone spellings written out, by the first or the last way there is."""
    found: list[Word] = []
    for token in typed:
        longer = [long for short, long in _EXPANSIONS.get(token.bare, ()) if token.word.fits(short)]
        found += longer[pick] if longer else (token.word,)
    return tuple(found)


def may_be_short(token: Token) -> bool:
    """Whether phones write it for something longer."""
    return token.bare in _EXPANSIONS


def mentioned(typed: Sequence[Token], labels: Sequence[Label]) -> dict[int, int]:
    """The places whose whole label of two words or more stands somewhere, with its length."""
    found: dict[int, int] = {}
    at = 0
    long = [label for label in labels if len(label.words) > 1]
    while at < len(typed):
        places, size = said_at(typed, at, long)
        for place in places:
            found[place] = size
        at += size or 1
    return found


def only_adds(typed: Sequence[Token], labels: Sequence[Label]) -> set[int]:
    """The one place whose long label stands whole in a sentence that adds little to it."""
    found = mentioned(typed, labels)
    if len(found) != 1:
        return set()
    (place, size), *_ = found.items()
    if size < 4 or len(typed) - size > 4:
        return set()
    denied = sum(bool(NOT.length(typed, at) or _ASKS.length(typed, at)) for at in range(len(typed)))
    inside = next(label for label in labels if label.place == place)
    own = [Token(one) for one in inside.words]
    allowed = sum(bool(NOT.length(own, at) or _ASKS.length(own, at)) for at in range(len(own)))
    return {place} if denied == allowed else set()
