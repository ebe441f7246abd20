"""Links and phone numbers: one wrong letter or digit can cost a learner their savings."""

import re
from collections.abc import Iterator

from authoring.quotes import Remark

HOSTS = frozenset({"dichvucong.gov.vn", "vneid.gov.vn", "binhdanhocvuso.gov.vn", "tinnhiemmang.vn"})
# The official numbers with a source; banks' numbers are never listed, they stand on the card.
PHONES = frozenset({"111", "112", "113", "114", "115", "156", "5656", "19000368", "02773898989"})

# What a chat would turn into a link: labels joined by dots, the last one of letters.
_HOST = re.compile(
    r"(?<![\w.@\[\]-])(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?![\w\[-])", re.IGNORECASE
)
# Most texts hold nothing of the kind, and these two say so quickly.
_MAY_LINK = re.compile(r"\.[a-zA-Z]|://|@")
_MAY_CALL = re.compile(r"\d[\d .-]\d")
_SCHEME = re.compile(r"\b(?:https?|ftp|tg|zalo)://", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+")
# Ends of file names, and one city, that no chat takes for a domain.
_NO_DOMAINS = frozenset(["apk", "pdf", "exe", "jpg", "png", "docx", "xlsx", "mp4", "hcm"])
_PHONE = re.compile(
    r"(?<![\d.,/])(?:(?:\+84|0)(?:[ .-]?\d){8,10}|1[89]00(?:[ .-]?\d){4,6})(?![\d])"
)
# Over text in lower case; no syllable ends like one of these words and is another.
_SHORT = re.compile(
    r"(?:gọi|nhắn|bấm|tổng đài|đầu số|gửi|đường dây nóng)(?: (?:đến|tới|số|cho|ngay|liền))* "
    r"(\d{3,5})\b(?![., -]?\d|\s?(?:đ\b|đồng|ngàn|nghìn|triệu|k\b|lần|người))"
)


def may_hold_addresses(text: str) -> bool:
    """Whether ``check_addresses`` could find anything in any part of the text."""
    return bool(_MAY_LINK.search(text) or _MAY_CALL.search(text))


def check_addresses(text: str) -> Iterator[Remark]:
    """Quotations too: what stands in a scam's own words can be tapped just as well."""
    if _MAY_LINK.search(text):
        yield from _links(text)
    if _MAY_CALL.search(text):
        for found in _PHONE.finditer(text):
            yield from _unknown(found.start(), found.group())
        for found in _SHORT.finditer(text.lower()):
            yield from _unknown(found.start(1), found.group(1))


def _links(text: str) -> Iterator[Remark]:
    for found in _HOST.finditer(text):
        host = found.group(1).lower().removeprefix("www.")
        if host in HOSTS or host.rpartition(".")[2] in _NO_DOMAINS:
            continue
        yield Remark(
            found.start(),
            f"địa chỉ «{found.group()}» không có trong danh sách được phép",
            f"chỉ viết {', '.join(sorted(HOSTS))}; địa chỉ giả thì viết kiểu dichvucong-vn[.]com; "
            "nếu là hết câu thì thêm dấu cách sau dấu chấm",
        )
    for found in _SCHEME.finditer(text):
        yield Remark(found.start(), f"có «{found.group()}»", "viết tên trang, bỏ phần đầu đó")
    for found in _MAIL.finditer(text):
        yield Remark(found.start(), f"có thư điện tử «{found.group()}»", "bỏ đi")


def _unknown(place: int, number: str) -> Iterator[Remark]:
    if re.sub(r"\D", "", number) not in PHONES:
        yield Remark(
            place,
            f"số điện thoại «{number.strip()}» không có trong danh sách được phép",
            "chỉ số trong lessons/content/facts.yaml; ngân hàng thì chỉ “số in ở mặt sau thẻ”; "
            "số của kẻ gian thì viết “số lạ”",
        )
