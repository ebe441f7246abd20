"""Raw events of an Official Account, and what each becomes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.zalo.oa.receive import PersonAnswered, Unknown, said_at, to_inbound
from conversation.events import (
    CommandReceived,
    Event,
    Inbound,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)
from tests.support.zalo_oa_events import event, follow
from tests.support.zalo_oa_server import USER

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def inbound(external_id: str, said: Event) -> Inbound:
    return Inbound(
        channel="zalo_oa", address=USER, external_id=external_id, received_at=NOW, event=said
    )


def sent(name: str, **message: Any) -> dict[str, Any]:
    return event(name, message={"msg_id": "m1", **message})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (sent("user_send_text", text="2"), TextReceived("2")),
        (sent("user_send_text", text="  hai nha  "), TextReceived("hai nha")),
        # Typed with the marks apart.
        (sent("user_send_text", text="Ho\u0323c"), TextReceived("Học")),
        (sent("user_send_text", text="/hoc an toan"), CommandReceived("hoc", "an toan")),
        (sent("user_send_text", text="/start"), Started()),
        (sent("user_send_text", text="   "), Unsupported("other")),
        (sent("user_send_text"), Unsupported("other")),
        (sent("user_send_text", text={"a": 1}), Unsupported("other")),
        (sent("user_send_text", text="2", quote_msg_id="m0"), TextReceived("2")),
        (sent("user_send_image", attachments=[{"type": "image"}]), Unsupported("photo")),
        (sent("user_send_gif"), Unsupported("photo")),
        (sent("user_send_audio"), Unsupported("voice")),
        (sent("user_send_sticker"), Unsupported("sticker")),
        (sent("user_send_file"), Unsupported("file")),
        (sent("user_send_video"), Unsupported("file")),
        (sent("user_send_link", text="https://a.vn"), Unsupported("other")),
        (sent("user_send_location"), Unsupported("other")),
        (sent("user_send_business_card"), Unsupported("other")),
    ],
)
def test_what_a_learner_sends(raw: dict[str, Any], expected: Event) -> None:
    assert to_inbound(raw, now=NOW) == inbound("m1", expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("follow", Started()),
        ("user_follow", Started()),
        ("unfollow", Stopped()),
        ("user_unfollow", Stopped()),
    ],
)
def test_who_follows_and_who_leaves(name: str, expected: Event) -> None:
    found = to_inbound(follow(name), now=NOW)

    assert found == inbound(f"{name} {USER} 1795420800000", expected)


def test_two_times_following_are_two_events() -> None:
    found = [
        to_inbound({**follow("follow"), "timestamp": stamp}, now=NOW)
        for stamp in ("1795420800000", "1795420800001", "1795420800001")
    ]

    assert found[0] != found[1] == found[2]


def test_an_id_may_be_a_number() -> None:
    raw = {**sent("user_send_text", text="2"), "sender": {"id": int(USER)}}

    assert to_inbound(raw, now=NOW) == inbound("m1", TextReceived("2"))


@pytest.mark.parametrize(
    "name",
    [
        "oa_send_text", "oa_send_image", "user_received_message", "user_seen_message",
        "user_submit_info", "anonymous_send_text", "user_send_group_text", "oa_send_group_text",
        "user_reacted_message", "user_click_button",
    ],
)  # fmt: skip
def test_what_is_not_for_the_tutor_is_nothing(name: str) -> None:
    assert to_inbound(sent(name, text="0912345678"), now=NOW) is None


def test_what_a_person_writes_in_the_console_is_known_as_such() -> None:
    raw = event(
        "oa_send_text", sender={"id": "29", "admin_id": "77"}, recipient={"id": USER},
        message={"text": "Để tôi giúp"},
    )  # fmt: skip

    assert to_inbound(raw, now=NOW) == PersonAnswered(USER)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({}, ""),
        (event("something_new"), "something_new"),
        ({"event_name": ["user_send_text"]}, ""),
        ({"event_name": "user_send_text", "message": {"text": "2"}}, "user_send_text"),
        ({"event_name": "user_send_text", "sender": "1", "message": []}, "user_send_text"),
        ({"event_name": "follow", "follower": None}, "follow"),
    ],
)
def test_what_is_odd_or_new_survives(raw: dict[str, Any], name: str) -> None:
    assert to_inbound(raw, now=NOW) == Unknown(name)


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("1795420800000", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (1795420800000, datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("", None),
        (None, None),
        ("1.5", None),
        ("-1", None),
        ("٣", None),
        ("9" * 40, None),
        (True, None),
    ],
)
def test_when_it_happened(stamp: Any, expected: datetime | None) -> None:
    assert said_at({"timestamp": stamp}) == expected


def test_no_event_makes_the_reading_fail() -> None:
    values: tuple[Any, ...] = (None, 0, "", [], {}, {"id": []}, [1], True)
    for name in ("user_send_text", "follow", "oa_send_text", "user_send_image"):
        for key in ("sender", "recipient", "message", "follower", "timestamp"):
            for value in values:
                raw = json.loads(json.dumps({**event(name), key: value}))
                to_inbound(raw, now=NOW)
