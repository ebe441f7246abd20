"""Replies as Zalo's chats can show them: few, long texts, each complete in itself.

Both of Zalo's products take at most 2,000 characters and have no buttons that one could
rely on, and of one of them every line costs. So all that is to be said at once is said in
one text if it fits: replies are joined, and cut only between replies, else paragraphs,
lines, sentences, words. What Zalo counts is not documented; UTF-16 units are never fewer
than letters, so a text that fits by them fits any way it may count.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from channels.plain import plain, plain_texts
from channels.split import split_text, utf16_units
from conversation.replies import AskQuestion, Reply, Say, ShowPicture

# In UTF-16 units, below Zalo's 2,000: an emoji more or less in how it counts does no harm.
TEXT_LIMIT = 1900
_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Line:
    """What goes out as one: a text, or a picture with the text under it.

    The text is in NFC and at most the limit long; without a picture it is never empty.
    """

    text: str
    picture: ShowPicture | None = None

    def in_words(self, limit: int = TEXT_LIMIT) -> "Line":
        """The same without the picture: what it shows stands in the text, as far as it fits."""
        if self.picture is None:
            return self
        alt = to_nfc(self.picture.alt).strip()
        told = self.text if alt in self.text else _BETWEEN.join(p for p in (alt, self.text) if p)
        return Line(told if utf16_units(told) <= limit else self.text or told[:limit])


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is better not cut, and whether it is the place of a picture."""

    text: str
    picture: ShowPicture | None = None


def draw_lines(replies: Sequence[Reply], *, pictures: bool, limit: int = TEXT_LIMIT) -> list[Line]:
    """The fewest lines that say all that these replies say, in their order.

    Without ``pictures`` a picture is told in words. Numbers stand before the choices that
    were offered last, for those alone are what a typed number means.
    """
    drawn: list[Line] = []
    for piece in _cut(_pieces(replies, pictures=pictures), limit):
        joined = _join(drawn[-1], piece, limit) if drawn else None
        if joined is None:
            drawn.append(Line(piece.text, piece.picture))
        else:
            drawn[-1] = joined
    return [_told(line, limit) for line in drawn]


def to_nfc(text: str) -> str:
    """As a phone types it: a letter and its marks in one, which Zalo's own counting may not see."""
    return unicodedata.normalize("NFC", text)


def _pieces(replies: Sequence[Reply], *, pictures: bool) -> Iterator[_Piece]:
    last_choices = max((n for n, reply in enumerate(replies) if _choices(reply)), default=-1)
    for number, reply in enumerate(replies):
        if pictures and isinstance(reply, ShowPicture):
            yield _Piece(to_nfc(plain(reply.caption)).strip(), reply)
            continue
        for text in plain_texts(reply, numbered=number == last_choices):
            if whole := to_nfc(text).strip():
                yield _Piece(whole)


def _choices(reply: Reply) -> bool:
    match reply:
        case Say(buttons=buttons):
            return bool(buttons)
        case AskQuestion():
            return True
        case _:
            return False


def _cut(pieces: Iterable[_Piece], limit: int) -> Iterator[_Piece]:
    """Pieces that fit: what is longer than one line may be becomes several."""
    for piece in pieces:
        first, *more = split_text(piece.text, limit, utf16=True) or [""]
        yield _Piece(first, piece.picture)
        yield from (_Piece(part) for part in more)


def _join(line: Line, piece: _Piece, limit: int) -> Line | None:
    """Both as one, or ``None`` if they must go out apart."""
    if line.picture and piece.picture:
        return None
    text = _BETWEEN.join(part for part in (line.text, piece.text) if part)
    if utf16_units(text) > limit:
        return None
    return Line(text, line.picture or piece.picture)


def _told(line: Line, limit: int) -> Line:
    """A picture that stands alone says in words too what it shows: it may not arrive."""
    if line.picture is None or line.text != to_nfc(plain(line.picture.caption)).strip():
        return line
    told = _BETWEEN.join(part for part in (line.text, to_nfc(line.picture.alt).strip()) if part)
    return Line(told, line.picture) if utf16_units(told) <= limit else line
