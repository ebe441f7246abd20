"""Chats that talk to one bot through the fake server: in a closed loop, or at a given rate.

One update is one turn. It is over when the tutor's line with the next choices is there; for
an echo bot, with any line. No task for each chat: the server calls back, and that is all.
"""

import asyncio
import json
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Final

from benchmarks.fake_telegram import BOT, TEXT, Desk, Line
from benchmarks.fake_zalo import event, typed_after
from benchmarks.learners import ARRIVE, TURNS, Learner, Move, Tap, Typed, Vote

_DATE: Final = 1_790_000_000
_BOT = json.dumps(BOT)
_PATIENCE = 120.0  # seconds for everybody to settle in
_DRAIN = 10.0  # seconds for the last answers
# Everybody's number, whatever bot they talk to.
_numbers = count(100_000)


@dataclass(slots=True)
class Chat:
    """One learner's window; ``offered_at`` is when the update under way came up, else 0.0."""

    number: int
    learner: Learner
    offered_at: float = 0.0
    asked_at: float = 0.0
    last: Line | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """``to_send`` and ``to_seen`` are seconds from the update to the bot's first request and to
    the last line being there for the learner, the network's delay included.
    """

    ended_at: float
    to_send: float
    to_seen: float


@dataclass(slots=True)
class Load:
    """``echo`` sends plain text and takes any line for the answer; ``zalo`` reads numbers and types
    them. With ``at_once`` so many of the chats are under way, in turns, else all of them are.
    """

    desk: Desk
    echo: bool
    random: Random
    zalo: bool = False
    at_once: int = 0
    turns: list[Turn] = field(default_factory=list)
    unasked: int = 0
    late: int = 0
    _chats: dict[int, Chat] = field(default_factory=dict)
    _idle: deque[Chat] = field(default_factory=deque)
    _closed: bool = False
    _under_way: int = 0
    # Set when so many turns are done, or, for 0, when nothing is under way.
    _done: asyncio.Event = field(default_factory=asyncio.Event)
    _enough: int = 0

    def __post_init__(self) -> None:
        self.desk.on_asked = self._on_asked
        self.desk.on_line = self._on_line

    async def settle_in(self, chats: int, turns: int) -> None:
        """So many chats arrive and play ``turns`` turns each on average, measured by nobody.

        They end up at different places of the path, as learners do.
        """
        for _ in range(chats):
            self._idle.append(self._new(self.random.randrange(TURNS)))
        self.turns = []
        self._enough = chats * turns
        self._done.clear()
        self._play_on()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._done.wait()
        except TimeoutError:
            silent = [chat.last for chat in self._chats.values() if chat.offered_at]
            raise RuntimeError(
                f"{len(silent)} of {chats} chats got no answer after {len(self.turns)} turns, "
                f"one of them to {silent[:1]}"
            ) from None
        self._closed = False
        await self.drained()

    async def closed(self, warm: float, seconds: float) -> list[Turn]:
        """Everybody answers at once, always. The turns that ended after ``warm`` seconds."""
        self.turns = []
        self._play_on()
        await asyncio.sleep(warm)
        began = time.perf_counter()
        await asyncio.sleep(seconds)
        self._closed = False
        return [turn for turn in self.turns if turn.ended_at >= began]

    async def open(self, rate: float, seconds: float) -> list[Turn]:
        """Updates come up at ``rate`` a second at random moments, whatever the bot does with them.

        A turn is timed from the moment its update was to come up, so a busy load is
        no excuse. ``late`` counts the moments at which nobody was free to say anything.
        """
        self.turns = []
        self._closed = False
        self.late = 0
        due = time.perf_counter()
        until = due + seconds
        while due < until:
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            if self._idle:
                self._offer(self._idle.popleft(), due)
            else:
                self.late += 1
            due += self.random.expovariate(rate)
        await self.drained()
        return self.turns

    async def drained(self) -> int:
        """Wait until nothing is under way; how many chats never got their answer."""
        self._enough = 0
        self._done.clear()
        if self._under_way:
            with suppress(TimeoutError):
                async with asyncio.timeout(_DRAIN):
                    await self._done.wait()
        silent = [chat for chat in self._chats.values() if chat.offered_at]
        for chat in silent:
            del self._chats[chat.number]
        self._under_way = 0
        return len(silent)

    def _play_on(self) -> None:
        self._closed = True
        for _ in range(min(len(self._idle), self.at_once or len(self._idle))):
            self._offer(self._idle.popleft(), time.perf_counter())

    def _new(self, turns: int = 0) -> Chat:
        chat = Chat(next(_numbers), Learner(self.random, turns))
        self._chats[chat.number] = chat
        return chat

    def _offer(self, chat: Chat, at: float) -> None:
        chat.offered_at, chat.asked_at = at, 0.0
        self._under_way += 1
        if self.zalo:
            chat.learner.turns += 1
            move = typed_after(chat.last, self.random)
            self.desk.offer(event(chat.number, chat.learner.turns, move.text))
            return
        self.desk.offer(_update(chat, self._move(chat)))

    def _move(self, chat: Chat) -> Move:
        if self.echo:
            chat.learner.turns += 1
            return Typed(f"Chào con, bác học tới bài {chat.learner.turns} rồi đó.")
        line = chat.last
        if line is None:
            return ARRIVE
        return chat.learner.move(line.actions, line.options)

    def _on_asked(self, number: int, at: float) -> None:
        chat = self._chats.get(number)
        if chat is not None and chat.offered_at and not chat.asked_at:
            chat.asked_at = at

    def _on_line(self, line: Line, at: float) -> None:
        chat = self._chats.get(line.chat)
        if chat is None:
            return
        if not chat.offered_at:
            self.unasked += 1
            return
        if not (self.echo or self.zalo or line.actions or line.options):
            return
        chat.last = line
        self.turns.append(Turn(at, chat.asked_at - chat.offered_at, at - chat.offered_at))
        chat.offered_at = 0.0
        self._under_way -= 1
        if chat.learner.turns >= TURNS and not self.echo:
            del self._chats[chat.number]
            chat = self._new()
        self._idle.append(chat)
        if self._closed:
            self._offer(self._idle.popleft(), at)
        if len(self.turns) >= self._enough if self._enough else not self._under_way:
            self._done.set()


def _update(chat: Chat, move: Move) -> str:
    """The JSON of an update without its id: https://core.telegram.org/bots/api#update."""
    who = chat.number
    person = f'{{"id":{who},"is_bot":false,"first_name":"Năm","language_code":"vi"}}'
    private = f'{{"id":{who},"type":"private","first_name":"Năm"}}'
    match move:
        case Typed(text):
            command = f',"entities":[{{"type":"bot_command","offset":0,"length":{len(text)}}}]'
            return (
                f'"message":{{"message_id":{chat.learner.turns + 1},"date":{_DATE},'
                f'"chat":{private},"from":{person},"text":"{text}"'
                f"{command if text.startswith('/') else ''}}}"
            )
        case Tap(action):
            # The whole line comes back with a tap, and every library reads all of it.
            source, markup = (chat.last.id, chat.last.markup) if chat.last else (1, "{}")
            return (
                f'"callback_query":{{"id":"{who}","from":{person},"chat_instance":"1",'
                f'"data":"{action}","message":{{"message_id":{source},"date":{_DATE},'
                f'"chat":{private},"from":{_BOT},"text":{TEXT},"reply_markup":{markup}}}}}'
            )
        case Vote(place):
            poll = chat.last.poll if chat.last else ""
            return (
                f'"poll_answer":{{"poll_id":"{poll}","user":{person},'
                f'"option_ids":[{place}],"option_persistent_ids":["{place}"]}}'
            )
