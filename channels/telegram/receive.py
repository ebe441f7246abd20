"""From Telegram's update to the tutor's event.

Source of the shapes: https://core.telegram.org/bots/api#update
"""

from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Poll, PollAnswer, Update
from telegram.constants import ChatMemberStatus, ChatType

from channels.telegram import groups
from channels.telegram.groups import GROUPS, InGroup
from channels.telegram.reading import COMMAND, meaning_of, quoted, source_of
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    Inbound,
    PollAnswered,
    PollCounted,
    Sender,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)

CHANNEL = "telegram"
# What we ask Telegram for; edited messages and channel posts are not our business.
ALLOWED_UPDATES = ("message", "callback_query", "poll", "poll_answer", "my_chat_member")

_OF_TAPPED_LINE = ("message_id", "chat")
# With this date Telegram marks a line that cannot be read any more: of such a line PTB builds
# its place alone (https://core.telegram.org/bots/api#inaccessiblemessage).
_UNREADABLE = 0
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


def is_own_poll_counted(raw: dict[str, Any]) -> bool:
    """Whether the update only repeats what a ``poll_answer`` says: the state of a poll that shows
    who voted. Each answer of a learner comes with one.
    """
    poll = raw.get("poll")
    return isinstance(poll, dict) and not poll.get("is_anonymous", True)


def to_inbound(update: Update, *, username: str, now: datetime) -> Inbound | None:
    """The event in an update, or ``None`` when it is not for the tutor.

    ``username`` is the bot's own, without "@". ``now`` is aware and in UTC.
    """
    found = _read(update, username)
    if found is None:
        return None
    address, event, sender = found
    return Inbound(
        channel=CHANNEL,
        address=str(address),
        external_id=str(update.update_id),
        received_at=now,
        event=event,
        sender=sender,
    )


def _read(update: Update, username: str) -> tuple[int | str, Event, Sender | None] | None:
    happened: InGroup | None = None
    private: tuple[int | str, Event] | None = None
    if update.message:
        if update.message.chat.type in GROUPS:
            happened = groups.from_line(update.message, username)
        else:
            private = _from_message(update.message)
    elif update.callback_query:
        line = update.callback_query.message
        if line and line.chat.type in GROUPS:
            happened = groups.from_tap(update.callback_query)
        else:
            private = _from_tap(update.callback_query)
    elif update.poll:
        private = _from_poll(update.poll)
    elif update.poll_answer:
        private = _from_answer(update.poll_answer)
    elif update.my_chat_member:
        if update.my_chat_member.chat.type in GROUPS:
            happened = groups.from_membership(update.my_chat_member)
        else:
            private = _from_membership(update.my_chat_member)
    if happened is not None:
        return happened.address, happened.event, happened.sender
    return None if private is None else (*private, None)


def _from_message(message: Message) -> tuple[int, Event] | None:
    if message.from_user and message.from_user.is_bot:
        return None
    if message.chat.type != ChatType.PRIVATE:
        return None
    event = _from_text(message) if message.text else _from_attachment(message)
    return (message.chat.id, event) if event else None


def _from_text(message: Message) -> Event:
    text = message.text or ""
    command = COMMAND.fullmatch(text)
    if not command:
        return TextReceived(text, quoted=quoted(message))
    name, argument = command[1].lower(), (command[3] or "").strip()
    return Started(argument) if name == "start" else CommandReceived(name, argument)


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


def _from_tap(tap: CallbackQuery) -> tuple[int, Event] | None:
    if tap.message and tap.message.chat.type != ChatType.PRIVATE:
        return None
    return tap.from_user.id, Chosen(meaning_of(tap), source=source_of(tap))


def _from_poll(poll: Poll) -> tuple[str, Event] | None:
    """The state of a poll that keeps to itself who voted; it names no chat."""
    return (poll.id, PollCounted(poll.id, poll.total_voter_count)) if poll.is_anonymous else None


def _from_answer(answer: PollAnswer) -> tuple[int, Event] | None:
    # No person: somebody voted as a channel. No options: the vote was taken back.
    if answer.user is None or not answer.option_ids:
        return None
    return answer.user.id, PollAnswered(answer.poll_id, tuple(answer.option_ids))


def _from_membership(change: ChatMemberUpdated) -> tuple[int, Event] | None:
    gone = change.new_chat_member.status in _AWAY
    return (change.chat.id, Stopped()) if change.chat.type == ChatType.PRIVATE and gone else None
