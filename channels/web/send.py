"""How a reply reaches a page: it becomes a line, and the open pages are woken."""

from collections.abc import Callable
from datetime import datetime

from channels.base import Sent, Unavailable
from channels.web.render import draw_reply
from channels.web.streams import Streams
from channels.web.transcript import Transcript
from conversation.replies import Reply
from storage.errors import StorageError


class Sender:
    """Writes lines. A closed page is no failure: the line waits there."""

    def __init__(
        self, transcript: Transcript, streams: Streams, now: Callable[[], datetime]
    ) -> None:
        self._transcript = transcript
        self._streams = streams
        self._now = now

    async def send(self, address: str, reply: Reply, *, replaces: str, delivery: int) -> Sent:
        """Raises ``Unavailable`` when storage fails, and no other ``SendError``."""
        now = self._now()
        try:
            kept = await self._transcript.add_reply(
                address,
                reply,
                replaces=int(replaces) if replaces.isdecimal() else 0,
                delivery=delivery,
                now=now,
            )
        except StorageError as error:
            raise Unavailable(type(error).__name__) from error
        if kept is None:
            # Everything about this learner was erased: the last words are shown, not kept.
            passing = {"side": "tutor", "at": int(now.timestamp() * 1000), **draw_reply(reply)}
            self._streams.wake(address, passing=passing)
            return Sent()
        line, drawn_anew = kept
        self._streams.wake(address, redrawn=line if drawn_anew else 0)
        return Sent(str(line))
