"""From an event in a group chat to the function that answers it.

Only what is said to the tutor comes here, and only whoever may command has it done: a team
member or an administrator of the group. Everybody else gets, once in a while, a kind word on
what the tutor does there, and no conversation.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from inspect import Signature, signature
from typing import TypeVar

from conversation import guard
from conversation.actions import Action
from conversation.choices import Understood, understand
from conversation.courtesy import without_courtesy
from conversation.events import (
    Chosen,
    CommandReceived,
    Event,
    GroupJoined,
    GroupReopened,
    Started,
    TextReceived,
    Unsupported,
)
from conversation.handler import Command, Context, Handler, OnAction, Stale, Step
from vietnamese import fold

_Claimed = TypeVar("_Claimed")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOtherwise:
    """What answers in a group chat when no command and no button claims the event.

    ``may_command`` says whether the sender may have anything done there.
    """

    may_command: Callable[[Context], Awaitable[bool]]
    joined: Callable[[Context, str], Awaitable[Step]]
    spoken_to: Callable[[Context], Awaitable[Step]]
    how_to: Callable[[Context], Awaitable[Step]]
    secret: Callable[[Context], Awaitable[Step]]
    urgent: Callable[[Context], Awaitable[Step]]
    is_urgent: Callable[[str], bool]


class GroupRouter:
    """What the handlers do in groups. Raises ``ValueError`` when two claim the same name or word."""

    def __init__(self, handlers: Iterable[Handler], otherwise: GroupOtherwise) -> None:
        self._otherwise = otherwise
        self._commands: dict[str, Command] = {}
        self._words: dict[str, Command] = {}
        self._actions: dict[str, OnAction] = {}
        self._signatures: dict[str, Signature] = {}
        for handler in handlers:
            for command in handler.group_commands:
                claim(self._commands, command.name, command)
                for word in command.words:
                    claim(self._words, without_courtesy(fold(word)), command)
            for name, run in handler.group_actions.items():
                claim(self._actions, name, run)
                self._signatures[name] = signature(run)

    @property
    def commands(self) -> tuple[Command, ...]:
        return tuple(self._commands.values())

    async def answer(self, context: Context, event: Event) -> Step:
        """The step that answers ``event``: often none."""
        match event:
            case GroupJoined(title):
                return await self._otherwise.joined(context, title)
            case GroupReopened():
                return Step()
            case Chosen(meaning):
                return await self._tapped(context, meaning)
            case CommandReceived(name, argument):
                return await self._commanded(context, name, argument)
            case TextReceived(text, quoted):
                return await self._typed(context, text, quoted)
            case Started() | Unsupported():
                return await self._otherwise.spoken_to(context)
            case _:
                raise AssertionError(f"{type(event).__name__} does not come from a group")

    async def _tapped(self, context: Context, meaning: Action) -> Step:
        """What a commander's tap means. Others may try: nothing happens, and nobody is told off."""
        if meaning.name not in self._actions or not await self._otherwise.may_command(context):
            return Step()
        return await self._act(context, meaning)

    async def _commanded(self, context: Context, name: str, argument: str) -> Step:
        if guard.look(argument, expecting=None):
            return await self._otherwise.secret(context)
        command = self._commands.get(name)
        if command is None or not await self._otherwise.may_command(context):
            return await self._otherwise.spoken_to(context)
        return await self._run(context, command, argument)

    async def _typed(self, context: Context, text: str, quoted: str) -> Step:
        """Words to the tutor: an emergency is anybody's, everything else a commander's."""
        if guard.look(text, expecting=None):
            return await self._otherwise.secret(context)
        if self._otherwise.is_urgent(text):
            return await self._otherwise.urgent(context)
        if not await self._otherwise.may_command(context):
            return await self._otherwise.spoken_to(context)
        understood = understand(text, context.asked, quoted=quoted)
        if isinstance(understood, Understood):
            return await self._act(context, context.asked.meaning(understood.places))
        said = without_courtesy(fold(text))
        for word, command in self._words.items():
            if said == word:
                return await self._run(context, command, "")
            # "lịch tối thứ 2 lúc 19:30" says the command and what it is about.
            if said.startswith(f"{word} "):
                return await self._run(context, command, text)
        return await self._otherwise.how_to(context)

    async def _act(self, context: Context, meaning: Action) -> Step:
        run = self._actions.get(meaning.name)
        if run is None:
            return Step()
        try:
            return await act(run, self._signatures[meaning.name], context, meaning)
        except Stale:
            return await self._otherwise.how_to(context)

    async def _run(self, context: Context, command: Command, argument: str) -> Step:
        try:
            return await command.run(context, argument)
        except Stale:
            return await self._otherwise.how_to(context)


async def act(run: OnAction, takes: Signature, context: Context, meaning: Action) -> Step:
    """What a button means. ``Stale`` for arguments that ``run`` does not take."""
    try:
        takes.bind(context, *meaning.arguments)
    except TypeError:  # a button of an older version, or one that somebody made up
        raise Stale from None
    return await run(context, *meaning.arguments)


def claim(claimed: dict[str, _Claimed], name: str, value: _Claimed) -> None:
    if name in claimed:
        raise ValueError(f"claimed twice: {name!r}")
    claimed[name] = value
