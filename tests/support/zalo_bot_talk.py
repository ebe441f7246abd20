"""A conversation over a Zalo bot: the real channel behind the real web server, and a fake Zalo.

What the learner does is posted as Zalo posts it, and what is seen is what reached the phone.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from channels.base import Leave, Sent
from channels.zalo.bot.channel import ZaloBotChannel
from conversation.events import (
    CommandReceived,
    Event,
    Inbound,
    Started,
    TextReceived,
    Unsupported,
)
from conversation.replies import Reply
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support import zalo_bot_events as zalo
from tests.support.talk import Chat, Clock, Talk, usual_rules
from tests.support.zalo_bot_running import Pictures, listening
from tests.support.zalo_bot_server import Payload, ZaloBotServer

WEB = "https://hoc.example.vn/"


class Recorded(Chat):
    """The real channel, and beside it what replies it was given."""

    def __init__(self, channel: ZaloBotChannel) -> None:
        super().__init__(name=channel.name, capabilities=channel.capabilities)
        self.channel = channel

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        sent = await self.channel.send(address, replies, replaces=replaces, delivery=delivery)
        self.sent += [(address, reply) for reply in replies]
        return sent

    async def may_send(self, address: str, **when: object) -> Leave:
        return await self.channel.may_send(address, **when)  # type: ignore[arg-type]


class ZaloTalk(Talk):
    """``server`` is Zalo, and the phone on its other side."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        server: ZaloBotServer,
        chat: Chat,
        clock: Clock,
    ) -> None:
        links = {"web": lambda payload: WEB, chat.name: lambda payload: ""}
        super().__init__(
            database,
            catalogue,
            chat=chat,
            taps=False,
            clock=clock,
            rules=usual_rules(links, chat.name),
        )
        self._server = server
        self._seen = 0

    def _somebody(self) -> "ZaloTalk":
        return ZaloTalk(self.database, self._catalogue, self._server, self.chat, self.clock)

    async def hand_over(self, inbound: Inbound) -> None:
        payload = _payload(inbound.event, self.address)
        if payload is None:
            await super().hand_over(inbound)
            return
        assert await self._server.post(payload) == 200

    def phone(self) -> list[str]:
        """Every line that reached the phone so far."""
        return self._server.lines(self.address)

    def shown(
        self, replies: Sequence[Reply], draw: Callable[[Reply], Sequence[str]]
    ) -> Sequence[str]:
        lines = self.phone()
        new, self._seen = lines[self._seen :], len(lines)
        return new


def _payload(event: Event, who: str) -> Payload | None:
    """What Zalo posts for this; ``None`` for what Zalo never tells."""
    match event:
        case TextReceived(text):
            return zalo.text(text, who)
        case Started(payload):
            return zalo.text(f"/start {payload}", who)
        case CommandReceived(name, argument):
            return zalo.text(f"/{name} {argument}", who)
        case Unsupported("photo"):
            return zalo.photo(who)
        case Unsupported("voice"):
            return zalo.voice(who)
        case Unsupported("sticker"):
            return zalo.sticker(who)
        case Unsupported():
            return zalo.withheld(who)
        case _:
            return None


@asynccontextmanager
async def zalo_talk(database: Database, catalogue: Catalogue) -> AsyncIterator[ZaloTalk]:
    clock = Clock()
    talk: ZaloTalk | None = None

    async def receive(inbound: Inbound) -> None:
        assert talk is not None
        await talk.receive(inbound)

    async with (
        ZaloBotServer() as server,
        listening(
            server,
            database,
            receive,
            publish=Pictures(),
            now=clock,
            monotonic=lambda: clock().timestamp(),
        ) as channel,
    ):
        talk = ZaloTalk(database, catalogue, server, Recorded(channel), clock)
        yield talk
