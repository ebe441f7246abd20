"""Telegram as a channel of the tutor: starts, receives, sends, stops."""

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from aiohttp import web
from telegram import Update
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import CallbackContext, TypeHandler

from channels.base import Capabilities, Health, Misconfigured, Receive, Sent, Unavailable
from channels.telegram import polling, webhook
from channels.telegram.admins import Admins
from channels.telegram.api import Bot, Request, build_application, silence_libraries
from channels.telegram.limits import PER_SECOND, limits
from channels.telegram.profile import Profile, publish
from channels.telegram.receive import (
    CHANNEL,
    is_own_poll_counted,
    to_inbound,
    without_tapped_line,
)
from channels.telegram.render import TEXT_LIMIT, Draw
from channels.telegram.send import Sender
from conversation.events import Chosen, CommandReceived, GroupMoved, Inbound, TextReceived
from conversation.replies import Reply
from storage.errors import StorageError

log = logging.getLogger(__name__)

_T = TypeVar("_T")
# Telegram alone knows which tokens it gave out; this only keeps the address whole.
_TOKEN = re.compile(r"[A-Za-z0-9:_-]+")
_FIRST_TRY = 5.0  # seconds that a start waits for Telegram before it goes on without
_LAST_ANSWERS = 1.0  # seconds that a stop waits for taps to be acknowledged
_AFTER_FAULT = 30.0  # seconds
_CONNECTING = "Đang kết nối với Telegram."
_BAD_URL = "HOCSO_TELEGRAM__API_URL phải bắt đầu bằng http:// hoặc https://."
_WEBHOOK_REFUSED = (
    "Telegram không nhận địa chỉ webhook. Hãy xem lại HOCSO_WEB__PUBLIC_URL: "
    'phải là https:// và mở được từ Internet; hoặc dùng mode = "polling".'
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramChannel:
    """Implements ``channels.base.Channel``.

    ``webhook_url`` is the whole address that Telegram is to post to, ending in
    ``webhook.PATH``; it and ``secret`` matter in webhook mode only. ``draw`` gives
    the PNG bytes of a picture; it runs in a thread. ``sends_per_second`` is the pace, 0 for
    none. ``now`` and ``pause`` are the clock.
    """

    name = CHANNEL
    capabilities = Capabilities(
        text_limit=TEXT_LIMIT,
        buttons=True,
        native_quiz=True,
        pictures=True,
        files=True,
        replaces=True,
        groups=True,
        tells_departure=True,
        limits=limits(PER_SECOND),
    )

    def __init__(
        self,
        *,
        token: str,
        draw: Draw,
        api_url: str = "https://api.telegram.org",
        mode: Literal["polling", "webhook"] = "polling",
        webhook_url: str = "",
        secret: str = "",
        sends_per_second: float = PER_SECOND,
        commands: Sequence[tuple[str, str]] = (),
        group_commands: Sequence[tuple[str, str]] = (),
        description: str = "",
        short_description: str = "",
        now: Callable[[], datetime] = _utc_now,
        pause: polling.Pause = asyncio.sleep,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise Misconfigured(polling.REFUSED)
        if not api_url.startswith(("http://", "https://")):
            raise Misconfigured(_BAD_URL)
        self.capabilities = replace(self.capabilities, limits=limits(sends_per_second))
        self._application = build_application(token, api_url)
        self._application.add_handler(TypeHandler(Update, self._on_update))
        self._application.add_error_handler(_log_fault)
        self._bot: Bot = self._application.bot
        self._sender = Sender(self._bot, draw, self._moved)
        self._mode = mode
        self._webhook_url = webhook_url
        self._secret = secret
        self._profile = Profile(
            commands=commands,
            group_commands=group_commands,
            description=description,
            short_description=short_description,
        )
        self._now = now
        self._admins = Admins(self._bot, now)
        self._pause = pause
        self._receive: Receive | None = None
        self._username = ""
        self._connected = False
        self._trouble = _CONNECTING
        self._runner: asyncio.Task[None] | None = None
        self._turns: set[asyncio.Task[bool]] = set()
        self._answers: set[asyncio.Task[None]] = set()
        # Updates whose turn could not be stored; PTB's dispatcher keeps a handler's error to itself.
        self._unstored: set[int] = set()

    async def start(self, receive: Receive) -> None:
        """Connect and begin to receive.

        Raises ``Misconfigured`` for a token or a webhook that Telegram refuses. When
        Telegram cannot be reached, returns within seconds and keeps trying.
        """
        silence_libraries()
        self._receive = receive
        try:
            async with asyncio.timeout(_FIRST_TRY):
                await self._connect()
        except Misconfigured:
            await self._application.shutdown()
            await self._bot.shutdown()
            raise
        except (TelegramError, TimeoutError) as error:
            self._report(polling.NO_ANSWER)
            log.warning("Telegram cannot be reached yet: %s", type(error).__name__)
        self._runner = asyncio.create_task(self._run(), name="telegram")

    async def stop(self) -> None:
        """Stop receiving, finish the turns under way, let go of connections."""
        if self._runner is not None:
            self._runner.cancel()
            with suppress(asyncio.CancelledError):
                await self._runner
            self._runner = None
        if self._turns:
            await asyncio.wait(self._turns)
        if self._answers:
            _, late = await asyncio.wait(self._answers, timeout=_LAST_ANSWERS)
            for answer in late:
                answer.cancel()
        await self._application.shutdown()
        await self._bot.shutdown()
        self._connected = False
        self._trouble = _CONNECTING

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        if self._receive is None:
            raise Unavailable("the channel is not started")
        (reply,) = replies
        return await self._sender.send(address, reply, replaces, delivery)

    def link(self, payload: str = "") -> str:
        """A link into the chat; "" until Telegram has told us the bot's name."""
        if not self._username:
            return ""
        start = f"?start={payload}" if payload else ""
        return f"https://t.me/{self._username}{start}"

    def health(self) -> Health:
        return Health(well=not self._trouble, detail=self._trouble)

    def routes(self) -> Sequence[web.RouteDef]:
        """What the web server must answer for this channel: nothing unless in webhook mode."""
        return webhook.routes(self._secret, self._take) if self._mode == "webhook" else ()

    async def _connect(self) -> None:
        """Learn who we are and say how updates are to come. Raises ``Misconfigured`` too."""
        try:
            await self._application.initialize()
        except InvalidToken:
            # PTB's own exception holds the token.
            raise Misconfigured(polling.REFUSED) from None
        if self._mode == "webhook":
            try:
                await webhook.set_webhook(self._bot, self._webhook_url, self._secret)
            except BadRequest:
                raise Misconfigured(_WEBHOOK_REFUSED) from None
        else:
            await webhook.delete_webhook(self._bot)
        self._username = self._bot.username
        self._connected = True
        self._report("")

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - the other channels must go on
                log.error("Telegram stopped: %s", type(error).__name__)  # noqa: TRY400
                self._report(polling.NO_ANSWER)
                await self._pause(_AFTER_FAULT)
            else:
                return

    async def _work(self) -> None:
        backoff = polling.Backoff()
        while not self._connected:
            await self._pause(backoff.grow())
            try:
                await self._connect()
            except Misconfigured as error:
                self._report(str(error))
            except TelegramError as error:
                self._report(polling.why_not(error))
        log.info("Telegram is connected (%s)", self._mode)
        await publish(self._bot, self._profile)
        if self._mode == "polling":
            await polling.poll(self._bot, self._take, self._report, self._pause)

    def _report(self, trouble: str) -> None:
        """Remember what is wrong for ``health``, and log it once when it changes."""
        if trouble and trouble != self._trouble:
            log.warning("Telegram: %s", trouble)
        elif self._trouble and not trouble:
            log.info("Telegram: nhận tin bình thường.")
        self._trouble = trouble

    async def _take(self, batch: Sequence[polling.RawUpdate]) -> bool:
        """Run the turns of these updates side by side, in order within one address.

        A task of its own for each, so that a stop, or a webhook caller that hangs
        up, does not tear a turn.
        """
        if not self._connected:
            return False
        tasks = [_spawn(self._take_one(raw), self._turns) for raw in batch]
        return all(await asyncio.shield(asyncio.gather(*tasks)))

    async def _take_one(self, raw: polling.RawUpdate) -> bool:
        if is_own_poll_counted(raw):
            return True
        try:
            update = Update.de_json(without_tapped_line(raw), self._bot)
        except Exception as error:  # noqa: BLE001 - one odd update must not stop everybody's
            log.error("update %s cannot be read: %s", raw["update_id"], type(error).__name__)  # noqa: TRY400
            return True
        await self._application.process_update(update)
        try:
            self._unstored.remove(id(update))
        except KeyError:
            return True
        return False

    async def _on_update(self, update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        assert self._receive is not None  # noqa: S101 - nothing is taken before the start
        tap = update.callback_query
        inbound = to_inbound(update, username=self._username, now=self._now())
        if inbound is not None:
            inbound = await self._with_rights(inbound)
            # A traceback may quote the learner, so only the kind of error is logged.
            try:
                await self._receive(inbound)
            except StorageError as error:
                log.error("update %d is not stored: %s", update.update_id, type(error).__name__)  # noqa: TRY400
                self._unstored.add(id(update))
                return
            except Exception as error:  # noqa: BLE001 - one odd update must not stop everybody's
                # A fault of ours would be the same the next time; waiting for it helps nobody.
                log.error("update %d is let go: %s", update.update_id, type(error).__name__)  # noqa: TRY400
        # In webhook mode the answer to Telegram's post says it.
        if tap is not None and self._mode == "polling":
            _spawn(self._answer_tap(tap.id), self._answers)

    async def _with_rights(self, inbound: Inbound) -> Inbound:
        """In a group, whether the sender runs it: a turn cannot ask, so it is asked here."""
        sender = inbound.sender
        if sender is None or sender.is_admin:
            return inbound
        if not isinstance(inbound.event, Chosen | CommandReceived | TextReceived):
            return inbound
        is_admin = await self._admins.include(inbound.address, sender.address)
        return replace(inbound, sender=replace(sender, is_admin=is_admin))

    async def _moved(self, address: str, to: str) -> None:
        """A group got another id, which sending to the old one tells. Raises ``Unavailable``."""
        assert self._receive is not None  # noqa: S101 - nothing is sent before the start
        moved = Inbound(
            channel=CHANNEL,
            address=address,
            external_id=f"moved-{address}-{to}",
            received_at=self._now(),
            event=GroupMoved(to),
        )
        try:
            await self._receive(moved)
        except StorageError as error:
            raise Unavailable("the group's new id is not stored") from error

    async def _answer_tap(self, tap: str) -> None:
        """Stop the clock on the tapped button. Nothing depends on it, so a failure is let go."""
        with suppress(TelegramError):
            await self._bot.call(Request("answerCallbackQuery", {"callback_query_id": tap}))


async def _log_fault(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """A fault of ours in reading an update: asking for it again would not mend it."""
    update_id = update.update_id if isinstance(update, Update) else 0
    log.error("update %d cannot be read: %s", update_id, type(context.error).__name__)


def _spawn(work: Coroutine[Any, Any, _T], into: set[asyncio.Task[_T]]) -> asyncio.Task[_T]:
    """Start a task and hold on to it in ``into`` until it is done."""
    task = asyncio.create_task(work)
    into.add(task)
    task.add_done_callback(into.discard)
    return task
