"""The desk where posts are taken: who sends, may they, and then the turn."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from channels.base import Receive
from channels.limits import Pace, client_of, network_of
from channels.web.cookie import Cookies, new_address
from channels.web.receive import (
    Opening,
    Refused,
    Saying,
    clean,
    read_post,
    require_same_site,
    tapped_event,
    typed_event,
)
from channels.web.render import draw_line
from channels.web.streams import Streams
from channels.web.transcript import NAME, Transcript
from conversation.events import Event, Inbound, Started

log = logging.getLogger(__name__)

MOST_POSTS = 20
POSTS_WITHIN = 10.0  # seconds
# Streams, pictures and files. A reload asks for some dozens at once.
MOST_READS = 240
READS_WITHIN = 60.0  # seconds
_HOUR = 3600.0

_CLOSED = "Lớp học đang mở cửa lại, chờ một chút rồi thử lại nha."
_UNKNOWN = "Trang này cần mở lại. Mời đóng rồi mở lại nha."
_TOO_FAST = "Mình gửi hơi nhanh, chờ vài giây nha."
_TOO_MANY = "Nơi này vừa có nhiều người mới vào quá. Chờ ít phút rồi thử lại nha."
_NOT_STORED = "Chưa lưu được tin. Mình thử lại sau vài giây nha."


class Desk:
    """``POST /open`` and ``POST /say``; and for the other routes, whose page a request is."""

    def __init__(
        self,
        *,
        transcript: Transcript,
        streams: Streams,
        commands: Sequence[tuple[str, str]],
        public_url: str,
        behind_proxy: bool,
        new_addresses_per_hour: int,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._transcript = transcript
        self._streams = streams
        self._commands = [list(command) for command in commands]
        self._public_url = public_url
        self._behind_proxy = behind_proxy
        self._now = now
        self._posts = Pace(MOST_POSTS, POSTS_WITHIN, monotonic)
        self._reads = Pace(MOST_READS, READS_WITHIN, monotonic)
        self._arrivals = Pace(new_addresses_per_hour, _HOUR, monotonic)
        self._cookies: Cookies | None = None
        self._receive: Receive | None = None

    def open(self, cookies: Cookies, receive: Receive) -> None:
        self._cookies = cookies
        self._receive = receive

    def close(self) -> None:
        self._receive = None

    @property
    def is_open(self) -> bool:
        return self._receive is not None

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.post("/open", answering(self.opened)),
            web.post("/say", answering(self.said)),
        )

    def address_of(self, request: web.Request) -> str:
        """Whose page this request comes from. Raises ``Refused``."""
        if self._cookies is None:
            raise Refused(503, _CLOSED, retry_after=3)
        address = self._cookies.address_of(request)
        if address is None:
            raise Refused(401, _UNKNOWN)
        return address

    def reader(self, request: web.Request) -> str:
        """Whose page asks for something to show, and not too often. Raises ``Refused``."""
        address = self.address_of(request)
        wait = self._reads.knock(address)
        if wait:
            raise Refused(429, _TOO_FAST, retry_after=wait)
        return address

    async def opened(self, request: web.Request) -> web.StreamResponse:
        """Repaint the page. A new visitor, or a link's payload, starts a turn."""
        require_same_site(request, self._public_url)
        if self._cookies is None:
            raise Refused(503, _CLOSED, retry_after=3)
        address = self._cookies.address_of(request)
        if address is not None:
            self._keep_pace(address)
        posted = await read_post(request, Opening)
        if address is None:
            client = client_of(request, behind_proxy=self._behind_proxy)
            if self._arrivals.knock(network_of(client)):
                raise Refused(429, _TOO_MANY, retry_after=60)
            address = new_address()
            lines: list[dict[str, Any]] = []
        else:
            stored = await self._stored(self._transcript.latest(address))
            lines = [draw_line(line) for line in stored]
        answer = web.json_response({"lines": lines, "commands": self._commands})
        if posted.payload or not lines:
            try:
                await self._take(address, str(posted.id), Started(posted.payload))
            except Refused as refused:
                answer = refusal(refused)
        # Also with a refusal: the retry then comes from the same address.
        self._cookies.give(answer, address, secure=self._is_secure(request))
        return answer

    async def said(self, request: web.Request) -> web.StreamResponse:
        """Take what was typed or tapped; 200 once its turn is committed.

        The answer says in ``kept`` whether the typed words are now a line of the transcript.
        """
        require_same_site(request, self._public_url)
        address = self.address_of(request)
        self._keep_pace(address)
        posted = await read_post(request, Saying)
        said = str(posted.id)
        kept = False
        if posted.text is not None:
            text = clean(posted.text)
            event = typed_event(text)
            kept = await self._stored(self._transcript.add_typed(address, said, text, self._now()))
            self._streams.wake(address)
        else:
            event = tapped_event(posted.action or "", posted.source)
        await self._take(address, said, event)
        return web.json_response({"taken": said, "kept": kept})

    async def _take(self, address: str, external_id: str, event: Event) -> None:
        if self._receive is None:
            raise Refused(503, _CLOSED, retry_after=3)
        inbound = Inbound(
            channel=NAME,
            address=address,
            external_id=external_id,
            received_at=self._now(),
            event=event,
        )
        await self._stored(self._receive(inbound))

    def _keep_pace(self, address: str) -> None:
        wait = self._posts.knock(address)
        if wait:
            raise Refused(429, _TOO_FAST, retry_after=wait)

    async def _stored(self, work: Awaitable[Any]) -> Any:
        """Whatever keeps a post from being stored, the page must keep it and try again."""
        try:
            return await work
        except Exception as error:
            # The name only: a driver's sentence may hold what was typed.
            log.warning("a post was not stored: %s", type(error).__name__)
            raise Refused(503, _NOT_STORED, retry_after=3) from error

    def _is_secure(self, request: web.Request) -> bool:
        forwarded = self._behind_proxy and request.headers.get("X-Forwarded-Proto") == "https"
        return forwarded or request.scheme == "https" or self._public_url.startswith("https:")


Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(serve: Serve) -> Serve:
    """The same handler, with a refusal answered as JSON that the page can show."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await serve(request)
        except Refused as refused:
            return refusal(refused)

    return answered


def refusal(refused: Refused) -> web.Response:
    headers = {"Retry-After": str(int(refused.retry_after) + 1)} if refused.retry_after else {}
    return web.json_response({"error": refused.sentence}, status=refused.status, headers=headers)
