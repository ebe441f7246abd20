"""A Zalo bot as a channel of the tutor: starts, receives, sends, stops."""

import asyncio
import logging
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from random import random
from typing import Any, Literal

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
from channels.zalo.bot import polling, webhook
from channels.zalo.bot.api import API_URL, REFUSED, Api, CallFailed, Failure
from channels.zalo.bot.budget import Budget, Words
from channels.zalo.bot.receive import CHANNEL, Unknown, to_inbound, unwrapped
from channels.zalo.bot.send import Sender
from channels.zalo.silence import silence_libraries
from channels.zalo.text import TEXT_LIMIT
from conversation.events import Inbound
from conversation.replies import Reply, Say
from storage.database import Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

_FIRST_TRY = 5.0  # seconds that a start waits for Zalo before it goes on without
_AFTER_FAULT = 30.0  # seconds
# Zalo publishes no pace, and calls "too fast" and "nothing left this month" by one number: so
# slowly enough that it surely means the month. Three at once at one chat, after a rest.
PER_SECOND = 4.0
_CHAT = Rate(1.0, burst=3)
# One chat may say so much a minute: each line is answered, and each answer costs.
LINES_OF_ONE = 30
_WITHIN = 60.0  # seconds
# After a 429 what nobody waits for keeps quiet so long: answers try first whether it is over.
_AFTER_TOO_MUCH = timedelta(minutes=30)
_BUDGET_GONE = "hết lượt gửi tin của tháng"
_BUDGET_THIN = "sắp hết lượt gửi tin của tháng"
_CONNECTING = "Đang kết nối với Zalo."
_NOT_REGISTERED = "Zalo chưa gửi tin về địa chỉ này. Chạy «python bot.py zalo set-webhook» một lần."
_BAD_SECRET = "HOCSO_ZALO_BOT__WEBHOOK_SECRET phải có từ 8 đến 256 ký tự không dấu."  # noqa: S105


def _limits(per_second: float) -> Limits:
    if not per_second:
        return Limits()
    return Limits(overall=Rate(per_second), address=lambda _: _CHAT)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ZaloBotChannel:
    """Implements ``channels.base.Channel``.

    ``webhook_url`` is the whole address that Zalo is to post to, ending in
    ``webhook.PATH``; it and ``secret`` matter in webhook mode only. Without ``publish``
    pictures are told in words. ``chat_link`` opens the chat, if there is such a link.
    ``lines_a_month`` and ``people`` are what Zalo gives this bot; months are those of
    ``timezone``. ``sends_per_second`` is the pace, 0 for none. ``words`` gives the sayings of ``templates/vi/zalo.j2``. ``now``, ``pause`` and ``monotonic`` are the clock.
    """

    name = CHANNEL
    capabilities = Capabilities(
        text_limit=TEXT_LIMIT,
        buttons=False,
        pictures=True,
        groups=True,
        joins=True,
        limits=_limits(PER_SECOND),
    )

    def __init__(
        self,
        *,
        database: Database,
        words: Words,
        token: str,
        api_url: str = API_URL,
        mode: Literal["polling", "webhook"] = "polling",
        webhook_url: str = "",
        secret: str = "",
        publish: Publish | None = None,
        chat_link: str = "",
        lines_a_month: int = 3000,
        people: int = 50,
        timezone: tzinfo = UTC,
        sends_per_second: float = PER_SECOND,
        now: Callable[[], datetime] = _utc_now,
        pause: polling.Pause = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random,
    ) -> None:
        if mode == "webhook" and not (
            secret.isascii() and len(secret) in webhook.SECRET_LENGTH and secret.isprintable()
        ):
            raise Misconfigured(_BAD_SECRET)
        self._api = Api(token, api_url)
        self.budget = Budget(
            database,
            CHANNEL,
            lines_a_month=lines_a_month,
            people=people,
            words=words,
            now=now,
            timezone=timezone,
        )
        self._sender = Sender(self._api, publish=publish, spent=self.budget.spent, now=now)
        self.capabilities = replace(
            self.capabilities, pictures=publish is not None, limits=_limits(sends_per_second)
        )
        self._words = words
        self._timezone = timezone
        self._mode = mode
        self._webhook_url = webhook_url
        self._secret = secret
        self._chat_link = chat_link
        self._now = now
        self._pause = pause
        self._jitter = jitter
        self._monotonic = monotonic
        self._flood = Pace(LINES_OF_ONE, _WITHIN, monotonic)
        self._receive: Receive | None = None
        self._own_id = ""
        self._connected = False
        self._trouble = _CONNECTING
        self._runner: asyncio.Task[None] | None = None
        self._turns: set[asyncio.Task[bool]] = set()

    async def start(self, receive: Receive) -> None:
        """Connect and begin to receive.

        Raises ``Misconfigured`` for a token that Zalo refuses, and when it should poll
        while a webhook is set. When Zalo cannot be reached, returns within seconds and
        keeps trying.
        """
        silence_libraries()
        self._receive = receive
        try:
            with suppress(StorageError):
                await self.budget.write()
            async with asyncio.timeout(_FIRST_TRY):
                await self._connect()
        except Misconfigured:
            await self._api.close()
            raise
        except (CallFailed, TimeoutError) as error:
            self._report(polling.NO_ANSWER)
            log.warning("Zalo cannot be reached yet: %s", error or "no answer")
        self._runner = asyncio.create_task(self._run(), name="zalo bot")

    async def stop(self) -> None:
        """Stop receiving, finish the turns under way, let go of connections."""
        if self._runner is not None:
            self._runner.cancel()
            with suppress(asyncio.CancelledError):
                await self._runner
            self._runner = None
        if self._turns:
            await asyncio.wait(self._turns)
        self._receive = None
        await self.budget.close()
        await self._api.close()
        self._connected = False
        self._trouble = _CONNECTING

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        del replaces  # a line that is sent stays as it is
        if self._receive is None:
            raise Unavailable("the channel is not started")
        return await self._sender.send(address, replies, delivery)

    async def may_send(self, address: str, *, last_heard: datetime, now: datetime) -> Leave:
        """Answers come first: what is left of the month is kept for them from 80 % on.

        Then a chat is reminded every other day, and told why; at the end not at all.
        """
        del last_heard  # Zalo closes no window on a bot
        if self._sender.held_back:
            return Wait(now + _AFTER_TOO_MUCH)
        standing = self.budget.standing()
        if standing.gone:
            return Never(_BUDGET_GONE, errand=True)
        if not standing.thin:
            return Free()
        day = now.astimezone(self._timezone).toordinal()
        if (day + zlib.crc32(address.encode())) % 2:
            return Never(_BUDGET_THIN)
        return Free(Say(self._words("zalo.thin_note", standing)))

    def link(self, payload: str = "") -> str:
        """A link into the chat, which carries no payload: with one there is none."""
        return "" if payload else self._chat_link

    def health(self) -> Health:
        standing = self.budget.standing()
        if self._sender.held_back:
            said = "Zalo báo 429: gửi quá nhanh, hoặc đã hết lượt của tháng."
            return Health(False, " ".join(filter(None, (self._trouble, said, str(standing)))))
        detail = f"{self._trouble} {standing}".strip()
        return Health(well=not self._trouble and not standing.gone, detail=detail)

    def routes(self) -> Sequence[web.RouteDef]:
        """What the web server must answer for this channel: nothing unless in webhook mode."""
        return webhook.routes(self._secret, self._posted) if self._mode == "webhook" else ()

    async def _connect(self) -> None:
        """Learn who we are, and whether events can come in. Raises ``Misconfigured`` too."""
        try:
            own = await self._api.call("getMe")
        except CallFailed as error:
            if error.failure is Failure.TOKEN:
                raise Misconfigured(REFUSED) from None
            raise
        registered = await webhook.registered(self._api)
        if self._mode == "polling" and registered:
            raise Misconfigured(polling.WEBHOOK_SET)
        self._own_id = str(own.get("id", "")) if isinstance(own, dict) else ""
        self._connected = True
        strange = self._mode == "webhook" and registered != self._webhook_url
        self._report(_NOT_REGISTERED if strange else "")

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - the other channels must go on
                log.error("Zalo stopped: %s", type(error).__name__)  # noqa: TRY400
                self._report(polling.NO_ANSWER)
                await self._pause(_AFTER_FAULT)
            else:
                return

    async def _work(self) -> None:
        backoff = polling.Backoff(self._jitter)
        while not self._connected:
            await self._pause(backoff.grow())
            try:
                await self._connect()
            except Misconfigured as error:
                self._report(str(error))
            except CallFailed as error:
                self._report(polling.why_not(error))
        log.info("Zalo is connected (%s)", self._mode)
        if self._mode == "polling":
            await polling.poll(
                self._api,
                self._take,
                self._report,
                self._pause,
                random=self._jitter,
                clock=self._monotonic,
            )

    def _report(self, trouble: str) -> None:
        """Remember what is wrong for ``health``, and log it once when it changes."""
        if trouble and trouble != self._trouble:
            log.warning("Zalo: %s", trouble)
        elif self._trouble and not trouble:
            log.info("Zalo: nhận tin bình thường.")
        self._trouble = trouble

    async def _posted(self, posted: Any) -> int:
        """The status that a post is answered with."""
        inbound = self._read(posted)
        if inbound is None:
            return 200
        if self._receive is None:
            return 503
        if self._trouble == _NOT_REGISTERED:
            self._report("")  # something did come
        if self._flood.knock(inbound.address):
            return 429
        return 200 if await self._store(inbound) else 503

    async def _take(self, event: Any) -> bool:
        """A polled event. Whether it is stored, or needs no storing."""
        inbound = self._read(event)
        if inbound is None:
            return True
        if self._flood.knock(inbound.address):
            log.warning("one chat says more than %d lines a minute: not read", LINES_OF_ONE)
            return True
        return await self._store(inbound)

    def _read(self, posted: Any) -> Inbound | None:
        found = to_inbound(unwrapped(posted), own_id=self._own_id, now=self._now())
        if isinstance(found, Unknown):
            log.info("an event of Zalo that is not known: %.60r", found.name)
            return None
        return found

    async def _store(self, inbound: Inbound) -> bool:
        """Run the turn, in a task of its own: a stop, or a caller that hangs up, does not tear it."""
        turn = asyncio.create_task(self._turn(inbound))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return await asyncio.shield(turn)

    async def _turn(self, inbound: Inbound) -> bool:
        assert self._receive is not None  # noqa: S101 - nothing is taken before the start
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
