"""Parts of labels: the beginning, a run of words, the words that tell it from the others.

A quiz is stricter than a menu. There the words must be the label's own, in its order and
nearly all together; when they are only scattered over it, the tutor asks whether that
label was meant. A menu forgives a slip of the finger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from conversation.around import ADDRESS, LEADS, MENU_LEADS, NOT, TRAILS
from conversation.asked import Asked
from conversation.labels import Label, may_be_short, said_by, spelt_out
from conversation.typed import Phrases, Token, Word

# Dropped from typed words when the label does without them, and passed over in a label.
_SMALL = Phrases((
    "thì", "là", "mà", "sẽ", "cho", "của", "cái", "lại", "đi", "cứ", "phải", "liền", "ngay",
    "trước", "nên", "một", "các", "những", "để", "với", "và", "ra", "lên", "luôn", "vào", "vô",
))  # fmt: skip
# After an action these tell of something done: "chuyển tiền rồi" is a report, not a choice.
TELLING = Phrases(("rồi", "chưa", "được", "được rồi", "quá", "được không", "được hông"))
# Words that lead to an answer, but that a learner may also shorten a label to.
_ACTS = Phrases(("gọi", "gửi", "bấm", "nhấn", "kêu", "đổi", "mở", "xem", "đọc"))
_FORBIDDING = Phrases(("đừng",))
_ASKING = Phrases(("hả", "ha", "à", "hử", "hở", "sao", "vậy", "ta"))
# Ever weaker ways to fit. LOOSE asks back; HINT only tells that a word is not another label's.
_WHOLE, _BEGINNING, _RUN, _CLOSE, _LOOSE, _HINT = 6, 5, 4, 3, 2, 1
_MOST_LEADS_OF_ONE = 2
# Words that may stand before and after an answer, and how far it may outgrow the labels: an
# hour of "dạ dạ dạ" must not hold up everybody else.
_MOST_AROUND = 8
_MOST_LONGER = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """The places that words fit, and whether one place alone is sure."""

    places: frozenset[int]
    sure: bool = True


_NONE = Fit(frozenset())


def fitting(typed: Sequence[Token], asked: Asked, labels: Sequence[Label]) -> Fit:
    """The places that the words fit, once what stands around them is taken away."""
    unsure = _NONE
    strange = _strange(typed, labels) if asked.graded else ()
    if len(strange) == len(typed):
        return _NONE
    longest = _MOST_LONGER * max((len(label.words) for label in labels), default=0)
    for start, end in _cores(typed, asked):
        if end - start > max(longest, _MOST_AROUND) or any(start <= at < end for at in strange):
            continue
        if end - start == 1 and asked.graded and not _plain(typed, start, end):
            continue
        fit = _best(typed[start:end], asked, labels)
        if fit.places and fit.sure:
            return fit
        unsure = unsure if unsure.places else fit
    return unsure


def _strange(typed: Sequence[Token], labels: Sequence[Label]) -> list[int]:
    """Where words stand that no label holds: a quiz takes no part that has one."""
    known = {bare for label in labels for bare in label.bare}
    return [
        at
        for at, token in enumerate(typed)
        if token.bare not in known
        and not (may_be_short(token) or token.bare == "roi" or _SMALL.length([token]))
    ]


def _cores(typed: Sequence[Token], asked: Asked) -> Iterator[tuple[int, int]]:
    """Spans of ``typed`` without ever more of the words around an answer, the longest first."""
    size = len(typed)
    starts = [0]
    while starts[-1] < size and len(starts) <= _MOST_AROUND:
        step = LEADS.length(typed, starts[-1])
        if not step and not asked.graded:
            step = MENU_LEADS.length(typed, starts[-1])
        if not step:
            break
        starts.append(starts[-1] + step)
    ends = [end for end in range(size, max(0, size - 2 * _MOST_AROUND), -1) if _trails(typed[end:])]
    spans = [(start, end) for start in starts for end in ends if start < end]
    yield from sorted(spans, key=lambda span: span[0] - span[1])


def _trails(rest: Sequence[Token]) -> bool:
    return TRAILS.cover(rest) and not any(TELLING.length(rest, at) for at in range(len(rest)))


def _plain(typed: Sequence[Token], start: int, end: int) -> bool:
    """Whether so little stands around one word that it can only be an answer."""
    rest = typed[end:]
    asks = any(_ASKING.length(rest, at) for at in range(len(rest)))
    return start <= _MOST_LEADS_OF_ONE and ADDRESS.cover(rest) and not asks


def _best(typed: Sequence[Token], asked: Asked, labels: Sequence[Label]) -> Fit:
    written = tuple(token.word for token in typed)
    own = [label for label in labels if not label.spelt]
    for words, among in (
        (written, own),
        (spelt_out(typed, 0), labels),
        (spelt_out(typed, -1), labels),
    ):
        whole = said_by(words, among)
        if whole:
            return Fit(frozenset(whole))
        scored: dict[int, int] = {}
        for label in among:
            score = _score(words, label, among, asked)
            if score > scored.get(label.place, 0):
                scored[label.place] = score
        top = max(scored.values(), default=0)
        if top == _HINT and len(scored) == 1:
            continue
        if top:
            keep = _keep(top, asked)
            places = frozenset(place for place, score in scored.items() if score >= keep)
            return Fit(places, sure=top > _LOOSE or not asked.graded)
    return _NONE if asked.graded else Fit(frozenset(_near(typed, labels)))


def _keep(top: int, asked: Asked) -> int:
    """The weakest fit that still rivals the best one."""
    if top == _WHOLE or (asked.graded and top == _BEGINNING):
        return top
    return _HINT if asked.graded else min(top, _RUN)


def _score(typed: tuple[Word, ...], label: Label, labels: Sequence[Label], asked: Asked) -> int:
    if len(typed) == 1:
        return _score_of_one(typed[0], label, asked)
    bare, whole = tuple(one.bare for one in typed), label.bare
    if _same(typed, label.words):
        return _WHOLE if len(bare) == len(whole) else _BEGINNING
    if not asked.graded and len(bare[-1]) > 1 and " ".join(whole).startswith(" ".join(bare)):
        return _BEGINNING
    share = len(bare) / len(whole)
    if any(_same(typed, label.words[at:]) for at in range(1, len(whole))):
        long = share >= 0.4 or (len(bare) >= 3 and share >= 0.3)
        return _RUN if long or (not asked.graded and share >= 0.25) else _HINT
    return _score_of_scattered(typed, label, labels)


def _same(typed: Sequence[Word], written: Sequence[Word]) -> bool:
    """Whether ``written`` begins with ``typed``; of four words one may bear a wrong mark."""
    if len(typed) > len(written):
        return False
    pairs = list(zip(typed, written, strict=False))
    wrong = sum(not one.fits(other) for one, other in pairs)
    return all(one.bare == other.bare for one, other in pairs) and wrong <= len(typed) // 4


def _score_of_scattered(typed: tuple[Word, ...], label: Label, labels: Sequence[Label]) -> int:
    kept = [one for one in typed if one.bare in label.bare]
    if len(kept) < 2 or len(kept) / len(label.words) < 0.3:
        return 0
    if any(one.bare not in label.bare and not _small(one, typed) for one in typed):
        return 0
    others = {one for other in labels if other.place != label.place for one in other.bare}
    telling = [one for one in kept if one.bare not in others]
    if not telling:
        return 0
    passed = _passed_over(kept, label.words)
    if passed is None:
        every = all(any(one.fits(other) for other in label.words) for one in kept)
        return _LOOSE if every and len(kept) >= 3 and len(telling) >= 2 else 0
    first = kept[0].bare == label.bare[0]
    return _CLOSE if first and len(kept) >= 3 and passed <= 2 else _LOOSE


def _small(one: Word, typed: Sequence[Word]) -> bool:
    return bool(_SMALL.length([Token(one)])) or (one.bare == "roi" and one is not typed[-1])


def _passed_over(kept: Sequence[Word], label: Sequence[Word]) -> int | None:
    """How many telling words of the label lie unsaid between those kept; ``None`` out of order."""
    at, passed = -1, 0
    for one in kept:
        found = next((to for to in range(at + 1, len(label)) if one.fits(label[to])), None)
        if found is None:
            return None
        if at >= 0:
            passed += sum(not _SMALL.length([Token(other)]) for other in label[at + 1 : found])
        at = found
    return passed


def _score_of_one(typed: Word, label: Label, asked: Asked) -> int:
    alone = [Token(typed)]
    if typed.bare in label.striking:
        return 0 if typed.bare.isdecimal() else _RUN
    first = label.words[0]
    if typed.fits(first) and len(label.words) == len(label.pauses) > 1 and label.pauses[1]:
        # "Không" of "Không, cúp máy"; but "Đừng" forbids what follows.
        return 0 if _FORBIDDING.length(alone) else _BEGINNING
    small = LEADS.length(alone) or TRAILS.length(alone) or _SMALL.length(alone)
    small = small and asked.kind == "one" and not _ACTS.length(alone)
    if typed.fits(first) and len(typed.bare) > 2 and not small:
        denies = NOT.length(alone) or _FORBIDDING.length(alone)
        return 0 if asked.graded and denies else _BEGINNING
    if asked.graded or len(typed.bare) < 3 or small:
        return 0
    return _RUN if any(typed.fits(one) for one in label.words) else 0


def _near(typed: Sequence[Token], labels: Sequence[Label]) -> set[int]:
    """A slip of the finger in a menu: one letter in five, and no other label as near."""
    written = " ".join(token.bare for token in typed)
    if len(written) < 5 or any(NOT.length(typed, at) for at in range(len(typed))):
        return set()
    slips: dict[int, float] = {}
    for label in labels:
        slip = OSA.normalized_distance(written, " ".join(label.bare))
        slips[label.place] = min(slip, slips.get(label.place, 1.0))
    near = {place for place, slip in slips.items() if slip <= 0.2}
    clear = {place for place, slip in slips.items() if slip <= 0.4}
    return near if len(clear) == 1 else set()
