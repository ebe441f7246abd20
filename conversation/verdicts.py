"""Đúng or sai, thật or lừa, có or không: words that choose a label by what it says.

A label belongs to a family ("Lừa đảo" is FAKE, "Thôi, để sau" is NO) and so does what
was typed; a typed word chooses the label of its family, or of the next one that it may
stand for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from conversation.around import NOT
from conversation.asked import Asked
from conversation.typed import Phrases, Token, tokens, word

RIGHT, WRONG, REAL, FAKE = "right", "wrong", "real", "fake"
YES, NO, DONE, LATER, STUCK, ON = "yes", "no", "done", "later", "stuck", "on"
ACK = "ack"  # typed only: "ừ", "ok" may be no more than a nod
IS = "is"  # typed only: "có", "phải"

_SAYS = {
    RIGHT: Phrases((
        "đúng", "đúng rồi", "đúng vậy", "chính xác", "chuẩn", "chuẩn xác", "trúng", "đúng hết",
        "quá đúng", "đúng chính xác", "rất đúng", "hoàn toàn đúng", "đúng quá", "đúng hoàn toàn",
    )),
    IS: Phrases(("có", "phải", "phải rồi", "có chứ", "có chớ")),
    WRONG: Phrases((
        "sai", "sai bét", "sai bét nhè", "trật", "trật lất", "sai trật", "sai hoàn toàn", "bậy",
        "hoàn toàn sai", "quá sai", "sai bậy", "sai quá", "trật bét", "sai lè", "sai hết", "sai hết trơn", "bậy bạ", "sai tét",
    )),
    REAL: Phrases((
        "thật", "thiệt", "tin thật", "tin thiệt", "là thật", "là thiệt", "thật sự",
        "có thật", "tin nhắn thật", "tin nhắn thiệt", "đồ thật", "thật đó", "hàng thật", "tin chính chủ",
        "tin đàng hoàng",
    )),
    FAKE: Phrases((
        "lừa", "lừa đảo", "giả", "giả mạo", "gạt", "lừa gạt", "lường gạt", "xạo", "xạo ke", "dóc",
        "nói dóc", "nói xạo", "láo", "dỏm", "dởm", "mạo danh", "bịp", "bịp bợm", "scam", "fake", "phao",
        "tin giả", "tin lừa", "tin lừa đảo", "tin nhắn lừa đảo", "tin nhắn giả", "tin nhắn lừa",
        "tin giả mạo", "đồ giả", "đồ dỏm", "là lừa", "là lừa đảo", "là giả", "gạt tiền", "lừa tiền",
        "kẻ gian", "đồ lừa", "đồ lừa đảo", "quân lừa đảo", "tụi lừa đảo", "bọn lừa đảo", "tin xạo", "tin dỏm", "trò lừa", "trò lừa đảo",
        "nó lừa đó", "nó gạt đó", "nó xạo", "chiêu lừa", "chiêu lừa đảo", "gạt người", "gạt người ta", "tin nhắn gạt", "tin gạt", "tin vịt",
    )),
    YES: Phrases((
        "đồng ý", "nhất trí", "chịu", "chấp nhận", "tất nhiên", "đương nhiên", "sẵn sàng", "yes",
        "xác nhận", "dạ có", "có muốn", "đồng tình", "tán thành",
    )),
    ACK: Phrases((
        "ừ", "ừa", "ờ", "uh", "uk", "um", "ừm", "ok", "oke", "okê", "okie", "oki", "okay", "okla",
        "ô kê", "ô kê la", "được", "dc", "đc", "vâng", "dạ", "dạ được", "được luôn", "được chứ", "ukm",
        "uhm", "ừ được", "ok luôn", "được rồi", "ừ đúng rồi", "dạ phải", "yep", "ùa", "ừ thì được", "ừ ừ",
        "ừ hén", "okey",
    )),
    NO: Phrases((
        "thôi", "khỏi", "từ chối", "no", "bỏ qua", "hủy", "không có", "hông có", "thôi khỏi", "đừng",
        "hổng thèm", "thôi đừng", "không cần", "hông cần", "chưa muốn",
    )),
    DONE: Phrases((
        "rồi", "xong", "xong rồi", "làm rồi", "làm xong", "làm xong rồi", "đã làm", "đã làm rồi",
        "làm được", "làm được rồi", "hoàn thành", "hoàn thành rồi", "đã xong", "đã làm xong", "có làm rồi",
        "làm được rồi đó", "mần xong", "mần rồi", "mần xong rồi", "mần được rồi", "rồi xong", "rồi nha",
        "làm dc rồi", "làm đc rồi",
    )),
    LATER: Phrases((
        "để sau", "chưa", "chưa làm", "mai", "mốt", "bữa khác", "lát nữa", "lát", "từ từ", "khi khác",
        "để mai", "để bữa khác", "để lát", "để lát nữa", "lúc khác", "hôm khác", "để hôm khác",
        "để khi khác", "để khi rảnh", "bữa nào rảnh", "chừng nào rảnh", "mai làm", "mai tính", "chiều làm",
        "tối làm", "để chiều", "để tối", "lát làm", "chút nữa", "để chút nữa", "chưa nha",
        "để từ từ", "chưa mần", "sau", "hồi nữa", "để hồi nữa",
    )),
    STUCK: Phrases((
        "chưa làm được", "làm chưa được", "chưa được", "không làm được", "làm không được",
        "hông làm được", "làm hông được", "hong làm được", "làm hong được", "hổng làm được",
        "làm hổng được", "ko làm được", "làm ko được", "chưa làm dc", "chưa làm đc", "ko làm dc",
        "làm ko dc", "làm không dc", "không làm dc", "làm k được", "k làm được", "k làm dc", "làm k dc",
        "làm hông dc", "làm chưa dc", "bí", "bí rồi", "hông được", "không được", "ko được", "ko dc",
        "chưa biết làm", "hông biết làm", "không biết làm", "không biết làm sao", "hông biết làm sao",
        "mần hông được", "mần không được", "mần chưa được", "chưa mần được", "hổng được", "hong được",
        "ko làm đc", "làm ko đc", "k làm đc", "làm k đc", "làm hoài không được", "làm hoài hông được",
        "làm hổng có được", "vướng", "bị kẹt", "kẹt rồi", "kẹt", "khó quá làm không được",
    )),
    ON: Phrases((
        "tiếp", "tiếp tục", "học tiếp", "đi tiếp", "kế tiếp", "xem tiếp", "coi tiếp", "tiếp theo",
        "làm tiếp", "đọc tiếp", "qua tiếp", "tới luôn", "đi tới", "típ", "học típ", "next", "sang trang",
    )),
}  # fmt: skip
# Every word here that is one word: what a slip of the keyboard may have spelt.
ANSWERING = frozenset(one for phrases in (*_SAYS.values(), NOT) for one in phrases.singles())
_OPPOSITE = {RIGHT: WRONG, WRONG: RIGHT, REAL: FAKE, FAKE: REAL, YES: NO, IS: WRONG, ACK: NO}
_HAVE, _WHERE = word("có"), word("đâu")
_STILL = Phrases(("đâu",))
_NOT_ONLY_LATER = Phrases(("chưa", "đâu"))

# The families of labels that a typed family may choose, the likeliest first.
_STRICT = {
    RIGHT: (RIGHT, YES), WRONG: (WRONG,), REAL: (REAL,), FAKE: (FAKE,),
    IS: (YES, RIGHT), NO: (NO,), YES: (YES,), ACK: (YES,),
}  # fmt: skip
_IN_MENU = {
    RIGHT: (RIGHT, YES), WRONG: (WRONG, NO), REAL: (REAL,), FAKE: (FAKE,),
    IS: (YES, RIGHT, DONE), NO: (NO, LATER), YES: (YES,), ACK: (YES, RIGHT, ON),
    DONE: (DONE, ON), LATER: (LATER, NO), STUCK: (STUCK, LATER), ON: (ON,),
}  # fmt: skip
_GRADED_LABELS = (WRONG, RIGHT, FAKE, REAL)
_BEGINNINGS = (STUCK, LATER, DONE, ON, NO, YES, ACK, IS)
_LIKE = {ACK: YES, IS: YES}
_LABEL_TRAILS = Phrases((
    "rồi", "nha", "nhé", "ạ", "đó", "con", "này", "tin", "nhắn", "là", "đây", "câu", "cái",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word that chooses by meaning: the places it fits, and how many words it takes."""

    places: frozenset[int]
    length: int
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The families of the labels of one question."""

    asked: Asked
    families: tuple[str, ...]
    initials: dict[str, int] = field(default_factory=dict)

    def at(self, typed: Sequence[Token], start: int) -> Verdict | None:
        """The longest word of a family at ``start`` that chooses one of the labels."""
        if not any(self.families):
            return None
        found = [self._denied(typed, start)]
        found += [
            Verdict(self._places(family), size, weak=family == ACK)
            for family, says in _SAYS.items()
            if (size := says.length(typed, start))
        ]
        found.append(self._initial(typed[start]))
        sized = [verdict for verdict in found if verdict and verdict.places]
        return max(sized, key=lambda verdict: verdict.length, default=None)

    def _denied(self, typed: Sequence[Token], start: int) -> Verdict | None:
        size = NOT.length(typed, start)
        if not size:
            return None
        for family, opposite in _OPPOSITE.items():
            follows = _SAYS[family].length(typed, start + size)
            if not follows:
                continue
            has = typed[start + size].word.fits(_HAVE)
            places = self._places(NO if has else opposite, bare=family == IS and not has)
            if not places:
                return None  # "bấm không được" says nothing about a statement
            size += follows
            return Verdict(places, size + _STILL.length(typed, start + size))
        if _NOT_ONLY_LATER.length(typed, start) == size:
            return None
        lacks = typed[start + size - 1].word.fits(_HAVE) and not typed[start].word.fits(_WHERE)
        size += _STILL.length(typed, start + size)
        return Verdict(self._places(NO, bare=not lacks), size)

    def _places(self, family: str, *, bare: bool = False) -> frozenset[int]:
        chain = (_STRICT if self.asked.graded else _IN_MENU).get(family, ())
        for wanted in (*chain, WRONG) if bare else chain:
            places = frozenset(
                place for place, label in enumerate(self.families) if label == wanted
            )
            if not places:
                continue
            if self.asked.denies and (bare or family == IS) and wanted in {RIGHT, WRONG}:
                # "Không" to a denial may agree with it or reject it.
                return frozenset(
                    place for place, label in enumerate(self.families) if label in {RIGHT, WRONG}
                )
            return places
        return frozenset()

    def _initial(self, token: Token) -> Verdict | None:
        place = self.initials.get(token.bare) if len(token.bare) == 1 else None
        if place is None or not token.word.marks <= {"d-"}:
            return None
        return Verdict(frozenset({place}), 1)


@lru_cache(maxsize=512)
def verdicts(asked: Asked) -> Verdicts:
    """The families of what was asked. Only short labels of a graded question have one."""
    families = tuple(_family(tokens(label), asked.graded) for label in asked.labels)
    letters = [taken[0].bare[:1] if (taken := tokens(label)) else "" for label in asked.labels]
    count = len(letters)
    initials = {
        letter: place
        for place, letter in enumerate(letters)
        # A letter that is itself a place, such as "b" of two, means the place.
        if families[place] and letters.count(letter) == 1 and ord(letter) - ord("a") >= count
    }
    return Verdicts(asked, families, initials)


def _family(label: Sequence[Token], graded: bool) -> str:
    for family in _GRADED_LABELS:
        if _is_all(label, family):
            return family
    denial = NOT.length(label)
    if denial and _family(label[denial:], graded) in _OPPOSITE:
        return _OPPOSITE[_family(label[denial:], graded)]
    if denial == len(label) > 0 or (denial and not graded and not _SAYS[STUCK].length(label)):
        return NO if not _NOT_ONLY_LATER.length(label) else LATER
    if graded:
        agrees = max(_SAYS[family].length(label) for family in (YES, ACK, IS))
        return YES if agrees == len(label) > 0 else ""
    sizes = [(_SAYS[family].length(label), family) for family in _BEGINNINGS]
    size, family = max(sizes, key=lambda pair: pair[0])
    return _LIKE.get(family, family) if size else ""


def _is_all(label: Sequence[Token], family: str) -> bool:
    """Whether the label says nothing but a word of this family."""
    at, seen = 0, False
    while at < len(label):
        size = _SAYS[family].length(label, at)
        seen = seen or bool(size)
        size = size or _LABEL_TRAILS.length(label, at)
        if not size:
            return False
        at += size
    return seen
