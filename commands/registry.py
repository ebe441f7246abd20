"""Every command of the program but ``run``, which is ``bot.py``'s own; in the order of --help."""

from commands import admin, channels, check, migrate, outbox, rehearse, simulate, zalo, zalo_oa
from commands.base import ProgramCommand

COMMANDS: tuple[ProgramCommand, ...] = (
    check.COMMAND,
    migrate.COMMAND,
    outbox.COMMAND,
    simulate.COMMAND,
    rehearse.COMMAND,
    channels.COMMAND,
    zalo.COMMAND,
    zalo_oa.COMMAND,
    admin.COMMAND,
)
