"""Events as a Zalo bot gets them: the documented shapes, and those seen of live bots."""

from itertools import count
from typing import Any

from tests.support.zalo_bot_server import BOT_ID

Payload = dict[str, Any]
DATE = 1_795_420_800_456
_ids = count(1)


def line(who: str = "ab12cd34ef56ab78cd90", /, *, chat: Payload | None = None, **content: Any):
    """What every line has; ``content`` is put beside it, and ``None`` takes a part away."""
    common: Payload = {
        "message_id": f"in{next(_ids):08x}",
        "date": DATE,
        "from": {"id": who, "display_name": "Cô Lan", "is_bot": False},
        "chat": chat or {"id": who, "chat_type": "PRIVATE"},
        **content,
    }
    return {name: value for name, value in common.items() if value is not None}


def event(name: str, message: Payload) -> Payload:
    return {"event_name": name, "message": message}


def text(words: str, who: str = "ab12cd34ef56ab78cd90", /, **content: Any) -> Payload:
    return event("message.text.received", line(who, **{"text": words, **content}))


def photo(who: str = "ab12cd34ef56ab78cd90", /, **content: Any) -> Payload:
    """As live bots get it."""
    shown = {"photo_url": "https://photo.zdn.vn/1.jpg", "message_type": "CHAT_PHOTO"}
    return event("message.image.received", line(who, **{**shown, **content}))


def documented_photo() -> Payload:
    return event("message.image.received", line(photo="https://photo.zdn.vn/1.jpg", caption=""))


def sticker(who: str = "ab12cd34ef56ab78cd90", /) -> Payload:
    return event("message.sticker.received", line(who, sticker="27a1", url="https://zdn.vn/s.png"))


def voice(who: str = "ab12cd34ef56ab78cd90", /) -> Payload:
    return event(
        "message.voice.received",
        line(who, voice_url="https://voice.zdn.vn/1.aac", message_type="CHAT_VOICE"),
    )


def withheld(who: str = "ab12cd34ef56ab78cd90", /, **content: Any) -> Payload:
    """Of a protected account, or of a kind that no bot may read: no content."""
    return event("message.unsupported.received", line(who, **content))


def group(chat: str = "zgr-8f7e6d5c") -> Payload:
    return {"id": chat, "chat_type": "GROUP"}


def echo(words: str) -> Payload:
    """A line of the bot's own, handed back to it."""
    own = {"id": BOT_ID, "display_name": "Bot Học Số", "is_bot": False}
    return event("message.text.received", {**line(text=words), "from": own})
