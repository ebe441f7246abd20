"""A smallest whole project, written to a folder, for tests to break in one place at a time."""

from datetime import date
from pathlib import Path

from lessons.gather import gather
from lessons.lint import lint

LESSON = "lessons/content/tap-thu/bai-mau.yaml"
QUIZ = "quizzes/content/tap-thu/bai-mau.yaml"
COURSE = "lessons/content/tap-thu/course.yaml"
COURSES = "lessons/content/courses.yaml"
FACTS = "lessons/content/facts.yaml"
TODAY = date(2026, 11, 23)

_FILES = {
    COURSES: """\
courses:
  - tap-thu
""",
    FACTS: """\
rows:
  T1:
    claim: Quét mã xong thì tên người nhận hiện ra.
    source: báo A 1/1/2026; báo B 2/1/2026
    confidence: 2+
    stale: low
  T2:
    claim: Phí làm giấy là 15.000 đồng.
    source: báo A 1/1/2026
    confidence: "1"
    stale: high
""",
    COURSE: """\
slug: tap-thu
title: Tập thử
icon: 🔒
summary: "{Ban} tập đọc tên người nhận."
safety: "yes"
lessons:
  - bai-mau
""",
    LESSON: """\
slug: bai-mau
title: Đọc tên người nhận
course: tap-thu
framework_version: 757-2025-v1.0
skills: [N3, "4.2"]
minutes: 3
checked_on: 2026-11-23
check_by: 2027-05-23
keywords:
  - quét mã
  - đọc tên
  - trả tiền
  - mã qr
  - tên lạ
  - chuyển khoản
cards:
  - facts: [T1]
    text: |
      Quét mã xong, tên người nhận hiện ra.

      {Ban} đọc to cái tên đó.
  - facts: []
    text: |
      Tên lạ thì {ban} hỏi người bán.
  - facts: [T2]
    text: |
      Phí có thể đổi. {Ban} hỏi cán bộ ở xã.
takeaway:
  - Quét xong, dừng một nhịp.
  - Đọc to tên người nhận.
  - Tên lạ thì hỏi.
practice:
  task: Lần tới trả tiền, {ban} đọc to tên người nhận.
  steps_if_stuck: "{Ban} nhờ người nhà quét thử một lần."
""",
    QUIZ: """\
lesson: bai-mau
questions:
  - id: mau-mot
    kind: single
    facts: [T1]
    ask: "Tên hiện ra lạ hoắc. {Ban} làm gì?"
    options:
      - text: Bấm luôn cho nhanh
        why: Chợ đông nên ai cũng muốn nhanh. Mà tiền đi là đi luôn.
      - text: Hỏi người bán
        right: "yes"
        why: Hỏi một câu là biết.
  - id: mau-nhieu
    kind: several
    facts: [T1]
    ask: Trước khi bấm, đọc những gì?
    options:
      - text: Tên người nhận
        right: "yes"
        why: Tên nói tiền về đâu.
      - text: Số tiền
        right: "yes"
        why: Dư một số không là mất nhiều.
      - text: Màu của ứng dụng
        why: Màu thì dễ nhìn, mà màu không nói gì.
  - id: mau-dung-sai
    kind: true_false
    facts: [T1]
    ask: Quét mã xong thì tên người nhận hiện ra.
    answer: right
    why: Máy cho xem tên trước khi bấm.
    tempting: Nhiều người bấm nhanh nên chưa từng để ý.
  - id: mau-thu-tu
    kind: order
    facts: [T1]
    ask: Xếp cho đúng.
    steps:
      - Quét mã
      - Đọc tên
      - Bấm xác nhận
    why: Đọc rồi mới bấm.
    tempting: Quen tay nên bấm trước.
  - id: mau-that-lua
    kind: real_or_scam
    facts: [T1]
    scene: "Số lạ nhắn: “Quét mã này để nhận quà.”"
    answer: scam
    why: Quét mã là để trả tiền đi.
    tempting: Nghe có quà thì ai cũng vui.
    first_move: Không quét.
    reasons:
      - text: Bắt quét mã để nhận
        right: "yes"
        why: Nhận tiền không cần quét gì.
      - text: Nhắn vào buổi sáng, lúc đang bận bán hàng
        why: Giờ nào cũng lừa được.
      - text: Lời nhắn hơi ngắn
        why: Ngắn hay dài đều giả được.
""",
}


def write(root: Path) -> None:
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def text_of(name: str) -> str:
    return _FILES[name]


def change(root: Path, name: str, old: str, new: str) -> None:
    """Write the project with one passage changed; the passage must stand there once."""
    write(root)
    text = _FILES[name]
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    (root / name).write_text(text.replace(old, new), encoding="utf-8")


def said(root: Path, today: date | None = None) -> list[str]:
    """Every problem of the project without its advice, the path cut short to the file's name."""
    return sorted(
        f"{problem.path.removesuffix('.yaml').split('content/')[-1]}:{problem.line}: "
        f"{problem.message}"
        for problem in set(lint(gather(root), today=today))
    )
