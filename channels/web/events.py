"""``GET /events``: new lines as server-sent events, without loss and without doubling.

A line goes out under its own id, so after a break the browser's ``Last-Event-ID``
says where to go on. A line drawn anew keeps its id and its place; it goes out as
``redraw``, with a version that tells the page whether it knows it already.
"""

import json
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from channels.web.desk import Desk, answering
from channels.web.render import draw_line
from channels.web.streams import Listener, Streams
from channels.web.transcript import SHOWN, Transcript, is_redrawn
from storage.errors import StorageError

RETRY_MS = 2_000


class EventStream:
    """Feeds the open pages. ``heartbeat`` is in seconds.

    With each heartbeat the stream also looks for lines that another process wrote.
    """

    def __init__(
        self, desk: Desk, transcript: Transcript, streams: Streams, heartbeat: float
    ) -> None:
        self._desk = desk
        self._transcript = transcript
        self._streams = streams
        self._heartbeat = heartbeat

    async def serve(self, request: web.Request) -> web.StreamResponse:
        return await answering(self._serve)(request)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        address = self._desk.reader(request)
        last = _line_of(request.headers.get("Last-Event-ID") or request.query.get("after", ""))
        response = EventSourceResponse(ping_interval=self._heartbeat)
        response.headers["Cache-Control"] = "no-store"
        with self._streams.listen(address) as listener:
            await response.prepare(request)
            async with response:
                with suppress(ConnectionResetError, TimeoutError, StorageError):
                    await response.send("{}", event="hello", retry=RETRY_MS)
                    await self._redraw_since(response, address, last)
                    await self._feed(response, address, last, listener)
        return response

    async def _feed(
        self, response: EventSourceResponse, address: str, last: int, listener: Listener
    ) -> None:
        while not listener.closing and response.is_connected():
            redrawn, passing = sorted(listener.redrawn), tuple(listener.passing)
            listener.redrawn.clear()
            listener.passing.clear()
            last = await self._send_after(response, address, last)
            for line_id in redrawn:
                line = await self._transcript.one(address, line_id)
                if line is not None:
                    await response.send(_json(draw_line(line)), event="redraw")
            for drawn in passing:
                await response.send(_json(drawn), event="passing")
            await listener.wait(self._heartbeat)

    async def _send_after(self, response: EventSourceResponse, address: str, last: int) -> int:
        """Send the lines that follow ``last``; returns the last one sent.

        The line the page knows last is read again. When it is gone, so is all that
        the page shows (the learner had it erased), and the page is told.
        """
        while True:
            lines = await self._transcript.after(address, max(last - 1, 0))
            is_last = len(lines) < SHOWN
            if last and lines and lines[0].id == last:
                lines = lines[1:]
            elif last:
                await response.send("{}", event="cleared")
                last = 0
            for line in lines:
                last = line.id
                await response.send(_json(draw_line(line)), id=str(last), event="line")
            if is_last:
                return last

    async def _redraw_since(self, response: EventSourceResponse, address: str, last: int) -> None:
        """Lines that the page has, but perhaps not as they are now."""
        for line in await self._transcript.latest(address):
            if line.id <= last and is_redrawn(line):
                await response.send(_json(draw_line(line)), event="redraw")


def _line_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
