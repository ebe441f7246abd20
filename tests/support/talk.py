"""A conversation as a teacher could read it, played with everything real but the platform.

The tutor is thrown away and built anew before every line, on the same database; so
a conversation that passes has survived a restart between any two lines.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from channels.base import Capabilities, Channel, Health, Receive, Sent, Unavailable, Unreachable
from conversation.actions import Action
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    GroupJoined,
    GroupLeft,
    GroupMoved,
    GroupReopened,
    Inbound,
    PollAnswered,
    PollCounted,
    Sender,
    Started,
    Stopped,
    TextReceived,
    Unsupported,
)
from conversation.handler import Rules
from conversation.replies import AskQuestion, Button, Reply, Say
from conversation.turn import Tutor
from handlers.registry import build_router
from lessons.catalogue import Catalogue
from live import hosting
from outbox.broadcasts import Broadcasts
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from outbox.tidy import Tidy
from outbox.timers import Timers
from people.roles import Role
from places.directory import load as load_places
from places.model import Place
from storage import addresses, hamlets, role_grants, screens
from storage.database import Connection, Database
from storage.times import from_ms
from templates.words import Words
from vietnamese import fold

START = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
WORDS = Words()
# It remembers nothing between turns, and building it takes longer than a turn.
ROUTER = build_router()
PLACES = load_places(Path(__file__).resolve().parents[2])
COMMUNE = "28696"
# Whom the configuration names.
ADMINISTRATOR = "quan-tri"
# In brackets: the same tap once more, and a button of a line further up.
AGAIN = "bấm lại"
OLD = "nút cũ: "


@dataclass
class Clock:
    """Time stands still until somebody moves it."""

    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, time: timedelta) -> None:
        self.moment += time


@dataclass
class Chat:
    """A channel that only remembers what it was given, in the order it went out."""

    name: str = "plain"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(text_limit=2000, buttons=False)
    )
    sent: list[tuple[str, Reply]] = field(default_factory=list)
    # Whether a question goes out as a native quiz poll.
    is_poll: Callable[[AskQuestion], bool] = lambda question: False
    polls: dict[str, AskQuestion] = field(default_factory=dict)
    blocked: bool = False
    down: bool = False

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        (reply,) = replies
        if self.blocked:
            raise Unreachable("blocked")
        if self.down:
            raise Unavailable("down")
        self.sent.append((address, reply))
        poll = ""
        if isinstance(reply, AskQuestion) and self.is_poll(reply):
            poll = f"poll-{delivery}"
            self.polls[poll] = reply
        return Sent(f"line-{delivery}", poll)

    def link(self, payload: str = "") -> str:
        return f"https://hoc.example.vn/s/{payload}" if payload else "https://hoc.example.vn/"

    def health(self) -> Health:
        return Health(well=True)


def usual_rules(links: Mapping[str, Callable[[str], str]], channel: str) -> Rules:
    """The shipped places, and an administrator whom the configuration names."""
    return Rules(
        links=links,
        places=PLACES,
        administrators=frozenset({(channel, ADMINISTRATOR)}),
        pages="https://hoc.example.vn",
    )


class Talk:
    """One address talking to the tutor.

    ``taps`` says whether a line in square brackets is a tap on the button of that
    name, or the number that stands before it. In a native quiz it is a vote.
    """

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        *,
        chat: Chat | None = None,
        address: str = "1001",
        taps: bool = True,
        clock: Clock | None = None,
        rules: Rules | None = None,
        seeds: Iterable[int] | None = None,
    ) -> None:
        self.database = database
        self.chat = chat or Chat()
        self.address = address
        self.clock = clock or Clock()
        self.last: Sequence[Button] = ()
        self.older: list[Button] = []
        self._catalogue = catalogue
        self._taps = taps
        self._rules = rules or usual_rules({self.chat.name: self.chat.link}, self.chat.name)
        self._ids = count(1)
        self._seeds = iter(seeds if seeds is not None else count(7))
        self._tapped: Event | None = None
        self._tutor: Tutor | None = None
        # Whom the channel hands its events to, when several people talk.
        self._first: Talk = self
        # Who speaks, when the address is a group's.
        self.sender: Sender | None = None
        self.voters: dict[str, int] = {}

    def person(self, name: str) -> "Talk":
        """Somebody else who talks to the same tutor, at an address of their own, or a group."""
        other = self._somebody()
        other.address = address_of(name)
        other._first = self._first
        other._seeds = self._seeds
        return other

    def _somebody(self) -> "Talk":
        return Talk(
            self.database,
            self._catalogue,
            chat=self.chat,
            taps=self._taps,
            clock=self.clock,
            rules=self._rules,
        )

    async def line(self, typed: str) -> list[Reply]:
        """What the tutor answers to one line of a golden conversation."""
        event = self.read(typed)
        replies = await self.event(event)
        if isinstance(event, GroupMoved):
            self.address = event.to
        return replies

    async def event(self, event: Event, external_id: str = "") -> list[Reply]:
        """What the tutor, built anew, answers to one event."""
        inbound = Inbound(
            channel=self.chat.name,
            address=self.address,
            external_id=external_id or f"{self.address}-{next(self._ids)}",
            received_at=self.clock(),
            event=event,
            sender=self.sender,
        )
        before = len(self.chat.sent)
        tutor, dispatcher = self.build()
        await dispatcher.start()
        self._first._tutor = self._tutor = tutor
        await self.hand_over(inbound)
        await self._send(dispatcher)
        await dispatcher.stop()
        replies = [reply for address, reply in self.chat.sent[before:] if address == self.address]
        self.remember(replies)
        return replies

    async def ring(self) -> list[Reply]:
        """What the tutor, built anew, says of its own accord at this moment."""
        before = len(self.chat.sent)
        tutor, dispatcher = self.build()
        await dispatcher.start()
        await Timers(self.database, tutor.receive, self.clock).ring()
        await self._send(dispatcher)
        await dispatcher.stop()
        replies = [reply for address, reply in self.chat.sent[before:] if address == self.address]
        self.remember(replies)
        return replies

    async def _send(self, dispatcher: Dispatcher) -> None:
        """What waits, with what running broadcasts add to it; and they learn what came of that."""
        broadcasts = Broadcasts(
            database=self.database,
            words=WORDS,
            catalogue=self._catalogue,
            manners=self._rules.manners,
            rules=self._rules.broadcasting,
            now=self.clock,
        )
        await dispatcher.sweep()
        await dispatcher.drain()
        if await broadcasts.spread():
            await dispatcher.sweep()
            await dispatcher.drain()

    async def next_ring(self) -> datetime | None:
        """When the next timer rings, or a broadcast goes on; None when nothing is to come."""
        async with self.database.read() as connection:
            due: int | None = await connection.fetchval(
                "SELECT MIN(due_at) FROM ("
                " SELECT due_at FROM timer WHERE parked = 0"
                " UNION ALL SELECT next_at FROM broadcast WHERE state = 'running'"
                ") AS next"
            )
        return from_ms(due)

    async def hand_over(self, inbound: Inbound) -> None:
        """Bring the event to the tutor, as a channel does."""
        await self.receive(inbound)

    async def receive(self, inbound: Inbound) -> None:
        """Where a channel hands its events to."""
        assert self._tutor is not None
        await self._tutor.receive(inbound)

    def shown(
        self, replies: Sequence[Reply], draw: Callable[[Reply], Sequence[str]]
    ) -> Sequence[str]:
        """The lines of chat that come of these replies."""
        return [line for reply in replies for line in draw(reply)]

    def build(self, worker: str = "test") -> tuple[Tutor, Dispatcher]:
        """A tutor and a dispatcher that know nothing but the database."""
        channels: dict[str, Channel] = {self.chat.name: self.chat}
        dispatcher = Dispatcher(
            database=self.database,
            channels=channels,
            worker=worker,
            now=self.clock,
            backoff=Backoff(lambda: 0.0),
            senders=4,
        )
        tutor = Tutor(
            database=self.database,
            router=ROUTER,
            catalogue=self._catalogue,
            words=WORDS,
            rules=self._rules,
            seed=lambda: next(self._seeds),
            worker=worker,
            wake=dispatcher.wake,
        )
        return tutor, dispatcher

    async def join_team(self, name: str) -> None:
        """Whoever is called so is from now on of the team of a hamlet."""
        async with self.database.transaction() as connection:
            await hamlets.add(connection, COMMUNE, [("ap", "3")], self.clock())
            (hamlet,) = await hamlets.of_commune(connection, COMMUNE)
            await self._give(connection, name, "team_member", hamlet.place)

    async def become_ambassador(self, name: str) -> None:
        """Whoever is called so looks after that hamlet's commune from now on."""
        async with self.database.transaction() as connection:
            await self._give(connection, name, "ambassador", Place(COMMUNE))

    async def _give(self, connection: Connection, name: str, role: Role, place: Place) -> None:
        person = await addresses.find(connection, self.chat.name, address_of(name))
        assert person is not None, f"{name} never spoke to the tutor"
        await role_grants.give(
            connection, person.learner_id, role, place, granted_by=None, now=self.clock()
        )

    async def press_on(self, times: int) -> None:
        """The host of the newest screen goes on, so many times, on its page."""
        for _ in range(times):
            async with self.database.transaction() as connection:
                number = await connection.fetchval("SELECT MAX(id) FROM screen")
                screen = await screens.by_id(connection, number)
                assert screen is not None, "nobody has opened a screen"
                pressed = await hosting.go_on(
                    connection, self._catalogue, screen, screen.version, self.clock()
                )
                assert pressed

    async def tidy(self) -> None:
        await Tidy(self.database, self.clock, 30).tidy()

    def button(self, label: str) -> Button:
        """The button of that name on the last line that had any."""
        found = [button for button in self.last if button.label == label]
        assert found, f"no button {label!r} among {[button.label for button in self.last]}"
        return found[0]

    def old_button(self, label: str) -> Button:
        """The latest button of that name, whatever came after it."""
        found = [button for button in (*self.older, *self.last) if button.label == label]
        assert found, f"there never was a button {label!r}"
        return found[-1]

    def read(self, typed: str) -> Event:
        """The event that a line of a golden conversation stands for."""
        if typed.startswith("[") and typed.endswith("]"):
            return self._tap(typed[1:-1])
        if typed.startswith("#vote "):
            return PollAnswered(next(reversed(self.chat.polls)), (int(typed[6:]),))
        if typed.startswith("#"):
            return _special(typed[1:])
        if typed.startswith("/start"):
            return Started(typed.removeprefix("/start").strip())
        if typed.startswith("/"):
            name, _, argument = typed[1:].partition(" ")
            return CommandReceived(name, argument)
        return TextReceived(typed)

    def _tap(self, label: str) -> Event:
        if label == AGAIN:
            assert self._tapped is not None, "nothing was tapped yet"
            return self._tapped
        if label.startswith(OLD):
            button = self.old_button(label.removeprefix(OLD))
            self._tapped = Chosen(button.action, source=f"old-line-{next(self._ids)}")
            return self._tapped
        button = self.button(label)
        if not self._taps:
            return TextReceived(str(list(self.last).index(button) + 1))
        self._tapped = self._vote(button)
        if self._tapped is None:
            self._tapped = Chosen(button.action, source=f"line-{next(self._ids)}")
        return self._tapped

    def _vote(self, button: Button) -> Event | None:
        """The vote, when the button is an option of the native quiz sent last."""
        poll, question = next(reversed(self.chat.polls.items()), ("", None))
        if question is None or button not in question.options or button not in self.last:
            return None
        if question.votes == "secret":
            voters = self.voters[poll] = self.voters.get(poll, 0) + 1
            return PollCounted(poll, voters)
        return PollAnswered(poll, (question.options.index(button),))

    def remember(self, replies: Sequence[Reply]) -> None:
        for reply in replies:
            if isinstance(reply, Say) and reply.buttons:
                self.older += self.last
                self.last = reply.buttons
            elif isinstance(reply, AskQuestion):
                taps = reply.taps if self._taps else ()
                self.older += self.last
                self.last = (*reply.options, *reply.extra, *taps)


def address_of(name: str) -> str:
    """Where somebody of that name is written to."""
    return fold(name).replace(" ", "-")


def _special(what: str) -> Event:
    """What is no typing: ``#stopped``, ``#photo``, a made-up ``#button`` or
    ``#poll``; of a group ``#joined``, ``#left``, ``#moved`` and ``#reopened``."""
    kind, _, argument = what.partition(" ")
    match kind:
        case "stopped":
            return Stopped()
        case "joined":
            return GroupJoined(argument)
        case "left":
            return GroupLeft()
        case "moved":
            return GroupMoved(argument)
        case "reopened":
            return GroupReopened()
        case "button":
            return Chosen(Action.decode(argument))
        case "poll":
            poll, place = argument.split()
            return PollAnswered(poll, (int(place),))
        case _:
            return Unsupported(kind)
