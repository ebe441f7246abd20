"""What must never be taught: advice that was right once, or never was.

The list is that of the fact table (section F). A pattern can tell the bad advice only when it is
written plainly, so a person still reads every lesson; and it is held only against what the tutor
vouches for, never against lures, scams' own words or quotations.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from authoring.quotes import Remark

# A sentence with one of these warns against the thing, or speaks of those who say it.
_WARNS = (
    r"\b(?:không|khỏi|đừng|chẳng|chưa|chớ|lừa|giả|gian|gạt|dụ|bẫy|sai|nhầm|lầm|hồi trước|"
    r"trước kia|xưa|bắt(?! buộc)|đòi|rủ|xui|xưng)\b"
)


class _Claim(NamedTuple):
    """The bad advice, over text in lower case. It is never given without one of the words
    ``when``; words that match ``unless`` make it harmless.
    """

    when: frozenset[str]
    pattern: re.Pattern[str]
    instead: str
    unless: re.Pattern[str]


def _claim(when: str, pattern: str, instead: str, unless: str = _WARNS) -> _Claim:
    return _Claim(frozenset(when.split()), re.compile(pattern), instead, re.compile(unless))


_NEVER = r"(?!)"
_ASKED = r"chưa chắc|đừng|chẳng|lừa|giả|gạt|không đúng|không phải"
_PAPERS = r"(?:căn cước|cccd|giấy tờ|bằng lái|giấy phép lái xe|sổ đỏ|hộ khẩu|thẻ bảo hiểm)"
_CLAIMS = (
    # F1 to F4: the new two-level administration.
    _claim(
        "tỉnh dichvucong",
        r"dichvucong\.[a-z]+\.gov\.vn|(?:vào|dùng|mở|nộp (?:ở|qua|trên)) cổng (?:dịch vụ công )?"
        r"(?:riêng )?(?:của )?tỉnh",
        "cổng của tỉnh đã đóng: vào dichvucong.gov.vn",
    ),
    _claim(
        "vssid sim bưu thoại",
        r"(?:tạo|lập|mở|đăng ký) tài khoản (?:cổng )?dịch vụ công.{0,20}(?:sim|số điện thoại|"
        r"vssid|bưu điện)",
        "vào Cổng Dịch vụ công chỉ bằng VNeID",
    ),
    _claim(
        "huyện quận thị",
        r"(?:ubnd|ủy ban|uỷ ban|ủy ban nhân dân|công an|trung tâm) (?:quận|huyện|thị xã)\b|"
        r"\b(?:lên|ra|tới|đến) huyện\b",
        "không còn cấp huyện: làm ở xã, phường",
    ),
    _claim(
        "nhập địa",
        rf"sáp nhập.{{0,60}}\b(?:phải|cần|nên|bắt buộc)\b.{{0,12}}\bđổi {_PAPERS}|"
        rf"(?:phải|cần|bắt buộc)\b.{{0,12}}\bđổi {_PAPERS}.{{0,60}}sáp nhập|"
        r"(?:phải|cần|nên) (?:tự )?cập nhật địa chỉ",
        "sáp nhập không buộc đổi giấy tờ, địa chỉ trên VNeID tự cập nhật",
    ),
    # F5, F6: bodies and taxes that are no more.
    _claim(
        "cục bộ",
        r"cục an toàn thông tin|bộ thông tin và truyền thông|bộ tt ?& ?tt",
        "nay là A05, Bộ Công an; viễn thông là Bộ Khoa học và Công nghệ",
        _NEVER,
    ),
    _claim("khoán", r"thuế khoán", "từ 2026 hộ kinh doanh tự kê khai", r"\b(?:bỏ|hết|không còn)\b"),
    # F7 to F11: banks, signs that show nothing, money coming in.
    _claim(
        "triệu",
        r"dưới (?:10|mười) triệu.{0,30}(?:không|khỏi) (?:cần|phải).{0,15}(?:mặt|xác thực|sinh trắc)",
        "còn ngưỡng cộng dồn trong ngày, lần đầu, đổi máy",
        _NEVER,
    ),
    _claim(
        "link luồng chung cùng",
        r"ngân hàng (?:nhắn|gửi) (?:đường )?link.{0,12}(?:thì|là|cứ) bấm|"
        r"(?:cùng|chung) (?:luồng|chỗ|một chỗ).{0,40}(?:là|chắc là|thì) (?:tin )?thật",
        "ngân hàng không gửi link; tin giả nằm chung chỗ với tin thật",
        _ASKED,
    ),
    _claim(
        "khóa khoá https mặt tên",
        r"(?:ổ khóa|ổ khoá|https).{0,20}(?:là|thì|chắc) an toàn|(?:thấy|có) mặt.{0,12}là thật|"
        r"(?:hiện|đúng) tên.{0,25}là thật",
        "ổ khóa, gương mặt, cái tên hiện ra đều không chứng minh được gì",
        _ASKED,
    ),
    _claim(
        "trả lại",
        r"(?:tự )?chuyển trả (?:ngay|liền|lại ngay|lại liền)|chuyển (?:lại|trả) (?:ngay )?cho "
        r"người (?:lạ|gọi)",
        "tiền lạ thì để yên, báo ngân hàng và công an xã",
    ),
    _claim(
        "quét nhập đọc",
        r"(?:quét (?:mã|qr)|nhập (?:mã )?otp|đọc (?:mã )?otp|nhập pin).{0,20}(?:để|là|thì|mới) "
        r"(?:được )?nhận",
        "quét mã, nhập OTP chỉ để trả tiền đi",
    ),
    # F12 to F15: getting money back, calling back, apps and level 2 from afar.
    _claim(
        "lấy",
        r"(?:chắc chắn|bảo đảm|đảm bảo|thế nào cũng|sẽ) (?:sẽ )?(?:được )?lấy lại (?:được )?"
        r"(?:hết )?tiền|dịch vụ lấy lại tiền uy tín",
        "báo sớm thì có cơ hội, không ai hứa được",
    ),
    _claim(
        "gọi",
        r"gọi lại (?:cái )?số (?:trong|ở|vừa|đã) (?:tin|nhắn|gọi)",
        "gọi số đã biết từ trước",
    ),
    _claim(
        "gọi",
        r"(?:công an|ngân hàng|điện lực) (?:sẽ|hay|thường) gọi.{0,25}cài",
        "không cơ quan nào gọi hướng dẫn cài app",
    ),
    _claim(
        "mức",
        r"(?:lên|nâng|làm|đăng ký)(?: vneid| định danh)? mức (?:2|hai).{0,12}(?:tại nhà|ở nhà|qua mạng|"
        r"qua app|trên mạng|qua điện thoại|trên vneid)",
        "mức 2 phải ra công an xã, phường",
    ),
    # F16 to F20: fees, SIM, papers, wallets, lent accounts.
    _claim(
        "online mạng",
        r"(?:online|qua mạng|trên mạng) (?:luôn|lúc nào cũng|bao giờ cũng) (?:được giảm|rẻ)",
        "nhiều ưu đãi đã hết: xem mức phí trên cổng",
    ),
    _claim(
        "sim",
        r"khóa hết (?:các )?sim|(?:sim nào|mọi sim).{0,20}phải ra cửa hàng",
        "xác thực SIM làm được trong VNeID hoặc app nhà mạng",
    ),
    _claim(
        "giấy chứng cmnd",
        r"bằng (?:lái )?giấy.{0,15}(?:bắt buộc|phải) đổi|"
        r"(?:chứng minh nhân dân|cmnd).{0,20}(?:vẫn|còn) (?:dùng|xài)",
        "bằng giấy còn hạn vẫn dùng; chứng minh nhân dân đã hết dùng",
    ),
    _claim(
        "ví mobile",
        r"mở ví.{0,15}phải ra quầy|mobile money chỉ (?:10|mười) triệu",
        "mở ví làm được trên mạng",
    ),
    _claim("nhở", r"chỉ bị nhắc nhở", "cho mượn tài khoản bị phạt nặng"),
    # F21 to F23: false comfort, identity cards for social networks.
    _claim(
        "cảnh báo",
        r"không (?:có|thấy|hiện) (?:báo|cảnh báo)(?: gì)? (?:là|thì|nghĩa là) (?:an toàn|yên tâm)",
        "không có cảnh báo chưa chắc an toàn",
        r"chưa chắc",
    ),
    _claim(
        "virus lừa ntrust",
        r"(?:diệt virus|chống lừa đảo|ntrust).{0,25}(?:là|thì) (?:yên tâm|an toàn)",
        "ứng dụng đó chỉ hỗ trợ thêm",
        r"chưa chắc|đừng|không phải|chẳng",
    ),
    _claim(
        "ảnh hình",
        r"(?:bắt buộc|phải) gửi (?:ảnh|hình) (?:cccd|căn cước|giấy tờ)",
        "mạng xã hội không được đòi ảnh giấy tờ",
    ),
    # F24 to F29.
    _claim(
        "luật",
        r"luật an ninh mạng.{0,40}1/1/2026|luật hộ tịch.{0,20}(?:mới|sửa đổi).{0,15}đang áp dụng",
        "Luật An ninh mạng từ 1/7/2026, Luật Hộ tịch sửa đổi từ 1/3/2027",
    ),
    _claim(
        "telegram",
        r"telegram.{0,15}bị cấm|telegram.{0,20}(?:được )?mở lại",
        "cả hai đều không có căn cứ",
        _NEVER,
    ),
    _claim("ký", r"(?:phải|cần) mua chữ ký số", "đa số thủ tục không cần chữ ký số"),
    _claim(
        "112",
        r"(?:lừa|gạt|mất tiền).{0,40}gọi 112\b|gọi 112\b.{0,40}(?:lừa|gạt|mất tiền)",
        "112 cho thiên tai; bị lừa thì công an xã, bị đe dọa thì 113",
        r"(?:không|đừng) gọi",
    ),
    _claim("tin", r"(?:xóa|xoá) (?:hết |luôn |sạch )*tin nhắn", "giữ tin nhắn làm bằng chứng"),
    _claim("đồng", r"(?:cài|tải|mở|dùng) e-?\s?đồng\s?tháp", "chưa rõ ứng dụng này còn dùng"),
)
# The places of the claims that each word calls for.
_BY_WORD: dict[str, set[int]] = {}
for _place, _one in enumerate(_CLAIMS):
    for _word in _one.when:
        _BY_WORD.setdefault(_word, set()).add(_place)
# By their first letters and with no look-behind: the search then skips ahead. The longest come
# first, so that a word inside of another hides none.
_WORD = re.compile(
    "(?:"
    + "|".join(
        f"{first}(?:{'|'.join(sorted((word[1:] for word in words), key=len, reverse=True))})"
        for first, words in groupby(sorted(_BY_WORD), key=itemgetter(0))
    )
    + r")(?!\w)"
)
_SENTENCE = re.compile(r"[^.!?\n]*(?:\.(?=\w)[^.!?\n]*)*")


def check_claims(own: str) -> Iterator[Remark]:
    """``own`` is what the tutor vouches for, its quotations blanked out."""
    lower = own.lower()
    called = set(_WORD.findall(lower))
    if not called:
        return
    for place in sorted(set().union(*(_BY_WORD[word] for word in called))):
        claim = _CLAIMS[place]
        # Only a text that holds the pattern somewhere is taken apart.
        if not claim.pattern.search(lower):
            continue
        for sentence in _SENTENCE.finditer(lower):
            found = claim.pattern.search(sentence.group())
            if found and not claim.unless.search(sentence.group()):
                yield Remark(
                    sentence.start() + found.start(),
                    f"«{found.group()}» là lời khuyên sai hoặc đã cũ",
                    claim.instead,
                )
