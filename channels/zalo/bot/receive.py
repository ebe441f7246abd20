"""From what Zalo hands over for a bot to the tutor's event.

Shapes: https://docs.zaloplatforms.com/docs/BOT, and what was seen of live bots where
that differs. Everything is looked for by hand, for the shapes are not promised: what is
odd becomes less of an event, never an error.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from channels.zalo.receive import part, typed, word
from conversation.events import Event, Inbound, Sender, Unsupported

CHANNEL = "zalo_bot"
Raw: TypeAlias = dict[str, Any]

# Zalo's names of what came in, and the kind of thing the tutor cannot read.
_ATTACHED = {
    "message.image.received": "photo",
    "message.sticker.received": "sticker",
    "message.voice.received": "voice",
}
_TEXT = "message.text.received"
# Zalo hands over no content: of accounts that it protects, and of kinds that no bot may read.
_WITHHELD = "message.unsupported.received"


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event that is none of those we know; ``name`` is Zalo's name for it."""

    name: str


def unwrapped(posted: Any) -> Raw:
    """The event itself: documented inside ``{"ok": true, "result": …}``, seen bare as well."""
    if not isinstance(posted, dict):
        return {}
    inner = posted.get("result")
    return inner if isinstance(inner, dict) else posted


def sender_of(raw: Raw) -> str:
    """The chat an event comes from; "" when it says none."""
    return word(part(part(raw, "message"), "chat"), "id")


def to_inbound(raw: Raw, *, own_id: str, now: datetime) -> Inbound | Unknown | None:
    """The event, or ``None`` when it is not for the tutor.

    ``own_id`` is the bot's own, for Zalo has been seen to hand a bot its own lines. ``now``
    is aware and in UTC; Zalo's date of the line is not used, for it may be missing.
    """
    line = part(raw, "message")
    sender = part(line, "from")
    chat = part(line, "chat")
    address = word(chat, "id") or word(sender, "id")
    if sender.get("is_bot") is True or (own_id and word(sender, "id") == own_id):
        return None
    if not address:
        return Unknown(word(raw, "event_name"))
    in_group = word(chat, "chat_type") == "GROUP"
    event = _event(word(raw, "event_name"), line, in_group=in_group)
    if event is None or isinstance(event, Unknown):
        return event
    return Inbound(
        channel=CHANNEL,
        address=address,
        external_id=_once_a_day(event, address, now) or word(line, "message_id") or _digest(raw),
        received_at=now,
        event=event,
        # Who spoke is nobody that may command: Zalo does not say who runs a group.
        sender=Sender("") if in_group else None,
    )


def _event(name: str, line: Raw, *, in_group: bool) -> Event | Unknown | None:
    if name == _WITHHELD:
        return None if in_group else Unsupported("withheld")
    if name not in (_TEXT, *_ATTACHED):
        return Unknown(name)
    if in_group:
        # Only what mentions or quotes the bot comes here. The words, mention and all, are
        # not read: in a group the tutor says how it is used, and no more.
        return Unsupported("other")
    return typed(word(line, "text")) if name == _TEXT else Unsupported(_ATTACHED[name])


def _once_a_day(event: Event, address: str, now: datetime) -> str:
    """An id that is the same all day for what is to be answered once a day; else "".

    A protected account cannot write anything else, and every answer costs of the budget.
    """
    if event == Unsupported("withheld"):
        return f"withheld {address} {now:%Y-%m-%d}"
    return ""


def _digest(raw: Raw) -> str:
    """An id made of all that is in an event without one: the same when it comes again."""
    spelt = json.dumps(raw, sort_keys=True, ensure_ascii=False).encode(errors="surrogatepass")
    return hashlib.sha256(spelt).hexdigest()[:32]
