"""Whether a question that an author changed still asks the same, so that its history holds. Pure.

What counts is what must be known to answer it, not how it is worded. Where the right answer is
another one, what was remembered is no longer right, and the question starts afresh.
"""

from hashlib import sha256

from quizzes.model import PutInOrder, Question, RealOrScam, TrueFalse
from vietnamese import fold

# Sixteen million: two texts of one question meet by chance as good as never.
_DIGITS = 6


def meaning(question: Question) -> str:
    """In some twenty letters: the edition, the kind, and two marks of the right answer."""
    place, words = _marks(question)
    return f"{question.edition}.{question.kind}.{place}.{words}"


def is_same(before: str, now: str) -> bool:
    """Whether what was known ``before`` answers the question as it is ``now``.

    A choice may be reworded, or stand at another place, but not both at once: then nobody can
    tell it from another answer. Of steps, any may be reworded; the same ones in another order are
    another answer. For whatever else changes the meaning the author raises the edition.
    """
    if before in ("", now):
        # What was answered before meanings were kept counts as the same.
        return True
    old, new = before.split("."), now.split(".")
    if old[:2] != new[:2]:
        return False
    (old_place, old_words), (new_place, new_words) = old[2:], new[2:]
    if new[1] == "order":
        return old_place != new_place and len(old_words) == len(new_words)
    return old_place == new_place or (bool(new_words) and old_words == new_words)


def _marks(question: Question) -> tuple[str, str]:
    """Where the right answer is, and what it says."""
    if isinstance(question, TrueFalse):
        return str(int(question.is_true)), ""
    if isinstance(question, RealOrScam):
        return str(int(question.is_scam)), ""
    if isinstance(question, PutInOrder):
        # Steps have no place of their own: which they are, and their order.
        steps = [_mark(step) for step in question.steps]
        return _mark("".join(sorted(steps))), "".join(steps)
    right = [place for place, option in enumerate(question.options) if option.is_right]
    words = sorted(_mark(question.options[place].text) for place in right)
    return "".join(map(str, right)), _mark("".join(words))


def _mark(text: str) -> str:
    return sha256(fold(text).encode()).hexdigest()[:_DIGITS]
