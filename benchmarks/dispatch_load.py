"""What a run of reminders is measured by: who got how many, and how soon others were answered."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from random import Random

from benchmarks.fake_telegram import Desk, Line, Meter

TEXT = "Tối nay mình học bài ngắn năm phút nhé: mã OTP là gì, và vì sao không đưa cho ai."
# Chats up to here get reminders; the others ask something.
_ASKERS = 1_000_000
_DATE = 1_790_000_000
# So long without a line, and nothing more is coming.
_SILENCE = 8.0  # seconds


@dataclass(slots=True)
class Run:
    """One bot's: ``reminded`` is how often each chat got its reminder, ``waits`` the seconds from
    each question to the first line of its answer.
    """

    desk: Desk
    meter: Meter
    reminders: int
    reminded: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    _asked_at: dict[int, float] = field(default_factory=dict)
    _first: float = 0.0
    _last: float = 0.0
    _begun: asyncio.Event = field(default_factory=asyncio.Event)
    _chats: "count[int]" = field(default_factory=lambda: count(_ASKERS))

    def __post_init__(self) -> None:
        self.desk.meter = self.meter
        self.desk.on_line = self._on_line

    async def go_on(self, questions_per_second: float, random: Random) -> None:
        """Until every reminder is there, or nothing comes any more; with questions all the while."""
        await self._begun.wait()
        due = time.perf_counter()
        while len(self.reminded) < self.reminders and time.perf_counter() - self._last < _SILENCE:
            due += random.expovariate(questions_per_second)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._ask(due)
        await asyncio.sleep(_SILENCE / 4)  # for the last answers

    @property
    def unanswered(self) -> int:
        return len(self._asked_at)

    @property
    def lost(self) -> int:
        return self.reminders - len(self.reminded)

    @property
    def doubled(self) -> int:
        return sum(times - 1 for times in self.reminded.values())

    @property
    def seconds(self) -> float:
        """From the first reminder to the last."""
        return self._last - self._first

    @property
    def rate(self) -> float:
        """Sends a second that went through meanwhile, the answers among them."""
        begun = self.desk.delay
        within = [
            moment
            for moment in self.meter.passed
            if self._first - begun <= moment < self._last - begun
        ]
        return len(within) / self.seconds

    def _ask(self, due: float) -> None:
        chat = next(self._chats)
        self._asked_at[chat] = due
        sender = {"id": chat, "is_bot": False, "first_name": "Năm", "language_code": "vi"}
        said = {
            "message_id": 1,
            "date": _DATE,
            "chat": {"id": chat, "type": "private", "first_name": "Năm"},
            "from": sender,
            "text": "/botla",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        }
        self.desk.offer(f'"message":{json.dumps(said, ensure_ascii=False)}')

    def _on_line(self, line: Line, at: float) -> None:
        if line.chat < _ASKERS:
            self._first = self._first or at
            self._last = at
            self._begun.set()
            self.reminded[line.chat] += 1
            return
        asked_at = self._asked_at.pop(line.chat, None)
        if asked_at is not None:
            self.waits.append(at - asked_at)
