"""A Zalo Official Account as a channel of the tutor: starts, receives, sends, stops."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from channels.base import (
    Capabilities,
    Free,
    Health,
    Leave,
    Limits,
    Misconfigured,
    Never,
    Publish,
    Rate,
    Receive,
    Sent,
    Unavailable,
    Wait,
)
from channels.limits import Pace
from channels.zalo.oa.api import API_URL, OAUTH_URL, Api
from channels.zalo.oa.receive import CHANNEL, PersonAnswered, Unknown, said_at, to_inbound
from channels.zalo.oa.send import Sender
from channels.zalo.oa.tokens import OnLost, Sleep, Tokens
from channels.zalo.oa.webhook import Webhook
from channels.zalo.text import TEXT_LIMIT
from conversation.events import Inbound
from conversation.replies import Reply
from storage import errands, oa_windows
from storage.database import Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

# https://docs.zaloplatforms.com/docs/OA: a consultation line is free for two days after the
# learner was last heard, charged up to seven, refused after that. A little earlier here.
FREE_FOR = timedelta(hours=48) - timedelta(minutes=5)
PAID_FOR = timedelta(days=7) - timedelta(minutes=5)
_NOT_FREE = "quá 48 giờ người học chưa nhắn lại: Zalo OA không cho nhắn trước"
_CLOSED = "quá 7 ngày người học chưa nhắn lại: Zalo OA không cho nhắn nữa"
# Zalo sends again for about two hours; event ids are remembered for a week.
OLDEST = timedelta(days=1)
_SKEW = timedelta(minutes=10)
# Zalo waits two seconds; a turn that takes longer goes on, and is found stored the next time.
_ANSWER_WITHIN = 1.8
LINES_OF_ONE = 30
_WITHIN = 60.0  # seconds
# Of one application, for all its accounts; a cheap plan gives an account fewer.
LINES_A_MINUTE = 4_000
# Our minutes and Zalo's need not begin together.
_ROOM = 0.97
_FIRST_TRY = 5.0  # seconds that a start waits for Zalo before it goes on without
_LOOK_EVERY = 1800.0  # seconds between looks at the age of the tokens


def _limits(lines_a_minute: int) -> Limits:
    return Limits(overall=Rate(round(lines_a_minute * _ROOM / 60, 1)))


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ZaloOaChannel:
    """Implements ``channels.base.Channel``.

    ``secret_key`` is what the webhook is signed with. ``refresh_token`` is one that a person
    brought, used once; "" when there is none. ``paid`` lets what nobody waits for be sent when
    it costs. ``quiet`` is for how long the tutor keeps from writing first where a person
    answers. ``lines_a_minute`` is what Zalo takes of this account. ``on_lost`` tells whoever must mend lost tokens. ``answer_within`` is how many
    seconds a post is kept waiting.
    """

    name = CHANNEL
    capabilities = Capabilities(
        text_limit=TEXT_LIMIT,
        buttons=False,
        pictures=True,
        joins=True,
        limits=_limits(LINES_A_MINUTE),
    )

    def __init__(
        self,
        *,
        database: Database,
        app_id: str,
        app_secret: str,
        secret_key: str,
        worker: str,
        on_lost: OnLost,
        oa_id: str = "",
        refresh_token: str = "",
        api_url: str = API_URL,
        oauth_url: str = OAUTH_URL,
        buttons: bool = False,
        paid: bool = False,
        quiet: timedelta = timedelta(hours=12),
        lines_a_minute: int = LINES_A_MINUTE,
        publish: Publish | None = None,
        behind_proxy: bool = False,
        now: Callable[[], datetime] = _utc_now,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        answer_within: float = _ANSWER_WITHIN,
    ) -> None:
        self._answer_within = answer_within
        self.capabilities = replace(
            self.capabilities,
            buttons=buttons,
            pictures=publish is not None,
            limits=_limits(lines_a_minute),
        )
        self._database = database
        self._oa_id = oa_id
        self._refresh_token = refresh_token
        self._paid = paid
        self._quiet = quiet
        self._now = now
        self._sleep = sleep
        self._api = Api(api_url, oauth_url)
        self.tokens = Tokens(
            database,
            self._api,
            app_id=app_id,
            app_secret=app_secret,
            worker=worker,
            on_lost=on_lost,
            now=now,
            sleep=sleep,
        )
        self._sender = Sender(
            self._api,
            self.tokens,
            publish=publish,
            buttons=buttons,
            closed=self._close_window,
            now=now,
        )
        self._webhook = Webhook(
            app_id=app_id,
            oa_id=oa_id,
            secret_key=secret_key,
            post=self._posted,
            behind_proxy=behind_proxy,
            monotonic=monotonic,
        )
        self._flood = Pace(LINES_OF_ONE, _WITHIN, monotonic)
        self._receive: Receive | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._turns: set[asyncio.Task[bool]] = set()

    async def start(self, receive: Receive) -> None:
        """Begin to receive, and see whether the tokens work.

        Lost tokens do not stop the other channels: ``health`` says what to do.
        """
        self._receive = receive
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_TRY):
                await self._adopt()
                await self._look_at_tokens()
        self._keeper = asyncio.create_task(self._keep_tokens(), name="zalo oa tokens")

    async def stop(self) -> None:
        """Refuse new posts, finish the turns under way, let go of connections."""
        self._receive = None
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        if self._turns:
            await asyncio.wait(self._turns)
        await self.tokens.close()
        await self._api.close()

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        del replaces  # a line that is sent stays as it is
        if self._receive is None:
            raise Unavailable("the channel is not started")
        return await self._sender.send(address, replies, delivery)

    async def may_send(self, address: str, *, last_heard: datetime, now: datetime) -> Leave:
        """Free for two days; then only if it may cost; after a week the team is asked instead."""
        async with self._database.read() as connection:
            window = await oa_windows.get(connection, CHANNEL, address)
        if window.person_until is not None and window.person_until > now:
            return Wait(window.person_until)
        if window.closed_at is not None and window.closed_at >= last_heard:
            return Never(_CLOSED, errand=True)
        silent = now - last_heard
        if silent < FREE_FOR or (self._paid and silent < PAID_FOR):
            return Free()
        return Never(_NOT_FREE if silent < PAID_FOR else _CLOSED, errand=True)

    def link(self, payload: str = "") -> str:
        """A link to the account, which carries no payload: with one there is none."""
        return f"https://zalo.me/{self._oa_id}" if self._oa_id and not payload else ""

    def health(self) -> Health:
        said = " ".join(filter(None, (self.tokens.health(), self._sender.trouble)))
        return Health(well=not said, detail=said)

    def routes(self) -> Sequence[web.RouteDef]:
        """What the web server must answer for this channel."""
        return self._webhook.routes()

    async def _adopt(self) -> None:
        if not self._refresh_token:
            return
        try:
            await self.tokens.adopt(self._refresh_token)
        except (Misconfigured, Unavailable) as error:
            log.error("HOCSO_ZALO_OA__REFRESH_TOKEN is not taken: %s", error)  # noqa: TRY400

    async def _look_at_tokens(self) -> None:
        # What it raises it also remembers, for ``health``.
        with suppress(Misconfigured, Unavailable):
            await self.tokens.access()

    async def _keep_tokens(self) -> None:
        """Renew in time, also while nobody writes."""
        while True:
            await self._sleep(_LOOK_EVERY)
            try:
                await self._look_at_tokens()
            except Exception as error:  # noqa: BLE001 - tomorrow is another day
                log.error("the tokens are not looked at: %s", type(error).__name__)  # noqa: TRY400

    async def _close_window(self, address: str) -> None:
        """Only a template may be sent there until the learner is heard; the team is asked."""
        now = self._now()
        try:
            async with self._database.transaction() as connection:
                row = await oa_windows.close(connection, CHANNEL, address, now)
                if row is not None:
                    await errands.add(connection, row, _CLOSED, now)
        except StorageError as error:
            log.error("a closed window is not written down: %s", error)  # noqa: TRY400

    async def _posted(self, raw: dict[str, Any]) -> bool:
        """An event that is proved to be Zalo's. Whether it is dealt with."""
        if self._receive is None:
            return False
        now = self._now()
        at = said_at(raw)
        if at is None or not now - OLDEST < at < now + _SKEW:
            log.warning("an event of Zalo that is not of today is left out")
            return True
        found = to_inbound(raw, now=now)
        match found:
            case None:
                return True
            case Unknown(name):
                log.info("an event of Zalo that is not known: %.60r", name)
                return True
            case PersonAnswered(address):
                return await self._leave_to_person(address, now)
            case Inbound():
                return await self._take(found)

    async def _leave_to_person(self, address: str, now: datetime) -> bool:
        try:
            async with self._database.transaction() as connection:
                await oa_windows.leave_to_person(connection, CHANNEL, address, now + self._quiet)
        except StorageError:
            return False
        return True

    async def _take(self, inbound: Inbound) -> bool:
        """Run the turn in a task of its own: a stop, or Zalo hanging up, does not tear it."""
        if self._flood.knock(inbound.address):
            # An error would have it sent again, and in the end the webhook turned off.
            log.warning("one chat says more than %d lines a minute: not read", LINES_OF_ONE)
            return True
        turn = asyncio.create_task(self._turn(inbound))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        done, _ = await asyncio.wait({turn}, timeout=self._answer_within)
        return turn.result() if done else False

    async def _turn(self, inbound: Inbound) -> bool:
        if self._receive is None:
            return False
        # A traceback may quote the learner, so only the kind of error is logged.
        try:
            await self._receive(inbound)
        except StorageError as error:
            log.error("event %s is not stored: %s", inbound.external_id, type(error).__name__)  # noqa: TRY400
            return False
        except Exception as error:  # noqa: BLE001 - one odd event must not stop everybody's
            # A fault of ours would be the same the next time; waiting for it helps nobody.
            log.error("event %s is let go: %s", inbound.external_id, type(error).__name__)  # noqa: TRY400
        return True
