"""What a platform may have counted in its last second.

Requests leave evenly, but a line that stalls for a moment hands them over in a heap, and the
platform finds that too fast. Whoever waits for it to say so loses a second and more. So what took
longer than usual is taken to have arrived so much later, and the next ones leave a little later.
"""

from collections import deque
from dataclasses import dataclass

SECOND = 1.008  # ours, for what was guessed a little too early
# A request that takes longer than this is slow for reasons of its own: a picture, say.
_HELD_UP = 1.0  # seconds
# The usual time is nearly the shortest there is: it follows shorter ones quickly, longer ones
# slowly, so that one bad minute does not pass for usual.
_SHORTER = 1 / 8
_LONGER = 1 / 128


@dataclass(slots=True)
class Request:
    """``held_up`` is by how much it was later than usual; negative while nobody knows. Seconds."""

    began: float
    held_up: float = -1.0


class Window:
    """Counts the requests of the last second by when they may have arrived."""

    def __init__(self) -> None:
        self._requests = deque[Request]()
        self._usual: float | None = None  # seconds that a request takes

    def begin(self, now: float) -> Request:
        request = Request(now)
        self._requests.append(request)
        return request

    def end(self, request: Request, now: float) -> None:
        took = now - request.began
        request.held_up = self._later_than_usual(took)
        usual = took if self._usual is None else self._usual
        self._usual = usual + (took - usual) * (_SHORTER if took < usual else _LONGER)

    def cancel(self, request: Request) -> None:
        """It never left."""
        if request in self._requests:
            self._requests.remove(request)

    def has_room(self, now: float, most: int) -> float:
        """When there will have been fewer than ``most`` in the second before; 0.0 for at once."""
        while self._requests and self._requests[0].began < now - SECOND - _HELD_UP:
            self._requests.popleft()
        if len(self._requests) < most:
            return 0.0
        arrivals = sorted(self._arrived(request, now) for request in self._requests)
        return arrivals[-most] + SECOND

    def _arrived(self, request: Request, now: float) -> float:
        if request.held_up < 0:
            return request.began + self._later_than_usual(now - request.began)
        return request.began + request.held_up

    def _later_than_usual(self, took: float) -> float:
        return min(max(took - (self._usual or 0.0), 0.0), _HELD_UP)
