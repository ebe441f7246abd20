"""Plain text, well formed: quotation marks, markup, encoding, placeholders."""

import re
import unicodedata
from collections.abc import Iterator

from authoring.quotes import Remark
from templates.terms import NEUTRAL

_MARKUP = re.compile(r"\*\w[^*\n]*\*|__|`|</?[a-zA-Z][^>\n]*>|\]\(|^#+ ", re.MULTILINE)
_STRANGE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# What any of these rules would stumble over, but for quotation marks.
_SUSPECT = re.compile(rf"[*_`<\]#\"{_STRANGE.pattern[1:-1]}]")
_QUOTE = re.compile("[“”]")
_BRACE = re.compile("[{}]")
_SHOUT = re.compile(r"[!?](?:(?<=!)!|[!?]{2})")
_SCOLD = re.compile(r"(?:\A|[.!?\n]\s*)Sai(?: rồi)?[.!,:]")
_HOLE = re.compile(r"\{([^{}]*)\}")
_FILLED = frozenset(NEUTRAL.filling)
_NAMES = "{ban} {Ban} {minh} {Minh}"
# Where a sentence surely begins: the start, a new line, or the end of another sentence.
_BEGINS = re.compile(r"(?:\A|\n|[.!?]\s)[\s“]*\Z|\n\d+\. \Z")
# Where one surely goes on: a letter or a comma right before.
_GOES_ON = re.compile(r"[\w,] \Z")
# Neither looks back farther than so many characters.
_BACK = 12


def may_be_ill_written(text: str) -> bool:
    """Whether ``check_writing`` could find anything in any part of the text but a quotation mark
    out of place. Most files hold nothing of the kind, and this says so quickly.
    """
    return (
        "Sai" in text
        or bool(_SUSPECT.search(text) or _SHOUT.search(text))
        or not unicodedata.is_normalized("NFC", text)
    )


def check_writing(text: str, own: str) -> Iterator[Remark]:
    """All but quotation marks. ``own`` is the text with its quotations blanked out."""
    if not unicodedata.is_normalized("NFC", text):
        yield Remark(0, "dấu tiếng Việt gõ theo kiểu tổ hợp", "đổi bộ gõ sang Unicode dựng sẵn")
    for found in _STRANGE.finditer(text):
        yield Remark(found.start(), "có ký tự ẩn hoặc dấu tab", "xóa đi, gõ lại dấu cách thường")
    for found in _MARKUP.finditer(text):
        yield Remark(
            found.start(),
            f"có ký hiệu trang trí «{found.group()}»",
            "chỉ viết chữ thường và xuống dòng",
        )
    if '"' in text:
        yield Remark(text.index('"'), "dùng ngoặc kép thẳng", "dùng “ và ”")
    for pattern, message, advice in (
        (_SHOUT, "nói như quát", "dùng một dấu chấm"),
        (_SCOLD, "chê bằng chữ «Sai»", "nói vì sao, đừng chê"),
    ):
        found_here = pattern.search(own)
        if found_here:
            yield Remark(found_here.end() - 1, message, advice)


def check_quotes(text: str) -> Iterator[Remark]:
    """Every quotation is opened and closed."""
    marks = "".join(_QUOTE.findall(text))
    if marks == "“”" * (len(marks) // 2):
        return
    opened = -1
    for place, letter in enumerate(text):
        if letter == "“":
            if opened >= 0:
                yield Remark(place, "ngoặc “ mở hai lần", "đóng ngoặc trước bằng ”")
            opened = place
        elif letter == "”":
            if opened < 0:
                yield Remark(place, "ngoặc ” chưa mở", "thêm “ ở đầu lời")
            opened = -1
    if opened >= 0:
        yield Remark(opened, "ngoặc “ chưa đóng", "thêm ” ở cuối lời")


def check_placeholders(text: str, *, filled: bool) -> Iterator[Remark]:
    holes = 0
    for found in _HOLE.finditer(text):
        holes += 1
        name, place = found.group(1), found.start()
        back = max(0, place - _BACK)
        if not filled:
            yield Remark(place, f"{found.group()} không dùng ở đây", "viết câu không có xưng hô")
        elif name not in _FILLED:
            yield Remark(place, f"không có chỗ điền {found.group()}", f"dùng {_NAMES}")
        elif name.islower() and _BEGINS.search(text, back, place):
            yield Remark(place, f"{found.group()} đứng đầu câu", f"viết {{{name.capitalize()}}}")
        elif name.istitle() and _GOES_ON.search(text, back, place):
            yield Remark(place, f"{found.group()} đứng giữa câu", f"viết {{{name.lower()}}}")
    if text.count("{") == text.count("}") == holes:
        return
    bare = _HOLE.sub(lambda found: " " * len(found.group()), text)
    for found in _BRACE.finditer(bare):
        yield Remark(found.start(), f"dấu {found.group()} lẻ", f"bỏ đi, hoặc dùng {_NAMES}")
