"""What people say around a wish: "con ơi giúp dì với" wishes for "giúp"."""

from collections.abc import Iterator

_AROUND = frozenset((
    "a", "ah", "anh", "ba", "bac", "ban", "cau", "chau", "chi", "cho", "chu", "co", "con",
    "coi", "da", "dap", "de", "di", "dum", "em", "gium", "ha", "he", "ho", "hoi", "ma",
    "minh", "moi", "nao", "ne", "nghe", "nghen", "nha", "nhe", "oi", "ong", "qua", "roi",
    "thim", "toi", "tui", "u", "ui", "vang", "voi", "xin",
))  # fmt: skip


def wishes(folded: str) -> Iterator[str]:
    """The folded words as they stand, then with one after the other of the words of politeness
    taken from their ends: "ket qua con oi" wishes for "ket qua".
    """
    words = folded.split()
    ends = [len(words)]
    while ends[-1] > 1 and words[ends[-1] - 1] in _AROUND:
        ends.append(ends[-1] - 1)
    start = 0
    while True:
        for end in ends:
            if start < end:
                yield " ".join(words[start:end])
        if start + 1 >= len(words) or words[start] not in _AROUND:
            return
        start += 1


def without_courtesy(folded: str) -> str:
    """The folded words without the words of address and politeness at both ends.

    Gives "" when nothing else was said.
    """
    words = folded.split()
    while words and words[0] in _AROUND:
        del words[0]
    while words and words[-1] in _AROUND:
        del words[-1]
    return " ".join(words)
