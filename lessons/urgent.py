"""Telling words of somebody who is being robbed, or pressed, right now from words about fraud.

Missing a cry for help costs savings; a wrong alarm costs one line. So a plain statement counts
even without "vừa", and only words that plainly ask in general, imagine, or speak of long ago
take it back.
"""

import re

from vietnamese import fold

_LATE = r"(?:vua|moi|lo|da|trot|so y|lo tay)"
_MONEY = r"(?:tien|may trieu|\d+ ?(?:trieu|tr|ngan|k|cu)|so du|tai khoan|het sach)"
_CODE = r"(?:(?:ma )?otp|(?:ma )?pin|mat khau|passcode|(?:ma )?cvv|ma xac (?:nhan|thuc)|so the)"
_THIEF = r"(?:ke (?:lua|gian|gat|xau)|lua dao|bon lua|nguoi la|no\b|tui no|so la|cong an gia)"
_THEM = r"(?:no|ho|tui no|nguoi la|nguoi ta|ke gian|may dua no)"
_PUSHES = r"(?:bat|keu|doi|bieu|giuc|doa)"
_DEMAND = (
    r"(?:(?:chuyen|dong|nop|gui|nap|rut) (?:\w+ ){0,2}(?:tien|khoan)\b"
    r"|doc (?:\w+ ){0,2}(?:ma|otp|so)\b)"
)
_BAD_APP = r"(?:app|ung dung|apk|link|lien ket|file|tep|phan mem)"
_SIGNS = (
    # Robbed, said outright.
    rf"{_LATE} (?:\w+ )?bi (?:\w+ )?(?:lua|gat|hack|mat tien|rut)\b",
    rf"bi (?:no |ke gian |nguoi ta )?(?:lua|gat|lua dao)(?: \w+){{0,3}} {_MONEY}",
    r"bi (?:lua|gat) (?:roi|mat roi|het)\b",
    r"bi (?:lua|gat)$",
    r"bi (?:lua|gat) (?:thi )?(?:bay gio )?(?:phai )?(?:lam sao|lam gi)",
    r"bi (?:hack|chiem|rut|tru|mat) (?:\w+ ){0,3}(?:tien|tai khoan|ngan hang|so du)\b",
    r"mat (?:het |sach |tieu )?(?:tien|\d+ ?(?:trieu|tr))\b.*\b(?:roi|trong tai khoan)\b",
    r"(?:tien|tai khoan)(?: \w+){0,4} (?:bi (?:tru|rut|mat)|bay mau|bay sach|mat sach)\b",
    # Money sent to a thief.
    rf"{_LATE} (?:\w+ ){{0,3}}(?:chuyen|gui|nap|dong|coc|ck)\b.*\b{_THIEF}",
    rf"chuyen (?:\w+ ){{0,4}}cho {_THIEF}.*\broi\b",
    # A secret given away.
    rf"{_LATE} (?:\w+ ){{0,2}}(?:doc|dua|cho|gui|nhap|noi|khai|lo|bam)\b(?: \w+){{0,4}} {_CODE}",
    rf"(?:doc|dua|gui|nhap|lo)(?: \w+){{0,3}} {_CODE}\b.*\broi\b",
    rf"(?:bi lo|lo het|lo) {_CODE}",
    # A strange app or link opened.
    rf"{_LATE} (?:\w+ ){{0,2}}(?:cai|tai|mo|bam|nhan|an)(?: \w+){{0,4}} {_BAD_APP}\b(?! ngan hang)",
    r"(?:cai|bam)(?: \w+){0,3} (?:(?:app|ung dung|link) la|apk|link gia)\b.*\broi\b",
    r"(?:bam|mo|an|cai) (?:nham|lo)(?: \w+){0,2} (?:app|ung dung|apk|link|file|tep)\b(?: \w+){0,2} roi",
    rf"{_LATE} (?:bam|mo|an|cai) nham(?: \w+){{0,2}} (?:app|ung dung|apk|link|file|tep)\b",
    r"may (?:\w+ ){0,3}(?:bi dieu khien|tu chay|tu bam)\b",
    r"may tu (?:nhien |dung )?(?:chay|bam|mo)\b",
    # Numbers or papers handed to "them", and money or an account taken by them.
    rf"(?:doc|dua|gui|khai|noi)(?: \w+){{0,3}} (?:so|ma|can cuoc|cccd)\b(?: \w+){{0,2}} cho {_THEM}\b",
    rf"{_LATE} (?:\w+ )?(?:doc|dua|khai)(?: \w+){{0,3}} (?:so|ma)\b(?: \w+){{0,2}} {_THEM} hoi",
    rf"chup(?: \w+){{0,2}} (?:can cuoc|cccd|the)\b(?: \w+){{0,2}} cho {_THEM}\b",
    rf"(?:{_THEM}|ke gian|tui no) (?:da )?(?:lay|rut|quet|cuom)(?: \w+){{0,2}} tien\b",
    rf"(?:zalo|facebook|face|fb) (?:\w+ ){{0,2}}bi (?:{_THEM} )?(?:lay|chiem|hack|cuop|mat)\b",
    r"(?:ngan hang|app|dien thoai) (?:\w+ )?(?:bao|nhan) (?:bi )?tru \d+",
)
# Somebody has them on the telephone, or by the hand, at this moment.
_PRESSES = (
    rf"(?:dang|vua|moi) (?:\w+ ){{0,2}}(?:goi|nhan)\b.*\b{_PUSHES}\b.*{_DEMAND}",
    rf"(?:{_THEM}|cong an|vien kiem sat|ngan hang|can bo) (?:\w+ ){{0,3}}{_PUSHES}(?: \w+){{0,4}} {_DEMAND}",
    r"(?:bat|bieu|keu)(?: \w+){0,4} (?:khong|dung|cam) (?:cho|duoc)? ?(?:\w+ )?(?:noi|ke)\b",
    r"khong (?:chuyen|dong|nop)(?: \w+){0,2} (?:thi|la) (?:bi )?bat\b",
)
# A chat account taken, of which nobody says that money is gone or asked for.
_TAKEN = r"(?:hack|lay|chiem|cuop|mat|xam nhap|danh cap)"
_CHAT = r"(?:zalo|facebook|face|fb)"
_ACCOUNT = re.compile(
    rf"\b{_CHAT}\b(?: \w+){{0,5}} (?:bi (?:\w+ ){{0,2}}{_TAKEN}|mat roi)\b"
    rf"|\bbi (?:\w+ )?{_TAKEN} (?:\w+ ){{0,2}}{_CHAT}\b"
    rf"|\b(?:hack|chiem|cuop) (?:\w+ ){{0,2}}{_CHAT}\b|\bmat {_CHAT} (?:\w+ )?roi\b"
)
_OF_MONEY = re.compile(
    r"\b(?:tien|trieu|tr|ngan|dong|chuyen khoan|ck|ngan hang|otp|ma|mat khau|app|link|the|stk)\b"
)
_URGENT = re.compile(r"\b(?:" + "|".join(_SIGNS) + ")")
_PRESSED = re.compile(r"\b(?:" + "|".join(_PRESSES) + ")")
_GENERAL = re.compile(
    r"\b(?:neu|nho|lo ma bi|gia su|khi nao|truong hop|so (?:la )?(?:minh |toi |con )?bi|khoi bi|"
    r"de (?:khoi|khong|tranh)|lam sao (?:de )?(?:khong|khoi|tranh|biet)|cach (?:nao )?(?:de )?"
    r"(?:khoi|tranh|phong|khong)|tranh bi|phong (?:tranh|ngua)|khong bi|chua bi|co bi (?:lua|gat)"
    r"|(?:nam|thang) (?:ngoai|truoc)|hoi (?:do|xua|truoc)|ngay xua|lau roi|hom truoc nua|"
    r"doc bao|nghe (?:noi|ke|dai)|(?:xem|coi) (?:tivi|ti vi|thoi su|dai)|lo (?:lang|so)|(?:mat khau|otp|passcode)(?: \w+){0,2} khong (?:duoc|vao|ve|dung)"
    r"|tren (?:tivi|bao|dai)|hoc bai|bai (?:hoc|nao)|dung de)"
    r"\b"
)


def is_account_taken(text: str) -> bool:
    """Whether it is only the chat account that was taken: then the bank is no first aid."""
    folded = fold(text)
    return bool(_ACCOUNT.search(folded)) and not _OF_MONEY.search(folded)


def is_urgent(text: str) -> bool:
    """Whether money or a secret has just gone to a thief, or one is at it this moment."""
    folded = fold(text)
    signs = (_URGENT, _PRESSED, _ACCOUNT)
    return any(sign.search(folded) for sign in signs) and not _GENERAL.search(folded)
