"""What goes over the wire, and what each failure means."""

from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup

from channels.base import (
    Misconfigured,
    Rejected,
    SendError,
    Sent,
    Throttled,
    Unavailable,
    Unreachable,
)
from conversation.actions import action
from conversation.events import GroupMoved, Inbound
from conversation.replies import (
    AskQuestion,
    Button,
    GiveDocument,
    GiveFile,
    Reply,
    Say,
    ShowPicture,
)
from storage.errors import DatabaseFull
from tests.support.telegram_running import Tutor, running
from tests.support.telegram_server import (
    BAD_GATEWAY,
    BLOCKED,
    DEACTIVATED,
    DROPPED,
    FINE,
    MIGRATED,
    NO_CHAT,
    NO_LINE,
    NO_PHOTOS,
    NO_RIGHTS,
    SAME_LINE,
    SERVER_ERROR,
    UNAUTHORIZED,
    Asked,
    Fault,
    TelegramServer,
    throttled,
)

HELLO = Say(Markup("Chào <b>cô</b>"), (Button("Tiếp", action("next")),))
KEYBOARD = {"inline_keyboard": [[{"text": "Tiếp", "callback_data": "next"}]]}
QUIZ = AskQuestion(
    Markup("Mã OTP để làm gì?"),
    (
        Button("Xác nhận chính mình đang giao dịch", action("pick", 0)),
        Button("Cho người lạ mượn", action("pick", 1)),
    ),
    right=0,
    explanation="Vì vậy không đưa cho ai.",
)
LONG = Say(Markup("a " * 5000))


async def test_a_line_is_sent_whole_and_its_id_comes_back() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        assert await telegram.send("7", [HELLO]) == Sent("101")
        assert server.asked("sendMessage") == [
            Asked(
                "sendMessage",
                {
                    "chat_id": "7",
                    "text": "Chào <b>cô</b>",
                    "parse_mode": "HTML",
                    "link_preview_options": {"is_disabled": True},
                    "reply_markup": KEYBOARD,
                },
            )
        ]


async def test_a_quiz_is_sent_whole_and_its_poll_comes_back() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        assert await telegram.send("7", [QUIZ]) == Sent("101", poll="poll-101")
        (asked,) = server.asked("sendPoll")
        assert asked.parameters == {
            "chat_id": "7",
            "question": "Mã OTP để làm gì?",
            "options": [
                {"text": "Xác nhận chính mình đang giao dịch"},
                {"text": "Cho người lạ mượn"},
            ],
            "type": "quiz",
            "is_anonymous": False,
            "correct_option_ids": [0],
            "explanation": "Vì vậy không đưa cho ai.",
        }


@pytest.mark.parametrize(
    ("reply", "method", "parameters"),
    [
        (
            ShowPicture("progress", {"done": 2}, "Đã học 2 bài", Markup("Đường học")),
            "sendPhoto",
            {"photo": b"progress {'done': 2}", "caption": "Đường học"},
        ),
        (
            GiveDocument("sheet", {"n": 1}, "lop.pdf", "Tờ mời", Markup("Tờ A4")),
            "sendDocument",
            {"document": b"sheet {'n': 1}", "caption": "Tờ A4"},
        ),
        (
            GiveFile("cua-toi.json", "{}", Markup("Đây ạ")),
            "sendDocument",
            {"document": b"{}", "caption": "Đây ạ"},
        ),
    ],
)
async def test_a_file_is_uploaded(reply: Reply, method: str, parameters: dict[str, Any]) -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        assert await telegram.send("7", [reply]) == Sent("101")
        (asked,) = server.asked(method)
        assert asked.parameters == {"chat_id": "7", "parse_mode": "HTML", **parameters}


@pytest.mark.parametrize(
    "reply",
    [
        ShowPicture("progress", {}, "Đã học 2 & 3", Markup("<b>Đường học</b>")),
        GiveDocument("sheet", {}, "a.pdf", "Đã học 2 & 3", Markup("<b>Đường học</b>")),
    ],
)
async def test_what_cannot_be_drawn_is_told(reply: Reply) -> None:
    def broken(picture: str, content: dict[str, Any]) -> bytes:
        raise KeyError("font")

    async with TelegramServer() as server, running(server, Tutor(), draw=broken) as telegram:
        assert await telegram.send("7", [reply]) == Sent("101")
        (asked,) = server.asked("sendMessage")
        assert asked.parameters["text"] == "<b>Đường học</b>\n\nĐã học 2 &amp; 3"


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        (throttled(7), Throttled, "retry after 7 s"),
        (SERVER_ERROR, Unavailable, "NetworkError"),
        (BAD_GATEWAY, Unavailable, "NetworkError"),
        (DROPPED, Unavailable, "LineBroke"),
        (BLOCKED, Unreachable, "Forbidden: bot was blocked by the user"),
        (DEACTIVATED, Unreachable, "Forbidden: user is deactivated"),
        (NO_CHAT, Unreachable, "Chat not found"),
        (NO_RIGHTS, Unreachable, "Not enough rights to send text messages to the chat"),
        (UNAUTHORIZED, Misconfigured, "Telegram refuses the token"),
        (Fault(status=404, description="Not Found"), Misconfigured, "Telegram refuses the token"),
        (
            Fault(status=400, description='Bad Request: can\'t parse "lời của người học"'),
            Rejected,
            "Can't parse",
        ),
    ],
)
async def test_a_failure_means(fault: Fault, error: type[SendError], text: str) -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        server.fail("sendMessage", fault)
        with pytest.raises(SendError) as caught:
            await telegram.send("7", [HELLO])
        assert (type(caught.value), str(caught.value)) == (error, text)
        assert caught.value.__suppress_context__


async def test_throttling_says_how_long() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        server.fail("sendMessage", throttled(7))
        with pytest.raises(Throttled) as caught:
            await telegram.send("7", [HELLO])
        assert caught.value.retry_after == timedelta(seconds=7)


async def test_blank_text_is_rejected() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        with pytest.raises(Rejected):
            await telegram.send("7", [Say(Markup(" "))])


async def test_a_channel_that_has_not_started_is_unavailable() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        await telegram.stop()
        with pytest.raises(Unavailable):
            await telegram.send("7", [HELLO])


@pytest.mark.parametrize(
    ("fault", "methods", "sent"),
    [
        (None, ["editMessageText"], Sent("5")),
        (SAME_LINE, ["editMessageText"], Sent("5")),
        (NO_LINE, ["editMessageText", "sendMessage"], Sent("101")),
        (
            Fault(status=400, description="Bad Request: message can't be edited"),
            ["editMessageText", "sendMessage"],
            Sent("101"),
        ),
    ],
)
async def test_a_replacing_reply_edits_or_else_is_sent_anew(
    fault: Fault | None, methods: list[str], sent: Sent
) -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        if fault:
            server.fail("editMessageText", fault)
        reply = Say(HELLO.text, HELLO.buttons, replace=True)
        assert await telegram.send("7", [reply], replaces="5") == sent
        assert [a.method for a in server.asked("editMessageText", "sendMessage")] == methods


async def test_an_edit_that_is_throttled_waits_and_is_not_sent_twice() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        server.fail("editMessageText", throttled(3))
        with pytest.raises(Throttled):
            await telegram.send("7", [Say(Markup("x"), replace=True)], replaces="5")
        assert server.asked("sendMessage") == []


async def test_a_reply_that_does_not_replace_is_a_new_line() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        assert await telegram.send("7", [HELLO], replaces="5") == Sent("101")


async def test_a_retry_goes_on_after_the_parts_that_went_out() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        server.fail("sendMessage", FINE, SERVER_ERROR)
        with pytest.raises(Unavailable):
            await telegram.send("7", [LONG], delivery=2)
        assert await telegram.send("7", [LONG], delivery=2) == Sent("103", requests=2)
        first, failed, again, last = [
            asked.parameters["text"] for asked in server.asked("sendMessage")
        ]
        assert failed == again
        assert f"{first} {again} {last}" == LONG.text.strip()


async def test_another_delivery_of_the_same_words_is_sent_from_its_beginning() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        server.fail("sendMessage", FINE, SERVER_ERROR)
        with pytest.raises(Unavailable):
            await telegram.send("7", [LONG], delivery=2)
        await telegram.send("7", [LONG], delivery=3)
        assert len(server.asked("sendMessage")) == 2 + 3


async def test_a_group_that_moved_is_written_to_under_its_new_id_and_the_tutor_is_told() -> None:
    tutor = Tutor()
    async with TelegramServer() as server, running(server, tutor) as telegram:
        server.fail("sendMessage", MIGRATED)
        assert await telegram.send("-5", [HELLO]) == Sent("101")
        chats = [asked.parameters["chat_id"] for asked in server.asked("sendMessage")]

    assert chats == ["-5", "-100777"]
    assert [(one.address, one.external_id, one.event) for one in tutor.received] == [
        ("-5", "moved--5--100777", GroupMoved("-100777"))
    ]


async def test_a_move_that_cannot_be_stored_is_tried_again_with_the_reply() -> None:
    async def full(_: Inbound) -> None:
        raise DatabaseFull

    async with TelegramServer() as server, running(server, Tutor(before=full)) as telegram:
        server.fail("sendMessage", MIGRATED)
        with pytest.raises(Unavailable, match="the group's new id is not stored"):
            await telegram.send("-5", [HELLO])

        assert len(server.asked("sendMessage")) == 1


async def test_where_no_pictures_may_be_sent_the_picture_is_said() -> None:
    async with TelegramServer() as server, running(server, Tutor()) as telegram:
        server.fail("sendPhoto", NO_PHOTOS)
        await telegram.send("-5", [ShowPicture("path", {}, "Ba dòng", Markup("Bài hôm nay"))])
        (asked,) = server.asked("sendMessage")

    assert asked.parameters["text"] == "Bài hôm nay\n\nBa dòng"
