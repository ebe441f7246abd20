"""What Telegram shows of the bot before anybody talks to it: menu, description, short description."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram.error import BadRequest, TelegramError

from channels.telegram.api import Bot, Request, send_error

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The commands of the menu with what each is for; up to 512 and 120 characters of description."""

    commands: Sequence[tuple[str, str]] = ()
    description: str = ""
    short_description: str = ""


async def publish(bot: Bot, profile: Profile) -> None:
    """Set what differs. The bot works without, so a failure is a line in the log and no more.

    Telegram answers 429 for hours to a bot that sets its description at every
    start, so what is there already is read first.
    """
    commands = [{"command": name, "description": summary} for name, summary in profile.commands]
    menu = {"type": "commands"}
    wanted: tuple[tuple[str, str, Any, Any], ...] = (
        ("MyCommands", "commands", commands, commands),
        ("MyDescription", "description", profile.description, {"description": profile.description}),
        (
            "MyShortDescription",
            "short_description",
            profile.short_description,
            {"short_description": profile.short_description},
        ),
        ("ChatMenuButton", "menu_button", menu, menu),
    )
    for noun, parameter, value, shown in wanted:
        try:
            if await bot.call(Request(f"get{noun}", {})) != shown:
                await bot.call(Request(f"set{noun}", {parameter: value}))
        except BadRequest as error:
            log.warning("Telegram refuses set%s: %s", noun, send_error(error))
        except TelegramError as error:
            log.warning("set%s put off to the next start: %s", noun, type(error).__name__)
