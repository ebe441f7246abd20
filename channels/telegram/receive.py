"""From Telegram's update to the tutor's event.

Source of the shapes: https://core.telegram.org/bots/api#update
"""

import re
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, PollAnswer, Update
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from conversation.actions import Action, action
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    GroupAddressed,
    Inbound,
    PollAnswered,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)

CHANNEL = "telegram"
# What we ask Telegram for; edited messages and channel posts are not our business.
ALLOWED_UPDATES = ("message", "callback_query", "poll_answer", "my_chat_member")
# What a tap means when its button is not one of ours: as harmless as a button from long ago.
UNKNOWN_TAP = action("stale")

_OF_TAPPED_LINE = ("message_id", "chat")
# With this date Telegram marks a line that cannot be read any more: of such a line PTB builds
# its place alone (https://core.telegram.org/bots/api#inaccessiblemessage).
_UNREADABLE = 0
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_AWAY = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def without_tapped_line(raw: dict[str, Any]) -> dict[str, Any]:
    """The raw update, and of the line with the tapped button only what is read here.

    PTB would build an object for every button and every mark of it.
    """
    tap = raw.get("callback_query")
    if not isinstance(tap, dict) or not isinstance(line := tap.get("message"), dict):
        return raw
    kept = {name: line[name] for name in _OF_TAPPED_LINE if name in line}
    return {**raw, "callback_query": {**tap, "message": {**kept, "date": _UNREADABLE}}}


def to_inbound(update: Update, *, username: str, now: datetime) -> Inbound | None:
    """The event in an update, or ``None`` when it is not for the tutor.

    ``username`` is the bot's own, without "@". ``now`` is aware and in UTC.
    """
    found = _read(update, username)
    if found is None:
        return None
    address, event = found
    return Inbound(
        channel=CHANNEL,
        address=str(address),
        external_id=str(update.update_id),
        received_at=now,
        event=event,
    )


def _read(update: Update, username: str) -> tuple[int, Event] | None:
    if update.message:
        return _from_message(update.message, username)
    if update.callback_query:
        return _from_tap(update.callback_query)
    if update.poll_answer:
        return _from_poll(update.poll_answer)
    if update.my_chat_member:
        return _from_membership(update.my_chat_member)
    return None


def _from_message(message: Message, username: str) -> tuple[int, Event] | None:
    if message.from_user and message.from_user.is_bot:
        return None
    if message.chat.type in _GROUPS:
        addressed = _speaks_to(message, username)
        return (message.chat.id, GroupAddressed()) if addressed else None
    if message.chat.type != ChatType.PRIVATE:
        return None
    event = _from_text(message) if message.text else _from_attachment(message)
    return (message.chat.id, event) if event else None


def _from_text(message: Message) -> Event:
    text = message.text or ""
    command = _COMMAND.fullmatch(text)
    if not command:
        return TextReceived(text, quoted=_quoted(message))
    name, argument = command[1].lower(), (command[3] or "").strip()
    return Started(argument) if name == "start" else CommandReceived(name, argument)


def _quoted(message: Message) -> str:
    """The words this one answers to: the part that was marked, or else the whole line."""
    if message.quote:
        return message.quote.text
    line = message.reply_to_message
    if line is None:
        return ""
    return line.text or line.caption or (line.poll.question if line.poll else "")


def _from_attachment(message: Message) -> Event | None:
    """What was sent instead of words; ``None`` for Telegram's own notices, such as a pinned line."""
    if message.photo:
        return Unsupported("photo")
    if message.voice or message.audio:
        return Unsupported("voice")
    if message.sticker:
        return Unsupported("sticker")
    # An animation carries a document too, for old apps.
    if message.document and not message.animation:
        return Unsupported("file")
    return Unsupported("other") if message.effective_attachment else None


def _speaks_to(message: Message, username: str) -> bool:
    """Whether a line in a group is meant for the tutor; nobody else's talk is read."""
    own = username.lower()
    line = message.reply_to_message
    if line and line.from_user and (line.from_user.username or "").lower() == own:
        return True
    command = _COMMAND.fullmatch(message.text or "")
    if command:
        return (command[2] or own).lower() == own
    if message.text:
        mentions = message.parse_entities([MessageEntityType.MENTION])
    elif message.caption:
        mentions = message.parse_caption_entities([MessageEntityType.MENTION])
    else:
        return False
    return f"@{own}" in (mention.lower() for mention in mentions.values())


def _from_tap(tap: CallbackQuery) -> tuple[int, Event] | None:
    line = tap.message
    if line and line.chat.type != ChatType.PRIVATE:
        return None
    try:
        meaning = Action.decode(tap.data or "")
    except ValueError:
        meaning = UNKNOWN_TAP
    source = str(line.message_id) if line else ""
    return tap.from_user.id, Chosen(meaning, source=source)


def _from_poll(answer: PollAnswer) -> tuple[int, Event] | None:
    # No person: somebody voted as a channel. No options: the vote was taken back.
    if answer.user is None or not answer.option_ids:
        return None
    return answer.user.id, PollAnswered(answer.poll_id, tuple(answer.option_ids))


def _from_membership(change: ChatMemberUpdated) -> tuple[int, Event] | None:
    gone = change.new_chat_member.status in _AWAY
    if change.chat.type == ChatType.PRIVATE:
        return (change.chat.id, Stopped()) if gone else None
    if change.chat.type in _GROUPS and not gone:
        was_away = change.old_chat_member.status in _AWAY
        return (change.chat.id, GroupAddressed()) if was_away else None
    return None
