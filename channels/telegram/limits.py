"""How fast Telegram lets a bot send.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30 a second
in all, no more than one a second in one chat ("short bursts" may pass), and 20 a minute in a group.
"""

from channels.base import Limits, Rate

ALLOWED = 30.0  # a second, to everybody together
# A little below, for clocks that differ.
PER_SECOND = 29.7
# An answer of a few bubbles goes out at once.
_CHAT = Rate(1.0, burst=5)
# In any minute never more than 20: a burst, and what comes after it.
_GROUP = Rate(16 / 60, burst=4)
_UNLIMITED = Limits()


def limits(per_second: float) -> Limits:
    """So many a second in all; 0 for no limits, where no platform counts."""
    return Limits(overall=Rate(per_second), address=_of_chat) if per_second else _UNLIMITED


def is_group(address: str) -> bool:
    """https://core.telegram.org/api/bots/ids: people have positive numbers, groups negative ones."""
    return address.startswith("-")


def _of_chat(address: str) -> Rate:
    return _GROUP if is_group(address) else _CHAT
