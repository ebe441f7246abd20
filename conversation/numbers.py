"""Numbers, letters and positions that name a choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversation.around import CLASSIFIERS, ORDINAL
from conversation.typed import Phrases, Token, Word, word

_NAMES = {
    1: ("một",),
    2: ("hai",),
    3: ("ba",),
    4: ("bốn",),
    5: ("năm",),
    6: ("sáu",),
    7: ("bảy", "bẩy"),
    8: ("tám",),
    9: ("chín",),
    10: ("mười",),
}
# Said only after "thứ", "số", "câu" and the like, or between other numbers.
_BOUND_NAMES = {1: ("nhất", "nhứt"), 2: ("nhì",), 4: ("tư",)}
_NUMBERS = {word(name): value for value, names in _NAMES.items() for name in names}
_BOUND = {word(name): value for value, names in _BOUND_NAMES.items() for name in names}
NUMBER_WORDS = frozenset((*_NUMBERS, *_BOUND))
# How a voice keyboard writes a letter. Their marks must be there: "be" is another word.
_SPOKEN_LETTERS = {word("bê"): 1, word("xê"): 2, word("dê"): 3, word("đê"): 3}

_FIRST = Phrases((
    "đầu", "đầu tiên", "trên cùng", "trên hết", "đầu hết", "ở trên cùng", "trên đầu", "ở đầu",
))  # fmt: skip
_LAST = Phrases((
    "cuối", "cuối cùng", "chót", "sau cùng", "dưới cùng", "dưới chót", "ở dưới cùng", "sau chót",
    "cuối hết", "ở cuối", "dưới hết",
))  # fmt: skip
_MIDDLE = Phrases(("giữa", "ở giữa", "chính giữa", "nằm giữa"))
_UPPER = Phrases(("trên", "ở trên", "phía trên"))
_LOWER = Phrases(("dưới", "ở dưới", "phía dưới"))


@dataclass(frozen=True, slots=True)
class Named:
    """A choice named by number, letter or position: its place, and how many words name it.

    ``place`` is -1 when the name is out of range. ``form`` is "digit", "word",
    "letter" or "position"; ``bound`` tells that a word such as "câu" stood before it.
    """

    place: int
    length: int
    form: str
    bound: bool


def named(typed: Sequence[Token], start: int, count: int, *, listed: bool = False) -> Named | None:
    """The choice of ``count`` named at ``start``, with the words before it that say so.

    ``listed`` tells that other numbers went before it, as in "hai, tư, một".
    """
    at = start
    ordinal = False
    while size := CLASSIFIERS.length(typed, at) or ORDINAL.length(typed, at):
        ordinal = not CLASSIFIERS.length(typed, at)
        at += size
    bound = at > start
    found = _bare(typed, at, count, bound=bound, listed=listed, ordinal=ordinal)
    return found and Named(found.place, at + found.length - start, found.form, bound)


def _bare(
    typed: Sequence[Token], at: int, count: int, *, bound: bool, listed: bool, ordinal: bool
) -> Named | None:
    if at >= len(typed):
        return None
    token = typed[at]
    if token.is_number:
        value = int(token.bare) if len(token.bare) < 4 else 0
        return Named(_place(value, count), 1, "digit", bound)
    if bound and not ordinal:
        for phrases, place in _positions(count):
            if size := phrases.length(typed, at):
                return Named(place, size, "position", bound)
    value, size = number_at(typed, at, bound=bound or listed)
    if value:
        return Named(_place(value, count), size, "word", bound)
    lettered = letter(token)
    if lettered is not None and not ordinal and lettered < count:
        return Named(lettered, 1, "letter", bound)
    return None


def _place(value: int, count: int) -> int:
    return value - 1 if 1 <= value <= count else -1


def _positions(count: int) -> tuple[tuple[Phrases, int], ...]:
    positions = [(_FIRST, 0), (_LAST, count - 1)]
    if count % 2:
        positions.append((_MIDDLE, count // 2))
    if count == 2:
        positions += [(_UPPER, 0), (_LOWER, 1)]
    return tuple(positions)


def number_at(typed: Sequence[Token], at: int, *, bound: bool = False) -> tuple[int, int]:
    """The number that words spell at ``at``, up to nineteen, and how many words; else zeros."""
    value = _value(typed, at, _NUMBERS)
    if value == 10:
        ones = _value(typed, at + 1, _NUMBERS)
        return (10 + ones, 2) if 0 < ones < 10 else (10, 1)
    if not value and bound:
        value = _value(typed, at, _BOUND)
    return (value, 1) if value else (0, 0)


def _value(typed: Sequence[Token], at: int, names: dict[Word, int]) -> int:
    if at >= len(typed):
        return 0
    return next((value for name, value in names.items() if typed[at].word.fits(name)), 0)


def letter(token: Token) -> int | None:
    """The place that a single letter names, A being 0; ``None`` for anything else."""
    if len(token.bare) == 1 and token.bare.isascii() and token.bare.isalpha():
        if not token.word.marks:
            return ord(token.bare) - ord("a")
        return None
    return _SPOKEN_LETTERS.get(token.word)
