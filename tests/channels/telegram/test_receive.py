"""Raw updates, as Telegram sends them, and the events they become."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Bot, Update

from channels.telegram.receive import to_inbound, without_tapped_line
from conversation.actions import action
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    Inbound,
    PollAnswered,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)
from tests.support.telegram_updates import (
    BOT,
    DATE,
    Payload,
    line,
    membership,
    private,
    tap,
    text,
    vote,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ANSWERED = {"message_id": 3, "date": DATE, "chat": private(7), "from": BOT}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
FILE = {"file_id": "f", "file_unique_id": "u"}


def received(payload: Payload) -> Inbound | None:
    update = Update.de_json(without_tapped_line({"update_id": 31, **payload}), Bot("1:x"))
    return to_inbound(update, username="hocso_bot", now=NOW)


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        (text("/start"), Started()),
        (text("/start lop-12_a"), Started("lop-12_a")),
        (text("/START@hocso_bot  x "), Started("x")),
        (text("/hoc"), CommandReceived("hoc")),
        (text("/Hoc@hocso_bot vneid  1\n"), CommandReceived("hoc", "vneid  1")),
        (text("/tim\nlam sao"), CommandReceived("tim", "lam sao")),
        (text("/học bài"), TextReceived("/học bài")),
        (text("/"), TextReceived("/")),
        (text("lam sao cai vneid"), TextReceived("lam sao cai vneid")),
        (
            text("cái này", reply_to_message={**ANSWERED, "text": "2. Gọi lại"}),
            TextReceived("cái này", quoted="2. Gọi lại"),
        ),
        (
            text("đây", reply_to_message={**ANSWERED, "photo": PHOTO, "caption": "Đường học"}),
            TextReceived("đây", quoted="Đường học"),
        ),
        (
            text(
                "đúng",
                reply_to_message={**ANSWERED, "text": "1. A\n2. B"},
                quote={"text": "2. B", "position": 5},
            ),
            TextReceived("đúng", quoted="2. B"),
        ),
        (text("a", reply_to_message=ANSWERED), TextReceived("a")),
        (tap("choose:3:1"), Chosen(action("choose", 3, 1), source="5")),
        (tap("không phải của mình"), Chosen(action("stale"), source="5")),
        (tap(""), Chosen(action("stale"), source="5")),
        (vote("poll-9", [2]), PollAnswered("poll-9", (2,))),
        (vote("poll-9", []), None),
        (membership(private(7), "member", "kicked"), Stopped()),
        (membership(private(7), "kicked", "member"), None),
        (line(photo=PHOTO), Unsupported("photo")),
        (line(photo=PHOTO, caption="cái này là gì"), Unsupported("photo")),
        (line(voice={**FILE, "duration": 3}), Unsupported("voice")),
        (line(audio={**FILE, "duration": 3}), Unsupported("voice")),
        (line(document={**FILE}), Unsupported("file")),
        (
            line(
                sticker={
                    **FILE,
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            ),
            Unsupported("sticker"),
        ),
        (
            line(
                document={**FILE},
                animation={**FILE, "width": 1, "height": 1, "duration": 1},
            ),
            Unsupported("other"),
        ),
        (line(location={"latitude": 10.2, "longitude": 105.9}), Unsupported("other")),
        (line(contact={"phone_number": "0900", "first_name": "Tư"}), Unsupported("other")),
        (line(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}), None),
        ({"edited_message": line(text="sửa")["message"]}, None),
        ({"channel_post": line(text="tin", chat={"id": -5, "type": "channel"})["message"]}, None),
        ({}, None),
    ],
)
def test_an_update_in_private_becomes(payload: Payload, event: Event | None) -> None:
    inbound = received(payload)
    assert (inbound.event if inbound else None) == event


def test_the_envelope_names_the_chat_the_update_and_the_time() -> None:
    assert received(text("chào", 8_000_000_000)) == Inbound(
        channel="telegram",
        address="8000000000",
        external_id="31",
        received_at=NOW,
        event=TextReceived("chào"),
    )


@pytest.mark.parametrize("payload", [vote("p", [0], 9), tap("a", 9), text("x", 9)])
def test_one_person_has_one_address_whatever_they_do(payload: Payload) -> None:
    inbound = received(payload)
    assert inbound is not None
    assert inbound.address == "9"


def test_a_tap_on_a_line_telegram_no_longer_keeps_still_counts() -> None:
    payload = tap("choose:3:1")
    payload["callback_query"]["message"] = {"chat": private(7), "message_id": 5, "date": 0}
    inbound = received(payload)
    assert inbound is not None
    assert inbound.event == Chosen(action("choose", 3, 1), source="5")


def test_of_the_tapped_line_only_its_place_is_read() -> None:
    given = {"update_id": 31, **tap("choose:3:1")}
    left = without_tapped_line(given)
    assert left["callback_query"] == {
        **given["callback_query"],
        "message": {"message_id": 5, "chat": private(7), "date": 0},
    }
    assert "text" in given["callback_query"]["message"]


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 1},
        {"update_id": 1, "callback_query": {"id": "t"}},
        {"update_id": 1, "callback_query": "?"},
        {"update_id": 1, "callback_query": {"message": "?"}},
    ],
)
def test_an_update_without_a_tapped_line_stays_as_it_is(raw: dict[str, Any]) -> None:
    assert without_tapped_line(raw) == raw


def test_another_bot_is_not_talked_to() -> None:
    payload = text("chào")
    payload["message"]["from"] = {**BOT, "id": 99}
    assert received(payload) is None


def test_a_vote_as_a_channel_is_nobodys_answer() -> None:
    payload = vote("p", [0])
    del payload["poll_answer"]["user"]
    payload["poll_answer"]["voter_chat"] = {"id": -5, "type": "channel"}
    assert received(payload) is None
