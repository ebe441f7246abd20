"""What a handler is: one thing a person can do with the tutor, declared as data.

A handler's functions take the context of one turn and return a step. They read
and write through ``context.connection`` only, so everything a turn does is one
transaction, and they never touch the network.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from markupsafe import Markup

from conversation.actions import Action
from conversation.broadcast import Broadcasting
from conversation.choices import Asked
from conversation.events import Sender
from conversation.manners import Manners
from conversation.replies import Button, Reply, Say
from lessons.catalogue import Catalogue
from people.roles import Deed
from places.directory import Places
from quizzes.review import Spacing
from storage.addresses import Address
from storage.database import Connection
from storage.learners import Learner
from templates.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that one turn may know: who speaks, when, and what the tutor has.

    In a group chat ``learner`` is nobody, and ``sender`` is who spoke or tapped; otherwise, and
    when a timer rings, ``sender`` is ``None``.

    ``rules`` are the settings a dialogue depends on. ``seed()`` gives a fresh
    non-negative seed below 2**31; tests make it predictable.
    """

    learner: Learner
    address: Address
    asked: Asked
    now: datetime
    connection: Connection
    sender: Sender | None = None
    catalogue: Catalogue
    words: Words
    rules: "Rules"
    commands: tuple["Command", ...]
    entrances: tuple["Entrance", ...]
    seed: Callable[[], int]

    def say(
        self,
        name: str,
        /,
        *buttons: Button,
        replace: bool = False,
        exact: bool = False,
        **values: Any,
    ) -> Say:
        """The words ``templates/vi/<file>.j2`` holds under ``<file>.<macro>``, and the choices."""
        return Say(self.text(name, **values), buttons, replace=replace, exact=exact)

    @property
    def is_stranger(self) -> bool:
        """Whether the learner has not agreed to anything; no nod of theirs may be taken for it."""
        return self.learner.consented_at is None

    @property
    def zone(self) -> ZoneInfo:
        """Where the learner lives."""
        return self.rules.manners.zone_of(self.learner.zone)

    @property
    def today(self) -> date:
        """The day by the learner's own calendar."""
        return self.now.astimezone(self.zone).date()

    def text(self, name: str, /, **values: Any) -> Markup:
        return self.words.render(name, self.learner.term, **values)

    def plain(self, content: str) -> str:
        """A sentence of a lesson or a quiz, with the learner's own words of address filled in."""
        return self.words.fill(content, self.learner.term)

    def link(self, payload: str) -> str:
        """A link that opens this very channel with a payload; "" where there are none."""
        opens = self.rules.links.get(self.address.channel)
        return opens(payload) if opens is not None else ""

    def links(self, payload: str) -> dict[str, str]:
        """A link for each channel that has one, by the channel's name."""
        made = {name: opens(payload) for name, opens in self.rules.links.items()}
        return {name: link for name, link in made.items() if link}

    def known_as(self, term: str) -> "Context":
        """The same turn after the learner chose how to be addressed."""
        return replace(self, learner=replace(self.learner, term=term))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings that dialogues depend on, and what else is the same for everybody.

    ``links`` make a link that opens a channel with a payload, by the channel's name, or ""
    while it cannot. ``remind_at`` is the hour that is proposed for reminders, in minutes after
    midnight, and ``remind_sessions`` how many a week. ``administrators`` are (channel, the
    channel's own name of the chat). A household counts when one member, and ``household_share`` of
    them, read every lesson of the ``basic_courses`` (of all courses, without any). A notebook that
    was opened for a learner without a telephone closes by itself after ``notebook_open_for``. A
    case goes to the next rung when nobody took it for ``support_next_after``; whoever took it and
    was not heard of for ``support_met_after`` is asked whether they met, and after as long again it
    goes on. A role lasts ``role_for``, or until it is revoked. ``pages`` is the
    address under which our web server's pages open, without a slash at the end, and ``board_url``
    that before every page of the dashboard; a browser in which it is open is shut out after
    ``board_idle_for``.
    """

    pass_ratio: float = 0.7
    spacing: Spacing = field(default_factory=Spacing)
    manners: Manners = field(default_factory=Manners)
    remind_at: int = 19 * 60 + 30
    remind_sessions: int = 3
    support_place: str = ""
    support_phone: str = ""
    support_next_after: timedelta = timedelta(days=1)
    support_met_after: timedelta = timedelta(days=2)
    support_wrong_times: int = 3
    support_stalled_after: timedelta = timedelta(days=14)
    note_every: timedelta = timedelta(days=7)
    links: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    administrators: frozenset[tuple[str, str]] = frozenset()
    invitation_for: timedelta = timedelta(days=3)
    role_for: timedelta | None = None
    broadcasting: Broadcasting = field(default_factory=Broadcasting)
    code_for: timedelta = timedelta(days=180)
    pages: str = ""
    basic_courses: frozenset[str] = frozenset()
    household_share: float = 0.0
    notebook_open_for: timedelta = timedelta(hours=3)
    board_url: str = "http://localhost:8080"
    board_link_for: timedelta = timedelta(minutes=10)
    board_idle_for: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of one event.

    ``asked`` is what typed words will be held against next; left out, it follows
    from the buttons of the last reply. ``understood`` is false when the tutor had
    to ask again, which counts a miss. After a ``farewell`` nothing is known of the
    learner any more: its replies go out, and then the address is forgotten too.
    ``erased`` says that nothing is known any more of the learner of this turn, whoever else has
    the telephone now.
    Replies that have not gone out by ``until`` are not sent any more. ``seated`` is the address of
    who has the telephone from now on, when that changed: what is said is said to them. ``calls``
    says that the words themselves name whom they are for; what is said unasked to who does not
    have the telephone gets the name over it otherwise.
    """

    replies: tuple[Reply, ...] = ()
    asked: Asked | None = None
    understood: bool = True
    farewell: bool = False
    erased: bool = False
    until: datetime | None = None
    seated: Address | None = None
    calls: bool = False


class Stale(Exception):
    """A button that meant something once: its lesson, attempt or question is gone."""


def number_of(written: str, digits: int = 15) -> int:
    """The number of so many digits at most that a button carries. Raises ``Stale`` for anything else."""
    if not written.isdecimal() or len(written) > digits:
        raise Stale
    return int(written)


class Denied(Exception):
    """Something that takes a role which this person does not have, or not any more, or not here."""


class OnCommand(Protocol):
    async def __call__(self, context: Context, argument: str, /) -> Step: ...


OnAction: TypeAlias = Callable[..., Awaitable[Step]]
# What to do with typed words that were asked for: the words, then the asking action's arguments.
OnWords: TypeAlias = Callable[..., Awaitable[Step]]
# What to do when a timer of its kind rings: the subject, and when it should have rung.
OnTimer: TypeAlias = Callable[[Context, str, datetime], Awaitable[Step]]
# Hears what a learner does next: the words typed, "" for all else. A step answers them; None lets
# them pass on to whoever answers otherwise. It may be called twice in a turn.
OnHear: TypeAlias = Callable[[Context, str], Awaitable[Step | None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name without the slash, what the menu says of it, and the words that mean it.

    ``words`` are whole lines as a person would type them, in any case, with or
    without marks. ``open`` commands work before the learner has agreed to anything. The words of
    a ``firm`` one are a wish that no nod may be taken for, nor it for a nod: marks that were
    typed must be theirs ("đúng" is no "dừng"), and only the answer to a quiz, and a label that
    says the very same, go before it. One for a ``deed`` is shown only to who may do that
    somewhere, and in no platform's menu, which is the same for everybody; whether they may do it
    here is for ``run`` to see.
    """

    name: str
    summary: str
    run: OnCommand
    words: tuple[str, ...] = ()
    in_menu: bool = True
    open: bool = False
    deed: Deed | None = None
    firm: bool = False


def _never(text: str) -> str:
    del text
    return ""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A place that a link, a QR code or a typed code leads into.

    A payload is ``prefix`` and a rest. ``fits`` says, without reading anything, whether the
    rest can be one of ours: only then is it carried on, in buttons, through the greeting and the
    consent. ``open`` is called with the rest once the learner has agreed. ``typed`` gives the
    rest that typed words stand for, or "".
    """

    prefix: str
    fits: Callable[[Context, str], bool]
    open: Callable[[Context, str], Awaitable[Step]]
    typed: Callable[[str], str] = _never


@dataclass(frozen=True, slots=True)
class Handler:
    """One module of ``handlers/``: what it answers to.

    ``group_commands`` and ``group_actions`` are for whoever may command in a group chat, where
    nothing else of it works. ``timers`` are the kinds of timer it sets, and what to do when one
    rings. ``listeners`` are those that ``Asked.listener`` may name. ``words`` take what is typed
    after ``ask_words``, by the name of the action that asked.
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: Mapping[str, OnAction] = field(default_factory=dict)
    open_actions: Mapping[str, OnAction] = field(default_factory=dict)
    group_commands: tuple[Command, ...] = ()
    group_actions: Mapping[str, OnAction] = field(default_factory=dict)
    timers: Mapping[str, OnTimer] = field(default_factory=dict)
    listeners: Mapping[str, OnHear] = field(default_factory=dict)
    words: Mapping[str, OnWords] = field(default_factory=dict)
    entrances: tuple[Entrance, ...] = ()


def step(*replies: Reply) -> Step:
    return Step(replies)


def ask_words(said: Say, taker: Action) -> Step:
    """Ask for a name or the like: what is typed next goes to ``Handler.words`` under the name of
    ``taker``, unless it is the number or the label of a button, or a command.
    """
    asked = Asked(
        kind="words",
        base=taker.encode(),
        labels=tuple(button.label for button in said.buttons),
        actions=tuple(button.action.encode() for button in said.buttons),
        exact=True,
    )
    return Step((said,), asked)


def encoded(meaning: Action | None) -> str:
    return meaning.encode() if meaning else ""
