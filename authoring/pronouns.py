"""No word for the learner or the tutor is written by hand: it would be wrong for most learners.

The same words are ordinary nouns too ("con số", "bạn bè", "anh em", "ông bà"), name people in a
story ("cô Lan") and stand in quotations; those are fine. ``mình`` meaning oneself is fine.
"""

import re
from collections.abc import Iterator

from authoring.quotes import Remark


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_KIN = _set("bạn bác chú cô dì ông bà anh chị em con cháu tôi tui tớ tao mày")
# What makes an ordinary noun of the word, when it follows ...
_THEN = {
    "bạn": _set("bè hàng đời thân gái trai đồng đường nhậu cũ già"),
    "bác": _set("sĩ sỹ học bỏ đơn ái ấy ruột"),
    "chú": _set("ý trọng thích tâm rể giải dẫn ấy ruột tiểu"),
    "cô": _set("giáo dâu gái bé đơn lập đọng đặc bác ấy ta quạnh thôn ruột"),
    "dì": _set("ghẻ ruột ấy dượng"),
    "ông": _set("bà ngoại nội chủ xã táo trời già cụ ấy ta địa tổ lão bầu thầy"),
    "bà": _set("con ngoại nội chủ già cụ mẹ xã ấy ta bầu cô thầy mối"),
    "anh": _set("em trai rể ruột họ hùng ấy ta cả dũng linh"),
    "chị": _set("em gái dâu ruột họ ấy ta cả"),
    "em": _set("bé trai gái ruột út họ rể dâu nhỏ ấy"),
    "con": _set(
        "số cháu cái dấu đường người gái trai chip chữ mắt tem trỏ tin rể dâu nít em ruột nuôi "
        "vật mồi quay bài sông nước hẻm heo gà bò cá tôm vịt trâu mèo chó chim dao tàu thuyền ốc "
        "muỗi rối lợn nhỏ út ong bé đò kênh rạch lộ phố đầu thứ giáp ngươi đẻ đê lươn cua ếch lăn"
    ),
    "cháu": _set("nội ngoại chắt gái trai nhỏ bé ruột đích dâu rể"),
}
# ... or when it comes before.
_AFTER = {
    "bạn": _set("kết người làm bầu tình đôi nhóm trò"),
    "bác": _set("phản cô uyên"),
    "chú": _set("ghi chăm thần bản cước"),
    "cô": _set("thầy nữ"),
    "ông": _set("đàn"),
    "bà": _set("ông đàn"),
    "anh": _set("tinh tiếng nước đàn"),
    "em": _set("anh chị trẻ con đàn"),
    "con": _set("bà trẻ vợ đàn sinh đứa người có nuôi mẹ cha bố ba má còn cỏn lũ bầy đông thằng"),
    "cháu": _set("con đứa thằng bà ông lũ đàn dì chú cô bác"),
    "tớ": _set("tôi đầy"),
    "tôi": _set("bề"),
}
# "anh chị em" are brothers and sisters; "cô bác", "chú bác" the neighbours.
_FAMILY = re.compile(r"anh chị em|chị em|bà con cô bác|cô dì chú bác|ông bà cha mẹ")
# Over text in lower case and with no look-behind: the search then skips ahead by first letters.
_WORD = re.compile(rf"(?:{'|'.join(sorted(_KIN))})(?![\w}}])")
_BEFORE = re.compile(r"(\w+) \Z")
_NEXT = re.compile(r" (\w+)")
_SELF = re.compile(
    r"(?:^|[.,:;!?] ?|\bđể |\n)(mình) (?:sẽ|xin|chỉ|nhắc|dặn|gửi|giúp|chào|khuyên|kể|mời|chúc|"
    r"gợi ý|hướng dẫn|đố)\b"
)
_ADVICE = "dùng {ban} cho người học, {minh} cho trợ giảng; hoặc gọi người trong chuyện bằng tên"


def check_pronouns(own: str) -> Iterator[Remark]:
    """``own`` is a text with its quotations blanked out, composed (NFC)."""
    lower = own.lower()
    family: list[tuple[int, int]] | None = None
    for found in _WORD.finditer(lower):
        word, place = found.group(), found.start()
        if place and (lower[place - 1].isalnum() or lower[place - 1] in "{_"):
            continue
        if family is None:
            family = [known.span() for known in _FAMILY.finditer(lower)]
        if any(start <= place < end for start, end in family):
            continue
        after = _NEXT.match(own, found.end())
        if after and (after.group(1)[0].isupper() or after.group(1) in _THEN.get(word, ())):
            continue
        before = _BEFORE.search(own, max(0, place - 12), place)
        if before and before.group(1).lower() in _AFTER.get(word, ()):
            continue
        yield Remark(place, f"viết tay chữ xưng hô «{own[place : found.end()]}»", _ADVICE)
    for found in _SELF.finditer(lower) if "mình" in lower else ():
        yield Remark(found.start(1), "viết tay chữ xưng hô «mình»", _ADVICE)
