"""What happens in a group, as Telegram sends it, and what it means for the tutor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import Bot, Update

from channels.telegram.receive import is_own_poll_counted, to_inbound, without_tapped_line
from conversation.actions import action
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    GroupJoined,
    GroupLeft,
    GroupMoved,
    GroupReopened,
    Inbound,
    PollCounted,
    Sender,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)
from tests.support import telegram_server as faults
from tests.support.telegram_running import Tutor, running
from tests.support.telegram_server import Asked, TelegramServer
from tests.support.telegram_updates import (
    BOT,
    DATE,
    Payload,
    group,
    line,
    membership,
    person,
    poll,
    private,
    tap,
    text,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MEMBERS = group(-100)
BASIC = {"id": -5, "type": "group", "title": "Bà con ấp 3"}
CHANNEL = {"id": -9, "type": "channel", "title": "Tin xã"}
ANSWERED = {"message_id": 3, "date": DATE, "chat": MEMBERS, "from": BOT, "text": "Chào"}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
# Who writes for an administrator that stays unnamed, and for a channel.
NOBODY = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
SEVEN = Sender("7")


def mention(offset: int, length: int) -> list[Payload]:
    return [{"type": "mention", "offset": offset, "length": length}]


def in_group(payload: Payload, chat: Payload = MEMBERS) -> Payload:
    """The same tap on a line in a group."""
    payload["callback_query"]["message"]["chat"] = chat
    return payload


def muted(*, can_write: bool = False, is_member: bool = True) -> Payload:
    rights = dict.fromkeys(
        (
            "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
            "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
            "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
            "can_send_other_messages", "can_add_web_page_previews", "can_edit_tag",
            "can_react_to_messages",
        ),
        False,
    )  # fmt: skip
    return {
        "user": BOT,
        "status": "restricted",
        "is_member": is_member,
        "can_send_messages": can_write,
        "until_date": 0,
        **rights,
    }


def restricted(side: str, standing: Payload, other: str = "member") -> Payload:
    """The bot's standing became, or was, a restricted one."""
    payload = membership(MEMBERS, other, other)
    payload["my_chat_member"][f"{side}_chat_member"] = standing
    return payload


def received(payload: Payload) -> Inbound | None:
    update = Update.de_json(without_tapped_line({"update_id": 31, **payload}), Bot("1:x"))
    return to_inbound(update, username="hocso_bot", now=NOW)


@pytest.mark.parametrize(
    ("payload", "event", "sender"),
    [
        (text("/bai", chat=MEMBERS), CommandReceived("bai"), SEVEN),
        (text("/bai@HocSo_bot  otp ", chat=MEMBERS), CommandReceived("bai", "otp"), SEVEN),
        (text("/start@hocso_bot x", chat=MEMBERS), Started("x"), SEVEN),
        (
            text("ơi @hocso_bot gửi bài", chat=MEMBERS, entities=mention(3, 10)),
            TextReceived("ơi gửi bài"),
            SEVEN,
        ),
        (
            text("@Hocso_bot, 2", chat=MEMBERS, entities=mention(0, 10)),
            TextReceived("2"),
            SEVEN,
        ),
        (
            text("2", chat=MEMBERS, reply_to_message=ANSWERED),
            TextReceived("2", quoted="Chào"),
            SEVEN,
        ),
        (
            line(chat=MEMBERS, photo=PHOTO, caption="@hocso_bot", caption_entities=mention(0, 10)),
            Unsupported("other"),
            SEVEN,
        ),
        (in_group(tap("bai_gui:x")), Chosen(action("bai_gui", "x"), source="5"), SEVEN),
        (in_group(tap("không phải")), Chosen(action("stale"), source="5"), SEVEN),
        (
            line(chat=MEMBERS, text="/bai", sender_chat=MEMBERS, **{"from": NOBODY}),
            CommandReceived("bai"),
            Sender("", is_admin=True),
        ),
        (membership(MEMBERS, "left", "member"), GroupJoined("Tổ công nghệ số ấp 3"), SEVEN),
        (membership(BASIC, "kicked", "administrator"), GroupJoined("Bà con ấp 3"), SEVEN),
        (restricted("new", muted()), Stopped(), SEVEN),
        (restricted("new", muted(), "left"), Stopped(), SEVEN),
        (restricted("old", muted()), GroupReopened(), SEVEN),
        (restricted("new", muted(can_write=True), "left"), GroupJoined(MEMBERS["title"]), SEVEN),
        (membership(MEMBERS, "member", "left"), GroupLeft(), None),
        (membership(MEMBERS, "administrator", "kicked"), GroupLeft(), None),
        (restricted("new", muted(is_member=False)), GroupLeft(), None),
    ],
)
def test_in_a_group_an_update_becomes(
    payload: Payload, event: Event, sender: Sender | None
) -> None:
    inbound = received(payload)

    assert inbound is not None
    assert inbound.address in ("-100", "-5")
    assert (inbound.event, inbound.sender) == (event, sender)


@pytest.mark.parametrize(
    "payload",
    [
        text("mai họp 7 giờ nha bà con", chat=MEMBERS),
        text("/bai@bot_khac", chat=MEMBERS),
        text("ơi @bot_khac", chat=MEMBERS, entities=mention(3, 9)),
        text("ừ", chat=MEMBERS, reply_to_message={**ANSWERED, "from": person(8)}),
        line(chat=MEMBERS, photo=PHOTO),
        line(chat=MEMBERS, new_chat_members=[BOT]),
        line(chat=MEMBERS, text="/bai", **{"from": {**BOT, "id": 99}}),
        line(chat=MEMBERS, text="/bai", sender_chat=CHANNEL, **{"from": NOBODY}),
        membership(MEMBERS, "member", "administrator"),
        membership(MEMBERS, "left", "kicked"),
        restricted("new", muted(can_write=True)),
    ],
)
def test_what_is_not_meant_for_the_tutor_is_not_read(payload: Payload) -> None:
    assert received(payload) is None


@pytest.mark.parametrize(
    "payload",
    [
        line(chat=BASIC, migrate_to_chat_id=-100777),
        line(chat=group(-100777), migrate_from_chat_id=-5),
    ],
)
def test_both_notices_of_a_move_mean_the_same(payload: Payload) -> None:
    inbound = received(payload)

    assert inbound is not None
    assert (inbound.address, inbound.event) == ("-5", GroupMoved("-100777"))


def test_a_secret_poll_says_how_many_answered_and_no_chat() -> None:
    inbound = received(poll("p9", 14))

    assert inbound is not None
    assert (inbound.address, inbound.event) == ("p9", PollCounted("p9", 14))


def test_a_poll_that_shows_its_votes_is_told_of_by_them() -> None:
    shown = poll("p9", 14, is_anonymous=False)

    assert received(shown) is None
    assert is_own_poll_counted(shown)
    assert not is_own_poll_counted(poll("p9", 14))
    assert not is_own_poll_counted(text("chào"))


@pytest.mark.parametrize(("admins", "is_admin"), [([7, 8], True), ([8], False), ([], False)])
async def test_whether_the_sender_runs_the_group_is_part_of_the_event(
    admins: list[int], is_admin: bool
) -> None:
    tutor = Tutor()
    async with TelegramServer() as server, running(server, tutor):
        server.admins = admins
        (last,) = await server.push(text("/bai", chat=MEMBERS))
        await server.until_confirmed(last)

    assert [inbound.sender for inbound in tutor.received] == [Sender("7", is_admin=is_admin)]


async def test_telegram_is_asked_once_a_minute_and_a_lost_right_is_noticed() -> None:
    tutor, clock = Tutor(), [NOW]
    async with TelegramServer() as server, running(server, tutor, now=lambda: clock[0]):
        server.admins = [7]
        for minutes in (0, 0, 2):
            clock[0] += timedelta(minutes=minutes)
            if minutes:
                server.admins = []
            (last,) = await server.push(in_group(tap("bai")))
            await server.until_confirmed(last)
        asked = server.asked("getChatAdministrators")

    assert asked == [Asked("getChatAdministrators", {"chat_id": "-100"})] * 2
    assert [inbound.sender and inbound.sender.is_admin for inbound in tutor.received] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("fault", [faults.SERVER_ERROR, faults.NO_CHAT, faults.throttled(30)])
async def test_when_telegram_does_not_say_nobody_runs_the_group(fault: faults.Fault) -> None:
    tutor = Tutor()
    async with TelegramServer() as server, running(server, tutor):
        server.admins = [7]
        server.fail("getChatAdministrators", fault)
        (last,) = await server.push(text("/bai", chat=MEMBERS))
        await server.until_confirmed(last)

    assert [inbound.sender for inbound in tutor.received] == [SEVEN]


async def test_for_what_needs_no_right_nothing_is_asked() -> None:
    tutor = Tutor()
    anonymous: dict[str, Any] = {"from": NOBODY, "sender_chat": MEMBERS}
    async with TelegramServer() as server, running(server, tutor):
        ids = await server.push(
            membership(MEMBERS, "left", "member"),
            line(chat=MEMBERS, text="/bai", **anonymous),
            text("chào", chat=private(7)),
            poll("p9", 3),
            poll("p9", 3, is_anonymous=False),
        )
        await server.until_confirmed(ids[-1])
        asked = server.asked("getChatAdministrators")

    assert asked == []
    assert len(tutor.received) == 4
