"""``admin``: a single-use code that makes the first administrator, on a running database too."""

import argparse
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from commands.base import ProgramCommand

if TYPE_CHECKING:
    from settings import Settings
    from storage.database import Connection

# Vietnam's one zone; the person at the machine reads it.
_HERE = timedelta(hours=7)
# As ``handlers.people.invitation`` opens it.
_PAYLOAD = "moi-{}"


def _admin(arguments: argparse.Namespace) -> int:
    import asyncio

    import settings

    del arguments
    print(asyncio.run(invite(settings.load(), datetime.now(UTC))))
    return 0


async def invite(chosen: "Settings", now: datetime) -> str:
    """Make the invitation. Returns the lines to show: nothing else ever tells the code."""
    from people import codes
    from storage.migrate import prepare
    from storage.opening import open_database

    url = chosen.database.url.get_secret_value()
    await prepare(url)
    until = now + timedelta(hours=chosen.people.invitation_hours)
    database = await open_database(url)
    try:
        async with database.transaction() as connection:
            code = await make_code(connection, now, until, lambda: secrets.randbelow(2**31))
    finally:
        await database.close()
    said = (until + _HERE).strftime("%H:%M ngày %d/%m/%Y")
    return "\n".join(
        (
            f"Lời mời làm quản trị của Học Số, dùng một lần, tới {said} (giờ Việt Nam).",
            *await _links(chosen, _PAYLOAD.format(code)),
            f"Hoặc mở Học Số ở kênh nào cũng được, gõ mã: {codes.spaced(code)}",
            "Ai có mã này là nhận được quyền quản trị: chỉ mở trên máy của mình, đừng gửi vào nhóm.",
        )
    )


async def make_code(
    connection: "Connection", now: datetime, until: datetime, seed: Callable[[], int]
) -> str:
    """The code of a new invitation. ``seed`` gives numbers under 2**31."""
    from people import codes
    from storage import audit, invitations

    made = None
    while made is None:
        code = codes.make(codes.INVITATION_SIGNS, seed)
        made = await invitations.add(
            connection,
            "administrator",
            codes.fingerprint(code),
            created_by=None,
            now=now,
            expires_at=until,
        )
    await audit.write(connection, "invited", now=now, actor_id=None, role="administrator")
    return code


async def _links(chosen: "Settings", payload: str) -> list[str]:
    """One line for each channel that is switched on."""
    lines = []
    if chosen.web.enabled:
        page = chosen.web.public_url.rstrip("/") or f"http://localhost:{chosen.web.port}"
        lines.append(f"Trang web: {page}/s/{payload}")
    token = chosen.telegram.token.get_secret_value()
    if token:
        from channels.telegram.whoami import username

        name = await username(token, chosen.telegram.api_url)
        if name:
            lines.append(f"Telegram: https://t.me/{name}?start={payload}")
        else:
            lines.append("Telegram: mở bot của mình rồi gõ mã bên dưới (Telegram chưa trả lời).")
    return lines


COMMAND = ProgramCommand(
    name="admin", summary="tạo mã mời người quản trị đầu tiên, dùng một lần", run=_admin
)
