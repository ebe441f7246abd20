"""An outbox with rows in it, and a channel that does what a test tells it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from markupsafe import Markup

from channels.base import Capabilities, Channel, Health, Receive, SendError, Sent
from conversation.replies import AskQuestion, Reply, Say, dump_reply
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from storage import addresses, deliveries
from storage.database import Database
from tests.support.talk import Clock


@dataclass
class Line:
    """A channel. ``trouble`` is what the next sends to an address fail with, in order."""

    name: str = "plain"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(text_limit=2000, buttons=False)
    )
    sent: list[tuple[str, str]] = field(default_factory=list)
    trouble: dict[str, list[Exception]] = field(default_factory=dict)

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        (reply,) = replies
        waiting = self.trouble.get(address) or self.trouble.get("*")
        if waiting:
            raise waiting.pop(0)
        assert isinstance(reply, Say | AskQuestion)
        self.sent.append((address, str(reply.text)))
        return Sent(f"line-{delivery}", f"poll-{delivery}" if reply.kind == "question" else "")

    def link(self, payload: str = "") -> str:
        return payload

    def health(self) -> Health:
        return Health(well=True)


@dataclass
class Post:
    """The outbox, its clock and its channel."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    line: Line = field(default_factory=Line)
    running: list[Dispatcher] = field(default_factory=list)

    async def dispatcher(self, worker: str = "one", **channels: Channel) -> Dispatcher:
        made = Dispatcher(
            database=self.database,
            channels=channels or {self.line.name: self.line},
            worker=worker,
            now=self.clock,
            backoff=Backoff(lambda: 1.0),
            senders=4,
        )
        await made.start()
        self.running.append(made)
        return made

    async def put(self, address: str, *texts: str, channel: str = "plain") -> list[int]:
        """Rows that wait for anybody; their ids."""
        return await self.put_replies(
            address, [Say(Markup("{}").format(text)) for text in texts], channel=channel
        )

    async def put_replies(
        self, address: str, replies: Sequence[Reply], *, channel: str = "plain"
    ) -> list[int]:
        now = self.clock()
        async with self.database.transaction() as connection:
            row, _ = await addresses.load(connection, channel, address, now)
            return [
                (
                    await deliveries.add(
                        connection, row.id, dump_reply(reply), priority=0, due_at=now, now=now
                    )
                )[0]
                for reply in replies
            ]

    async def sweep(self, dispatcher: Dispatcher, after: float = 0.0) -> None:
        """Once around, so many seconds later, until all that is taken up is finished with."""
        self.clock.passes(timedelta(seconds=after))
        await dispatcher.sweep()
        await dispatcher.drain()

    def fails(self, address: str, *errors: SendError | Exception) -> None:
        self.line.trouble[address] = list(errors)
