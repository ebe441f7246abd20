"""From what Zalo posts for an Official Account to the tutor's event.

https://docs.zaloplatforms.com/docs/OA/webhook. Shapes are not promised, so everything is
looked for by hand: what is odd becomes less of an event, never an error.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from channels.zalo.receive import part, typed, word
from conversation.events import Event, Inbound, Started, Stopped, Unsupported

CHANNEL = "zalo_oa"
Raw: TypeAlias = dict[str, Any]

# The documented name, and the one that a live client listens for.
_FOLLOWED = ("follow", "user_follow")
_UNFOLLOWED = ("unfollow", "user_unfollow")
_TEXT = "user_send_text"
# What a learner may send that the tutor cannot read.
_SENT = {
    "user_send_image": "photo",
    "user_send_gif": "photo",
    "user_send_audio": "voice",
    "user_send_sticker": "sticker",
    "user_send_file": "file",
    "user_send_video": "file",
    "user_send_link": "other",
    "user_send_location": "other",
    "user_send_business_card": "other",
}
# Nothing of this is for us: receipts, reactions, what somebody who is logged out wrote and
# cannot be answered like others, a form with names and telephone numbers that we never ask
# for, and the account's own groups.
_IGNORED = (
    "user_received_message", "user_seen_message", "user_submit_info", "user_reacted_message",
    "oa_reacted_message", "anonymous_send_", "user_send_group_", "oa_send_group_",
    "add_user_to_tag", "user_click_", "shop_", "change_oa_", "oa_call_", "user_call_",
)  # fmt: skip
_OWN = "oa_send_"


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event that is none of those we know; ``name`` is Zalo's name for it."""

    name: str


@dataclass(frozen=True, slots=True)
class PersonAnswered:
    """A person wrote to this address in the account's console."""

    address: str


Found: TypeAlias = Inbound | PersonAnswered | Unknown | None


def said_at(raw: Raw) -> datetime | None:
    """When Zalo says that it happened; ``None`` when it says nothing one can read."""
    stamp = word(raw, "timestamp")
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 15:
        return None
    return datetime.fromtimestamp(int(stamp) / 1000, UTC)


def to_inbound(raw: Raw, *, now: datetime) -> Found:
    """The event; ``None`` when it is not for the tutor."""
    name = word(raw, "event_name")
    if name.startswith(_IGNORED):
        return None
    if name.startswith(_OWN):
        return _own(raw)
    address, event = _event(name, raw)
    if event is None or not address:
        return Unknown(name)
    return Inbound(
        channel=CHANNEL,
        address=address,
        external_id=_id(raw, name, address),
        received_at=now,
        event=event,
    )


def _event(name: str, raw: Raw) -> tuple[str, Event | None]:
    """Who, and what; nothing for a name that we do not know."""
    sender = word(part(raw, "sender"), "id")
    if name in _FOLLOWED:
        return word(part(raw, "follower"), "id") or sender, Started()
    if name in _UNFOLLOWED:
        return word(part(raw, "follower"), "id") or sender, Stopped()
    if name == _TEXT:
        return sender, typed(word(part(raw, "message"), "text"))
    kind = _SENT.get(name)
    return sender, None if kind is None else Unsupported(kind)


def _own(raw: Raw) -> PersonAnswered | None:
    """Of what the account sends itself only what a person wrote matters."""
    to = word(part(raw, "recipient"), "id")
    return PersonAnswered(to) if to and word(part(raw, "sender"), "admin_id") else None


def _id(raw: Raw, name: str, address: str) -> str:
    """Zalo's id of the line; who follows sends none, and is told apart by when it was."""
    line = word(part(raw, "message"), "msg_id")
    return line or f"{name} {address} {word(raw, 'timestamp')}"
