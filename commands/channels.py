"""``channels``: the table of what each channel can do, as ``channels/README.md`` shows it."""

import argparse
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from commands.base import ProgramCommand

if TYPE_CHECKING:
    from channels.base import Channel


def every_channel() -> "tuple[type[Channel], ...]":
    """Every channel there is, in the order in which they came to be."""
    from channels.telegram.channel import TelegramChannel
    from channels.web.channel import WebChannel
    from channels.zalo.bot.channel import ZaloBotChannel
    from channels.zalo.oa.channel import ZaloOaChannel

    return WebChannel, TelegramChannel, ZaloBotChannel, ZaloOaChannel


def table() -> str:
    """A row for each capability, a column for each channel, in Markdown."""
    from channels.base import Capabilities, Windowed

    channels = every_channel()
    rows = [["", *(f"`{channel.name}`" for channel in channels)]]
    rows.append(["---" for _ in rows[0]])
    for field in fields(Capabilities):
        can = (getattr(channel.capabilities, field.name) for channel in channels)
        rows.append([f"`{field.name}`", *map(_shown, can)])
    rows.append(["`may_send`", *(_shown(issubclass(c, Windowed)) for c in channels)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _shown(value: Any) -> str:
    from channels.base import Limits

    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, Limits):
        return f"{value.overall.per_second:g}/s" if value.overall else "–"
    return f"{value:,}"


def _channels(arguments: argparse.Namespace) -> int:
    del arguments
    print(table())
    return 0


COMMAND = ProgramCommand(
    name="channels", summary="in bảng các kênh và việc mỗi kênh làm được", run=_channels
)
