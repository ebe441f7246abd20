"""``zalo``: how the Zalo bot stands, and its webhook, which only a person sets or takes away."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.base import ProgramCommand, Refused

if TYPE_CHECKING:
    from channels.zalo.bot.api import Api
    from channels.zalo.bot.webhook import Probe
    from settings import Settings

_ACTIONS = {
    "status": "xem bot có thông không, còn bao nhiêu lượt trong tháng",
    "set-webhook": "nhờ Zalo gửi tin về máy này (chạy khi trợ giảng đang chạy)",
    "delete-webhook": "thôi nhận tin qua webhook, để dùng polling",
}
# How Zalo names what came of its own try, and what a person can do about it.
_OUTCOMES = (
    ("webhook.ok", "Zalo gọi thử được."),
    ("webhook.http.403", "Zalo gọi thử bị chặn (403): xem tường lửa, Cloudflare, proxy."),
    ("webhook.http.404", "Zalo gọi thử không thấy đường dẫn (404): proxy có chuyển tới đây không?"),
    ("webhook.http.5", "Máy này báo lỗi khi Zalo gọi thử: trợ giảng có đang chạy không?"),
    ("webhook.err.tls", "Chứng chỉ HTTPS chưa ổn."),
    ("webhook.err.dns", "Zalo không tìm ra tên miền này."),
    ("webhook.err.timeout", "Zalo gọi thử mà chờ lâu quá."),
    ("webhook.err", "Zalo không nối được tới địa chỉ này."),
)


def _options(parser: argparse.ArgumentParser) -> None:
    said = "; ".join(f"{name}: {what}" for name, what in _ACTIONS.items())
    parser.add_argument("action", nargs="?", default="status", type=_action, help=said)


def _action(typed: str) -> str:
    if typed not in _ACTIONS:
        raise argparse.ArgumentTypeError(f"«{typed}» không phải {', '.join(_ACTIONS)}")
    return typed


def _zalo(arguments: argparse.Namespace) -> int:
    import asyncio

    import settings
    from channels.base import Misconfigured
    from channels.zalo.bot.api import CallFailed
    from channels.zalo.bot.polling import why_not

    chosen = settings.load()
    if not chosen.zalo_bot.token.get_secret_value():
        raise Refused("Chưa có bot Zalo: cho mã bot vào HOCSO_ZALO_BOT__TOKEN. Xem docs/zalo.md.")
    try:
        return asyncio.run(_do(arguments.action, chosen))
    except CallFailed as error:
        raise Refused(why_not(error)) from None
    except Misconfigured as error:
        raise Refused(str(error)) from None


async def _do(action: str, chosen: "Settings") -> int:
    from channels.zalo.bot import webhook
    from channels.zalo.bot.api import Api
    from channels.zalo.silence import silence_libraries

    silence_libraries()
    api = Api(chosen.zalo_bot.token.get_secret_value(), chosen.zalo_bot.api_url)
    try:
        match action:
            case "set-webhook":
                url, secret = await _ours(chosen)
                probe = await webhook.register(api, url, secret)
                print(f"Zalo sẽ gửi tin về {url}")
                print(_outcome(probe))
                return 0 if probe.well else 1
            case "delete-webhook":
                await webhook.remove(api)
                print("Đã gỡ webhook: từ giờ nhận tin kiểu polling được.")
            case _:
                await _status(api, chosen)
    finally:
        await api.close()
    return 0


async def _ours(chosen: "Settings") -> tuple[str, str]:
    """The address and the secret that Zalo is to post with."""
    from channels.zalo.bot.webhook import PATH, SECRET_LENGTH, kept_secret
    from storage.migrate import prepare
    from storage.opening import open_database

    if not chosen.web.public_url.startswith("https://"):
        raise Refused("Cần HOCSO_WEB__PUBLIC_URL: địa chỉ https:// của máy này, mở được từ ngoài.")
    secret = chosen.zalo_bot.webhook_secret.get_secret_value()
    if not secret:
        url = chosen.database.url.get_secret_value()
        await prepare(url)
        database = await open_database(url)
        try:
            secret = await kept_secret(database)
        finally:
            await database.close()
    if len(secret) not in SECRET_LENGTH:
        raise Refused("HOCSO_ZALO_BOT__WEBHOOK_SECRET phải có từ 8 đến 256 ký tự không dấu.")
    return chosen.web.public_url.rstrip("/") + PATH, secret


async def _status(api: "Api", chosen: "Settings") -> None:
    from channels.zalo.bot import webhook
    from channels.zalo.bot.budget import Standing
    from channels.zalo.bot.receive import CHANNEL
    from quizzes.review import VIET_NAM
    from storage import channel_months, errands
    from storage.migrate import prepare
    from storage.opening import open_database

    own = await api.call("getMe")
    registered = await webhook.registered(api)
    name = own.get("account_name", "") if isinstance(own, dict) else ""
    print(f"Bot: {name}")
    print(f"Webhook: {registered or 'chưa có (nhận tin kiểu polling)'}")
    url = chosen.database.url.get_secret_value()
    await prepare(url)
    database = await open_database(url)
    try:
        async with database.read() as connection:
            counted = await channel_months.look(
                connection,
                CHANNEL,
                f"{datetime.now(UTC).astimezone(VIET_NAM):%Y-%m}",
                most_addresses=chosen.zalo_bot.people * 2,
            )
            waiting = await errands.count(connection)
    finally:
        await database.close()
    print(
        Standing(
            counted.sent,
            chosen.zalo_bot.lines_a_month,
            counted.addresses,
            chosen.zalo_bot.people,
        )
    )
    print(f"Nhắc giúp: {waiting} người học đang chờ Tổ công nghệ số nhắc trực tiếp.")


def _outcome(probe: "Probe") -> str:
    if probe.well:
        return _OUTCOMES[0][1]
    said = next((what for name, what in _OUTCOMES if probe.outcome.startswith(name)), "")
    return f"{said or 'Zalo gọi thử chưa được.'} ({probe.outcome})"


COMMAND = ProgramCommand(
    name="zalo", summary="xem bot Zalo, đặt hoặc gỡ webhook của nó", run=_zalo, options=_options
)
