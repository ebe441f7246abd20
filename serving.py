"""The composition root: everything together, started, kept going and stopped in order.

Only ``bot.py`` imports this module, and only once the reading of the lessons has begun: the
libraries take half a second, during which other processes read.
"""

import asyncio
import errno
import gc
import logging
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from random import random
from typing import TYPE_CHECKING

import settings
from commands.base import Refused
from last_resort import end_in_time
from logs import log_loop_fault, set_up_logging
from settings import Settings
from switchboard import build_board, build_channels, build_screens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from channels.base import Channel, Receive
    from conversation.handler import Rules
    from conversation.turn import Tutor
    from dashboard.recount import Recount
    from lessons.catalogue import Catalogue
    from lessons.loading import Loading
    from outbox.dispatcher import Dispatcher
    from outbox.journal import Journal
    from outbox.schedule import Schedule
    from storage.database import Database
    from templates.words import Words

_MADE_UP = " (dữ liệu tập dượt, người trong đó là bịa ra)"
_WANTED_LATER = (
    "dashboard.board",
    "outbox.broadcasts",
    "outbox.schedule",
    "outbox.tidy",
    "outbox.timers",
    "pictures",
    "screens.site",
    "storage.rehearsals",
)
ROOT = Path(__file__).resolve().parent
log = logging.getLogger("hocso")


def serve(loading: "Loading") -> int:
    """Serve until told to stop. Returns the exit code: 0 when all went well."""
    with asyncio.Runner(loop_factory=_quickest_loop()) as runner:
        return runner.run(_run(settings.load(), loading))


async def _run(chosen: Settings, loading: "Loading") -> int:
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
            end_in_time()
            serving.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    # A start makes a million objects and leaves next to no garbage: nothing to look for yet.
    gc.disable()
    try:
        async with running(chosen, loading) as where:
            _spare_collector()
            print(where, flush=True)
            await loop.create_future()
    except asyncio.CancelledError:
        if not told.is_set():
            raise
    finally:
        gc.enable()
    return 0


def _quickest_loop() -> "Callable[[], asyncio.AbstractEventLoop]":
    """That of uvloop, which Windows has not: see docs/decisions/0013."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.new_event_loop
    return new_event_loop


@asynccontextmanager
async def running(chosen: Settings, loading: "Loading") -> AsyncIterator[str]:
    """Everything together, started; gives the line that says where to go.

    Parts stop in the opposite order of their start. Whatever comes in meanwhile is
    committed, and answered at the next start.
    """
    # Other processes may be reading lessons now; meanwhile this one gets the rest ready.
    from channels.web.server import Server, build_app
    from conversation.turn import Tutor
    from handlers.registry import build_router
    from health import Health
    from outbox.dispatcher import Dispatcher
    from outbox.retry import Backoff
    from places.directory import load as load_places
    from rulebook import rules_of
    from storage.migrate import prepare
    from storage.opening import open_database
    from templates.words import Words

    _import_early(chosen)
    words, router = Words(), build_router()
    catalogue = loading.finish()
    places = load_places(ROOT, chosen.places.file)
    url = chosen.database.url.get_secret_value()
    await prepare(url)
    async with AsyncExitStack() as stack:
        database = await open_database(url)
        stack.push_async_callback(database.close)
        worker, is_rehearsal = secrets.token_hex(8), await _is_rehearsal(chosen, database)
        menu = [(command.name, command.summary) for command in router.commands if command.in_menu]
        in_groups = [(command.name, command.summary) for command in router.group_commands]
        channels, routes = await build_channels(chosen, database, words, menu, in_groups, worker)
        site = build_screens(chosen, database, words, catalogue, places, channels)
        dispatcher = Dispatcher(
            database=database,
            channels=channels,
            worker=worker,
            now=_now,
            backoff=Backoff(random, timedelta(hours=chosen.outbox.give_up_after_hours)),
            senders=chosen.outbox.senders,
            journal=_journal(worker, url),
        )
        rules = rules_of(chosen, places, channels)
        tutor = Tutor(
            database=database,
            router=router,
            catalogue=catalogue,
            words=words,
            rules=rules,
            seed=lambda: secrets.randbelow(2**31),
            worker=worker,
            wake=dispatcher.wake,
        )
        board, recount = build_board(chosen, database, catalogue, places, is_rehearsal=is_rehearsal)
        schedule = _schedule(chosen, database, dispatcher, tutor, catalogue, words, rules, recount)
        healthz = Health(database, catalogue, schedule, channels)
        server = Server(
            build_app([*routes, *site.routes, *board], healthz), chosen.web.host, chosen.web.port
        )
        try:
            stack.push_async_callback(server.stop)
            await server.start()
        except OSError as error:
            raise Refused(_why_no_port(chosen, error)) from None
        stack.push_async_callback(site.stop)
        for channel in channels.values():
            stack.push_async_callback(channel.stop)
        stack.push_async_callback(dispatcher.stop)
        await dispatcher.start()
        for channel in channels.values():
            await _start(channel, tutor.receive)
        stack.push_async_callback(schedule.stop)
        schedule.start()
        # It begins when the one who waits for this line has it.
        settling = asyncio.create_task(asyncio.to_thread(_settle, loading, words))
        stack.push_async_callback(asyncio.wait, (settling,))
        yield _where(channels) + (_MADE_UP if is_rehearsal else "")


async def _is_rehearsal(chosen: Settings, database: "Database") -> bool:
    """Whether everybody in it is made up. Raises ``Refused`` where somebody real could be written
    to for one of them.
    """
    from storage import rehearsals

    async with database.read() as connection:
        is_marked = await rehearsals.is_marked(connection)
    if is_marked and (
        chosen.telegram.token.get_secret_value()
        or chosen.zalo_bot.token.get_secret_value()
        or chosen.zalo_oa.app_id
    ):
        raise Refused(
            "Tệp dữ liệu này là của buổi tập dượt: người trong đó là bịa, chỉ mở trên trang web. "
            "Hãy tắt Telegram, Zalo, hoặc đặt HOCSO_DATABASE__URL sang dữ liệu thật."
        )
    return is_marked


def _schedule(
    chosen: Settings,
    database: "Database",
    dispatcher: "Dispatcher",
    tutor: "Tutor",
    catalogue: "Catalogue",
    words: "Words",
    rules: "Rules",
    recount: "Recount",
) -> "Schedule":
    """What is done again and again, whoever talks or not."""
    from dashboard.recount import RECOUNT_EVERY
    from outbox.broadcasts import Broadcasts
    from outbox.schedule import RING_EVERY, SPREAD_EVERY, SWEEP_EVERY, TIDY_EVERY, Job, Schedule
    from outbox.tidy import Tidy
    from outbox.timers import Timers

    spreader = Broadcasts(
        database=database,
        words=words,
        catalogue=catalogue,
        manners=rules.manners,
        rules=rules.broadcasting,
        now=_now,
    )
    broom = Tidy(database, _now, chosen.privacy.forget_strangers_after_days)
    return Schedule(
        (
            Job("sweep", SWEEP_EVERY, dispatcher.sweep),
            Job("timers", RING_EVERY, Timers(database, tutor.receive, _now).ring),
            Job("broadcasts", SPREAD_EVERY, spreader.spread),
            Job("recount", RECOUNT_EVERY, recount.recount),
            Job("tidy", TIDY_EVERY, broom.tidy),
        ),
        _now,
    )


def _import_early(chosen: Settings) -> None:
    """What is wanted further down: there is time for it only while others read the lessons."""
    from storage.migrate import expect

    expect(chosen.database.url.get_secret_value())
    for name in _WANTED_LATER:
        import_module(name)
    for name, is_wanted in (
        ("channels.web.channel", chosen.web.enabled),
        ("channels.telegram.channel", chosen.telegram.token.get_secret_value()),
        ("channels.zalo.bot.channel", chosen.zalo_bot.token.get_secret_value()),
        ("channels.zalo.oa.channel", chosen.zalo_oa.app_id),
    ):
        if is_wanted:
            import_module(name)


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


def _journal(worker: str, url: str) -> "Journal":
    """Where this process leaves word of what it sent: beside the database, or beside the program
    when the database is on a server.
    """
    from outbox.journal import Journal
    from storage.opening import sqlite_path

    path = sqlite_path(url)
    beside = ROOT / ".cache" / "sends" if path is None else path.with_name(f"{path.name}-sends")
    return Journal(worker, beside)


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


def _settle(loading: "Loading", words: "Words") -> None:
    """What the first learner does not need, done while the tutor already answers."""
    words.settle()
    loading.settle()
    gc.freeze()


def _spare_collector() -> None:
    """Have the garbage collector look at what turns leave behind, and at nothing older.

    All lessons and libraries are some hundred thousand objects that stay for good. Going
    through them again and again took a fifth of every turn's time, and stops everybody at
    once when it happens. Not even once: what little garbage a start leaves may stay.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()


def _now() -> datetime:
    return datetime.now(UTC)
