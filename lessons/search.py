"""From typed words, most often without marks, to the lessons that answer them."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from lessons.model import Lesson
from lessons.urgent import is_account_taken, is_urgent
from vietnamese import fold

__all__ = ["Found", "Search", "is_account_taken", "is_urgent"]

# Words that ask or address rather than name. Typed, they count for nothing; in a keyword, where
# the marks tell "đâu" from "đầu", they count a little: "vneid là gì" is a question of its own.
_ASKING_WORDS = (
    "làm sao thế nào như gì là tôi tui mình con cháu em cô chú bác anh chị ông bà bạn ơi nhé nha "
    "nhỉ với cho xin hỏi muốn cần giúp giùm dùm chỉ dạy học bài cách ở đâu khi thì mà và hay hoặc "
    "được không ko k hông hok rồi nữa đi về này kia đó vậy phải bị đã đang sẽ một những các vừa lỡ "
    "bảo biết người ta lại ra vào lên xuống đến tới từ hôm nay quá à ạ ừ luôn hết ai bây giờ mới "
    "cũng thấy nói nghe việc"
)
_ASKING_WEIGHT = 0.15
# People shorten, and say one thing in two ways; both sides are brought to the same words.
_SAME_WORDS = {
    "app": "ung dung",
    "apps": "ung dung",
    "dt": "dien thoai",
    "dthoai": "dien thoai",
    "ck": "chuyen khoan",
    "stk": "so tai khoan",
    "tk": "tai khoan",
    "nh": "ngan hang",
    "dvc": "dich vu cong",
    "cccd": "can cuoc",
    "bhyt": "bao hiem y te",
    "fb": "facebook",
    "gat": "lua",
    "pass": "mat khau",
    "duong link": "link",
    # A battery is no secret number.
    "het pin": "hetpin",
    "sac pin": "sacpin",
    "cuc pin": "cucpin",
}
_SAME: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
for _spoken, _meant in _SAME_WORDS.items():
    _SAME.setdefault(_spoken.split()[0], []).append((tuple(_spoken.split()), tuple(_meant.split())))
# So much of a keyword must be typed, in its order, and so much of what is typed must be in it.
_SURE_OF_PHRASE = 0.74
_SURE_OF_PAIRS = 0.5
_SURE_OF_TYPED = 0.45
# A slip of the finger is looked for in words at least so long.
_SLIP_FROM = 4
_SLIP, _OTHER_MARKS = 0.8, 0.3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """A lesson and how well it fits, from 0 to 1. ``sure`` is enough to name it as the answer."""

    lesson: Lesson
    strength: float
    sure: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A keyword or a title: the place of its lesson, and its folded words with their marks.

    ``names`` are the places of the words that do not merely ask.
    """

    lesson: int
    words: tuple[str, ...]
    marks: tuple[str, ...]
    weights: tuple[float, ...]
    names: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody typed: the places of each word, its marks, and its likeness to that word."""

    places: dict[str, list[int]]
    marks: dict[str, str]
    likeness: dict[str, float]
    weight: float


class Search:
    """An index of titles, keywords and cards. Building it is the slow part, asking is quick."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._lessons = lessons
        self._cards = [
            frozenset(word for card in lesson.cards for word in fold(card.text).split())
            for lesson in lessons
        ]
        split = [
            (place, _split(text))
            for place, lesson in enumerate(lessons)
            for text in (lesson.title, *lesson.keywords)
        ]
        used = Counter(
            word for _, word in {(place, word) for place, words in split for word, _ in words}
        )
        self._in_cards = Counter(word for words in self._cards for word in words)
        self._weights = {word: self._rarity(times) for word, times in used.items()}
        self._vocabulary = sorted(self._weights)
        self._phrases: list[_Phrase] = []
        self._with_word: dict[str, list[int]] = {}
        for place, words in split:
            self._add(place, words)

    def find(self, text: str, limit: int = 3) -> list[Found]:
        """The lessons that the words fit, best first; none when they fit none at all."""
        typed = self._read(text)
        best: dict[int, Found] = {}
        for number in {n for word in typed.likeness for n in self._with_word.get(word, ())}:
            phrase = self._phrases[number]
            found = self._fit(phrase, typed)
            if phrase.lesson not in best or _rank(found) > _rank(best[phrase.lesson]):
                best[phrase.lesson] = found
        ranked = sorted(best.items(), key=lambda one: (*(-x for x in _rank(one[1])), one[0]))
        return [found for _, found in ranked[:limit]]

    def nearest(self, text: str, limit: int = 3) -> list[Found]:
        """As ``find``, but always ``limit`` lessons while there are so many: then those whose
        cards speak of the words, then the first ones.
        """
        found = self.find(text, limit)
        taken = {one.lesson.slug for one in found}
        typed = [word for word in self._read(text).likeness if word not in _ASKING_FOLDED]
        by_cards = sorted(
            range(len(self._lessons)),
            key=lambda place: (
                -sum(
                    self._rarity(self._in_cards[word])
                    for word in typed
                    if word in self._cards[place]
                )
            ),
        )
        rest = (self._lessons[place] for place in by_cards)
        found.extend(Found(one, 0.0, sure=False) for one in rest if one.slug not in taken)
        return found[:limit]

    def _add(self, lesson: int, words: list[tuple[str, str]]) -> None:
        names = tuple(n for n, word in enumerate(words) if word not in _ASKING)
        weights = tuple(
            self._weights[word] * (1 if n in names else _ASKING_WEIGHT)
            for n, (word, _) in enumerate(words)
        )
        folded, marks = tuple(word for word, _ in words), tuple(mark for _, mark in words)
        for word in set(folded):
            self._with_word.setdefault(word, []).append(len(self._phrases))
        self._phrases.append(_Phrase(lesson, folded, marks, weights, names))

    def _rarity(self, lessons: int) -> float:
        return math.log(1 + (len(self._lessons) + 1) / (1 + lessons))

    def _read(self, text: str) -> _Typed:
        words = self._mend(_split(text))
        typed = _Typed(
            {},
            {},
            {},
            sum(
                self._weights.get(word, self._rarity(0))
                for word, _, _ in words
                if word not in _ASKING_FOLDED
            ),
        )
        for place, (word, marks, likeness) in enumerate(words):
            typed.places.setdefault(word, []).append(place)
            typed.marks.setdefault(word, marks)
            typed.likeness[word] = max(likeness, typed.likeness.get(word, 0))
        return typed

    def _mend(self, words: list[tuple[str, str]]) -> list[tuple[str, str, float]]:
        """Words torn apart are joined ("vne id"), and slips become the word they are near to."""
        mended: list[tuple[str, str, float]] = []
        place = 0
        while place < len(words):
            word, marks = words[place]
            after = words[place + 1][0] if place + 1 < len(words) else ""
            if after and word not in self._weights and word + after in self._weights:
                mended.append((word + after, "", _SLIP))
                place += 2
                continue
            near = None
            if word not in self._weights and word not in _ASKING_FOLDED and len(word) >= _SLIP_FROM:
                near = process.extractOne(
                    word,
                    self._vocabulary,
                    scorer=DamerauLevenshtein.distance,
                    score_cutoff=1,
                )
            mended.append((near[0], "", _SLIP) if near else (word, marks, 1.0))
            place += 1
        return mended

    def _fit(self, phrase: _Phrase, typed: _Typed) -> Found:
        there, named = 0.0, 0.0
        for place, (word, marks) in enumerate(zip(phrase.words, phrase.marks, strict=True)):
            if word not in typed.likeness:
                continue
            likeness = typed.likeness[word]
            if typed.marks[word] and typed.marks[word] != marks:
                likeness *= _OTHER_MARKS
            there += likeness * phrase.weights[place]
            if place in phrase.names and word not in _ASKING_FOLDED:
                named += likeness * phrase.weights[place]
        of_phrase = there / sum(phrase.weights) if phrase.weights else 0.0
        of_typed = min(1.0, named / typed.weight) if typed.weight else of_phrase
        pairs = _pairs_kept(phrase, typed)
        sure = (
            of_phrase >= _SURE_OF_PHRASE and pairs >= _SURE_OF_PAIRS and of_typed >= _SURE_OF_TYPED
        )
        strength = 0.5 * of_phrase + 0.3 * of_typed + 0.2 * pairs
        return Found(self._lessons[phrase.lesson], strength, sure)


def _rank(found: Found) -> tuple[float, float]:
    return float(found.sure), found.strength


def _pairs_kept(phrase: _Phrase, typed: _Typed) -> float:
    """The share of the phrase's neighbours that also stand close, and in order, in the words."""
    words = [word for word in phrase.words if word not in _ASKING_FOLDED] or phrase.words
    if len(words) == 1:
        return float(words[0] in typed.places)
    kept = 0
    for first, second in pairwise(words):
        near = {place + gap for place in typed.places.get(first, ()) for gap in (1, 2)}
        kept += not near.isdisjoint(typed.places.get(second, ()))
    return kept / (len(words) - 1)


def _split(text: str) -> list[tuple[str, str]]:
    """The folded words with their marks, the same for "khóa" and "khoá"."""
    words: list[tuple[str, str]] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        folded, marks = _folded(word)
        if folded:
            words.append((folded, marks))
    return _same(words)


@lru_cache(maxsize=8192)
def _folded(word: str) -> tuple[str, str]:
    apart = unicodedata.normalize("NFD", word.lower())
    marks = (letter for letter in apart if unicodedata.combining(letter) or letter == "đ")
    return fold(word), "".join(sorted(marks))


def _same(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    place = 0
    while place < len(words):
        for spoken, meant in _SAME.get(words[place][0], ()):
            if tuple(word for word, _ in words[place : place + len(spoken)]) == spoken:
                out.extend((word, "") for word in meant)
                place += len(spoken)
                break
        else:
            out.append(words[place])
            place += 1
    return out


_ASKING = frozenset(pair for word in _ASKING_WORDS.split() for pair in _split(word))
_ASKING_FOLDED = frozenset(word for word, _ in _ASKING)
