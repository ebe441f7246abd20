"""A conversation over an Official Account: the real channel behind a real web server, a fake Zalo.

What the learner does is posted as Zalo posts it, and what is seen is what reached the phone.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from channels.base import Leave, Sent
from channels.zalo.oa.channel import ZaloOaChannel
from conversation.events import (
    CommandReceived,
    Event,
    Inbound,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)
from conversation.replies import Reply
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support import zalo_oa_running
from tests.support.talk import Chat, Clock, Talk, usual_rules
from tests.support.zalo_bot_running import Pictures
from tests.support.zalo_bot_talk import WEB
from tests.support.zalo_oa_events import event, follow
from tests.support.zalo_oa_server import Payload, ZaloOaServer

_SENT = {"photo": "user_send_image", "voice": "user_send_audio", "sticker": "user_send_sticker"}


class Recorded(Chat):
    """The real channel, and beside it what replies it was given."""

    def __init__(self, channel: ZaloOaChannel) -> None:
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


class OaTalk(Talk):
    """``server`` is Zalo, and the phone on its other side."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        server: ZaloOaServer,
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

    def _somebody(self) -> "OaTalk":
        return OaTalk(self.database, self._catalogue, self._server, self.chat, self.clock)

    async def hand_over(self, inbound: Inbound) -> None:
        payload = self._payload(inbound.event, inbound.external_id)
        if payload is None:
            await super().hand_over(inbound)
            return
        self._server.heard[self.address] = self.clock()
        assert await self._server.post(payload) == 200

    def phone(self) -> list[str]:
        """All that reached the learner's phone."""
        return [_line(message) for message in self._server.messages(self.address)]

    def shown(
        self, replies: Sequence[Reply], draw: Callable[[Reply], Sequence[str]]
    ) -> Sequence[str]:
        lines = self.phone()
        new, self._seen = lines[self._seen :], len(lines)
        return new

    def _payload(self, said: Event, line: str) -> Payload | None:
        """What Zalo posts for this; ``None`` for what it never tells."""
        common = {
            "timestamp": str(int(self.clock().timestamp() * 1000)),
            "sender": {"id": self.address},
        }
        match said:
            case TextReceived(text):
                typed = text
            case CommandReceived(name, argument):
                typed = f"/{name} {argument}"
            case Started(""):
                return {**follow("follow"), **common, "follower": {"id": self.address}}
            case Started(payload):
                typed = f"/start {payload}"
            case Stopped():
                return {**follow("unfollow"), **common, "follower": {"id": self.address}}
            case Unsupported(kind):
                return event(_SENT.get(kind, "user_send_file"), message={"msg_id": line}, **common)
            case _:
                return None
        return event("user_send_text", message={"msg_id": line, "text": typed}, **common)


def _line(message: Payload) -> str:
    elements = message.get("attachment", {}).get("payload", {}).get("elements", ())
    pictures = "".join(f"({element['url']}) " for element in elements)
    return pictures + str(message.get("text", ""))


@asynccontextmanager
async def oa_talk(database: Database, catalogue: Catalogue) -> AsyncIterator[OaTalk]:
    clock = Clock()
    account = zalo_oa_running.Clock()
    talk: OaTalk | None = None

    async def receive(inbound: Inbound) -> None:
        assert talk is not None
        await talk.receive(inbound)

    async with (
        ZaloOaServer(now=clock) as server,
        zalo_oa_running.running(
            server,
            database,
            account,
            receive,
            publish=Pictures(),
            now=clock,
            monotonic=lambda: clock().timestamp(),
        ) as channel,
    ):
        talk = OaTalk(database, catalogue, server, Recorded(channel), clock)
        yield talk
