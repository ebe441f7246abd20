"""Cut text into parts that a channel can carry.

A cut goes between paragraphs if it can, else lines, else sentences, else words;
never inside a letter and its marks, never inside a tag. Limits count visible
characters: ``<b>`` costs nothing and ``&lt;`` costs one, which is how most
platforms count; where one is said to count in UTF-16 units, ``utf16`` does too.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from markupsafe import Markup

TAGS = frozenset({"b", "i", "u", "s", "code", "blockquote", "a"})
_LINK = re.compile(r"https?://", re.IGNORECASE)

# Best first. A cut falls at the end of a match; the white space around it is dropped.
_BORDERS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…]+[\"”’)\]]*\s+"),
    re.compile(r"\s+"),
)
# A better border is not worth a part shorter than this share of the limit.
_SHORTEST = 3
_JOINER = "\u200d"
# Markup as our own templates write it: nothing to mend, or to escape, in any of it.
_OURS = re.compile(
    r"""(?:[^<>&\r]+|&(?:amp|lt|gt|quot|\#34|\#39);|</?(?:b|i|u|s|code|blockquote)>
    |<a\ href="https?://[^"<>&\s]+">|</a>)*+""",
    re.VERBOSE,
)
_TAG = re.compile(r"<(/?)(\w+)")
# A tag around nothing, or white space at either end inside a tag.
_UNTRIMMED = re.compile(r"<\w[^>]*></|\A(?:<[^>]*>)+\s|\s(?:<[^>]*>)+\Z")


def split_text(text: str, limit: int, *, utf16: bool = False) -> list[str]:
    """Plain text in parts of at most ``limit`` characters; blank text gives no part at all.

    With ``utf16`` the limit, then at least 2, is in UTF-16 units: most emoji are two. A
    letter with more marks than ``limit`` is cut all the same: the limit wins.
    """
    return [text[start:end] for start, end in _cuts(text, limit, utf16=utf16)]


def split_markup(markup: Markup, limit: int) -> list[Markup]:
    """The neutral markup in parts of at most ``limit`` visible characters.

    A tag that spans a cut is closed before it and opened again after it. Unknown
    tags are dropped, their content kept, and so are links to anything but http(s).
    """
    if len(markup) <= limit and _is_tidy(whole := markup.strip()):
        return [whole] if whole else []
    flat = Flat.of(markup)
    return [flat.part(start, end) for start, end in _cuts(flat.text, limit)]


def _is_tidy(markup: str) -> bool:
    """Whether taking it apart and putting it together would change nothing that is seen."""
    if not _OURS.fullmatch(markup) or _UNTRIMMED.search(markup):
        return False
    open_tags: list[str] = []
    for closes, name in _TAG.findall(markup):
        if not closes:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags


def utf16_units(text: str) -> int:
    """Its length as JavaScript and Java count it: two for each letter beyond U+FFFF."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _cuts(text: str, limit: int, *, utf16: bool = False) -> Iterator[tuple[int, int]]:
    if limit < 1 + utf16:
        raise ValueError("a part holds at least one character")
    start, stop = _trimmed(text, 0, len(text))
    while start < stop:
        room = _room(text, start, limit) if utf16 else limit
        end = stop if stop - start <= room else _end_of_part(text, start, room)
        first, last = _trimmed(text, start, end)
        if first < last:
            yield first, last
        start, _ = _trimmed(text, end, stop)


def _room(text: str, start: int, limit: int) -> int:
    """How many characters from ``start`` on are at most ``limit`` UTF-16 units."""
    left = limit
    for place in range(start, min(start + limit, len(text))):
        left -= 2 if text[place] > "\uffff" else 1
        if left < 0:
            return place - start
    return limit


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace() and _whole(text, end):
        end -= 1
    return start, end


def _end_of_part(text: str, start: int, limit: int) -> int:
    # White space at the end is dropped, so one blank may stand just past the limit.
    window = limit + 1 if text[start + limit].isspace() else limit
    furthest = 0
    for border in _BORDERS:
        ends = [m.end() for m in border.finditer(text, start, start + window)]
        end = next((e for e in reversed(ends) if _whole(text, e)), 0)
        if end - start >= max(1, limit // _SHORTEST):
            return end
        furthest = max(furthest, end)
    if furthest > start:
        return furthest
    end = start + limit
    while end > start and not _whole(text, end):
        end -= 1
    return end if end > start else start + limit


def _whole(text: str, place: int) -> bool:
    """Whether a cut at ``place`` leaves every letter whole (a part of Unicode's UAX #29)."""
    if place <= 0 or place >= len(text):
        return True
    before, after = text[place - 1], text[place]
    if before == "\r" and after == "\n":
        return False
    if _JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return False
    if _is_flag_half(before) and _is_flag_half(after):
        halves = 0
        while halves < place and _is_flag_half(text[place - 1 - halves]):
            halves += 1
        return halves % 2 == 0
    return True


def _is_flag_half(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the neutral markup at its place in the visible text."""

    place: int
    name: str
    opens: bool
    href: str = ""

    def __str__(self) -> str:
        if not self.opens:
            return f"</{self.name}>"
        return f'<a href="{escape(self.href)}">' if self.name == "a" else f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class Flat:
    """Markup taken apart: what is seen, and the tags in order, well nested."""

    text: str
    tags: tuple[Tag, ...]

    @classmethod
    def of(cls, markup: Markup) -> "Flat":
        if "<" not in markup and "&" not in markup:
            return cls(str(markup), ())
        reader = _Reader()
        reader.feed(str(markup))
        return reader.flat()

    def part(self, start: int, end: int) -> Markup:
        """The visible characters from ``start`` to ``end`` inside their tags, escaped."""
        if not self.tags:
            return Markup(escape(self.text[start:end], quote=False))  # noqa: S704
        open_tags = self._open_at(start)
        pieces = [str(tag) for tag in open_tags]
        done = start
        for tag in self.tags:
            inside = start <= tag.place < end if tag.opens else start < tag.place <= end
            if not inside:
                continue
            pieces.append(escape(self.text[done : tag.place], quote=False))
            pieces.append(str(tag))
            done = tag.place
            if tag.opens:
                open_tags.append(tag)
            else:
                open_tags.pop()
        pieces.append(escape(self.text[done:end], quote=False))
        pieces.extend(f"</{tag.name}>" for tag in reversed(open_tags))
        return Markup("".join(pieces))  # noqa: S704 - every piece of text was escaped above

    def _open_at(self, start: int) -> list[Tag]:
        """The tags around ``start``; one that opens right there is left to the part itself."""
        stack: list[Tag] = []
        for tag in self.tags:
            if tag.place > start or (tag.opens and tag.place == start):
                break
            if tag.opens:
                stack.append(tag)
            else:
                stack.pop()
        return stack


class _Reader(HTMLParser):
    """Reads the neutral markup, mending what is not closed or closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._texts: list[str] = []
        self._place = 0
        self._tags: list[Tag] = []
        self._stack: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag not in TAGS or (tag == "a" and not _LINK.match(href)):
            return
        self._stack.append(len(self._tags))
        self._tags.append(Tag(self._place, tag, opens=True, href=href))

    def handle_endtag(self, tag: str) -> None:
        if all(self._tags[index].name != tag for index in self._stack):
            return
        while self._close_innermost() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._texts.append(data)
        self._place += len(data)

    def flat(self) -> Flat:
        self.close()
        while self._stack:
            self._close_innermost()
        return Flat("".join(self._texts), tuple(self._tags))

    def _close_innermost(self) -> str:
        index = self._stack.pop()
        opened = self._tags[index]
        if opened.place == self._place:
            # Nothing in it, and so nothing but empty pairs after it.
            del self._tags[index:]
        else:
            self._tags.append(Tag(self._place, opened.name, opens=False))
        return opened.name
