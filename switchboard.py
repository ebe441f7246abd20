"""The channels that the settings switch on, each built of what it needs."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from commands.base import Refused
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.web import AbstractRouteDef

    from channels.base import Channel
    from channels.telegram.channel import TelegramChannel
    from channels.web.channel import WebChannel
    from channels.web.public_pictures import PublicPictures
    from channels.zalo.bot.channel import ZaloBotChannel
    from channels.zalo.oa.channel import ZaloOaChannel
    from dashboard.recount import Recount
    from lessons.catalogue import Catalogue
    from places.directory import Places
    from screens.site import Site
    from storage.database import Database
    from templates.words import Words

# Pages, pictures and style sheets of the dashboard that one network may ask for in a minute: an
# office behind one address opens a page and its five pictures at once.
_MOST_PAGES = 300
# https://core.telegram.org/bots/api#setwebhook
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


async def build_channels(
    chosen: Settings,
    database: "Database",
    words: "Words",
    menu: Sequence[tuple[str, str]],
    group_menu: Sequence[tuple[str, str]],
    worker: str,
) -> "tuple[dict[str, Channel], list[AbstractRouteDef]]":
    """The channels by their names, and the routes they answer. Raises ``Refused``."""
    channels: dict[str, Channel] = {}
    routes: list[AbstractRouteDef] = []
    if chosen.web.enabled:
        web = _web_channel(chosen, database, menu)
        channels[web.name] = web
        routes.extend(web.routes)
    pictures = _public_pictures(chosen, database)
    routes.extend(pictures.routes)
    if chosen.telegram.token.get_secret_value():
        telegram = await _telegram_channel(chosen, database, words, menu, group_menu)
        channels[telegram.name] = telegram
        routes.extend(telegram.routes())
    if chosen.zalo_bot.token.get_secret_value():
        zalo_bot = await _zalo_bot_channel(chosen, database, words, pictures)
        channels[zalo_bot.name] = zalo_bot
        routes.extend(zalo_bot.routes())
    if chosen.zalo_oa.app_id:
        zalo_oa = _zalo_oa_channel(chosen, database, words, pictures, worker)
        channels[zalo_oa.name] = zalo_oa
        routes.extend(zalo_oa.routes())
    if not channels:
        raise Refused(
            "Chưa bật kênh nào: đặt web.enabled = true, hoặc cho mã bot vào "
            "HOCSO_TELEGRAM__TOKEN, HOCSO_ZALO_BOT__TOKEN, hoặc đặt HOCSO_ZALO_OA__APP_ID."
        )
    return channels, routes


def build_board(
    chosen: Settings,
    database: "Database",
    catalogue: "Catalogue",
    places: "Places",
    *,
    is_rehearsal: bool,
    now: "Callable[[], datetime] | None" = None,
) -> "tuple[tuple[AbstractRouteDef, ...], Recount]":
    """The dashboard's routes, and the job that counts for its pages. Without ``now`` they go by
    the machine's clock.
    """
    from zoneinfo import ZoneInfo

    import pictures
    from channels.limits import Pace, client_of, network_of
    from dashboard.board import routes
    from dashboard.everything import Everything
    from dashboard.parts import Parts
    from dashboard.recount import Recount
    from dashboard.words import filters
    from templates.pages import PageTemplates

    pace = Pace(_MOST_PAGES, 60.0, monotonic)
    zone = ZoneInfo(chosen.quiet.zone)
    parts = Parts(
        database=database,
        templates=PageTemplates(filters(zone), is_rehearsal=is_rehearsal),
        catalogue=catalogue,
        places=places,
        zone=zone,
        basics=catalogue.lessons_in(chosen.household.courses),
        share=chosen.household.share,
        idle=timedelta(minutes=chosen.board.idle_minutes),
        longest=timedelta(hours=chosen.board.longest_hours),
        public_url=board_url(chosen),
        behind_proxy=chosen.web.behind_proxy,
        draw=pictures.draw,
        knock=lambda request: pace.knock(
            network_of(client_of(request, behind_proxy=chosen.web.behind_proxy))
        ),
        now=now or _now,
    )
    everything = Everything(parts)
    recount = Recount(database, parts.now, zone, parts.courses, everything=everything.count)
    return routes(parts, everything), recount


def board_url(chosen: Settings) -> str:
    """The address that people open, without a slash at the end."""
    return (chosen.web.public_url or f"http://localhost:{chosen.web.port}").rstrip("/")


def _web_channel(
    chosen: Settings, database: "Database", commands: Sequence[tuple[str, str]]
) -> "WebChannel":
    import pictures
    from channels.web.channel import WebChannel

    return WebChannel(
        database=database,
        draw=pictures.draw,
        commands=commands,
        public_url=chosen.web.public_url or f"http://localhost:{chosen.web.port}",
        behind_proxy=chosen.web.behind_proxy,
        new_addresses_per_hour=chosen.web.new_addresses_per_hour,
    )


def build_screens(
    chosen: Settings,
    database: "Database",
    words: "Words",
    catalogue: "Catalogue",
    places: "Places",
    channels: "Mapping[str, Channel]",
) -> "Site":
    """The pages that a whole room looks at, whatever channels its people have."""
    from handlers.people.reach import reaches_others
    from screens.board import Board
    from screens.site import Site

    def link(payload: str) -> str:
        """In this order: the page opens on every telephone."""
        for name in ("web", "zalo_oa", "zalo_bot", "telegram"):
            made = channels[name].link(payload) if name in channels else ""
            if made and reaches_others(made):
                return made
        return ""

    return Site(
        database=database,
        board=Board(catalogue, words, places, chosen.live.bars_from),
        link=link,
        public_url=pages_of(chosen),
        behind_proxy=chosen.web.behind_proxy,
        host_hours=chosen.live.host_hours,
        now=_now,
        monotonic=monotonic,
    )


def pages_of(chosen: Settings) -> str:
    """Where our own pages open, without a slash at the end."""
    return (chosen.web.public_url or f"http://localhost:{chosen.web.port}").rstrip("/")


def _public_pictures(chosen: Settings, database: "Database") -> "PublicPictures":
    """What a channel takes whose platform fetches pictures itself; such want HTTPS."""
    import pictures
    from channels.web.public_pictures import PublicPictures
    from pictures.fit import fit

    public_url = chosen.web.public_url
    return PublicPictures(
        database=database,
        draw=pictures.draw,
        fit=fit,
        public_url=public_url if public_url.startswith("https://") else "",
        behind_proxy=chosen.web.behind_proxy,
        now=_now,
        monotonic=monotonic,
    )


async def _telegram_channel(
    chosen: Settings,
    database: "Database",
    words: "Words",
    commands: Sequence[tuple[str, str]],
    group_commands: Sequence[tuple[str, str]],
) -> "TelegramChannel":
    # Half a second of imports that a tutor without a token does not pay.
    import pictures
    from channels.base import Misconfigured
    from channels.telegram.channel import TelegramChannel
    from channels.telegram.webhook import PATH
    from storage import kept_secrets

    secret = chosen.telegram.webhook_secret.get_secret_value()
    if chosen.telegram.mode == "webhook" and not chosen.web.public_url:
        raise Refused(
            'telegram.mode = "webhook" cần HOCSO_WEB__PUBLIC_URL: địa chỉ https:// của máy này.'
        )
    if secret and not _WEBHOOK_SECRET.fullmatch(secret):
        raise Refused(
            "HOCSO_TELEGRAM__WEBHOOK_SECRET chỉ được có chữ cái không dấu, chữ số, _ và -, "
            "nhiều nhất 256 ký tự."
        )
    if chosen.telegram.mode == "webhook" and not secret:
        async with database.transaction() as connection:
            secret = await kept_secrets.get_or_create(
                connection, "telegram.webhook", lambda: secrets.token_urlsafe(32)
            )
    try:
        return TelegramChannel(
            token=chosen.telegram.token.get_secret_value(),
            draw=pictures.draw,
            api_url=chosen.telegram.api_url,
            mode=chosen.telegram.mode,
            webhook_url=chosen.web.public_url.rstrip("/") + PATH,
            secret=secret,
            sends_per_second=chosen.telegram.sends_per_second,
            commands=commands,
            group_commands=group_commands,
            description=words.render("profile.description", "").unescape(),
            short_description=words.render("profile.short_description", "").unescape(),
        )
    except Misconfigured as error:
        raise Refused(str(error)) from None


async def _zalo_bot_channel(
    chosen: Settings, database: "Database", words: "Words", pictures: "PublicPictures"
) -> "ZaloBotChannel":
    from channels.base import Misconfigured
    from channels.zalo.bot.channel import ZaloBotChannel
    from channels.zalo.bot.receive import CHANNEL
    from channels.zalo.bot.webhook import PATH, kept_secret
    from quizzes.review import VIET_NAM

    ours = chosen.zalo_bot
    if ours.mode == "webhook" and not chosen.web.public_url.startswith("https://"):
        raise Refused(
            'zalo_bot.mode = "webhook" cần HOCSO_WEB__PUBLIC_URL: địa chỉ https:// của máy này.'
        )
    secret = ours.webhook_secret.get_secret_value()
    if ours.mode == "webhook" and not secret:
        secret = await kept_secret(database)
    try:
        return ZaloBotChannel(
            database=database,
            words=lambda saying, standing: words.render(saying, "", standing=standing),
            token=ours.token.get_secret_value(),
            api_url=ours.api_url,
            mode=ours.mode,
            webhook_url=chosen.web.public_url.rstrip("/") + PATH,
            secret=secret,
            publish=pictures.of(CHANNEL),
            chat_link=ours.chat_link,
            sends_per_second=ours.sends_per_second,
            lines_a_month=ours.lines_a_month,
            people=ours.people,
            timezone=VIET_NAM,
        )
    except Misconfigured as error:
        raise Refused(str(error)) from None


def _zalo_oa_channel(
    chosen: Settings,
    database: "Database",
    words: "Words",
    pictures: "PublicPictures",
    worker: str,
) -> "ZaloOaChannel":
    from channels.base import Misconfigured
    from channels.zalo.oa.channel import ZaloOaChannel
    from channels.zalo.oa.lost import Alarm
    from channels.zalo.oa.receive import CHANNEL
    from channels.zalo.silence import silence_libraries
    from quizzes.review import VIET_NAM

    silence_libraries()
    ours = chosen.zalo_oa
    for name, value in (
        ("APP_SECRET", ours.app_secret),
        ("SECRET_KEY", ours.secret_key),
    ):
        if not value.get_secret_value():
            raise Refused(f"Zalo OA còn thiếu HOCSO_ZALO_OA__{name}. Xem docs/zalo-oa.md.")
    if not chosen.web.public_url.startswith("https://"):
        raise Refused("Zalo OA cần HOCSO_WEB__PUBLIC_URL: địa chỉ https:// của máy này.")
    alarm = Alarm(lambda: words.render("zalo.oa_lost", ""), now=_now, timezone=VIET_NAM)
    try:
        return ZaloOaChannel(
            database=database,
            app_id=ours.app_id,
            app_secret=ours.app_secret.get_secret_value(),
            secret_key=ours.secret_key.get_secret_value(),
            worker=worker,
            on_lost=alarm.tell,
            oa_id=ours.oa_id,
            refresh_token=ours.refresh_token.get_secret_value(),
            api_url=ours.api_url,
            oauth_url=ours.oauth_url,
            buttons=ours.query_buttons,
            paid=ours.paid_reminders,
            lines_a_minute=ours.lines_a_minute,
            quiet=timedelta(hours=ours.quiet_hours_after_person),
            publish=pictures.of(CHANNEL),
            behind_proxy=chosen.web.behind_proxy,
        )
    except Misconfigured as error:
        raise Refused(str(error)) from None


def _now() -> datetime:
    return datetime.now(UTC)
