"""PTB's requests over aiohttp, with nothing in between.

httpx, which PTB comes with, takes too much of a turn's time: see
docs/decisions/0005. No proxy is used, no cookie kept, and no redirection followed.
"""

import json
from typing import Any

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.connector import Connection
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from channels.departure import departs
from channels.trust import tls

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_JSON = {"Content-Type": "application/json"}


class LineBroke(NetworkError):
    """There was a connection: the request may have arrived."""

    __slots__ = ()


class Departing(aiohttp.ClientRequest):
    """Says when it leaves.

    Headers wait for the body and go out with it, in one ``transport.write``, which both asyncio
    and uvloop hand to the kernel at once while nothing is queued before it (uvloop since 0.15,
    under TLS as well). A connection serves one request at a time, so nothing ever is.
    """

    async def write_bytes(
        self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None
    ) -> None:
        departs()
        await super().write_bytes(writer, conn, content_length)


class AiohttpRequest(BaseRequest):
    """At most ``connections`` at once, each kept ``keep_alive`` seconds after its last use.

    ``timeout`` is how many seconds a request may take as a whole, the wait for a
    connection included, unless ``read_timeout`` says otherwise for one; the making
    of a connection has ``connect_timeout`` seconds of it.
    """

    __slots__ = ("_connect_timeout", "_connections", "_keep_alive", "_session", "_timeout")

    def __init__(
        self, connections: int, *, timeout: float, connect_timeout: float, keep_alive: float
    ) -> None:
        self._connections = connections
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._keep_alive = keep_alive
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=self._keep_alive, ssl=tls()
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                request_class=Departing,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body. Raises ``TimedOut``, ``LineBroke`` or ``NetworkError``.

        Neither error says more than its kind, and neither has a cause: what aiohttp
        raises holds the address, and that the token.
        """
        del write_timeout, connect_timeout, pool_timeout  # parts of the one limit here
        if self._session is None:
            raise NetworkError("not initialised")
        whole = self._timeout if isinstance(read_timeout, DefaultValue) else read_timeout
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data),
                headers=None if request_data is None or request_data.contains_files else _JSON,
                timeout=aiohttp.ClientTimeout(total=whole, sock_connect=self._connect_timeout),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise NetworkError(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise LineBroke(type(error).__name__) from None


def _body(request_data: RequestData | None) -> Any:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return _dump(request_data.parameters).encode()
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for field, (name, content, kind) in request_data.multipart_data.items():
        form.add_field(field, content, filename=name, content_type=kind)
    return form
