"""What people say around a wish: "con ơi giúp dì với" wishes for "giúp"."""

_AROUND = frozenset((
    "a", "ah", "anh", "ba", "bac", "ban", "cau", "chau", "chi", "cho", "chu", "co", "con",
    "coi", "da", "dap", "de", "di", "dum", "em", "gium", "ha", "he", "ho", "hoi", "ma",
    "minh", "moi", "nao", "ne", "nghe", "nghen", "nha", "nhe", "oi", "ong", "qua", "roi",
    "thim", "toi", "tui", "u", "ui", "vang", "voi", "xin",
))  # fmt: skip


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
