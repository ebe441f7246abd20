"""From typed words to a choice among those last offered.

Only words that are nothing but an answer choose: a number, a letter, a word of a label,
and around it what people say around an answer. One word left over, and it is chat. Two
choices named where one is wanted, and the tutor asks which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from conversation.around import AND, BECAUSE, DEICTIC, NOT, OR, THEN, TRAILS
from conversation.asked import NOTHING_ASKED, Asked, Kind
from conversation.fits import Fit, fitting
from conversation.labels import Label, labels_of, mentioned, only_adds, said_at
from conversation.numbers import letter
from conversation.reading import KNOWN_SLIPS, Reading, read
from conversation.typed import Phrases, Token, parted, tokens
from conversation.verdicts import verdicts

__all__ = [
    "NOTHING_ASKED",
    "Ambiguous",
    "Asked",
    "Kind",
    "NotUnderstood",
    "Outcome",
    "Understood",
    "understand",
]

# Longer than any answer; the rest of a story is not read.
_MOST_WORDS = 60
_MOST_CHARACTERS = 600
_NEVER = Phrases(())
_REFUSING = Phrases((
    "không", "ko", "k", "hông", "hong", "hổng", "hok", "hôn", "dạ không", "dạ hông", "thôi", "khỏi", "dạ thôi", "thôi khỏi",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understood:
    """The chosen places, zero-based: one for "one", sorted for "several", in order for "order"."""

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The words fit each of these places, zero-based and sorted: ask which one is meant.

    With a single place, ask whether it is: the words only hint at it.
    """

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The words are not an answer to what was asked."""


Outcome: TypeAlias = Understood | Ambiguous | NotUnderstood


def understand(text: str, asked: Asked, *, quoted: str = "") -> Outcome:
    """What ``text`` chooses among ``asked``; ``quoted`` is the line it answers to. Never raises."""
    if not asked.labels or len(text) > _MOST_CHARACTERS:
        return NotUnderstood()
    if asked.exact:
        # As strict as a quiz: a nod chooses nothing. A mere "không" refuses.
        refused = _refused(text, replace(asked, exact=False))
        if refused is not None:
            return refused
        asked = replace(asked, graded=True)
    typed = tokens(text, KNOWN_SLIPS)
    if len(typed) > _MOST_WORDS:
        return NotUnderstood()
    labels = labels_of(asked)
    pointed = _pointed(quoted, labels)
    if pointed is not None and typed and DEICTIC.cover(_without_trails(typed)):
        return _one({pointed})
    outcome = _typed(typed, asked, labels)
    if pointed is not None and isinstance(outcome, Understood) and asked.kind == "one":
        return _one({pointed, *outcome.places})
    return outcome


def _refused(text: str, asked: Asked) -> Understood | None:
    """The choice that only says no, such as "Không xóa", where "không" is all that was typed."""
    if not _REFUSING.cover(_without_trails(tokens(text, KNOWN_SLIPS))):
        return None
    outcome = understand(text, asked)
    if not isinstance(outcome, Understood) or len(outcome.places) > 1:
        return None
    return outcome if NOT.length(tokens(asked.labels[outcome.places[0]])) else None


def _typed(typed: Sequence[Token], asked: Asked, labels: Sequence[Label]) -> Outcome:
    reading = read(typed, asked, labels, verdicts(asked))
    if reading is not None and (reading.refused or not reading.out_of_range):
        return _settled(reading, asked)
    if asked.kind == "one":
        return _one_by_label(typed, asked, labels)
    return _many_by_label(typed, asked, labels)


def _settled(reading: Reading, asked: Asked) -> Outcome:
    if reading.refused:
        return NotUnderstood()
    count = len(asked.labels)
    mentions = reading.strong()
    places = [place for mention in mentions for place in sorted(mention.places)]
    if asked.kind == "order":
        whole = len(mentions) == len(places) and sorted(places) == list(range(count))
        return Understood(tuple(places)) if whole else NotUnderstood()
    if asked.kind == "one":
        return _one(range(count) if reading.everything else places)
    if "or" in reading.joins or any(len(mention.places) > 1 for mention in mentions):
        return _one(places)
    return _several(reading, places, count)


def _several(reading: Reading, places: list[int], count: int) -> Outcome:
    forms = {mention.form for mention in reading.mentions}
    if "joined" in forms and len(forms) > 1:
        return NotUnderstood()  # "12/3" is a date
    if "up to" in reading.joins:
        if len(places) != 2 or places[0] > places[1]:
            return NotUnderstood()
        places = list(range(places[0], places[1] + 1))
    if reading.everything:
        if bool(places) != ("except" in reading.joins):
            return NotUnderstood()
        places = [place for place in range(count) if place not in places]
    elif "except" in reading.joins:
        return NotUnderstood()
    return Understood(tuple(sorted(set(places)))) if places else NotUnderstood()


def _one(places: Iterable[int]) -> Outcome:
    found = tuple(sorted(set(places)))
    if not found:
        return NotUnderstood()
    return Understood(found) if len(found) == 1 else Ambiguous(found)


def _fitted(fit: Fit) -> Outcome:
    return _one(fit.places) if fit.sure else Ambiguous(tuple(sorted(fit.places)))


def _one_by_label(typed: Sequence[Token], asked: Asked, labels: Sequence[Label]) -> Outcome:
    for part in (typed, _before_reason(typed)):
        fit = fitting(part, asked, labels)
        if fit.places:
            return _fitted(fit)
    either = [fitting(part, asked, labels) for part in parted(typed, OR, pauses=False)]
    if len(either) > 1 and all(fit.places for fit in either):
        return _one({place for fit in either for place in fit.places})
    both = mentioned(typed, labels)
    return _one(both if len(both) > 1 else only_adds(typed, labels))


def _many_by_label(typed: Sequence[Token], asked: Asked, labels: Sequence[Label]) -> Outcome:
    joins = THEN if asked.kind == "order" else AND
    for parts in (parted(typed, _NEVER, pauses=True), parted(typed, joins, pauses=True)):
        found = [fitting(part, asked, labels) for part in parts]
        if not all(fit.places and fit.sure for fit in found):
            continue
        places = [place for fit in found for place in fit.places]
        if len(places) > len(found):
            return _one(places)
        if asked.kind == "several":
            return Understood(tuple(sorted(set(places)))) if places else NotUnderstood()
        if sorted(places) == list(range(len(asked.labels))):
            return Understood(tuple(places))
    return NotUnderstood()


def _before_reason(typed: Sequence[Token]) -> Sequence[Token]:
    """What stands before "vì …"; nothing when there is no reason or nothing before it."""
    return next((typed[:at] for at in range(len(typed)) if BECAUSE.length(typed, at)), ())


def _without_trails(typed: Sequence[Token]) -> Sequence[Token]:
    """The words before the particles at the end, but at least one."""
    end = len(typed)
    while end > 1 and TRAILS.length(typed, end - 1) and not DEICTIC.cover(typed[:end]):
        end -= 1
    return typed[:end]


def _pointed(quoted: str, labels: Sequence[Label]) -> int | None:
    """The place whose option is the line quoted, with or without its number before it."""
    line = tokens(quoted) if len(quoted) <= _MOST_CHARACTERS else ()
    if not line:
        return None
    numbered = line[0].is_number or letter(line[0]) is not None
    for part in (line, line[1:] if numbered else ()):
        places, size = said_at(part, 0, labels)
        if len(places) == 1 and size == len(part):
            return places.pop()
    return None
