"""Replies, and the exact requests that draw them."""

from typing import Any

import pytest
from markupsafe import Markup

from channels.telegram.api import Request, Upload
from channels.telegram.render import fits_poll, render, render_edit
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
    Votes,
)
from tests.support.telegram_rules import METHODS, check

LONG_OPTION = "Cúp máy rồi tự gọi số của người quen"
WHY = "Công an không làm việc qua điện thoại."


def draw(picture: str, content: dict[str, Any]) -> bytes:
    return f"{picture} {content}".encode()


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, action("pick", place)) for place, label in enumerate(labels))


def key(label: str, data: str) -> dict[str, str]:
    return {"text": label, "callback_data": data}


def says(text: str, *rows: list[dict[str, str]]) -> Request:
    parameters: dict[str, Any] = {
        "chat_id": "7",
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if rows:
        parameters["reply_markup"] = {"inline_keyboard": list(rows)}
    return Request("sendMessage", parameters)


def question(*options: str, **changes: Any) -> AskQuestion:
    values = {
        "text": Markup("Ai đó <b>xưng công an</b> gọi, cô làm gì ạ?"),
        "options": buttons(*options),
        "right": 0,
        "explanation": WHY,
        **changes,
    }
    return AskQuestion(**values)


def quiz(*options: str, **changes: Any) -> Request:
    parameters = {
        "chat_id": "7",
        "question": "Ai đó xưng công an gọi, cô làm gì ạ?",
        "options": [{"text": option} for option in options],
        "type": "quiz",
        "is_anonymous": False,
        "correct_option_ids": [0],
        "explanation": WHY,
        **changes,
    }
    return Request("sendPoll", {k: v for k, v in parameters.items() if v is not None})


ONE_TWO = [key("1", "pick:0"), key("2", "pick:1")]
LISTED = f"\n\n1. {LONG_OPTION}\n2. Nghe theo"
ASKED = "Ai đó <b>xưng công an</b> gọi, cô làm gì ạ?"


@pytest.mark.parametrize(
    ("reply", "requests"),
    [
        (Say(Markup("Chào <b>cô</b> &amp; chú")), [says("Chào <b>cô</b> &amp; chú")]),
        (
            Say(Markup("Chọn ạ"), buttons("Học tiếp bài đang dở", "Để sau")),
            [
                says(
                    "Chọn ạ",
                    [key("Học tiếp bài đang dở", "pick:0")],
                    [key("Để sau", "pick:1")],
                )
            ],
        ),
        (
            Say(Markup("Gọi là gì ạ"), buttons("Ông/Bà", "Bác", "Cô", "Chú")),
            [
                says(
                    "Gọi là gì ạ",
                    [key("Ông/Bà", "pick:0"), key("Bác", "pick:1"), key("Cô", "pick:2")],
                    [key("Chú", "pick:3")],
                )
            ],
        ),
        (
            Say(Markup("a " * 3000), buttons("Tiếp")),
            [says(("a " * 2048).strip()), says(("a " * 952).strip(), [key("Tiếp", "pick:0")])],
        ),
        (
            Say(Markup('<a href="tel:113">gọi 113</a> <a href="https://vneid.gov.vn">VNeID</a>')),
            [says('gọi 113 <a href="https://vneid.gov.vn">VNeID</a>')],
        ),
        (question(LONG_OPTION, "Nghe theo"), [quiz(LONG_OPTION, "Nghe theo")]),
        (
            question(LONG_OPTION, "Nghe theo", explanation="", extra=buttons("Nghỉ")),
            [
                quiz(
                    LONG_OPTION,
                    "Nghe theo",
                    explanation=None,
                    reply_markup={"inline_keyboard": [[key("Nghỉ", "pick:0")]]},
                )
            ],
        ),
        (
            question("Cúp máy", "Nghe theo", extra=buttons("Nghỉ")),
            [
                says(
                    f"{ASKED}\n\n1. Cúp máy\n2. Nghe theo",
                    [key("Cúp máy", "pick:0")],
                    [key("Nghe theo", "pick:1")],
                    [key("Nghỉ", "pick:0")],
                )
            ],
        ),
        (
            question("Đúng", "A & B <c>"),
            [
                says(
                    f"{ASKED}\n\n1. Đúng\n2. A &amp; B &lt;c&gt;",
                    [key("Đúng", "pick:0")],
                    [key("A & B <c>", "pick:1")],
                )
            ],
        ),
        (
            question(LONG_OPTION, "Nghe theo", explanation="x" * 201),
            [says(ASKED + LISTED, ONE_TWO)],
        ),
        (
            question(LONG_OPTION, "Nghe theo", explanation="a\nb\nc\nd"),
            [says(ASKED + LISTED, ONE_TWO)],
        ),
        (
            question(LONG_OPTION, "Nghe theo", text=Markup("<blockquote>Alo</blockquote>\nLừa?")),
            [says(f"<blockquote>Alo</blockquote>\nLừa?{LISTED}", ONE_TWO)],
        ),
        (
            question(LONG_OPTION, "Nghe theo", text=Markup("b" * 301)),
            [says("b" * 301 + LISTED, ONE_TWO)],
        ),
        (
            question("c" * 101, "Nghe theo"),
            [says(f"{ASKED}\n\n1. {'c' * 101}\n2. Nghe theo", ONE_TWO)],
        ),
        (
            ShowPicture("progress", {"done": 2}, "Đã học 2 bài", Markup("<b>Đường học</b>")),
            [
                Request(
                    "sendPhoto",
                    {
                        "chat_id": "7",
                        "photo": Upload("progress.png", b"progress {'done': 2}"),
                        "caption": "<b>Đường học</b>",
                        "parse_mode": "HTML",
                    },
                )
            ],
        ),
        (
            ShowPicture("progress", {}, "Đã học", Markup("d" * 1025)),
            [
                Request(
                    "sendPhoto", {"chat_id": "7", "photo": Upload("progress.png", b"progress {}")}
                ),
                says("d" * 1025),
            ],
        ),
        (
            GiveDocument("sheet", {"n": 1}, "lop.pdf", "Tờ mời", Markup("Tờ A4")),
            [
                Request(
                    "sendDocument",
                    {
                        "chat_id": "7",
                        "document": Upload("lop.pdf", b"sheet {'n': 1}"),
                        "caption": "Tờ A4",
                        "parse_mode": "HTML",
                    },
                )
            ],
        ),
        (
            GiveFile("cua-toi.json", '{"tên": 1}', Markup("Đây ạ")),
            [
                Request(
                    "sendDocument",
                    {
                        "chat_id": "7",
                        "document": Upload("cua-toi.json", '{"tên": 1}'.encode()),
                        "caption": "Đây ạ",
                        "parse_mode": "HTML",
                    },
                )
            ],
        ),
    ],
)
def test_a_reply_becomes_exactly(reply: Reply, requests: list[Request]) -> None:
    drawn = render("7", reply, draw)
    assert drawn == requests
    for request in drawn:
        check(request.method, request.parameters)


def test_a_reply_that_replaces_edits_the_line_it_was_tapped_on() -> None:
    say = Say(Markup("Thẻ 2"), buttons("Tiếp"), replace=True)
    expected = says("Thẻ 2", [key("Tiếp", "pick:0")]).parameters
    assert render_edit("7", "5", say) == Request("editMessageText", {**expected, "message_id": "5"})


def test_a_reply_too_long_for_one_line_edits_nothing() -> None:
    assert render_edit("7", "5", Say(Markup("a " * 3000), replace=True)) is None


@pytest.mark.parametrize("count", [1, 2, 12, 13])
def test_a_poll_has_two_to_twelve_options(count: int) -> None:
    options = [f"{LONG_OPTION} {place}" for place in range(count)]
    (request,) = render("7", question(*options), draw)
    assert request.method == ("sendPoll" if 2 <= count <= 12 else "sendMessage")
    assert request.method in METHODS


SEVERAL = AskQuestion(
    Markup("Những việc nào đúng?"),
    buttons("☐ Gõ số căn cước trong VNeID", "☐ Chụp hình thẻ gửi cho người lạ"),
    taps=buttons("Xong", "Để sau"),
    replace=True,
)


def test_question_without_one_right_option_is_no_poll_however_long_its_options() -> None:
    assert not fits_poll(SEVERAL)


def test_taps_stand_under_the_options_they_go_with() -> None:
    (request,) = render("7", SEVERAL, draw)

    rows = request.parameters["reply_markup"]["inline_keyboard"]
    assert [[key["text"] for key in row] for row in rows] == [["1", "2"], ["Xong", "Để sau"]]


def test_question_that_was_ticked_is_drawn_over_itself() -> None:
    request = render_edit("7", "5", SEVERAL)

    assert request is not None
    assert (request.method, request.parameters["message_id"]) == ("editMessageText", "5")


def test_poll_is_never_drawn_over_a_line() -> None:
    assert render_edit("7", "5", question(LONG_OPTION, "Nghe", replace=True)) is None


def test_links_are_keys_below_the_choices() -> None:
    alone = Link("Học riêng", "https://t.me/hocso_bot?start=nhom-k7m2xd_gia-cong-an")
    door = {"text": alone.label, "url": alone.url}
    (bare,) = render("7", Say(Markup("a"), links=(alone,)), draw)
    (under,) = render("7", Say(Markup("a"), buttons("Tiếp"), links=(alone,)), draw)

    assert bare == says("a", [door])
    assert under == says("a", [key("Tiếp", "pick:0")], [door])
    check(under.method, under.parameters)


@pytest.mark.parametrize(("votes", "is_anonymous"), [("secret", True), ("shown", False)])
def test_a_question_for_a_group_is_a_poll_however_short_its_options(
    votes: Votes, is_anonymous: bool
) -> None:
    question = AskQuestion(Markup("Thật hay lừa?"), buttons("Thật", "Lừa"), 1, WHY, votes=votes)
    (request,) = render("-100", question, draw)
    check(request.method, request.parameters)

    assert request == Request(
        "sendPoll",
        {
            "chat_id": "-100",
            "question": "Thật hay lừa?",
            "options": [{"text": "Thật"}, {"text": "Lừa"}],
            "type": "quiz",
            "is_anonymous": is_anonymous,
            "correct_option_ids": [1],
            "explanation": WHY,
        },
    )
