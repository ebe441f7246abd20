"""How many requests a second the fake server itself can answer, so that no bot is blamed for it.

``python -m benchmarks.ceiling PORT PATH`` asks on bare sockets, from another core, with
as little work for each request as Python allows.
"""

import asyncio
import sys
import time

CONNECTIONS = 32
SECONDS = 1.5
_BODY = b"chat_id=1&text=" + b"a" * 200


class _Asker(asyncio.Protocol):
    """Sends the next request as soon as the whole answer to the last one is there."""

    answered = 0

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            self._read = b""
            _Asker.answered += 1
            self._transport.write(self._request)


async def _ask(port: int, path: str) -> float:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(_BODY)}\r\n\r\n"
    )
    request = head.encode() + _BODY
    loop = asyncio.get_running_loop()
    asked = [
        await loop.create_connection(lambda: _Asker(request), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    began, before = time.perf_counter(), _Asker.answered
    await asyncio.sleep(SECONDS)
    rate = (_Asker.answered - before) / (time.perf_counter() - began)
    for transport, _ in asked:
        transport.abort()
    return rate


if __name__ == "__main__":
    print(asyncio.run(_ask(int(sys.argv[1]), sys.argv[2])))
