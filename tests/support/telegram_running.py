"""A running Telegram channel against the fake server, with a tutor that only writes down."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from channels.telegram.channel import TelegramChannel
from conversation.events import Inbound
from storage.errors import StorageError
from tests.support.telegram_server import TOKEN, TelegramServer

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class StorageDown(StorageError):
    pass


@dataclass
class Tutor:
    """Writes down what it received; ``failures`` says how often storage is down first."""

    received: list[Inbound] = field(default_factory=list)
    failures: int = 0
    before: Callable[[Inbound], Awaitable[None]] | None = None

    async def receive(self, inbound: Inbound) -> None:
        if self.before:
            await self.before(inbound)
        if self.failures:
            self.failures -= 1
            raise StorageDown("the text of a learner may stand here")
        self.received.append(inbound)


@dataclass
class Pauses:
    """The clock: nobody waits, and how long they would have is written down."""

    asked: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


def draw(picture: str, content: dict[str, Any]) -> bytes:
    return f"{picture} {content}".encode()


def channel(server: TelegramServer, **changes: Any) -> TelegramChannel:
    values: dict[str, Any] = {
        "token": TOKEN,
        "api_url": server.url,
        "draw": draw,
        "now": lambda: NOW,
        "pause": Pauses(),
        **changes,
    }
    return TelegramChannel(**values)


@asynccontextmanager
async def running(
    server: TelegramServer, tutor: Tutor, **changes: Any
) -> AsyncIterator[TelegramChannel]:
    started = channel(server, **changes)
    await started.start(tutor.receive)
    try:
        yield started
    finally:
        await started.stop()
