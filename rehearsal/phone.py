"""A telephone in somebody's hand: what stands on it, and what its holder does about it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypeAlias

from conversation.actions import Action
from conversation.events import Chosen, CommandReceived, Event, Started, TextReceived
from conversation.replies import AskQuestion, Button, Reply, Say
from rehearsal.stage import Stage
from vietnamese import fold

# Taps buttons; types the number before a choice; types its words without marks.
Manner: TypeAlias = Literal["taps", "numbers", "words"]
_SLOWEST = 70
_QUICKEST = 10


class Lost(Exception):
    """What should stand on the telephone does not; the text says what was looked for and found."""


@dataclass
class Phone:
    """``reacts`` is asked about whatever comes while nobody looks."""

    stage: Stage
    channel: str
    address: str
    manner: Manner = "taps"
    text: str = ""
    choices: Sequence[Button] = ()
    question: AskQuestion | None = None
    is_busy: bool = False
    reacts: "Callable[[Phone], None] | None" = None
    heard: list[str] = field(default_factory=list)
    _taps: int = 0

    def __post_init__(self) -> None:
        self.stage.channels[self.channel].hears[self.address] = self._hear

    def _hear(self, reply: Reply) -> None:
        match reply:
            case Say():
                self.text = reply.text.striptags()
                self.heard.append(self.text)
                if reply.buttons:
                    self.choices, self.question = reply.buttons, None
            case AskQuestion():
                self.text = reply.text.striptags()
                self.heard.append(self.text)
                self.choices, self.question = (*reply.options, *reply.extra), reply
            case _:
                return
        if not self.is_busy and self.reacts is not None:
            self.reacts(self)

    async def does(self, event: Event) -> None:
        """After the while that reading takes."""
        stage = self.stage
        slow = 0 if stage.stands_still else stage.dice.randint(_QUICKEST, _SLOWEST)
        await stage.clock.pause(timedelta(seconds=slow))
        self.is_busy = True
        self.heard.clear()
        try:
            await self.stage.hear(self.channel, self.address, event)
        finally:
            self.is_busy = False

    async def opens(self, payload: str = "") -> None:
        await self.does(Started(payload))

    async def types(self, words: str) -> None:
        if words.startswith("/"):
            name, _, argument = words[1:].partition(" ")
            await self.does(CommandReceived(name, argument))
        else:
            await self.does(TextReceived(words))

    async def taps(self, meaning: Action) -> None:
        """A button, on whatever line it stands."""
        self._taps += 1
        await self.does(Chosen(meaning, source=f"tap-{self._taps}"))

    async def chooses(self, button: Button) -> None:
        """One of the choices, in the manner of whoever holds the telephone."""
        place = list(self.choices).index(button)
        if self.manner == "numbers":
            await self.types(f"{place + 1}")
        elif self.manner == "words":
            await self.types(fold(button.label))
        else:
            await self.taps(button.action)

    def find(self, name: str, label: str = "") -> Button | None:
        """The first choice of that meaning, and with those words in it."""
        for button in self.choices:
            if button.action.name == name and fold(label) in fold(button.label):
                return button
        return None

    def offers(self, name: str) -> bool:
        return self.find(name) is not None

    async def presses(self, name: str, label: str = "") -> None:
        """Taps it. Raises ``Lost`` when it is not there."""
        button = self.find(name, label)
        if button is None:
            there = ", ".join(f"{one.label} ({one.action.name})" for one in self.choices)
            raise Lost(f"{name} {label!r} not among: {there}\n{self.text}")
        await self.taps(button.action)

    def reads(self, pattern: str) -> str:
        """What the pattern's group stands for in what came last. Raises ``Lost``."""
        for text in reversed(self.heard):
            found = re.search(pattern, text)
            if found is not None:
                return found[1]
        raise Lost(f"{pattern!r} not in: {self.heard}")
