"""Học Số: the entry, and the composition root. Commands other than ``run`` are in commands/."""

import signal

if __name__ == "__main__":
    # Ctrl+C ends the process at once and without a traceback, until ``run`` knows better.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import asyncio
import errno
import gc
import logging
import os
import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from io import TextIOWrapper
from pathlib import Path
from random import random
from typing import TYPE_CHECKING

import settings
from commands.base import ProgramCommand, Refused, read_line
from commands.registry import COMMANDS
from logs import log_loop_fault, set_up_logging
from settings import Settings, SettingsBroken
from switchboard import board_url, build_board, build_channels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from channels.base import Channel, Receive
    from conversation.manners import Manners

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent
log = logging.getLogger("hocso")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 when all went well."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that has no Vietnamese letters
    from lessons.catalogue import ContentBroken
    from places.directory import PlacesBroken
    from storage.errors import StorageError

    try:
        asked = read_line((RUN, *COMMANDS), arguments, version=VERSION)
        return (asked.run or _run)(asked)
    except (SettingsBroken, StorageError, ContentBroken, PlacesBroken, Refused) as reason:
        print(reason, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read along, such as ``head``, has seen enough; no word at exit about it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(arguments: argparse.Namespace) -> int:
    del arguments
    with asyncio.Runner(loop_factory=_quickest_loop()) as runner:
        return runner.run(run(settings.load()))


RUN = ProgramCommand(name="run", summary="chạy trợ giảng (mặc định)", run=_run)


async def run(chosen: Settings) -> int:
    """Serve until told to stop, which may be while everything is only just starting."""
    set_up_logging(
        chosen.log.level,
        [
            chosen.telegram.token.get_secret_value(),
            chosen.telegram.webhook_secret.get_secret_value(),
            chosen.zalo_bot.token.get_secret_value(),
            chosen.zalo_bot.webhook_secret.get_secret_value(),
            chosen.zalo_oa.app_secret.get_secret_value(),
            chosen.zalo_oa.secret_key.get_secret_value(),
            chosen.zalo_oa.refresh_token.get_secret_value(),
            chosen.database.url.get_secret_value(),
        ],
    )
    loop, serving = asyncio.get_running_loop(), asyncio.current_task()
    loop.set_exception_handler(log_loop_fault)
    told = asyncio.Event()

    def stop() -> None:
        # Once: a second Ctrl+C must not tear the stopping.
        if serving is not None and not told.is_set():
            told.set()
            serving.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        async with running(chosen) as where:
            _spare_collector()
            print(where, flush=True)
            await loop.create_future()
    except asyncio.CancelledError:
        if not told.is_set():
            raise
    return 0


def _quickest_loop() -> "Callable[[], asyncio.AbstractEventLoop]":
    """That of uvloop, which Windows has not: see docs/decisions/0013."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.new_event_loop
    return new_event_loop


@asynccontextmanager
async def running(chosen: Settings) -> AsyncIterator[str]:
    """Everything together, started; gives the line that says where to go.

    Parts stop in the opposite order of their start. Whatever comes in meanwhile is
    committed, and answered at the next start.
    """
    from lessons.catalogue import Loading

    # Beside the code it was checked by; a folder that cannot be written only costs a second.
    loading = Loading(ROOT, cache=ROOT / ".cache" / "content.json")
    # Other processes may be reading lessons now; meanwhile this one gets the rest ready.
    from channels.web.server import Server, build_app
    from conversation.handler import Rules
    from conversation.turn import Tutor
    from dashboard.recount import RECOUNT_EVERY
    from handlers.registry import build_router
    from health import Health
    from outbox.dispatcher import Dispatcher
    from outbox.retry import Backoff
    from outbox.schedule import RING_EVERY, SWEEP_EVERY, TIDY_EVERY, Job, Schedule
    from outbox.tidy import Tidy
    from outbox.timers import Timers
    from places.directory import load as load_places
    from quizzes.review import Spacing
    from storage.database import open_database
    from storage.migrate import prepare
    from templates.words import Words

    words, router = Words(), build_router()
    catalogue = loading.finish()
    places = load_places(ROOT, chosen.places.file)
    url = chosen.database.url.get_secret_value()
    await prepare(url)
    async with AsyncExitStack() as stack:
        database = await open_database(url)
        stack.push_async_callback(database.close)
        worker = secrets.token_hex(8)
        menu = [(command.name, command.summary) for command in router.commands if command.in_menu]
        in_groups = [(command.name, command.summary) for command in router.group_commands]
        channels, routes = await build_channels(chosen, database, words, menu, in_groups, worker)
        dispatcher = Dispatcher(
            database=database,
            channels=channels,
            worker=worker,
            now=_now,
            backoff=Backoff(random, timedelta(hours=chosen.outbox.give_up_after_hours)),
            senders=chosen.outbox.senders,
        )
        manners = _manners(chosen)
        tutor = Tutor(
            database=database,
            router=router,
            catalogue=catalogue,
            words=words,
            rules=Rules(
                pass_ratio=chosen.quiz.pass_ratio,
                spacing=Spacing(
                    retention=chosen.review.retention,
                    maximum_interval_days=chosen.review.maximum_interval_days,
                    safety_interval_days=chosen.review.safety_interval_days,
                    questions_a_day=chosen.review.questions_a_day,
                ),
                manners=manners,
                remind_at=manners.nearest(settings.minute_of(chosen.reminder.hour)),
                remind_sessions=chosen.reminder.sessions_a_week,
                support_place=chosen.support.place,
                support_phone=chosen.support.phone,
                support_next_after=timedelta(hours=chosen.support.next_after_hours),
                support_wrong_times=chosen.support.wrong_times,
                support_stalled_after=timedelta(days=chosen.support.stalled_days),
                note_every=timedelta(days=chosen.support.note_days),
                places=places,
                administrators=chosen.admin.pairs,
                invitation_for=timedelta(hours=chosen.people.invitation_hours),
                role_for=timedelta(days=chosen.people.role_days) or None,
                code_for=timedelta(days=chosen.people.code_days),
                board_url=board_url(chosen),
                board_link_for=timedelta(minutes=chosen.board.link_minutes),
                board_idle_for=timedelta(minutes=chosen.board.idle_minutes),
                links={name: channel.link for name, channel in channels.items()},
            ),
            seed=lambda: secrets.randbelow(2**31),
            worker=worker,
            wake=dispatcher.wake,
        )
        board, recount = build_board(chosen, database, catalogue, places)
        schedule = Schedule(
            (
                Job("sweep", SWEEP_EVERY, dispatcher.sweep),
                Job("timers", RING_EVERY, Timers(database, tutor.receive, _now).ring),
                Job(
                    "tidy",
                    TIDY_EVERY,
                    Tidy(database, _now, chosen.privacy.forget_strangers_after_days).tidy,
                ),
                Job("recount", RECOUNT_EVERY, recount.recount),
            ),
            _now,
        )
        healthz = Health(database, catalogue, schedule, channels)
        server = Server(build_app([*routes, *board], healthz), chosen.web.host, chosen.web.port)
        try:
            stack.push_async_callback(server.stop)
            await server.start()
        except OSError as error:
            raise Refused(_why_no_port(chosen, error)) from None
        for channel in channels.values():
            stack.push_async_callback(channel.stop)
        stack.push_async_callback(dispatcher.stop)
        await dispatcher.start()
        for channel in channels.values():
            await _start(channel, tutor.receive)
        stack.push_async_callback(schedule.stop)
        schedule.start()
        yield _where(channels)


def _manners(chosen: Settings) -> "Manners":
    from zoneinfo import ZoneInfo

    from conversation.manners import Manners

    return Manners(
        opens=_hour(chosen.quiet.ends),
        closes=_hour(chosen.quiet.begins),
        zone=ZoneInfo(chosen.quiet.zone),
        lunar_days=settings.days_of_year(chosen.quiet.lunar_days),
        solar_days=settings.days_of_year(chosen.quiet.solar_days),
        lines_a_day=chosen.quiet.lines_a_day,
    )


def _hour(clock: str) -> time:
    return time(*divmod(settings.minute_of(clock), 60))


async def _start(channel: "Channel", receive: "Receive") -> None:
    from channels.base import Misconfigured

    try:
        await channel.start(receive)
    except Misconfigured as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(
            f"Kênh {channel.name} không khởi động được: {error.strerror or error}."
        ) from None


def _why_no_port(chosen: Settings, error: OSError) -> str:
    port = chosen.web.port
    if error.errno == errno.EADDRINUSE:
        return (
            f"Cổng {port} đang có chương trình khác dùng (port {port} is in use). "
            "Tắt chương trình đó, hoặc đặt HOCSO_WEB__PORT sang số khác."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Không được phép mở cổng {port}. Đặt HOCSO_WEB__PORT từ 1024 trở lên, ví dụ 8080."
    return f"Không mở được {chosen.web.host}:{port} ({error.strerror}). Xem lại mục [web]."


def _where(channels: "Mapping[str, Channel]") -> str:
    """The one line that says where to go."""
    if "web" in channels:
        return f"Học Số đang chạy. Mở trang này để học: {channels['web'].link()}"
    return f"Học Số đang chạy trên {', '.join(channels)}. Bấm Ctrl+C để dừng."


def _spare_collector() -> None:
    """Have the garbage collector look at what turns leave behind, and at nothing older.

    All lessons and libraries are some hundred thousand objects that stay for good. Going
    through them again and again took a fifth of every turn's time, and stops everybody at
    once when it happens.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
