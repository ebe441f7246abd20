"""The two tokens of an Official Account: kept sealed, renewed in time, by one process at once.

Zalo's refresh token works once: using it gives a new pair, and the old one is dead
(https://docs.zaloplatforms.com/docs/OA). Therefore:

- whoever wants to use it first takes a lease in the database, which no other process gets
  before it has run out;
- the new pair is stored, however long the database takes, before any of it is used;
- it is renewed hours before the access token runs out, so that there is time for trouble.

What remains is a kill between Zalo's answer and our commit. Then the pair is lost, and an
administrator has to consent again; the tutor says so once, and in ``/healthz``.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar

from cryptography.fernet import Fernet, InvalidToken

from channels.base import Misconfigured, Unavailable
from channels.zalo.oa.api import Api, CallFailed, Failure, Pair
from storage import zalo_oa_tokens
from storage.database import Connection, Database
from storage.errors import StorageError
from storage.zalo_oa_tokens import SealedPair

log = logging.getLogger(__name__)

# An access token lasts 25 hours.
EARLY = timedelta(hours=5)
# Longer than a request to Zalo may take; the storing after it needs no lease.
LEASE = timedelta(minutes=2)
# A refresh token lasts three months from the last renewal. A running tutor renews daily, so
# this is seen only where it stood still for long.
OLD = timedelta(days=60)
_DEAD = -118
_STORE_AGAIN = 0.5  # seconds
_LOOK_AGAIN = 1.0  # seconds, while another process renews
_LOOKS = 30

NONE = (
    "Chưa có mã của Zalo OA. Lấy refresh token ở developers.zalo.me rồi chạy "
    "«python bot.py zalo-oa-token --new». Xem docs/zalo-oa.md."
)
LOST = (
    "Mã của Zalo OA không dùng được nữa (Zalo báo -118): tin trên Zalo OA đang dừng. Người quản "
    "trị OA cấp quyền lại cho ứng dụng ở developers.zalo.me, rồi chạy "
    "«python bot.py zalo-oa-token --new». Xem docs/zalo-oa.md."
)
SPENT = (
    "Zalo không nhận refresh token này (lỗi -118): mỗi refresh token chỉ dùng được một lần, trong 3 "
    "tháng. Cấp quyền lại cho ứng dụng ở developers.zalo.me để lấy cái mới. Xem docs/zalo-oa.md."
)
UNREADABLE = (
    "Không mở được mã Zalo OA đã cất: HOCSO_ZALO_OA__APP_SECRET đã đổi? Đặt lại giá trị cũ, hoặc "
    "chạy «python bot.py zalo-oa-token --new» với refresh token mới."
)
_AGEING = "Mã Zalo OA đã hơn 60 ngày chưa được gia hạn; quá 3 tháng thì phải cấp quyền lại."
_REFUSED = "Zalo không chịu gia hạn mã OA (lỗi {}). Xem lại HOCSO_ZALO_OA__APP_ID, __APP_SECRET."
_LATER = "Chưa gia hạn được mã Zalo OA, sẽ thử lại."

# Told once, in the transaction that finds the pair dead.
_T = TypeVar("_T")
OnLost: TypeAlias = Callable[[Connection], Awaitable[None]]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Access:
    """An access token that works until then, and the turn of the pair it belongs to."""

    token: str = field(repr=False)
    until: datetime
    turn: int


class Tokens:
    """``worker`` names this process; ``on_lost`` tells whoever must mend it, in a transaction."""

    def __init__(
        self,
        database: Database,
        api: Api,
        *,
        app_id: str,
        app_secret: str,
        worker: str,
        on_lost: OnLost,
        now: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._database = database
        self._api = api
        self._app_id = app_id
        self._app_secret = app_secret
        self._worker = worker
        self._on_lost = on_lost
        self._now = now
        self._sleep = sleep
        self._seal = Fernet(_key(app_secret))
        self._one_at_a_time = asyncio.Lock()
        self._at_work: set[asyncio.Task[Any]] = set()
        self._is_closing = False
        self._kept: Access | None = None
        self._renewed_at: datetime | None = None
        self.trouble = ""

    async def access(self) -> str:
        """A token that works now. Raises ``Misconfigured`` or ``Unavailable``."""
        kept = self._kept
        if kept is not None and kept.until - self._now() > EARLY:
            return kept.token
        return (await self._whole(self._fresh(stale=""))).token

    async def renewed(self, stale: str) -> str:
        """Another token than this one, which Zalo refused. Raises as ``access``."""
        return (await self._whole(self._fresh(stale=stale))).token

    async def close(self) -> None:
        """Let a renewal of ours that is under way end: what Zalo gives is given once. Nobody waits
        any longer for another process's, which may be dead.
        """
        self._is_closing = True
        if self._at_work:
            await asyncio.wait(set(self._at_work))

    async def _whole(self, work: Coroutine[Any, Any, _T]) -> _T:
        """One at a time, and to its end, also when whoever asked is gone."""

        async def alone() -> _T:
            async with self._one_at_a_time:
                return await work

        task = asyncio.create_task(alone(), name="zalo oa tokens")
        self._at_work.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._at_work.discard(task)
        if not task.cancelled():
            task.exception()  # whoever asked may be gone, and nobody else would look

    async def adopt(self, refresh: str) -> bool:
        """Use a refresh token that a person brought; False when it was brought before.

        A pair that still works stays as it is when the new token does not. Raises
        ``Misconfigured`` and ``Unavailable``.
        """
        return await self._whole(self._adopt(refresh))

    async def _adopt(self, refresh: str) -> bool:
        origin = self._fingerprint(refresh)
        found = await self._stored()
        if found is not None and origin in found.origins:
            return False
        if await self._lease() is None:
            raise Unavailable("another process is renewing the tokens")
        try:
            pair = await self._api.refresh(self._app_id, self._app_secret, refresh)
        except CallFailed as error:
            await self._release()
            if error.code == _DEAD:
                raise Misconfigured(SPENT) from None
            raise self._meaning(error) from None
        await self._store(pair, origin=origin)
        return True

    async def standing(self) -> SealedPair | None:
        """What is stored. Raises ``StorageError``."""
        async with self._database.read() as connection:
            found = await zalo_oa_tokens.get(connection, self._app_id)
        return found if found is not None and found.refresh else None

    def health(self) -> str:
        """What a person must know, or ""."""
        if self.trouble:
            return self.trouble
        if self._renewed_at is not None and self._now() - self._renewed_at > OLD:
            return _AGEING
        return ""

    async def _fresh(self, *, stale: str) -> Access:
        """The token in force, renewed when it is stale or soon will be."""
        for _ in range(_LOOKS):
            found = await self._stored()
            if found is None:
                raise self._because(Misconfigured(NONE))
            access = self._opened(found)
            left = access.until - self._now()
            if access.token != stale and left > EARLY:
                return self._keep(access, found)
            usable = access.token != stale and left > timedelta()
            try:
                fresh = await self._renewed_by_us(found)
            except (Misconfigured, Unavailable):
                if usable:
                    return access
                raise
            if fresh is not None:
                return fresh
            # Another process renews, or just has: it is not ours to do again.
            if usable:
                return access
            if self._is_closing:
                break
            await self._sleep(_LOOK_AGAIN)
        raise self._because(Unavailable("another process renews the tokens"))

    async def _renewed_by_us(self, found: SealedPair) -> Access | None:
        """A new pair in place of this one; ``None`` when another process is at it or was."""
        if found.dead_at is not None:
            raise self._because(Misconfigured(LOST))
        turn = await self._lease()
        if turn is None:
            return None
        if turn != found.turn:
            await self._release()
            return None
        try:
            refresh = self._unsealed(found.refresh)
            pair = await self._api.refresh(self._app_id, self._app_secret, refresh)
        except CallFailed as error:
            if error.code == _DEAD:
                if await self._is_buried(found):
                    raise self._because(Misconfigured(LOST)) from None
                return None
            if error.failure is not Failure.UNKNOWN:
                # After an unknown end the lease runs out by itself: Zalo may still be at it.
                await self._release()
            raise self._because(self._meaning(error)) from None
        return await self._store(pair)

    async def _store(self, pair: Pair, *, origin: str = "") -> Access:
        """Write the new pair down, until the database takes it; only then is it used."""
        now = self._now()

        async def write() -> None:
            async with self._database.transaction() as connection:
                await zalo_oa_tokens.store(
                    connection,
                    self._app_id,
                    access=self._sealed(pair.access),
                    refresh=self._sealed(pair.refresh),
                    access_until=now + pair.lasts,
                    now=now,
                    origin=origin,
                )

        await self._insist(write)
        found = await self._stored()
        if found is None:
            raise self._because(Misconfigured(NONE))
        log.info("the tokens of the Official Account are renewed (turn %d)", found.turn)
        return self._keep(self._opened(found), found)

    async def _insist(self, write: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await write()
            except StorageError as error:
                log.error("the new tokens cannot be stored yet: %s", error)  # noqa: TRY400
                await self._sleep(_STORE_AGAIN)
            else:
                return

    async def _is_buried(self, found: SealedPair) -> bool:
        """Zalo says that the refresh token is dead; False when another process had used it and
        stored what came of it. Who writes it down first tells.
        """
        try:
            async with self._database.transaction() as connection:
                now = await zalo_oa_tokens.get(connection, self._app_id)
                if now is not None and now.turn != found.turn:
                    return False
                if await zalo_oa_tokens.mark_dead(
                    connection, self._app_id, found.turn, self._now()
                ):
                    await self._on_lost(connection)
        except StorageError as error:
            log.error("the loss of the tokens is not written down: %s", error)  # noqa: TRY400
        return True

    async def _stored(self) -> SealedPair | None:
        try:
            return await self.standing()
        except StorageError as error:
            raise Unavailable(type(error).__name__) from error

    async def _lease(self) -> int | None:
        now = self._now()
        try:
            async with self._database.transaction() as connection:
                return await zalo_oa_tokens.lease(
                    connection, self._app_id, self._worker, now, now + LEASE
                )
        except StorageError as error:
            raise Unavailable(type(error).__name__) from error

    async def _release(self) -> None:
        try:
            async with self._database.transaction() as connection:
                await zalo_oa_tokens.release(connection, self._app_id, self._worker)
        except StorageError as error:
            # It runs out by itself.
            log.warning("the lease on the tokens is not given back: %s", error)

    def _keep(self, access: Access, found: SealedPair) -> Access:
        self._kept = access
        self._renewed_at = found.renewed_at
        self.trouble = LOST if found.dead_at is not None else ""
        return access

    def _opened(self, found: SealedPair) -> Access:
        return Access(self._unsealed(found.access), found.access_until, found.turn)

    def _sealed(self, token: str) -> str:
        return self._seal.encrypt(token.encode()).decode()

    def _unsealed(self, sealed: str) -> str:
        try:
            return self._seal.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise self._because(Misconfigured(UNREADABLE)) from None

    def _fingerprint(self, refresh: str) -> str:
        """Knows a token again, and cannot be read back."""
        return hmac.digest(self._app_secret.encode(), refresh.encode(), hashlib.sha256).hex()

    def _meaning(self, error: CallFailed) -> Misconfigured | Unavailable:
        if error.failure is Failure.REFUSED:
            return Misconfigured(_REFUSED.format(error.code))
        if error.failure is Failure.FOREIGN:
            return Misconfigured(_REFUSED.format(error.code))
        return Unavailable(str(error))

    def _because(self, error: Misconfigured | Unavailable) -> Misconfigured | Unavailable:
        """Remember it for ``health``, and log it when it is new."""
        said = str(error) if isinstance(error, Misconfigured) else _LATER
        if said != self.trouble:
            log.error("Zalo OA: %s", said)
        self.trouble = said
        return error


def _key(app_secret: str) -> bytes:
    """Fernet wants 32 bytes. The application's secret is random, so a plain hash will do."""
    made = hashlib.sha256(b"hocso.zalo-oa.tokens" + app_secret.encode()).digest()
    return base64.urlsafe_b64encode(made)
