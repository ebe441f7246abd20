"""What both of Zalo's products share in reading what somebody typed or sent."""

import re
from typing import Any

from channels.zalo.text import to_nfc
from conversation.events import CommandReceived, Event, Started, TextReceived, Unsupported

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:\s+(.*))?", re.DOTALL)


def typed(text: str) -> Event:
    """The event in a typed text. Zalo has no commands of its own: ``/hoc`` is typed like any word."""
    words = to_nfc(text).strip()
    if not words:
        return Unsupported("other")
    command = _COMMAND.fullmatch(words)
    if not command:
        return TextReceived(words)
    name, argument = command[1].lower(), (command[2] or "").strip()
    return Started(argument) if name == "start" else CommandReceived(name, argument)


def part(of: dict[str, Any], name: str) -> dict[str, Any]:
    """What stands under that name if it is an object, else an empty one: nothing is trusted."""
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def word(of: dict[str, Any], name: str) -> str:
    """What stands there as text; ids have been seen as text and as numbers."""
    value = of.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
