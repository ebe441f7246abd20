"""What private chats and groups read alike."""

import re

from telegram import CallbackQuery, Message

from conversation.actions import Action, action

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)
# What a tap means when its button is not one of ours: as harmless as a button from long ago.
UNKNOWN_TAP = action("stale")


def meaning_of(tap: CallbackQuery) -> Action:
    try:
        return Action.decode(tap.data or "")
    except ValueError:
        return UNKNOWN_TAP


def source_of(tap: CallbackQuery) -> str:
    return str(tap.message.message_id) if tap.message else ""


def quoted(message: Message) -> str:
    """The words this one answers to: the part that was marked, or else the whole line."""
    if message.quote:
        return message.quote.text
    line = message.reply_to_message
    if line is None:
        return ""
    return line.text or line.caption or (line.poll.question if line.poll else "")
