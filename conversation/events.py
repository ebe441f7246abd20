"""What a learner, or a platform on the learner's behalf, just did.

Every channel turns its raw updates into these few values and nothing else; no
handler ever sees a platform's own object.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from conversation.actions import Action


@dataclass(frozen=True, slots=True)
class Started:
    """The chat was opened, or opened again through a link that carries a payload."""

    payload: str = ""


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A command such as ``/hoc``: its name without the slash, and the rest of the line."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class TextReceived:
    """Typed words; ``quoted`` is the text of the line they answer to, where the channel says."""

    text: str
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A button was tapped.

    ``source`` is the channel's id of the line that carried the button, so that a
    reply marked ``replace`` can be drawn in its place.
    """

    action: Action
    source: str = ""


@dataclass(frozen=True, slots=True)
class PollAnswered:
    """A native poll was answered: the platform's poll id, and the options' zero-based places."""

    poll: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PollCounted:
    """So many people have answered a poll that keeps to itself who they were.

    It names no chat: the ``Inbound`` has the poll's id for an address.
    """

    poll: str
    voters: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The learner blocked the tutor or left, or a group took its right to write away; nothing
    can be sent until that changes.
    """


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something the tutor cannot read: ``kind`` is "photo", "voice", "sticker", "file" or "other".

    "withheld" is what the platform itself keeps back, perhaps all that this person writes: so
    another way to learn is due, also to somebody who has not agreed and never could.
    """

    kind: str


@dataclass(frozen=True, slots=True)
class GroupJoined:
    """Somebody added the tutor to a group chat; ``title`` is what the chat is called."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class GroupReopened:
    """The tutor may write in a group chat again, where it had lost the right to."""


@dataclass(frozen=True, slots=True)
class GroupLeft:
    """The tutor was taken out of a group chat, or the chat is gone."""


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """The platform gave a group chat another id: the chat that was this address is now ``to``."""

    to: str


@dataclass(frozen=True, slots=True)
class Due:
    """A time has come that the tutor itself set for this address (``storage/timers.py``).

    ``kind`` says what for, ``subject`` which one of them, and ``at`` when it should have rung,
    which may be long ago after a standstill. The learner did nothing. ``address_id`` is whose
    timer it is on a telephone that several share: they may have changed places since it was
    found due. 0 says nothing.
    """

    timer: int
    kind: str
    subject: str
    at: datetime
    address_id: int = 0


Event: TypeAlias = (
    Started
    | CommandReceived
    | TextReceived
    | Chosen
    | PollAnswered
    | PollCounted
    | Stopped
    | Unsupported
    | GroupJoined
    | GroupReopened
    | GroupLeft
    | GroupMoved
    | Due
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who did it, in a group chat: the address of their own chat with the tutor, whether they
    ever opened that or not, and whether the platform lets them run the group. ``address`` is ""
    for an administrator who stays unnamed.
    """

    address: str
    is_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One event with its envelope.

    ``external_id`` is unique within the channel and the same when the platform
    delivers again, which is how a second delivery is known. ``received_at`` is
    aware and in UTC. ``sender`` is who did it in a group chat, whose address it is; ``None``
    in a chat of one person with the tutor.
    """

    channel: str
    address: str
    external_id: str
    received_at: datetime
    event: Event
    sender: Sender | None = None
