import pytest
from markupsafe import Markup

from channels.plain import draw_plain
from conversation.actions import action
from conversation.replies import (
    AskQuestion,
    Button,
    GiveDocument,
    GiveFile,
    Link,
    Reply,
    Say,
    ShowPicture,
)


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, action("pick", place)) for place, label in enumerate(labels))


@pytest.mark.parametrize(
    ("reply", "lines"),
    [
        (Say(Markup("Chào <b>bác</b> &amp; cô")), ["Chào bác & cô"]),
        (
            Say(Markup("Mình học gì ạ?\n"), buttons("Học tiếp", "Để sau")),
            ["Mình học gì ạ?\n\n1. Học tiếp\n2. Để sau"],
        ),
        (
            Say(
                Markup("Mình học gì ạ?"),
                buttons("Học tiếp"),
                links=(Link("Học riêng", "https://hoc.example.vn/s/x"),),
            ),
            ["Mình học gì ạ?\n\n1. Học tiếp\n\nHọc riêng: https://hoc.example.vn/s/x"],
        ),
        (
            Say(Markup("<blockquote>Con đang cấp cứu</blockquote>\nThật hay lừa?")),
            ["“Con đang cấp cứu”\nThật hay lừa?"],
        ),
        (
            Say(Markup('Mở <a href="https://vneid.gov.vn">trang VNeID</a> nhé')),
            ["Mở trang VNeID (https://vneid.gov.vn) nhé"],
        ),
        (
            Say(Markup('Mở <a href="https://vneid.gov.vn">https://vneid.gov.vn</a>')),
            ["Mở https://vneid.gov.vn"],
        ),
        (
            AskQuestion(
                Markup("OTP dùng để làm gì?"),
                buttons("Xác nhận giao dịch", "Cho người lạ mượn"),
                right=0,
                explanation="Vì vậy.",
                extra=buttons("Nghỉ đã"),
            ),
            ["OTP dùng để làm gì?\n\n1. Xác nhận giao dịch\n2. Cho người lạ mượn\n3. Nghỉ đã"],
        ),
        (
            ShowPicture("progress", {}, "Đã học 2 trên 5 bài.", Markup("<b>Đường học</b>")),
            ["Đường học\n\nĐã học 2 trên 5 bài."],
        ),
        (
            GiveDocument("sheet", {}, "lop.pdf", "Tờ mời vào lớp.", Markup("Tờ <b>A4</b>")),
            ["Tờ A4\n\nTờ mời vào lớp."],
        ),
        (
            GiveFile("cua-toi.json", '{"a": 1}', Markup("Đây là tất cả ạ.")),
            ["Đây là tất cả ạ.\n\ncua-toi.json", '{"a": 1}'],
        ),
    ],
)
def test_a_reply_becomes_numbered_text(reply: Reply, lines: list[str]) -> None:
    assert draw_plain(reply, 2000) == lines


def test_a_long_reply_keeps_its_choices_together_at_the_end() -> None:
    long = Say(Markup("Một câu dài. " * 12), buttons("Học tiếp", "Để sau"))
    lines = draw_plain(long, 100)
    assert lines[-1].endswith("1. Học tiếp\n2. Để sau")
    assert [line for line in lines if len(line) > 100] == []
