"""From what the page posts to an event."""

import asyncio
import re
import unicodedata
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from conversation.actions import Action
from conversation.events import Chosen, CommandReceived, Event, Started, TextReceived
from vietnamese import fold

MOST_BYTES = 8 * 1024
# So few bytes take no longer; who sends them one by one only holds lines open.
MOST_SECONDS = 20.0
MOST_CHARACTERS = 1_000
# What Telegram allows in a deep link, so that one payload works on every channel
# (https://core.telegram.org/bots/features#deep-linking).
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMMAND = re.compile(r"/([^\s/@]{1,32})(?:@\S*)?(?:\s+(.*))?", re.DOTALL)
_COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")

LineId = Annotated[str, StringConstraints(pattern=r"^[0-9]{0,18}$")]


class Refused(Exception):
    """A post that is not taken: the HTTP status, and one sentence a learner may read."""

    def __init__(self, status: int, sentence: str, *, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after = retry_after


class _Posted(BaseModel):
    # ``id`` is made by the page, new for each thing done and the same on every retry of it.
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID


class Opening(_Posted):
    """The page was opened, perhaps by a link with a payload."""

    start: str = ""

    @property
    def payload(self) -> str:
        """The payload, or "" for one no link of ours ever carried: the page opens all the same."""
        return self.start if PAYLOAD.fullmatch(self.start) else ""


class Saying(_Posted):
    """Words were typed, or a button was tapped on the line ``source``."""

    text: str | None = None
    action: str | None = None
    source: LineId = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Saying":
        if (self.text is None) == (self.action is None):
            raise ValueError("either text or action")
        return self


_Model = TypeVar("_Model", Opening, Saying)


async def read_post(request: web.Request, model: type[_Model]) -> _Model:
    """The body, checked. Raises ``Refused``; the sentence never repeats what was posted."""
    if request.content_type != "application/json":
        raise Refused(415, "Chỗ này chỉ nhận tin gửi từ trang của Học Số.")
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413, "Tin dài quá. Mình chia ra vài tin ngắn nha.")
    body = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise Refused(413, "Tin dài quá. Mình chia ra vài tin ngắn nha.")
    except TimeoutError:
        raise Refused(408, "Mạng hơi chậm, tin chưa tới nơi. Mình thử lại nha.") from None
    try:
        return model.model_validate_json(bytes(body))
    except ValidationError:
        raise Refused(400, "Trang này chưa gửi được. Mời mở lại trang rồi thử lại nha.") from None


def require_same_site(request: web.Request, public_url: str) -> None:
    """Refuse a post that another site's page makes in the learner's name.

    Browsers say where a request comes from in ``Sec-Fetch-Site`` (not on plain HTTP)
    and ``Origin``, and no page can forge either. What is not a browser sends neither,
    and has no cookie to misuse.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        is_ours = site == "same-origin"
    elif origin is not None:
        ours = {request.host, urlsplit(public_url).netloc}
        is_ours = _netloc(origin) in ours - {""}
    else:
        is_ours = True
    if not is_ours:
        raise Refused(403, "Tin này từ trang khác gửi tới nên chỗ này không nhận.")


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # "http://[", which no browser sends
        return ""


def clean(text: str) -> str:
    """The text composed (NFC), without control characters and outer space.

    Raises ``Refused`` for more than ``MOST_CHARACTERS``, and for nothing at all.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = "".join(
        letter for letter in composed if letter == "\n" or unicodedata.category(letter) != "Cc"
    ).strip()
    if not kept:
        raise Refused(422, "Tin chưa có chữ nào.")
    if len(kept) > MOST_CHARACTERS:
        raise Refused(
            422, f"Tin hơi dài (tối đa {MOST_CHARACTERS} chữ cái). Mình chia ra vài tin nha."
        )
    return kept


def typed_event(text: str) -> Event:
    """What typed words are: a command when they begin like one, else words."""
    match = _COMMAND.fullmatch(text)
    if match is None:
        return TextReceived(text)
    name, argument = fold(match[1]), (match[2] or "").strip()
    if not _COMMAND_NAME.fullmatch(name):
        return TextReceived(text)
    if name == "start":
        return Started(argument if PAYLOAD.fullmatch(argument) else "")
    return CommandReceived(name, argument)


def tapped_event(action: str, source: str) -> Event:
    """What a button means. Raises ``Refused`` when nobody of ours made it."""
    try:
        return Chosen(Action.decode(action), source)
    except ValueError:
        raise Refused(400, "Nút này không còn dùng được. Mời mở lại trang này nha.") from None
