"""The page itself: plain files, read once, the same for everybody.

They hold nothing of anybody's, so opening one makes no address and no row, and a
link preview costs nothing.
"""

import hashlib
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class Pages:
    """``GET /``, ``/s/<payload>`` and ``/page/<file>``. Raises ``OSError`` when a file is missing."""

    def __init__(self) -> None:
        self._files = {
            path.name: _load(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES
        }

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.get("/", self._index),
            # The page reads the payload from its own address.
            web.get("/s/{payload}", self._index),
            web.get("/page/{name}", self._asset),
        )

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._serve(request, "index.html")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        return self._serve(request, request.match_info["name"])

    def _serve(self, request: web.Request, name: str) -> web.StreamResponse:
        if name not in self._files:
            raise web.HTTPNotFound
        content, kind, tag = self._files[name]
        # Always asked for again, and mostly answered with 304: a new version shows at once.
        headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
        if any(known.value == tag for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        response = web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)
        response.enable_compression()
        return response


def _load(path: Path) -> tuple[bytes, str, str]:
    """A file's content, its media type and its entity tag."""
    content = path.read_bytes()
    return content, _TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16]
