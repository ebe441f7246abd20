"""What Telegram shows of the bot before anybody talks to it: menu, description, short description."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram.error import BadRequest, TelegramError

from channels.telegram.api import Bot, Request, send_error

log = logging.getLogger(__name__)


# https://core.telegram.org/bots/api#botcommandscopeallgroupchats
_IN_GROUPS = {"scope": {"type": "all_group_chats"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The commands of the menu with what each is for, in a chat of one's own and in groups; up to
    512 and 120 characters of description.
    """

    commands: Sequence[tuple[str, str]] = ()
    group_commands: Sequence[tuple[str, str]] = ()
    description: str = ""
    short_description: str = ""


async def publish(bot: Bot, profile: Profile) -> None:
    """Set what differs. The bot works without, so a failure is a line in the log and no more.

    Telegram answers 429 for hours to a bot that sets its description at every
    start, so what is there already is read first.
    """
    commands, in_groups = _menu(profile.commands), _menu(profile.group_commands)
    description = {"description": profile.description}
    short_description = {"short_description": profile.short_description}
    menu = {"type": "commands"}
    # What is set, for whom, and how Telegram shows it.
    wanted: tuple[tuple[str, dict[str, Any], dict[str, Any], Any], ...] = (
        ("MyCommands", {}, {"commands": commands}, commands),
        ("MyCommands", _IN_GROUPS, {"commands": in_groups}, in_groups),
        ("MyDescription", {}, description, description),
        ("MyShortDescription", {}, short_description, short_description),
        ("ChatMenuButton", {}, {"menu_button": menu}, menu),
    )
    for noun, scope, value, shown in wanted:
        try:
            if await bot.call(Request(f"get{noun}", scope)) != shown:
                await bot.call(Request(f"set{noun}", {**value, **scope}))
        except BadRequest as error:
            log.warning("Telegram refuses set%s: %s", noun, send_error(error))
        except TelegramError as error:
            log.warning("set%s put off to the next start: %s", noun, type(error).__name__)


def _menu(commands: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"command": name, "description": summary} for name, summary in commands]
