"""What this process holds, in the order in which it goes out: a queue for each address."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice, takewhile
from typing import TypeAlias

from conversation.turn import Ready

Key: TypeAlias = tuple[str, str]  # a channel, and its own name of an address


class Queue:
    """What one address is to get. The first few may be under way: those being sent now."""

    def __init__(self, key: Key, first: Ready) -> None:
        self.key = key
        self._rows = deque((first,))
        self._under_way = 0
        self._breath: tuple[int, datetime] | None = None  # of what went out last

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __iter__(self) -> Iterator[Ready]:
        return iter(self._rows)

    @property
    def first(self) -> Ready:
        return self._rows[0]

    @property
    def urgency(self) -> int:
        """The priority of the most urgent of all: what is before it goes for its sake."""
        return min(row.priority for row in self._rows)

    def add(self, row: Ready) -> Sequence[Ready]:
        """Put it behind what is as urgent, and before what is less so. What is dropped for it.

        What is under way is not interrupted, nor what was written in one breath with it: an
        answer goes out before a reminder, but not between its two bubbles.
        """
        # What waited for who was erased does not go out any more; who shares their telephone has
        # rows in this queue too, and those do.
        dropped = self._drop_waiting_of(row.erased) if row.erased else ()
        place, begun = len(self._rows), self._begun()
        while place > begun and self._rows[place - 1].priority > row.priority:
            place -= 1
        self._rows.insert(place, row)
        return dropped

    def begin(self, together: Callable[[Ready, Ready], bool]) -> Sequence[Ready]:
        """What goes out next, now under way: the first, and those behind that go with it."""
        first = self._rows[0]
        behind = islice(self._rows, 1, None)
        batch = [first, *takewhile(lambda row: together(first, row), behind)]
        self._under_way = len(batch)
        self._breath = _breath(batch[-1])
        return batch

    def end(self) -> None:
        """What was under way waits again, still first."""
        self._under_way = 0

    def finish(self) -> None:
        """What was under way is finished with."""
        for _ in range(self._under_way):
            self._rows.popleft()
        self._under_way = 0

    def no_more_urgent(self, priority: int) -> Sequence[Ready]:
        return [row for row in self._rows if row.priority >= priority]

    def drop_waiting(self) -> Sequence[Ready]:
        """Keep what is under way alone; what is not kept."""
        return [self._rows.pop() for _ in range(len(self._rows) - self._under_way)]

    def _drop_waiting_of(self, address_id: int) -> Sequence[Ready]:
        waiting = islice(self._rows, self._under_way, None)
        dropped = [row for row in waiting if row.address_id == address_id]
        gone = {row.id for row in dropped}
        self._rows = deque(row for row in self._rows if row.id not in gone)
        return dropped

    def remove(self, rows: Sequence[Ready]) -> None:
        """These are not in hand any more, and nothing is under way."""
        gone = {row.id for row in rows}
        self._rows = deque(row for row in self._rows if row.id not in gone)
        self._under_way = 0

    def _begun(self) -> int:
        """How many at the front may not be parted."""
        begun = self._under_way
        for row in islice(self._rows, begun, None):
            if _breath(row) != self._breath:
                break
            begun += 1
        return begun


def _breath(row: Ready) -> tuple[int, datetime]:
    """What is written in one turn has one of these."""
    return row.priority, row.created_at


class Queues:
    """Every address with something to send."""

    def __init__(self) -> None:
        self._queues: dict[Key, Queue] = {}
        self._addresses = Counter[str]()

    def find(self, key: Key) -> Queue | None:
        return self._queues.get(key)

    def open(self, row: Ready) -> Queue:
        """A queue for an address that has none."""
        key = (row.channel, row.address)
        queue = self._queues[key] = Queue(key, row)
        self._addresses[row.channel] += 1
        return queue

    def close(self, queue: Queue) -> None:
        """Nothing is sent there any more, or nobody is left to do it."""
        del self._queues[queue.key]
        self._addresses[queue.key[0]] -= 1

    def addresses(self, channel: str) -> int:
        """How many addresses of a channel have something to send."""
        return self._addresses[channel]

    def ids(self) -> set[int]:
        return {row.id for queue in self._queues.values() for row in queue}
