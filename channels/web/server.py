"""The one web server: every channel hands it routes, and the composition root starts it."""

import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler

log = logging.getLogger(__name__)
# What aiohttp says of a request that is no HTTP: a line, and the sender's IP address, for
# everything that anybody throws at the port. Faults of ours are caught and told below.
_protocol_log = logging.getLogger(f"{__name__}.protocol")
_protocol_log.setLevel(logging.CRITICAL)

# Whether all is well, and what to say of each part.
Healthz: TypeAlias = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]

# The largest body of any route; a channel may take less. Telegram's updates are the largest.
_MOST_BYTES = 1024 * 1024
_SHUTDOWN_SECONDS = 5.0
# A line on which nothing whole was asked for so long is closed; aiohttp would hold it for an
# hour, and a few hundred idle ones are all that a process may have open. Longer than the minute
# for which nginx keeps a line to us, so that it is never the one to be surprised.
_IDLE_SECONDS = 75.0
_MOST_FILES = 65_536

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def build_app(routes: Iterable[web.AbstractRouteDef], healthz: Healthz) -> web.Application:
    """The application that answers ``routes`` and ``GET /healthz``, with safe headers on all."""

    async def health(_request: web.Request) -> web.StreamResponse:
        well, parts = await healthz()
        said = json.dumps({"well": well, **parts}, ensure_ascii=False)
        return web.json_response(text=said, status=200 if well else 503)

    app = web.Application(client_max_size=_MOST_BYTES, middlewares=[_no_traces])
    app.add_routes(list(routes))
    app.router.add_get("/healthz", health)
    app.on_response_prepare.append(_add_headers)
    return app


class Server:
    """Serves an application on one port.

    ``start`` raises ``OSError`` when the port is taken or may not be used; its
    ``errno`` says which. After ``start``, ``port`` is the real one, also for port 0.
    """

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=_protocol_log,
            handle_signals=False,
            shutdown_timeout=_SHUTDOWN_SECONDS,
            keepalive_timeout=_IDLE_SECONDS,
        )
        self._host = host
        self.port = port

    async def start(self) -> None:
        _allow_many_lines()
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Finish what is being answered, for a few seconds. Safe to call twice."""
        await self._runner.cleanup()


def _allow_many_lines() -> None:
    """Each open page is an open file. The usual limit is 1,024, which a single client can hold by
    asking for nothing whole, and then neither Telegram nor the database gets one any more. What a
    process may raise it to is a multiple of that.
    """
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if most == resource.RLIM_INFINITY else min(most, _MOST_FILES)
    if resource.RLIM_INFINITY != now < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


@web.middleware
async def _no_traces(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault of ours: logged by route, without what the address or the body said."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except web.RequestPayloadError:
        # A body that is not what its headers say.
        return _unread()
    except Exception as fault:
        if isinstance(fault, ConnectionError) and request.transport is None:
            # A telephone that lost its network in the middle of a post: nobody reads an answer.
            return _unread()
        resource = request.match_info.route.resource
        log.exception("%s %s failed", request.method, resource.canonical if resource else "?")
        return web.Response(
            status=500, text="Chỗ này trục trặc chút xíu. Mời mở lại trang sau ít phút nha."
        )


def _unread() -> web.Response:
    return web.Response(status=400, text="Tin chưa tới trọn vẹn. Mời gửi lại nha.")


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    # Not which library answers, and of what version.
    response.headers["Server"] = "hoc-so"
