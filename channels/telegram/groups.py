"""From what happens in a group chat to the tutor's event. Nobody's talk is read there but what
is said to the tutor.

https://core.telegram.org/bots/features#privacy-mode
"""

from dataclasses import dataclass

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from channels.telegram.reading import COMMAND, meaning_of, quoted, source_of
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    GroupJoined,
    GroupLeft,
    GroupMoved,
    GroupReopened,
    Sender,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_AWAY = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_TITLE_KEPT = 60


@dataclass(frozen=True, slots=True)
class InGroup:
    """An event, the group it happened in, and who did it where somebody did."""

    address: int
    event: Event
    sender: Sender | None = None


def from_line(message: Message, username: str) -> InGroup | None:
    """What a line in a group means for the tutor; ``None`` for everything not meant for it."""
    moved = _moved(message)
    if moved is not None:
        return moved
    sender = _sender(message)
    if sender is None or not _speaks_to(message, username):
        return None
    return InGroup(message.chat.id, _said(message, username), sender)


def from_tap(tap: CallbackQuery) -> InGroup | None:
    line = tap.message
    if line is None:
        return None
    chosen = Chosen(meaning_of(tap), source=source_of(tap))
    return InGroup(line.chat.id, chosen, Sender(str(tap.from_user.id)))


def from_membership(change: ChatMemberUpdated) -> InGroup | None:
    """What happened to the tutor's own place in the group."""
    chat, sender = change.chat, Sender(str(change.from_user.id))
    was, now = _place(change.old_chat_member), _place(change.new_chat_member)
    match was, now:
        case _, "away":
            return InGroup(chat.id, GroupLeft()) if was != "away" else None
        case _, "mute":
            return InGroup(chat.id, Stopped(), sender) if was != "mute" else None
        case "away", "in":
            title = (chat.title or "")[:_TITLE_KEPT]
            return InGroup(chat.id, GroupJoined(title), sender)
        case "mute", "in":
            return InGroup(chat.id, GroupReopened(), sender)
        case _:
            return None


def _place(member: ChatMember) -> str:
    if member.status in _AWAY:
        return "away"
    if member.status == ChatMemberStatus.RESTRICTED:
        # https://core.telegram.org/bots/api#chatmemberrestricted
        if not getattr(member, "is_member", True):
            return "away"
        return "in" if getattr(member, "can_send_messages", True) else "mute"
    return "in"


def _moved(message: Message) -> InGroup | None:
    """A group became a supergroup. Both chats are told, in any order; it means the same."""
    if message.migrate_to_chat_id:
        return InGroup(message.chat.id, GroupMoved(str(message.migrate_to_chat_id)))
    if message.migrate_from_chat_id:
        return InGroup(message.migrate_from_chat_id, GroupMoved(str(message.chat.id)))
    return None


def _sender(message: Message) -> Sender | None:
    """Who wrote a line; ``None`` when that was no person of this group.

    An administrator who stays unnamed writes as the group itself
    (https://core.telegram.org/bots/api#message, sender_chat).
    """
    if message.sender_chat is not None:
        is_own = message.sender_chat.id == message.chat.id
        return Sender("", is_admin=True) if is_own else None
    if message.from_user is None or message.from_user.is_bot:
        return None
    return Sender(str(message.from_user.id))


def _said(message: Message, username: str) -> Event:
    if not message.text:
        return Unsupported("other")
    command = COMMAND.fullmatch(message.text)
    if command is None:
        return TextReceived(_unaddressed(message.text, username), quoted=quoted(message))
    name, argument = command[1].lower(), (command[3] or "").strip()
    return Started(argument) if name == "start" else CommandReceived(name, argument)


def _unaddressed(text: str, username: str) -> str:
    """The words without the tutor's own name, which only says whom they are meant for."""
    mention = f"@{username}".lower()
    return " ".join(word for word in text.split() if word.lower().rstrip(",.:!?") != mention)


def _speaks_to(message: Message, username: str) -> bool:
    own = username.lower()
    line = message.reply_to_message
    if line and line.from_user and (line.from_user.username or "").lower() == own:
        return True
    command = COMMAND.fullmatch(message.text or "")
    if command:
        return (command[2] or own).lower() == own
    if message.text:
        mentions = message.parse_entities([MessageEntityType.MENTION])
    elif message.caption:
        mentions = message.parse_caption_entities([MessageEntityType.MENTION])
    else:
        return False
    return f"@{own}" in (mention.lower() for mention in mentions.values())
