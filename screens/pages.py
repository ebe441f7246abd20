"""The files of the screens' page, read once; the same for everybody."""

import hashlib
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class Pages:
    """Raises ``OSError`` when a file is missing."""

    def __init__(self) -> None:
        self._files = {
            path.name: (path.read_bytes(), _TYPES[path.suffix])
            for path in sorted(_FOLDER.iterdir())
            if path.suffix in _TYPES
        }

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """``GET /screen/<file>``; the pages themselves have addresses of their own."""
        name = request.match_info["name"]
        if name not in self._files or name.endswith(".html"):
            raise web.HTTPNotFound
        return self.serve(request, name)

    def serve(self, request: web.Request, name: str, *, status: int = 200) -> web.StreamResponse:
        content, kind = self._files[name]
        tag = hashlib.sha256(content).hexdigest()[:16]
        # Always asked for again, and mostly answered with 304: a new version shows at once.
        headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
        if status == 200 and any(known.value == tag for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        response = web.Response(
            body=content, content_type=kind, charset="utf-8", headers=headers, status=status
        )
        response.enable_compression()
        return response
