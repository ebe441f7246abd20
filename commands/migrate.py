"""``migrate``: bring the database up to this version, which a start does too."""

import argparse

from commands.base import ProgramCommand


def _migrate(arguments: argparse.Namespace) -> int:
    del arguments
    import asyncio

    import settings
    from storage.migrate import migrate

    applied = asyncio.run(migrate(settings.load().database.url.get_secret_value()))
    print(f"Đã nâng cơ sở dữ liệu: {', '.join(applied)}." if applied else "Cơ sở dữ liệu đã mới.")
    return 0


COMMAND = ProgramCommand(
    name="migrate", summary="nâng cơ sở dữ liệu lên bản mới nhất", run=_migrate
)
