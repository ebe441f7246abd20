"""What anybody may throw at us: how often somebody may knock, how much may be posted."""

from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from aiohttp import web

# Keys remembered at most; a flood of new ones pushes out the ones longest unseen.
REMEMBERED = 20_000


class Pace:
    """At most ``most`` knocks of one key in any ``seconds``. ``clock`` is monotonic, in seconds."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._knocks: OrderedDict[str, deque[float]] = OrderedDict()

    def knock(self, key: str) -> float:
        """0.0 when this knock is allowed, and counted; else the seconds to wait, and not counted."""
        wait = self.would_wait(key)
        if not wait:
            self._knocks.setdefault(key, deque()).append(self._clock())
            while len(self._knocks) > REMEMBERED:
                self._knocks.popitem(last=False)
        return wait

    def would_wait(self, key: str) -> float:
        """What a knock would be answered, without knocking."""
        now = self._clock()
        knocks = self._knocks.get(key)
        if knocks is None:
            return 0.0
        self._knocks.move_to_end(key)
        while knocks and knocks[0] <= now - self._seconds:
            knocks.popleft()
        return 0.0 if len(knocks) < self._most else knocks[0] + self._seconds - now


def client_of(request: web.Request, *, behind_proxy: bool) -> str:
    """Whose request it is; behind a proxy of ours, whose it says it is."""
    if behind_proxy:
        # The last entry is the proxy's own word, also where it adds a line of its own
        # (HAProxy does); the ones before it anybody can write.
        chain = ",".join(request.headers.getall("X-Forwarded-For", ()))
        return chain.rsplit(",", 1)[-1].strip() or request.remote or ""
    return request.remote or ""


def network_of(remote: str) -> str:
    """The key of a client: its IPv4 address, or the /64 that one IPv6 subscriber holds whole."""
    try:
        address = ip_address(remote)
    except ValueError:
        return remote[:64]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


async def body_within(request: web.Request, most: int) -> bytes | None:
    """The whole body, or ``None`` as soon as it is more than ``most`` bytes."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
