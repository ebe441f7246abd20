"""How fast a channel may send: evenly spread, within what its platform allows.

aiolimiter, and the limiters that bot libraries build on it, let a whole second's worth go at once
after a rest and then refill: with some jitter on the way that is more than the platform allows in
one of its seconds. They serve in order of asking, so that an answer waits behind ten thousand
reminders. Here requests are spread evenly, and ``turns.py`` lets the most urgent go next.

Times are an event loop's: seconds that never go back.
"""

from math import ceil

from channels.base import Limits, Rate
from outbox.window import SECOND, Request, Window

# An alarm that rings late does not cost a share of the rate, as long as it is no later than this.
_LATENESS = 0.010  # seconds
# After a refusal the channel goes on more slowly, and is back at its rate after so many seconds.
_SLOWER = 0.9
_SLOWEST = 0.1
_RECOVERY = 30.0


class Pace:
    """The generic cell rate algorithm, for a channel and for each of its addresses.

    ``begin`` and ``end`` stand around each request; an address has one at a time.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._opens = 0.0
        self._rested = 0.0  # when the channel will have its whole burst again
        self._rested_at: dict[str, float] = {}  # and an address
        self._window = Window()
        self._under_way: dict[str, Request] = {}
        self._speed = 1.0
        self._slowed_at = 0.0
        self._processes = 1

    def opens(self, now: float) -> float:
        """When the channel may send again."""
        rate = self._limits.overall
        if rate is None:
            return 0.0
        even = self._rested - (rate.burst - 1) * self._every(rate, now)
        most = ceil(rate.per_second / self._processes) + rate.burst - 1
        return max(self._opens, even, self._window.has_room(now, most))

    def opens_to(self, address: str) -> float:
        """When this address may be sent to again, if the channel may."""
        rested = self._rested_at.get(address)
        rate = None if rested is None else self._limits.address(address)
        if rested is None or rate is None:
            return 0.0
        return rested - (rate.burst - 1) / rate.per_second

    def begin(self, address: str, now: float) -> None:
        self._charge(address, now, 1)
        if self._limits.overall is not None:
            self._under_way[address] = self._window.begin(now)

    def end(self, address: str, now: float, requests: int = 1) -> None:
        """It took so many requests: one, several, or none after all."""
        if requests != 1:
            self._charge(address, now, requests - 1)
        request = self._under_way.pop(address, None)
        if request is None:
            return
        if not requests:
            self._window.cancel(request)
            return
        self._window.end(request, now)
        for _ in range(requests - 1):
            self._window.begin(now).held_up = 0.0

    def _charge(self, address: str, now: float, requests: int) -> None:
        overall, single = self._limits.overall, self._limits.address(address)
        if overall is not None:
            since = max(self._rested, now - _LATENESS)
            self._rested = since + requests * self._every(overall, now)
        if single is not None:
            since = max(self._rested_at.get(address, 0.0), now)
            self._rested_at[address] = since + requests / single.per_second

    def rest(self, now: float) -> None:
        """As if a whole second's worth had just been sent."""
        self._opens = now + SECOND

    def slow_down(self, now: float) -> None:
        """The platform found us too fast."""
        self._speed = max(self._speed_at(now) * _SLOWER, _SLOWEST)
        self._slowed_at = now

    def share(self, processes: int) -> None:
        """So many processes send on this channel, and the platform counts them together."""
        self._processes = max(processes, 1)

    def forget(self, now: float) -> None:
        """Addresses that have rested need not be remembered."""
        for address in [name for name, rested in self._rested_at.items() if rested <= now]:
            del self._rested_at[address]

    def _every(self, rate: Rate, now: float) -> float:
        """Seconds between two requests of this process."""
        return self._processes / (rate.per_second * self._speed_at(now))

    def _speed_at(self, now: float) -> float:
        return min(1.0, self._speed + (now - self._slowed_at) / _RECOVERY)
