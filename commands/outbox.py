"""``outbox``: what waits to go out, what is in trouble, what was set aside and why."""

import argparse
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from commands.base import ProgramCommand, Refused

if TYPE_CHECKING:
    from storage.database import Connection, Database
    from storage.outbox import Share, Trouble

# What a screen holds.
_SHOWN = 20
_DROPPED = "bỏ theo lệnh"
_KINDS = ((0, "trả lời"), (10, "nhắc"), (20, "tin gửi chung"))
_REASONS = {
    "": "khung chat không nhận nữa (bị chặn, hoặc đã rời)",
    "late": "đã quá giờ nên thôi gửi",
}
_STATUSES = {"failed": "không gửi được", "cancelled": "thôi gửi"}
_EMPTY = "Hộp gửi đi trống: không có gì đang chờ, không có gì gác lại."
_NO_SUCH = "Không có lượt gửi số {}: có thể đã gửi xong, hoặc gác lại quá 7 ngày."
_UNDER_WAY = "Lượt gửi số {} đang trên đường đi, không thu lại được. Đợi một lát rồi xem lại."
_WORDLESS = (
    "Lượt gửi số {} đã gác lại và lời đã xóa, nên không gửi lại được. "
    "Người học nhắn một chữ bất kỳ là Học Số đáp lại từ đầu."
)
_OLD = "Cơ sở dữ liệu chưa ở bản này. Chạy python bot.py migrate trước, rồi xem lại."


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", nargs="?", type=_known, help=_ACTS, metavar="VIỆC")
    parser.add_argument("id", nargs="?", type=_number, metavar="MÃ", help="mã của lượt gửi")


_ACTS = "retry: thử gửi ngay lượt đang chờ; drop: thôi gửi lượt đang chờ, hoặc dọn lượt đã gác lại"


def _known(act: str) -> str:
    if act not in ("retry", "drop"):
        raise argparse.ArgumentTypeError("chỉ có retry và drop")
    return act


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise argparse.ArgumentTypeError("mã là một số, ví dụ: python bot.py outbox retry 12")
    return int(text)


def _outbox(arguments: argparse.Namespace) -> int:
    import asyncio

    import settings

    if arguments.act and arguments.id is None:
        raise Refused(f"Còn thiếu mã: python bot.py outbox {arguments.act} MÃ.")
    url = settings.load().database.url.get_secret_value()
    print(asyncio.run(look(url, datetime.now(UTC), arguments.act or "", arguments.id or 0)))
    return 0


async def look(url: str, now: datetime, act: str = "", delivery: int = 0) -> str:
    """What there is to say, after ``act`` is done if it is named.

    Raises ``Refused`` when that cannot be done, and ``StorageError``. A tutor may run meanwhile.
    """
    from storage.migrate import HEAD, current_version, refuse_newer
    from storage.opening import open_database

    database = await open_database(url, create=False)
    try:
        async with database.read() as connection:
            version = await current_version(connection)
        refuse_newer(version)
        if version != HEAD:
            raise Refused(_OLD)
        if act:
            return await _act(database, act, delivery, now)
        async with database.read() as connection:
            return await _told(connection, now)
    finally:
        await database.close()


async def _act(database: "Database", act: str, delivery: int, now: datetime) -> str:
    from storage import outbox

    async with database.transaction() as connection:
        status = await outbox.status(connection, delivery)
        if not status:
            raise Refused(_NO_SUCH.format(delivery))
        if status == "sending":
            raise Refused(_UNDER_WAY.format(delivery))
        if act == "drop":
            await outbox.drop(connection, delivery, _DROPPED, now)
            return f"Đã bỏ lượt gửi số {delivery}."
        if status != "waiting":
            raise Refused(_WORDLESS.format(delivery))
        await outbox.hasten(connection, delivery, now)
    return f"Lượt gửi số {delivery} sẽ được thử lại ngay khi Học Số đang chạy."


async def _told(connection: "Connection", now: datetime) -> str:
    from storage import outbox

    shares = await outbox.shares(connection)
    troubles = await outbox.tried_again(connection, _SHOWN)
    aside = await outbox.set_aside(connection, _SHOWN)
    reasons = await outbox.reasons(connection)
    parts = (
        *_waiting(shares, now),
        *_tried_again(troubles, now),
        *_set_aside(aside, reasons, now),
    )
    return "\n".join(parts).strip() or _EMPTY


def _waiting(shares: "Sequence[Share]", now: datetime) -> Iterable[str]:
    if shares:
        yield "Đang chờ và đang gửi"
        yield from _table(
            ("kênh", "loại", "chờ", "đang gửi", "lâu nhất"),
            (
                (
                    share.channel,
                    _kind(share.priority),
                    _count(share.waiting),
                    _count(share.sending),
                    _span(now - share.oldest),
                )
                for share in shares
            ),
        )


def _tried_again(troubles: "Sequence[Trouble]", now: datetime) -> Iterable[str]:
    if troubles:
        yield "\nĐang thử lại (gửi ngay: outbox retry MÃ; thôi gửi: outbox drop MÃ)"
        yield from _table(
            ("mã", "kênh", "loại", "đã thử", "thử lại sau", "lý do"),
            (
                (
                    str(one.id),
                    one.channel,
                    _kind(one.priority),
                    str(one.tries),
                    _span(one.at - now),
                    one.reason,
                )
                for one in troubles
            ),
        )
        if len(troubles) == _SHOWN:
            yield f"Chỉ hiện {_SHOWN} lượt sắp thử lại nhất."


def _set_aside(
    aside: "Sequence[Trouble]", reasons: Sequence[tuple[str, str, int]], now: datetime
) -> Iterable[str]:
    if aside:
        yield "\nGác lại trong 7 ngày qua (lời đã xóa; dọn một dòng: outbox drop MÃ)"
        yield from _table(
            ("lý do", "kết cục", "số lượt"),
            (
                (_REASONS.get(reason, reason), _STATUSES[status], _count(count))
                for status, reason, count in reasons
            ),
        )
        yield f"\nMới nhất{f', {_SHOWN} lượt' if len(aside) == _SHOWN else ''}"
        yield from _table(
            ("mã", "kênh", "loại", "kết cục", "cách đây", "lý do"),
            (
                (
                    str(one.id),
                    one.channel,
                    _kind(one.priority),
                    _STATUSES[one.status],
                    _span(now - one.at),
                    _REASONS.get(one.reason, one.reason),
                )
                for one in aside
            ),
        )


def _kind(priority: int) -> str:
    """What the priorities of ``storage.deliveries`` are called; one between two is like the first."""
    return [name for least, name in _KINDS if priority >= least][-1]


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _span(time: timedelta) -> str:
    """How long, in the one unit that says enough; what is over already is nothing."""
    seconds = max(0, int(time.total_seconds()))
    for size, unit in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} giây"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()


COMMAND = ProgramCommand(
    name="outbox",
    summary="xem gì đang chờ gửi, gì gác lại và vì sao; thử lại hoặc bỏ một lượt",
    run=_outbox,
    options=_options,
)
