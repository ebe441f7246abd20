"""Everything real but the platforms: what is said goes to telephones that are not there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from channels.base import Capabilities, Health, Receive, Sent
from conversation.events import Event, Inbound, Sender
from conversation.handler import Rules
from conversation.replies import Reply
from conversation.turn import Tutor
from handlers.registry import build_router
from lessons.catalogue import Catalogue
from outbox.broadcasts import Broadcasts
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from outbox.tidy import Tidy
from outbox.timers import Timers
from rehearsal.clockwork import Clockwork
from storage import broadcasts, timers
from storage.database import Database
from templates.words import Words

Hears = Callable[[Reply], None]
_WORKER = "rehearsal"
_LINK = "https://tap-duot.invalid/s/{}"
_SENDERS = 4


@dataclass
class Nowhere:
    """A channel that reaches nobody but the telephones of this process."""

    name: str
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            text_limit=4096, buttons=True, pictures=True, files=True, replaces=True, groups=True
        )
    )
    hears: dict[str, Hears] = field(default_factory=dict)
    lines: int = 0

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        del replaces
        for reply in replies:
            self.lines += 1
            if address in self.hears:
                self.hears[address](reply)
        return Sent(f"{delivery}")

    def link(self, payload: str = "") -> str:
        """``.invalid`` leads nowhere by its very name (RFC 2606)."""
        return _LINK.format(payload)

    def health(self) -> Health:
        return Health(well=True)


def channels_to_nowhere() -> dict[str, Nowhere]:
    """Named as those people have, so that rules and reports that tell them apart do so here."""
    return {name: Nowhere(name) for name in ("web", "telegram")}


class Stage:
    """The tutor, the outbox and the clock. ``rules`` are those of the settings."""

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        rules: Rules,
        channels: Mapping[str, Nowhere],
        clock: Clockwork,
        seed: int,
    ) -> None:
        self.database = database
        self.catalogue = catalogue
        self.clock = clock
        self.channels = channels
        self.dice = Random(seed)  # noqa: S311 - the same month for the same number
        self.turns = 0
        # While all is counted no time passes, or a week could end between two answers.
        self.stands_still = False
        self.nightly: Callable[[], Awaitable[None]] | None = None
        self._dispatcher = Dispatcher(
            database=database,
            channels=channels,
            worker=_WORKER,
            now=clock,
            backoff=Backoff(lambda: 0.0),
            senders=_SENDERS,
        )
        words = Words()
        self._tutor = Tutor(
            database=database,
            router=build_router(),
            catalogue=catalogue,
            words=words,
            rules=rules,
            seed=lambda: self.dice.randrange(2**31),
            worker=_WORKER,
            wake=self._dispatcher.wake,
        )
        self._timers = Timers(database, self._tutor.receive, clock)
        self._broadcasts = Broadcasts(
            database=database,
            words=words,
            catalogue=catalogue,
            manners=rules.manners,
            rules=rules.broadcasting,
            now=clock,
            clock=lambda: clock().timestamp(),
        )
        self._broom = Tidy(database, clock, 30)
        clock.meanwhile = self._ring_until

    async def start(self) -> None:
        await self._dispatcher.start()

    async def stop(self) -> None:
        self.clock.stop()
        await self._dispatcher.stop()

    async def hear(
        self, channel: str, address: str, event: Event, sender: Sender | None = None
    ) -> None:
        """What somebody did at their telephone, to its end: what is answered has been heard."""
        self.turns += 1
        await self._tutor.receive(
            Inbound(
                channel=channel,
                address=address,
                external_id=f"{address}-{self.turns}",
                received_at=self.clock(),
                event=event,
                sender=sender,
            )
        )
        await self._dispatcher.drain()

    async def tidy(self) -> None:
        """What else is done again and again, once a night: here it may as well be together."""
        await self._broom.tidy()
        if self.nightly is not None:
            await self.nightly()

    async def _ring_until(self, moment: datetime) -> None:
        """Whatever the tutor does of its own accord until then, each at its own moment."""
        while (due := await self._next_ring()) is not None and due <= moment:
            self.clock.moment = max(due, self.clock.moment)
            await self._timers.ring()
            await self._broadcasts.spread()
            await self._dispatcher.sweep()
            await self._dispatcher.drain()

    async def _next_ring(self) -> datetime | None:
        async with self.database.read() as connection:
            moments = (await timers.next_due(connection), await broadcasts.next_due(connection))
        return min((one for one in moments if one is not None), default=None)
