"""From an event to the handler's function that answers it.

Buttons and commands mean what they say. Typed words are held, in this order,
against: secrets that must never be kept, an emergency, a code that joins two chats, the
choices last offered, the words that commands listen to, and at last the lessons themselves.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from inspect import Signature, signature

from conversation import guard
from conversation.actions import Action
from conversation.asked import Asked
from conversation.choices import Ambiguous, Understood, understand
from conversation.courtesy import wishes, without_courtesy
from conversation.events import (
    Chosen,
    CommandReceived,
    Due,
    Event,
    Started,
    TextReceived,
    Unsupported,
)
from conversation.group_router import GroupOtherwise, GroupRouter, act, claim
from conversation.handler import (
    Command,
    Context,
    Denied,
    Entrance,
    Handler,
    OnAction,
    OnHear,
    OnTimer,
    OnWords,
    Stale,
    Step,
)
from conversation.typed import Phrases, tokens
from vietnamese import fold

# Nobody asks anything at greater length; of what follows only secrets are looked for.
_MOST_READ = 1_000
# Who comes back later than this has forgotten what name was asked for.
_WORDS_AWAITED = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What answers the events that no command and no button claims."""

    started: Callable[[Context, str], Awaitable[Step]]
    not_agreed: Callable[[Context], Awaitable[Step]]
    secret: Callable[[Context, str], Awaitable[Step]]
    urgent: Callable[[Context, str], Awaitable[Step]]
    is_urgent: Callable[[str], bool]
    code: Callable[[Context, str], Awaitable[Step]]
    code_in: Callable[[str], str]
    ambiguous: Callable[[Context, tuple[int, ...]], Awaitable[Step]]
    text: Callable[[Context, str], Awaitable[Step]]
    stale: Callable[[Context], Awaitable[Step]]
    denied: Callable[[Context], Awaitable[Step]]
    unsupported: Callable[[Context, str], Awaitable[Step]]
    group: GroupOtherwise


class Router:
    """All handlers together. Raises ``ValueError`` when two claim the same name or word."""

    def __init__(self, handlers: Iterable[Handler], otherwise: Otherwise) -> None:
        self.handlers = tuple(handlers)
        self._otherwise = otherwise
        self._commands: dict[str, Command] = {}
        self._words: dict[str, Command] = {}
        self._bare_words: dict[str, Command] = {}
        self._actions: dict[str, OnAction] = {}
        self._signatures: dict[str, Signature] = {}  # inspected once: it takes longer than a call
        self._open_actions: set[str] = set()
        self._timers: dict[str, OnTimer] = {}
        self._listeners: dict[str, OnHear] = {}
        self._firm: dict[str, Phrases] = {}
        self._in_group = GroupRouter(self.handlers, otherwise.group)
        self._takers: dict[str, OnWords] = {}
        self._entrances: dict[str, Entrance] = {}
        for handler in self.handlers:
            self._take_commands(handler)
            self._take_rest(handler)

    def _take_commands(self, handler: Handler) -> None:
        for command in handler.commands:
            claim(self._commands, command.name, command)
            # "dừng" and "đừng" are two words of one command, and one without marks.
            for word in dict.fromkeys(map(fold, command.words)):
                claim(self._words, word, command)
                bare = without_courtesy(word)
                # One syllable of several is not what was meant: "kẹt" is no "kết quả".
                if " " in bare:
                    self._bare_words.setdefault(bare, command)
            if command.firm:
                self._firm[command.name] = Phrases(command.words)

    def _take_rest(self, handler: Handler) -> None:
        for name, run in {**handler.actions, **handler.open_actions}.items():
            claim(self._actions, name, run)
            self._signatures[name] = signature(run)
        self._open_actions |= set(handler.open_actions)
        for name, ring in handler.timers.items():
            claim(self._timers, name, ring)
        for name, hear in handler.listeners.items():
            claim(self._listeners, name, hear)
        for name, take in handler.words.items():
            claim(self._takers, name, take)
            self._signatures[f"words of {name}"] = signature(take)
        for entrance in handler.entrances:
            claim(self._entrances, entrance.prefix, entrance)

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command, in the handlers' order."""
        return tuple(self._commands.values())

    @property
    def group_commands(self) -> tuple[Command, ...]:
        """Every command of group chats, in the handlers' order."""
        return self._in_group.commands

    @property
    def entrances(self) -> tuple[Entrance, ...]:
        """Every entrance, in the handlers' order."""
        return tuple(self._entrances.values())

    async def answer(self, context: Context, event: Event) -> Step:
        """The step that answers ``event``. Raises only what a handler's own fault raises."""
        try:
            return await self._answer(context, event)
        except Stale:
            return await self._otherwise.stale(context)
        except Denied:
            return await self._otherwise.denied(context)

    async def _answer(self, context: Context, event: Event) -> Step:
        if context.sender is not None:
            return await self._in_group.answer(context, event)
        match event:
            case Due(kind=kind, subject=subject, at=at):
                # A kind of an older version has nobody left who knows it, and stays silent.
                ring = self._timers.get(kind)
                return Step() if ring is None else await ring(context, subject, at)
        await self._hear(context, "")
        return await self._said(context, event)

    async def _said(self, context: Context, event: Event) -> Step:
        match event:
            case Started(payload) | CommandReceived(argument=payload) if secret := guard.look(
                payload, expecting=None
            ):
                return await self._otherwise.secret(context, secret.kind)
            case Started(payload):
                return await self._otherwise.started(context, payload)
            case Chosen(meaning):
                return await self._act(context, meaning)
            case CommandReceived(name, argument):
                command = self._commands.get(name)
                if command is None:
                    return await self._typed(context, TextReceived(f"{name} {argument}".strip()))
                return await self._run(context, command, argument)
            case TextReceived():
                return await self._typed(context, event)
            case Unsupported(kind):
                return await self._otherwise.unsupported(context, kind)
            case _:
                raise AssertionError(f"the turn keeps {type(event).__name__} to itself")

    async def _typed(self, context: Context, event: TextReceived) -> Step:
        secret = guard.look(event.text, expecting=context.asked)
        if secret is not None:
            return await self._otherwise.secret(context, secret.kind)
        event = replace(event, text=event.text[:_MOST_READ])
        if self._otherwise.is_urgent(event.text):
            return await self._otherwise.urgent(context, event.text)
        if code := self._otherwise.code_in(event.text):
            return await self._otherwise.code(context, code)
        heard = await self._hear(context, event.text)
        if heard is not None:
            return heard
        return await self._meant(context, event)

    async def _meant(self, context: Context, event: TextReceived) -> Step:
        """Words that are nothing grave: a name that was asked for, a choice, a wish, a question."""
        if context.asked.kind == "words":
            if context.now - context.address.last_at < _WORDS_AWAITED:
                return await self._take(context, event.text)
            context = replace(context, asked=context.asked.choices)
        understood = understand(event.text, context.asked, quoted=event.quoted)
        command = self._command_meant(event.text)
        if isinstance(understood, Understood) and not (
            command is not None
            and (
                _only_sounds_like(event.text, context.asked, understood, firm=command.firm)
                or (command.firm and _is_no_label(event.text, context.asked, understood))
            )
        ):
            return await self._act(context, context.asked.meaning(understood.places))
        if command is not None:
            return await self._run(context, command, "")
        payload = self._payload(event.text)
        if payload:
            return await self._otherwise.started(context, payload)
        if isinstance(understood, Ambiguous):
            return await self._otherwise.ambiguous(context, understood.places)
        if context.learner.consented_at is None:
            return await self._otherwise.not_agreed(context)
        return await self._otherwise.text(context, event.text)

    async def _take(self, context: Context, text: str) -> Step:
        """Words that were asked for. Only what can be meant no other way is no answer."""
        asked, said = context.asked, fold(text)
        ways = {str(place): place - 1 for place in range(1, len(asked.labels) + 1)}
        ways |= {fold(label): place for place, label in enumerate(asked.labels)}
        if said in ways:
            return await self._act(context, asked.meaning((ways[said],)))
        command = self._words.get(said)
        if command is not None:
            return await self._run(context, command, "")
        taker = Action.decode(asked.base)
        take = self._takers.get(taker.name)
        if take is None or context.learner.consented_at is None:
            raise Stale
        try:
            self._signatures[f"words of {taker.name}"].bind(context, text, *taker.arguments)
        except TypeError:  # asked by an older version
            raise Stale from None
        return await take(context, text, *taker.arguments)

    def _payload(self, text: str) -> str:
        """The payload that typed words stand for, as a code read off a poster does."""
        for entrance in self._entrances.values():
            rest = entrance.typed(text)
            if rest:
                return f"{entrance.prefix}{rest}"
        return ""

    def _command_meant(self, text: str) -> Command | None:
        """The command whose words these are, as they stand or without the politeness around."""
        said = fold(text)
        for wish in wishes(said):
            command = self._words.get(wish)
            if command is not None and self._is_meant(command, text, said, wish):
                return command
        bare = without_courtesy(said)
        command = self._bare_words.get(bare)
        if command is not None and self._is_meant(command, text, said, bare):
            return command
        return None

    def _is_meant(self, command: Command, text: str, said: str, wish: str) -> bool:
        """Whether the marks that were typed, if any, are those of a firm command's words.

        A single word with polite ones around it needs its marks: "dung roi con" is a nod.
        """
        if not command.firm:
            return True
        typed, phrases = tokens(text), self._firm[command.name]
        wanted = len(wish.split())
        for start in range(len(typed)):
            if phrases.length(typed, start) >= wanted:
                return said == wish or wanted > 1 or bool(typed[start].word.marks)
        return False

    async def _hear(self, context: Context, text: str) -> Step | None:
        """What the listener makes of it; None without one, or before the learner agreed."""
        hear = self._listeners.get(context.asked.listener)
        return None if hear is None or context.is_stranger else await hear(context, text)

    async def _run(self, context: Context, command: Command, argument: str) -> Step:
        if context.learner.consented_at is None and not command.open:
            return await self._otherwise.not_agreed(context)
        return await command.run(context, argument)

    async def _act(self, context: Context, meaning: Action) -> Step:
        run = self._actions.get(meaning.name)
        if run is None:
            raise Stale
        if context.learner.consented_at is None and meaning.name not in self._open_actions:
            return await self._otherwise.not_agreed(context)
        return await act(run, self._signatures[meaning.name], context, meaning)


def _only_sounds_like(text: str, asked: Asked, understood: Understood, *, firm: bool) -> bool:
    """Whether several words, or the one of a firm command, share none with the choice they seem to be.

    "nghi da" is "nghỉ đã", which commands know, and no "dạ" to whatever was asked.
    """
    typed = fold(text).split()
    if asked.graded or (len(typed) < 2 and not firm):
        return False
    chosen = {word for place in understood.places for word in fold(asked.labels[place]).split()}
    return chosen.isdisjoint(typed)


def _is_no_label(text: str, asked: Asked, understood: Understood) -> bool:
    """Whether several words are not the very ones of the choice they seem to be.

    "roi lop" is "rời lớp", and not "Xem lớp này" with a "rồi" before it.
    """
    said = fold(text)
    if asked.graded or len(said.split()) < 2:
        return False
    return all(fold(asked.labels[place]) != said for place in understood.places)
