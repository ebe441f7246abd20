"""One pass over typed words: the choices they name, if every other word only stands around them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conversation import around
from conversation.asked import Asked
from conversation.fits import TELLING
from conversation.labels import Label, said_at
from conversation.numbers import NUMBER_WORDS, named, number_at
from conversation.typed import Phrases, Token, Word, word
from conversation.verdicts import ANSWERING, Verdicts

_KIN = tuple(word(kin) for kin in around.KIN)
_SELF = tuple(word(own) for own in around.SELF)
_SMALL_KIN = tuple(word(kin) for kin in ("con", "cháu", "em", "bạn"))
_ASKING = word("à")
_MUST = (word("phải"), word("có"))
_GO = word("đi")
_FINE = word("được")
# Only after these does a lone "a" name a choice: "vậy a" is "vậy à".
_CHOOSING = tuple(
    word(one)
    for one in ("chọn", "lấy", "lựa", "bấm", "nhấn", "là", "lời", "chắc", "ghi", "án", "đoán")
)
_ALL_OF = word("cả")
_YEARS = word("năm")
_BEFORE_ECHO = Phrases(("vậy", "dậy", "đó", "luôn", "rồi", "thiệt"))
# "2 a" is "2 ạ", and "đúng e" was said to "em".
_MAYBE_PARTICLES = frozenset({"a", "e"})
_EACH = Phrases((
    "cái", "câu", "ý", "đáp án", "mục", "đều", "đều đúng", "đều phải", "đúng", "món", "thứ", "luôn",
    "số", "dòng", "hết", "phương án", "bước",
))  # fmt: skip
_ORDER = Phrases(("thứ tự", "thứ tự là", "theo thứ tự"))
_REVERSED = Phrases(("sau",))
_AROUND_ANSWERS = (
    "số", "câu", "chọn", "đáp", "án", "thứ", "và", "với", "đảo", "dạ", "xếp", "trước", "cả",
)  # fmt: skip
# Words that Telex or VNI keys may spell when the keyboard does not put them together.
KNOWN_SLIPS = frozenset(
    known
    for known in (
        *NUMBER_WORDS,
        *ANSWERING,
        *(word(one) for one in _AROUND_ANSWERS),
    )
    if known.marks
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Places that a few words name; -1 among them when they name none that is there."""

    places: frozenset[int]
    start: int
    length: int
    form: str
    weak: bool = False


@dataclass(slots=True)
class Reading:
    """What the words name, in their order, and how they join it. ``None`` joins: just a list."""

    mentions: list[Mention] = field(default_factory=list)
    joins: set[str] = field(default_factory=set)
    everything: bool = False
    refused: bool = False

    @property
    def out_of_range(self) -> bool:
        return any(-1 in mention.places for mention in self.strong())

    def strong(self) -> list[Mention]:
        """The mentions; a nod before an answer is no answer."""
        strong = [mention for mention in self.mentions if not mention.weak]
        return strong or self.mentions


def read(
    typed: Sequence[Token], asked: Asked, labels: Sequence[Label], verdicts: Verdicts
) -> Reading | None:
    """The choices that ``typed`` names, or ``None`` when some word has no place in an answer."""
    return _Reader(typed, asked, labels, verdicts).read()


class _Reader:
    def __init__(
        self,
        typed: Sequence[Token],
        asked: Asked,
        labels: Sequence[Label],
        verdicts: Verdicts,
    ) -> None:
        self._typed = typed
        self._asked = asked
        self._labels = labels
        self._verdicts = verdicts
        self._reading = Reading()
        self._dangling = False  # words that only lead to a mention still to come

    def read(self) -> Reading | None:
        at = self._heading()
        while at < len(self._typed):
            if self._explains(at):
                break
            size = self._step(at)
            if self._reading.refused:
                break
            if not size:
                return None
            at += size
        if self._reading.refused:
            return self._reading
        if self._dangling or not (self._reading.mentions or self._reading.everything):
            return None
        return self._reading

    def _heading(self) -> int:
        """The words of "thứ tự 2134", which without marks could be a fourth: "thu tu 2134"."""
        size = _ORDER.length(self._typed) if self._asked.kind == "order" else 0
        return size if size < len(self._typed) and self._typed[size].is_number else 0

    def _step(self, at: int) -> int:
        """How many words from ``at`` have their place in an answer; 0 when the first has none."""
        mention = self._mention(at)
        passing = self._passing(at)
        if mention and mention.length + (-1 not in mention.places) > passing:
            if not self._may_stand(mention):
                self._reading.refused = mention.form == "verdict"
                return 0
            if not (self._is_particle(mention)):
                self._reading.mentions.append(mention)
                self._dangling = False
            return mention.length
        if passing:
            return passing
        return self._several_at_once(at) or self._lead(at)

    def _mention(self, at: int) -> Mention | None:
        found: list[Mention] = []
        places, size = said_at(self._typed, at, self._labels)
        if size:
            found.append(Mention(frozenset(places), at, size, "label"))
        if self._asked.kind == "one":
            verdict = self._verdicts.at(self._typed, at)
            if verdict:
                found.append(
                    Mention(verdict.places, at, verdict.length, "verdict", weak=verdict.weak)
                )
        listed = self._asked.kind != "one" and bool(self._reading.mentions)
        name = named(self._typed, at, len(self._asked.labels), listed=listed)
        if name and not (name.place < 0 and self._joined(at)):
            form = "bound" if name.bound and name.form != "letter" else name.form
            found.append(Mention(frozenset({name.place}), at, name.length, form))
        longest = max((mention.length for mention in found), default=0)
        ends = [mention for mention in found if mention.length == longest]
        if len(ends) < 2:
            return ends[0] if ends else None
        return _together(ends, self._typed[at])

    def _passing(self, at: int) -> int:
        """Words that change nothing here: after a mention, or joining two."""
        typed, reading = self._typed, self._reading
        if not reading.mentions and not reading.everything:
            return self._joining(at) if self._asked.kind == "order" else 0
        if self._asked.kind == "order":
            joining = self._joining(at)
            if joining:
                return joining
        trail = around.TRAILS.length(typed, at)
        if reading.everything:
            trail = max(trail, _EACH.length(typed, at))
        if trail and not self._unit(at) and not self._tells(at):
            return trail
        if around.TAGS.length(typed, at) and around.ADDRESS.cover(typed[at + 1 :]):
            return 1
        return self._joining(at)

    def _tells(self, at: int) -> bool:
        """Whether an action is told of as done: "gọi công an rồi" is news, not a choice."""
        last = self._reading.mentions[-1].form if self._reading.mentions else ""
        return self._asked.graded and last == "label" and bool(TELLING.length(self._typed, at))

    def _joining(self, at: int) -> int:
        typed = self._typed
        kinds = {
            "one": (("or", around.OR), ("and", around.AND)),
            "several": (
                ("or", around.OR),
                ("up to", around.UP_TO),
                ("except", around.EXCEPT),
                ("and", around.AND),
            ),
            "order": (("then", around.THEN),),
        }[self._asked.kind]
        for name, phrases in kinds:
            if size := phrases.length(typed, at):
                if name == "then":
                    return 0 if self._turns_round(at) else size
                self._dangling = True
                self._reading.joins.add(name)
                return size
        return 0

    def _turns_round(self, at: int) -> bool:
        """Whether "sau" swaps what it joins: "1 sau 2" puts 2 first, "2 trước, 1 sau" does not."""
        return len(self._reading.mentions) == 1 and bool(
            _REVERSED.length(self._typed, at) and around.THEN.length(self._typed, at) == 1
        )

    def _lead(self, at: int) -> int:
        """Words that lead to a mention."""
        size = around.LEADS.length(self._typed, at) or self._both(at)
        if not size and not self._asked.graded:
            size = around.MENU_LEADS.length(self._typed, at)
        if size and (self._reading.mentions or self._reading.everything):
            self._dangling = True
        return size

    def _both(self, at: int) -> int:
        """The "cả" of "cả 1 và 3"."""
        if self._asked.kind != "several" or not self._typed[at].word.fits(_ALL_OF):
            return 0
        count = len(self._asked.labels)
        first = named(self._typed, at + 1, count)
        if first is None:
            return 0
        # "Cả 3" of four is three of them, nobody knows which, and not the third.
        others, place = 0, at + 1 + first.length
        while place < len(self._typed):
            another = named(self._typed, place, count)
            others += another is not None
            place += another.length if another else 1
        # "Cả hai 1 và 3" says how many, then which; "cả 2 3 4" only which.
        in_words = not self._typed[at + 1].is_number
        says_how_many = in_words and others > 1 and others == first.place + 1
        return 1 + first.length if says_how_many else int(others > 0)

    def _several_at_once(self, at: int) -> int:
        """All of them, or digits and letters typed without a space."""
        if self._asked.kind != "order" and (size := self._all(at)):
            self._reading.everything = True
            return size
        places = self._joined(at)
        for place in places:
            self._reading.mentions.append(Mention(frozenset({place}), at, 1, "joined"))
        return 1 if places else 0

    def _all(self, at: int) -> int:
        typed, count = self._typed, len(self._asked.labels)
        if typed[at].word.fits(_ALL_OF) and at + 1 < len(typed):
            number = typed[at + 1]
            value, size = (
                (int(number.bare), 1)
                if number.is_number and len(number.bare) < 3
                else number_at(typed, at + 1)
            )
            return 1 + size if value == count else 0
        if self._asked.kind == "one" and not typed[at].word.fits(word("tất")):
            return 0
        size = around.ALL.length(typed, at)
        told = size and at + size < len(typed) and typed[at + size].word.fits(word("rồi"))
        return 0 if told else size

    def _joined(self, at: int) -> tuple[int, ...]:
        count, token = len(self._asked.labels), self._typed[at]
        if self._asked.kind == "one" or count > 9 or not 1 < len(token.bare) <= count:
            return ()
        if token.is_number:
            places = tuple(int(digit) - 1 for digit in token.bare)
        elif token.bare.isascii() and token.bare.isalpha() and not token.word.marks:
            places = tuple(ord(key) - ord("a") for key in token.bare)
            complete = self._asked.kind == "order" and len(places) == count
            if not (complete and len(self._typed) == 1) and _is_ordinary([token]):
                return ()
        else:
            return ()
        inside = all(0 <= place < count for place in places)
        return places if inside and len(set(places)) == len(places) else ()

    def _may_stand(self, mention: Mention) -> bool:
        typed, start = self._typed, mention.start
        end = start + mention.length
        if mention.form == "verdict":
            if mention.weak and not typed[end - 1].word.fits(_FINE):
                return True  # "dạ không" answers; "được không" asks
            return not self._asks_back(end)
        if mention.form in {"label", "letter"}:
            return not (typed[start].glued and mention.places != self._last_places())
        before = typed[start - 1] if start and not typed[start].pause else None
        unbound = mention.form != "bound" or around.ORDINAL.length(typed, start)
        if before and unbound and _is_one_of(before, _KIN) and not self._is_named(start - 1):
            # "cuoi cung 4" is no "cưng".
            return self._asked.kind == "order" and around.THEN.length(typed, start - 2) == 2
        if before and _is_one_of(before, _SELF) and around.ORDINAL.length(typed, start):
            return False
        if self._asked.kind == "several" and before and typed[start].word.fits(_YEARS):
            return not before.is_number  # "1 năm"
        return mention.form == "bound" or not self._counts(end)

    def _counts(self, end: int) -> bool:
        """Whether the number before ``end`` counts people: "hai bà", not "2 con ơi"."""
        typed = self._typed
        if end >= len(typed) or typed[end].pause or not _is_one_of(typed[end], _KIN):
            return False
        if self._asked.kind != "one" and number_at(typed, end)[0]:
            return False  # "hai ba một" is a list, whoever Ba may be
        if around.PARTICLES.length(typed, end):
            return False  # "2 di" is "2 đi"
        if end + 1 < len(typed) and around.PARTICLES.length(typed, end + 1):
            return False
        return not (typed[end - 1].is_number and _is_one_of(typed[end], _SMALL_KIN))

    def _unit(self, at: int) -> bool:
        """A lone letter stuck to a number is a unit: "2k", "3h"."""
        return (
            self._typed[at].glued
            and len(self._typed[at].bare) == 1
            and (self._typed[at].bare not in _MAYBE_PARTICLES)
        )

    def _asks_back(self, end: int) -> bool:
        typed = self._typed
        if end >= len(typed) or typed[end].pause:
            return False
        if typed[end].word == _ASKING:
            return True
        if _is_one_of(typed[end - 1], _MUST) and typed[end].word.fits(_GO):
            return True  # "phải đi rồi": somebody has to go
        while size := _BEFORE_ECHO.length(typed, end):
            end += size  # "thiệt vậy hả"
        size = around.ECHOES.length(typed, end)
        if not size or typed[end].pause:
            return False
        return around.ADDRESS.cover(typed[end + size :])

    def _is_particle(self, mention: Mention) -> bool:
        typed = self._typed
        if mention.form != "letter" or typed[mention.start].bare not in _MAYBE_PARTICLES:
            return False
        if mention.length > 1:
            return False
        others = [one for one in self._reading.mentions if one.form != "letter"]
        if others or any(token.is_number for token in typed):
            return True
        before = typed[mention.start - 1] if mention.start else None
        return not (before is None or self._reading.mentions or _is_one_of(before, _CHOOSING))

    def _is_named(self, at: int) -> bool:
        return any(
            mention.start <= at < mention.start + mention.length
            for mention in self._reading.mentions
        )

    def _last_places(self) -> frozenset[int]:
        return self._reading.mentions[-1].places if self._reading.mentions else frozenset()

    def _explains(self, at: int) -> bool:
        """Whether a reason begins here, which says no more about the choice."""
        if self._asked.kind != "one" or not self._reading.mentions or self._dangling:
            return False
        size = around.BECAUSE.length(self._typed, at)
        return bool(size) and not around.TRAILS.cover(self._typed[at:])


def _together(ends: Sequence[Mention], first: Token) -> Mention:
    """Readings of the same words: agreed, or decided by a typed mark, or all of them."""
    labelled = [mention for mention in ends if mention.form == "label"]
    verdicts = [mention for mention in ends if mention.form == "verdict"]
    if labelled and not first.is_number and (verdicts or first.word.marks):
        return replace(labelled[0], form="verdict") if verdicts else labelled[0]
    there = [mention for mention in ends if -1 not in mention.places] or ends
    places = frozenset().union(*(mention.places for mention in there))
    return Mention(places, ends[0].start, ends[0].length, there[0].form, there[0].weak)


def _is_ordinary(typed: Sequence[Token]) -> bool:
    return bool(
        around.LEADS.length(typed) or around.TRAILS.length(typed) or number_at(typed, 0)[0]
        or typed[0].word.fits(Word("ca", frozenset({"?"})))
    )  # fmt: skip


def _is_one_of(token: Token, written: Sequence[Word]) -> bool:
    return any(token.word.fits(one) for one in written)
