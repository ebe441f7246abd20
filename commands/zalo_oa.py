"""``zalo-oa-token``: how the tokens of the Official Account stand, and bringing the first ones."""

import argparse
import getpass
import secrets
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from commands.base import ProgramCommand, Refused

if TYPE_CHECKING:
    from channels.zalo.oa.tokens import Tokens
    from settings import Settings
    from storage.database import Connection

# As Zalo says of a refresh token.
_LASTS = timedelta(days=90)
_ASK = "Dán refresh token rồi bấm Enter (chữ không hiện ra màn hình): "
_LONGEST = 4096


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--new", action="store_true", help="đưa refresh token mới vào (hỏi, hoặc đọc từ stdin)"
    )


def _zalo_oa(arguments: argparse.Namespace) -> int:
    import asyncio

    import settings
    from channels.base import Misconfigured, Unavailable

    chosen = settings.load()
    ours = chosen.zalo_oa
    if not ours.app_id or not ours.app_secret.get_secret_value():
        raise Refused(
            "Chưa có ứng dụng Zalo: đặt HOCSO_ZALO_OA__APP_ID và HOCSO_ZALO_OA__APP_SECRET. "
            "Xem docs/zalo-oa.md."
        )
    brought = _brought() if arguments.new else ""
    try:
        return asyncio.run(_do(chosen, brought))
    except Misconfigured as error:
        raise Refused(str(error)) from None
    except Unavailable as error:
        raise Refused(f"Chưa hỏi được Zalo ({error}). Thử lại sau ít phút.") from None


def _brought() -> str:
    """What a person pastes, never as an argument: those stand in the shell's history."""
    typed = getpass.getpass(_ASK) if sys.stdin.isatty() else sys.stdin.readline()
    token = typed.strip()
    if not token or len(token) > _LONGEST or not token.isascii() or " " in token:
        raise Refused("Chưa thấy refresh token. Chép nguyên một dòng từ developers.zalo.me.")
    return token


async def _do(chosen: "Settings", brought: str) -> int:
    from channels.zalo.oa.api import Api
    from channels.zalo.oa.tokens import Tokens
    from channels.zalo.silence import silence_libraries
    from storage.migrate import prepare
    from storage.opening import open_database

    silence_libraries()
    url = chosen.database.url.get_secret_value()
    await prepare(url)
    api = Api(chosen.zalo_oa.api_url, chosen.zalo_oa.oauth_url)
    try:
        database = await open_database(url)
        try:
            tokens = Tokens(
                database,
                api,
                app_id=chosen.zalo_oa.app_id,
                app_secret=chosen.zalo_oa.app_secret.get_secret_value(),
                worker=f"command {secrets.token_hex(8)}",
                on_lost=_nobody,
                now=_now,
            )
            return await _standing(tokens, brought)
        finally:
            await database.close()
    finally:
        await api.close()


async def _standing(tokens: "Tokens", brought: str) -> int:
    from channels.zalo.oa.tokens import LOST, NONE

    if brought:
        new = await tokens.adopt(brought)
        print("Đã nhận, đã cất (có khóa)." if new else "Mã này đã đưa vào rồi, không dùng lại.")
    found = await tokens.standing()
    if found is None:
        print(NONE)
        return 1
    if found.dead_at is not None:
        print(LOST)
        return 1
    print(f"Mã đang dùng: đến {_local(found.access_until)}, tự gia hạn trước đó vài giờ.")
    print(f"Nếu máy tắt lâu: phải chạy lại trước {_local(found.renewed_at + _LASTS)}.")
    return 0


def _local(moment: datetime) -> str:
    from quizzes.review import VIET_NAM

    return f"{moment.astimezone(VIET_NAM):%H:%M %d/%m/%Y}"


def _now() -> datetime:
    return datetime.now(UTC)


async def _nobody(connection: "Connection") -> None:
    """Whoever runs this command reads it here."""
    del connection


COMMAND = ProgramCommand(
    name="zalo-oa-token",
    summary="xem mã của Zalo OA, hoặc đưa mã mới vào",
    run=_zalo_oa,
    options=_options,
)
