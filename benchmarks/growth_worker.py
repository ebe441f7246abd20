"""One process that runs turns on one filled database, whenever it is told to.

``python -m benchmarks.growth_worker FILE LEARNERS`` answers each line of its input with a line of
JSON: ``turns SECONDS``, ``sweep``, ``tidy``, ``stop``. The tutor and the dispatcher are the real ones; the
channel only remembers the last buttons.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.learners import GO_ON, Learner, Move, Tap, Typed
from benchmarks.measure import percentile
from benchmarks.processes import ROOT, memory_mb
from channels.base import Capabilities, Health, Receive, Sent
from conversation.actions import Action
from conversation.events import Chosen, CommandReceived, Event, Inbound, TextReceived
from conversation.handler import Rules
from conversation.replies import AskQuestion, Reply, Say
from conversation.turn import Tutor
from handlers.registry import build_router
from lessons.loading import load
from outbox.dispatcher import Dispatcher
from outbox.retry import Backoff
from outbox.tidy import Tidy
from storage.opening import open_database
from templates.words import Words

# So many learners learn at the same time, each for so many turns; then come others.
AT_ONCE = 32
TURNS_EACH = 6
_PATIENCE = 10.0


class NullChannel:
    """Sends nowhere; who waits for a line gets the actions of its buttons."""

    name = "null"
    capabilities = Capabilities(text_limit=4000, buttons=True, replaces=True)

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[tuple[str, ...]]] = {}

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def send(
        self, address: str, replies: Sequence[Reply], *, replaces: str = "", delivery: int = 0
    ) -> Sent:
        del replaces
        (reply,) = replies
        actions = _actions(reply)
        waiting = self.waiting.get(address)
        if actions and waiting is not None and not waiting.done():
            waiting.set_result(actions)
        return Sent(str(delivery))

    def link(self, payload: str = "") -> str:
        return f"https://hoc.example.vn/{payload}"

    def health(self) -> Health:
        return Health(well=True)


class Worker:
    """Everything of one process, on one database."""

    def __init__(self, learners: int) -> None:
        self._learners = learners
        self._random = Random(learners)
        self._channel = NullChannel()
        self._events = count(1)
        self._took: list[float] = []

    async def open(self, path: Path) -> None:
        """Raises ``StorageError``."""
        self._database = await open_database(f"sqlite:///{path}", create=False)
        words, worker = Words(), "growth"
        self._dispatcher = Dispatcher(
            database=self._database,
            channels={self._channel.name: self._channel},
            worker=worker,
            now=_now,
            backoff=Backoff(lambda: 0.5),
            senders=AT_ONCE,
        )
        self._tutor = Tutor(
            database=self._database,
            router=build_router(),
            catalogue=load(ROOT),
            words=words,
            rules=Rules(links={self._channel.name: self._channel.link}),
            seed=lambda: self._random.randrange(2**31),
            worker=worker,
            wake=self._dispatcher.wake,
        )
        await self._dispatcher.start()

    async def turns(self, seconds: float) -> dict[str, Any]:
        """Random learners learn on for ``seconds``."""
        self._took = []
        cpu, began = time.process_time(), time.perf_counter()
        until = began + seconds
        await asyncio.gather(*(self._learn(until) for _ in range(AT_ONCE)))
        passed = time.perf_counter() - began
        return {
            "turns_per_second": len(self._took) / passed,
            "p50_ms": percentile(self._took, 0.5) * 1000,
            "p99_ms": percentile(self._took, 0.99) * 1000,
            "cpu_ms_per_turn": (time.process_time() - cpu) * 1000 / len(self._took),
            "memory_mb": memory_mb(os.getpid()),
        }

    async def sweep(self) -> dict[str, Any]:
        """How long the look for what is due takes, which comes once a second."""
        took = []
        for _ in range(20):
            began = time.perf_counter()
            await self._dispatcher.sweep()
            took.append((time.perf_counter() - began) * 1000)
        return {"sweep_ms": percentile(took, 0.5)}

    async def tidy(self) -> dict[str, Any]:
        """How long the hourly broom takes."""
        began = time.perf_counter()
        await Tidy(self._database, _now, 30).tidy()
        return {"tidy_ms": (time.perf_counter() - began) * 1000}

    async def close(self) -> None:
        await self._dispatcher.stop()
        await self._database.close()

    async def _learn(self, until: float) -> None:
        while time.perf_counter() < until:
            address = str(1_000_000_001 + self._random.randrange(self._learners))
            if address in self._channel.waiting:
                continue
            learner = Learner(self._random)
            move: Move = GO_ON
            for _ in range(TURNS_EACH):
                move = learner.move(await self._turn(address, move))
            self._channel.waiting.pop(address, None)

    async def _turn(self, address: str, move: Move) -> tuple[str, ...]:
        shown: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
        self._channel.waiting[address] = shown
        began = time.perf_counter()
        number = next(self._events)
        await self._tutor.receive(
            Inbound(
                channel=self._channel.name,
                address=address,
                external_id=f"{os.getpid()}-{number}",
                received_at=_now(),
                event=_event(move, number),
            )
        )
        async with asyncio.timeout(_PATIENCE):
            actions = await shown
        self._took.append(time.perf_counter() - began)
        return actions


def _event(move: Move, number: int) -> Event:
    match move:
        case Tap(action):
            return Chosen(Action.decode(action), source=str(number))
        case Typed(text) if text.startswith("/"):
            return CommandReceived(text[1:])
        case Typed(text):
            return TextReceived(text)
        case _:
            raise ValueError("there are no polls here")


def _actions(reply: Reply) -> tuple[str, ...]:
    match reply:
        case Say(buttons=buttons):
            shown = buttons
        case AskQuestion(options=options, extra=extra, taps=taps):
            shown = (*options, *extra, *taps)
        case _:
            shown = ()
    return tuple(button.action.encode() for button in shown)


def _now() -> datetime:
    return datetime.now(UTC)


async def main() -> None:
    path, learners = Path(sys.argv[1]), int(sys.argv[2])
    worker = Worker(learners)
    await worker.open(path)
    answer: dict[str, Any] = {"memory_mb": memory_mb(os.getpid())}
    while True:
        print(json.dumps(answer), flush=True)
        order = (await asyncio.to_thread(sys.stdin.readline)).split()
        match order:
            case ["turns", seconds]:
                answer = await worker.turns(float(seconds))
            case ["sweep"]:
                answer = await worker.sweep()
            case ["tidy"]:
                answer = await worker.tidy()
            case _:
                await worker.close()
                return


if __name__ == "__main__":
    asyncio.run(main())
