"""``rehearse``: a made-up commune lives a month in a new file, to be looked at before going live."""

import argparse
import logging
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands import admin
from commands.base import ProgramCommand, Refused, whole

if TYPE_CHECKING:
    from places.directory import Places
    from places.model import Commune
    from rehearsal.agreement import Row
    from rehearsal.cast import Size
    from settings import Settings
    from storage.database import Database

ROOT = Path(__file__).resolve().parents[1]
_OUT = Path("tap-duot.db")
# Whatever is due after counting is counted by then.
_COUNTED_AFTER = timedelta(minutes=2)
_HOUR = time(6)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--into", type=Path, default=_OUT, metavar="TỆP", help=f"tệp dữ liệu mới, chưa có ({_OUT})"
    )
    parser.add_argument(
        "--learners", type=whole(20, 2000), default=300, metavar="SỐ", help="mấy người học (300)"
    )
    parser.add_argument(
        "--days", type=whole(8, 60), default=30, metavar="SỐ", help="bao nhiêu ngày (30)"
    )
    parser.add_argument(
        "--commune",
        default="",
        metavar="TÊN",
        help="tên xã, phường (xã đầu tiên có trong danh sách)",
    )
    parser.add_argument(
        "--until",
        type=_day,
        default=None,
        metavar="NGÀY",
        help="ngày cuối, như 2026-11-23 (hôm qua)",
    )
    parser.add_argument(
        "--seed", type=whole(0, 2**31), default=1, metavar="SỐ", help="cùng số thì cùng kết quả (1)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("cần một ngày như 2026-11-23") from None


def _rehearse(arguments: argparse.Namespace) -> int:
    import asyncio

    import settings
    from rehearsal.cast import scaled

    chosen = settings.load()
    last = arguments.until or _yesterday(_zone(chosen))
    logging.getLogger("hocso").setLevel(logging.WARNING)
    print("Đang tập dượt, chừng vài phút…", file=sys.stderr, flush=True)
    return asyncio.run(
        rehearse(
            chosen,
            into=arguments.into,
            size=scaled(arguments.learners, arguments.days),
            commune=arguments.commune,
            last=last,
            seed=arguments.seed,
        )
    )


def _yesterday(zone: ZoneInfo) -> date:
    return (datetime.now(UTC).astimezone(zone) - timedelta(days=1)).date()


async def rehearse(
    chosen: "Settings", *, into: Path, size: "Size", commune: str, last: date, seed: int
) -> int:
    """Play it, compare all counts, print them. Returns 1 when any differ. Raises ``Refused``."""
    from places.directory import load as load_places
    from rehearsal.agreement import played, table
    from rehearsal.phone import Lost
    from storage.migrate import prepare
    from storage.opening import open_database

    places = load_places(ROOT, chosen.places.file)
    where = _the_commune(places.communes, commune)
    begins = datetime.combine(last - timedelta(days=size.days - 1), _HOUR, _zone(chosen))
    url = _new_file(into)
    await prepare(url)
    # Tens of thousands of commits; what a power cut spoils is made again.
    database = await open_database(url, lasting=False)
    try:
        rows, turns = await _played(
            chosen, database, places, where, size=size, begins=begins.astimezone(UTC), seed=seed
        )
    except Lost as reason:
        raise Refused(f"Buổi tập dượt đứt giữa chừng: {reason}") from None
    finally:
        await database.close()
    print(table(rows))
    differing = sum(not row.agrees for row in rows)
    print()
    print(played(rows))
    print(_end(into, turns, differing))
    return 1 if differing else 0


async def _played(
    chosen: "Settings",
    database: "Database",
    places: "Places",
    where: "Commune",
    *,
    size: "Size",
    begins: datetime,
    seed: int,
) -> "tuple[list[Row], int]":
    """What was counted at the end, and how many turns it took. Raises ``Lost``."""
    from lessons.loading import load
    from rehearsal.agreement import compare
    from rehearsal.board import open_board
    from rehearsal.clockwork import Clockwork
    from rehearsal.month import Month
    from rehearsal.stage import Stage, channels_to_nowhere
    from rulebook import rules_of
    from storage import rehearsals
    from switchboard import build_board

    # Nobody comes from outside, so no address of ours matters.
    chosen = chosen.model_copy(update={"web": chosen.web.model_copy(update={"public_url": ""})})
    catalogue = load(ROOT, cache=ROOT / ".cache" / "content.json")
    clock, channels = Clockwork(begins), channels_to_nowhere()
    dice = Random(seed)  # noqa: S311 - the same month for the same number
    until = begins + timedelta(hours=chosen.people.invitation_hours)
    async with database.transaction() as connection:
        await rehearsals.mark(connection)
        code = await admin.make_code(connection, begins, until, lambda: dice.randrange(2**31))
    rules = rules_of(chosen, places, channels)
    stage = Stage(
        database=database,
        catalogue=catalogue,
        rules=rules,
        channels=channels,
        clock=clock,
        seed=seed,
    )
    month = Month(stage, size, commune=where, code=code, zone=_zone(chosen))
    routes, recount = build_board(chosen, database, catalogue, places, now=clock, is_rehearsal=True)
    stage.nightly = recount.recount
    await stage.start()
    try:
        await month.play()
        await clock.run(clock() + _COUNTED_AFTER)
        async with open_board(routes) as browser:
            rows = await month.at_the_end(lambda: compare(month, browser))
    finally:
        await stage.stop()
    return rows, stage.turns


def _zone(chosen: "Settings") -> ZoneInfo:
    return ZoneInfo(chosen.quiet.zone)


def _end(into: Path, turns: int, differing: int) -> str:
    said = f"{differing} con số không khớp." if differing else "Mọi con số đều khớp."
    return "\n".join(
        (
            f"{said} {turns} lượt nhắn, trong tệp {into}. Ai ở trong đó cũng là bịa ra.",
            f"Mở ra coi: đặt HOCSO_DATABASE__URL=sqlite:///{into}, chạy python bot.py admin",
            "để lấy mã quản trị, rồi python bot.py. Trong khung chat gõ /bangso.",
        )
    )


def _the_commune(communes: "tuple[Commune, ...]", wanted: str) -> "Commune":
    from vietnamese import fold

    if not communes:
        raise Refused("Chưa có xã, phường nào để tập dượt. Xem lại places.file trong config.toml.")
    usual = next((one for one in communes if one.kind == "xã"), communes[0])
    if not wanted:
        return usual
    found = [one for one in communes if fold(wanted) in (fold(one.name), fold(one.title), one.code)]
    if not found:
        raise Refused(f"Không có xã, phường «{wanted}». Gõ đúng tên hoặc mã, ví dụ «{usual.name}».")
    return found[0]


def _new_file(into: Path) -> str:
    """Its URL. What is there already stays as it is, whatever it is."""
    if into.exists():
        raise Refused(f"Đã có «{into}», nên không ghi vào. Hãy chọn tên tệp khác bằng --into.")
    if not into.parent.is_dir():
        raise Refused(f"Không có thư mục «{into.parent}». Hãy tạo thư mục đó, hoặc chọn chỗ khác.")
    return f"sqlite:///{into}"


COMMAND = ProgramCommand(
    name="rehearse",
    summary="tập dượt: một xã bịa ra học cả tháng trong một tệp mới, rồi so mọi con số",
    run=_rehearse,
    options=_options,
)
