"""A bare chat page on aiohttp: what is posted comes back over server-sent events, stored nowhere.

``python -m benchmarks.peers.web_echo PORT``. The paths and bodies are those of the tutor's page.
"""

import asyncio
import json
import secrets
import sys

from aiohttp import web
from aiohttp_sse import sse_response

COOKIE = "hocso"


class Echo:
    def __init__(self) -> None:
        self._lines: dict[str, asyncio.Queue[str]] = {}
        self._next = 0

    async def open(self, _request: web.Request) -> web.Response:
        address = secrets.token_urlsafe(16)
        self._lines[address] = asyncio.Queue()
        self._lines[address].put_nowait(self._line("hello"))
        response = web.json_response({"lines": [], "commands": []})
        response.set_cookie(COOKIE, address)
        return response

    async def say(self, request: web.Request) -> web.Response:
        posted = await request.json()
        self._lines[request.cookies[COOKIE]].put_nowait(self._line(posted.get("text", "")))
        return web.json_response({"taken": posted["id"]})

    async def events(self, request: web.Request) -> web.StreamResponse:
        lines = self._lines[request.cookies[COOKIE]]
        async with sse_response(request) as response:
            while response.is_connected():
                await response.send(await lines.get(), event="line")
        return response

    def _line(self, text: str) -> str:
        self._next += 1
        choice = {"number": 1, "label": "Học tiếp", "action": "next"}
        line = {"id": self._next, "side": "tutor", "text": [text], "choices": [choice]}
        return json.dumps(line, ensure_ascii=False)


def main() -> None:
    echo = Echo()
    app = web.Application()
    app.router.add_post("/open", echo.open)
    app.router.add_post("/say", echo.say)
    app.router.add_get("/events", echo.events)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
