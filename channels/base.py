"""The contract of a channel: what it can do, how events come in, how replies go out.

A channel is one folder with three rooms, ``receive`` (raw update to event),
``render`` (reply to the platform's request) and ``send`` (the request, and what
its failure means). It knows nothing of lessons, and the tutor nothing of it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias, runtime_checkable

from conversation.events import Inbound
from conversation.replies import Reply, Say


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second, evenly spread; ``burst`` of them at once after a rest."""

    per_second: float
    burst: int = 1


def _no_limit(address: str) -> Rate | None:
    del address
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast a platform lets us send, to everybody together and to one address; or it does not
    say. The outbox sees to it.
    """

    overall: Rate | None = None
    address: Callable[[str], Rate | None] = _no_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can draw. ``text_limit`` counts characters of one line of chat.

    A channel that ``joins`` is given everything that waits for an address at once, to make
    as few lines of it as it can; the others get one reply at a time. One that
    ``tells_departure`` calls ``departs`` right before each request is written (departure.py), and
    before no other moment.
    """

    text_limit: int
    buttons: bool
    native_quiz: bool = False
    pictures: bool = False
    files: bool = False
    replaces: bool = False
    groups: bool = False
    joins: bool = False
    tells_departure: bool = False
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform answered: its id of the (last) line, and of the poll when there is one.

    ``requests`` is how many of those that its limits count it took.
    """

    external_id: str = ""
    poll: str = ""
    requests: int = 1


class SendError(Exception):
    """Why a reply did not go out; one of the six below and nothing else."""


class Throttled(SendError):
    """Too fast. The whole channel waits ``retry_after`` before it sends again; or this address
    alone, when the platform means the address and ``only_here`` says so.
    """

    def __init__(self, retry_after: timedelta, *, only_here: bool = False) -> None:
        super().__init__(f"retry after {retry_after.total_seconds():g} s")
        self.retry_after = retry_after
        self.only_here = only_here


class Unavailable(SendError):
    """The platform or the network is down; the same request may succeed later.

    ``perhaps_sent`` when it may have arrived all the same: an answer is sent again, a broadcast
    is not.
    """

    def __init__(self, reason: str = "", *, perhaps_sent: bool = False) -> None:
        super().__init__(reason)
        self.perhaps_sent = perhaps_sent


class Uncertain(SendError):
    """The platform may have it and cannot say: it counts as sent, for a second time is worse."""


class Rejected(SendError):
    """The platform refuses this very reply; sending it again cannot help."""


class Unreachable(SendError):
    """The learner blocked the tutor or is gone; nothing for this address can be sent."""


class Misconfigured(SendError):
    """The channel itself is refused (a wrong token, say); a person must mend the configuration."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a channel works now, and one sentence why not."""

    well: bool
    detail: str = ""


class Publish(Protocol):
    """Makes a picture public, for a platform that fetches pictures itself."""

    async def __call__(self, address: str, picture: str, content: Mapping[str, Any]) -> str:
        """The picture's address, the same for the same picture, good for some days.

        ``address`` is whose it is, the channel's own name for the chat: it goes when
        they are erased. "" makes one that is nobody's. Gives "" when there is no public
        address, or nobody of that name: say what the picture says then. Raises
        ``Unavailable``.
        """


# Returns after the turn is committed; raises when it could not be stored, and then
# the channel must not acknowledge the update.
Receive: TypeAlias = Callable[[Inbound], Awaitable[None]]


class Channel(Protocol):
    """What the composition root starts and the dispatcher sends through."""

    name: str
    capabilities: Capabilities

    async def start(self, receive: Receive) -> None:
        """Connect and begin to receive. Raises ``Misconfigured`` or ``OSError`` with a clear message."""

    async def stop(self) -> None:
        """Stop receiving, then let go of connections. Safe to call twice."""

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        """Draw and send, in this order; raises a ``SendError`` for all of them.

        It is one reply, unless the channel ``joins``. ``replaces`` is the platform's id of the
        line that the first is to be drawn over, when it asks for it; ``delivery`` is the outbox
        row's id of the first, the same on every retry.
        """

    def link(self, payload: str = "") -> str:
        """A link that opens this channel with a payload, or "" when it has none."""

    def health(self) -> Health:
        """What ``GET /healthz`` says of this channel."""


@dataclass(frozen=True, slots=True)
class Free:
    """It may be sent now, behind a ``note`` to the learner if there is one.

    A note says why such things come seldom now, say. Only a channel that ``joins`` gives one.
    """

    note: Say | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before this time; what else is meant for the address at that priority waits behind it."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Never:
    """It is set aside with this reason, which holds none of the learner's words.

    With ``errand`` the team is asked to remind the learner in person.
    """

    reason: str
    errand: bool = False


Leave: TypeAlias = Free | Wait | Never


@runtime_checkable
class Windowed(Protocol):
    """A channel that may not write first at any time: its platform closes a window, or counts."""

    async def may_send(self, address: str, *, last_heard: datetime, now: datetime) -> Leave:
        """Asked right before a delivery that nobody waits for (a reminder, a broadcast) is sent.

        ``last_heard`` is when the learner was last heard at this address. Answers go out unasked
        for: there the platform's own refusal says enough.
        """
