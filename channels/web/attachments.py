"""Pictures and files, for the page of their owner only."""

import asyncio
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypeAlias
from urllib.parse import quote

from aiohttp import web

from channels.web.desk import Desk, answering
from channels.web.receive import Refused
from channels.web.render import TutorLine
from channels.web.transcript import Transcript
from conversation.replies import GiveDocument, GiveFile, Reply, ShowPicture
from storage.errors import StorageError

Draw: TypeAlias = Callable[[str, dict[str, Any]], bytes]

# A picture takes tens of milliseconds of a core; more at once would only slow the chat.
_DRAWN_AT_ONCE = 2
_TYPES = {
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
_GONE = "Chỗ này không còn. Chắc đã cũ rồi, mời hỏi lại trong trang trò chuyện nha."
_BUSY = "Chưa đọc được. Mình thử lại sau vài giây nha."


class Attachments:
    """``GET /picture/<line id>`` and ``GET /file/<line id>``."""

    def __init__(self, desk: Desk, transcript: Transcript, draw: Draw) -> None:
        self._desk = desk
        self._transcript = transcript
        self._draw = draw
        self._drawing = asyncio.Semaphore(_DRAWN_AT_ONCE)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        return await answering(self._picture)(request)

    async def file(self, request: web.Request) -> web.StreamResponse:
        return await answering(self._file)(request)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        reply = await self._reply(request)
        if not isinstance(reply, ShowPicture):
            raise Refused(404, _GONE)
        png = await self._drawn(reply.picture, reply.content)
        return web.Response(body=png, content_type="image/png")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        reply = await self._reply(request)
        if isinstance(reply, GiveDocument):
            return _download(reply.name, await self._drawn(reply.document, reply.content), None)
        if not isinstance(reply, GiveFile) or not reply.content:
            raise Refused(404, _GONE)
        return _download(reply.name, reply.content.encode(), "utf-8")

    async def _drawn(self, name: str, content: dict[str, Any]) -> bytes:
        async with self._drawing:
            return await asyncio.to_thread(self._draw, name, content)

    async def _reply(self, request: web.Request) -> Reply | None:
        address = self._desk.reader(request)
        try:
            line = await self._transcript.one(address, int(request.match_info["line"]))
        except StorageError as error:
            raise Refused(503, _BUSY, retry_after=3) from error
        if line is None or line.side != "tutor":
            return None
        return TutorLine.load(line.content).reply


def _download(name: str, body: bytes, charset: str | None) -> web.Response:
    kind = _TYPES.get(PurePath(name).suffix.lower(), "text/plain")
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return web.Response(body=body, content_type=kind, charset=charset, headers=named)
