"""Typed text as words whose marks are kept apart, so that they can be held against ours.

Learners leave marks out, forget one, type "bà" for nothing but "bà", confuse hỏi with
ngã as the South pronounces them, or type with the keyboard's method switched off
("mootj", "d9u1ng"). So a typed word fits a written one when the bare letters are the
same and no typed mark contradicts it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_TONES = {"\u0300": "`", "\u0301": "'", "\u0303": "?", "\u0309": "?", "\u0323": "."}
_SHAPES = {"\u0302": "^", "\u0306": "(", "\u031b": "+"}
# What people tap instead of typing "ok".
_THUMBS = str.maketrans({"👍": " ok ", "👌": " ok ", "🆗": " ok "})
# A fraction, an amount, a share: its digits are no choice. The sign becomes a word of its own.
_AMOUNT = re.compile(r"[%‰$₫€£°⁄¼½¾]")
_PIECE = re.compile(
    r"(?P<word>(?:[^\W\d_][\u0300-\u036f]*)+)|(?P<digits>\d+)|(?P<amount>\ue000)|(?P<other>[^\w\s]|_|\n)"
)
_STRETCHED = re.compile(r"(.)\1{2,}")
# From the first letter only: else a long run of letters is read again from each of them.
_VNI = re.compile(r"(?<![a-z])[a-z]+[1-9][a-z1-9]*")
_TELEX_TONES = {"f": "`", "s": "'", "r": "?", "x": "?", "j": "."}
_TELEX_SHAPES = {
    "aa": "a^", "ee": "e^", "oo": "o^", "aw": "a(", "ow": "o+", "uw": "u+", "dd": "d-",
}  # fmt: skip
_VNI_TONES = {"1": "'", "2": "`", "3": "?", "4": "?", "5": "."}
_VNI_SHAPES = {"6": "^", "7": "+", "8": "("}


@dataclass(frozen=True, slots=True)
class Word:
    """Bare letters, and the marks on them in no order: tones, and shapes with their letter."""

    bare: str
    marks: frozenset[str] = frozenset()

    def fits(self, written: "Word") -> bool:
        return self.bare == written.bare and self.marks <= written.marks


@dataclass(frozen=True, slots=True)
class Token:
    """A typed word or run of digits.

    ``pause`` tells that punctuation or a new line stands before it, ``glued`` that
    nothing at all does, as in "2nha".
    """

    word: Word
    pause: bool = False
    glued: bool = False

    @property
    def bare(self) -> str:
        return self.word.bare

    @property
    def is_number(self) -> bool:
        return self.bare.isdecimal()


def word(written: str) -> Word:
    """One syllable, taken apart."""
    letters: list[str] = []
    marks: set[str] = set()
    for letter in unicodedata.normalize("NFD", written.lower()):
        if letter in _TONES:
            marks.add(_TONES[letter])
        elif letter in _SHAPES and letters:
            marks.add(letters[-1] + _SHAPES[letter])
        elif letter == "đ":
            letters.append("d")
            marks.add("d-")
        elif not unicodedata.combining(letter):
            letters.append(letter)
    return Word("".join(letters), frozenset(marks))


def words(phrase: str) -> tuple[Word, ...]:
    """The words of one of our own phrases."""
    return tuple(token.word for token in tokens(phrase))


def tokens(text: str, slips: frozenset[Word] = frozenset()) -> tuple[Token, ...]:
    """The words of ``text``. ``slips`` are the words that Telex or VNI keys may spell."""
    return tuple(_tokens(text, slips))


def _tokens(text: str, slips: frozenset[Word]) -> Iterator[Token]:
    plain = _AMOUNT.sub("\ue000", text.translate(_THUMBS))
    plain = _AMOUNT.sub("\ue000", unicodedata.normalize("NFKC", plain).lower())
    plain = unicodedata.normalize("NFC", plain.replace("\u20e3", "").replace("\ufe0f", ""))
    if slips:
        plain = _VNI.sub(lambda found: _mend(found[0], slips), plain)
    pause, end = False, -1
    for piece in _PIECE.finditer(plain):
        if piece["other"]:
            pause = True
            continue
        glued, end = piece.start() == end, piece.end()
        yield Token(_word_of(piece, slips), pause, glued)
        pause = False


def _word_of(piece: re.Match[str], slips: frozenset[Word]) -> Word:
    if piece["digits"]:
        digits = "".join(str(unicodedata.decimal(digit)) for digit in piece["digits"])
        return Word(digits.lstrip("0") or "0")
    if piece["amount"]:
        return Word("%")
    typed = piece["word"]
    if len(set(typed)) > 1:
        typed = _STRETCHED.sub(r"\1", typed)
    if slips and typed.isascii():
        for keys in (typed, typed.replace("uaw", "uwa").replace("uow", "uwow")):
            mended = _telex(keys)
            # A key left out is a mark left out: "dungs", "motj".
            if mended.marks and any(mended.fits(slip) for slip in slips):
                return mended
    return word(typed)


def _telex(typed: str) -> Word:
    letters, marks = typed, set()
    for keys, shape in _TELEX_SHAPES.items():
        if keys in letters:
            letters = letters.replace(keys, keys[0])
            marks.add(shape)
    for key, tone in _TELEX_TONES.items():
        if key in letters[2:] or letters[1:] == key:
            letters = letters[0] + letters[1:].replace(key, "", 1)
            marks.add(tone)
    return Word(letters, frozenset(marks))


def _mend(typed: str, slips: frozenset[Word]) -> str:
    """``typed`` again, or in Telex keys when VNI digits spell a word of ``slips`` in it."""
    letters: list[str] = []
    marks: set[str] = set()
    for key in typed:
        if key in _VNI_TONES:
            marks.add(_VNI_TONES[key])
        elif key in _VNI_SHAPES:
            marks.add(letters[-1] + _VNI_SHAPES[key])
        elif key == "9":
            marks.add("d-")
        else:
            letters.append(key)
    meant = Word("".join(letters), frozenset(marks))
    return _in_telex(meant) if meant in slips else typed


def _in_telex(meant: Word) -> str:
    typed = meant.bare
    for keys, shape in _TELEX_SHAPES.items():
        if shape in meant.marks:
            typed = typed.replace(keys[0], keys, 1)
    return typed + "".join(key for key, tone in _TELEX_TONES.items() if tone in meant.marks)[:1]


class Phrases:
    """A set of our own phrases, found in typed words by the longest that fits."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[Word, ...]]] = {}
        for phrase in sorted(map(words, phrases), key=len, reverse=True):
            self._by_first.setdefault(phrase[0].bare, []).append(phrase)

    def length(self, typed: Sequence[Token], start: int = 0) -> int:
        """How many words from ``start`` make the longest phrase; 0 when none does."""
        if start >= len(typed):
            return 0
        for phrase in self._by_first.get(typed[start].word.bare, ()):
            if len(phrase) <= len(typed) - start and all(
                typed[start + at].word.fits(written) for at, written in enumerate(phrase)
            ):
                return len(phrase)
        return 0

    def cover(self, typed: Sequence[Token]) -> bool:
        """Whether phrases, one after the other, use up every word."""
        place = 0
        while place < len(typed):
            size = self.length(typed, place)
            if not size:
                return False
            place += size
        return True

    def singles(self) -> frozenset[Word]:
        return frozenset(
            phrase[0] for many in self._by_first.values() for phrase in many if len(phrase) == 1
        )


def parted(typed: Sequence[Token], between: Phrases, *, pauses: bool) -> list[Sequence[Token]]:
    """``typed`` cut at the phrases of ``between``, and at punctuation if ``pauses``."""
    parts: list[list[Token]] = [[]]
    at = 0
    while at < len(typed):
        size = between.length(typed, at)
        if size or (pauses and typed[at].pause):
            parts.append([])
        if not size:
            parts[-1].append(typed[at])
        at += size or 1
    return [part for part in parts if part]
