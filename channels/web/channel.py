"""The web page as a channel: a phone chat that any link opens, with nothing to install."""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from aiohttp import web

from channels.base import Capabilities, Health, Receive, Sent
from channels.web.attachments import Attachments, Draw
from channels.web.cookie import Cookies
from channels.web.desk import Desk
from channels.web.events import EventStream
from channels.web.pages import Pages
from channels.web.send import Sender
from channels.web.streams import Streams
from channels.web.transcript import NAME, Transcript
from conversation.replies import Reply
from storage import kept_secrets
from storage.database import Database


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WebChannel:
    """Serves the page, takes what it posts, and keeps the lines it shows.

    ``draw(picture, content)`` gives the PNG of a picture; it runs in a thread.
    ``commands`` are (name, summary) for the page's menu. ``public_url`` is the
    address that learners open, without a slash at the end; with HTTPS there, the
    cookie is sent over HTTPS only. ``behind_proxy`` trusts ``X-Forwarded-For`` and
    ``X-Forwarded-Proto``. ``heartbeat`` is in seconds.

    The routes answer on whatever server the composition root builds from them.
    """

    name = NAME
    capabilities = Capabilities(
        text_limit=4_000, buttons=True, pictures=True, files=True, replaces=True
    )

    def __init__(
        self,
        *,
        database: Database,
        draw: Draw,
        commands: Sequence[tuple[str, str]],
        public_url: str,
        behind_proxy: bool = False,
        new_addresses_per_hour: int = 200,
        heartbeat: float = 15.0,
        now: Callable[[], datetime] = _utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._public_url = public_url.rstrip("/")
        self._streams = Streams()
        transcript = Transcript(database)
        self._sender = Sender(transcript, self._streams, now)
        self._desk = Desk(
            transcript=transcript,
            streams=self._streams,
            commands=commands,
            public_url=self._public_url,
            behind_proxy=behind_proxy,
            new_addresses_per_hour=new_addresses_per_hour,
            now=now,
            monotonic=monotonic,
        )
        events = EventStream(self._desk, transcript, self._streams, heartbeat)
        attachments = Attachments(self._desk, transcript, draw)
        pages = Pages()
        self.routes: tuple[web.RouteDef, ...] = (
            *pages.routes(),
            *self._desk.routes(),
            web.get("/events", events.serve, allow_head=False),
            web.get(r"/picture/{line:[0-9]{1,18}}", attachments.picture),
            web.get(r"/file/{line:[0-9]{1,18}}", attachments.file),
        )

    async def start(self, receive: Receive) -> None:
        """Begin to take posts. Raises ``StorageError`` when the signing key cannot be read."""
        async with self._database.transaction() as connection:
            key = await kept_secrets.get_or_create(
                connection, "web.cookie", lambda: secrets.token_urlsafe(32)
            )
        self._desk.open(Cookies(key), receive)

    async def stop(self) -> None:
        """Refuse new posts and end the open streams. Call it before the server stops."""
        self._desk.close()
        self._streams.close()

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        (reply,) = replies
        return await self._sender.send(address, reply, replaces=replaces, delivery=delivery)

    def link(self, payload: str = "") -> str:
        return f"{self._public_url}/s/{payload}" if payload else f"{self._public_url}/"

    def health(self) -> Health:
        return Health(well=True) if self._desk.is_open else Health(False, "not started")
