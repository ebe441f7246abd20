"""What a broadcast says, and the settings it goes by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from markupsafe import Markup

from conversation import guard
from conversation.replies import Say
from people.links import HANDLE, LINK
from storage.broadcasts import Broadcast
from templates.words import Words

# With the greeting and the foot it fits one line of every channel (2,000 characters).
MOST_WORDS = 1_200
# What fills a ready-made text is a time and a place.
MOST_DETAIL = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A ready-made text: the macro ``broadcast.ready_<name>``, and the one that labels its button.

    With ``asks`` its sender fills in when and where. What is urgent passes the limit of the day;
    only these are, and every claim in one rests on a row of ``lessons/content/facts.yaml``.
    ``same_day`` is no use tomorrow.
    """

    name: str
    asks: bool = False
    is_urgent: bool = False
    same_day: bool = False
    facts: tuple[str, ...] = ()


READY = (
    Ready(name="class_today", asks=True, same_day=True),
    Ready(name="learning_day", asks=True),
    Ready(name="fake_police", is_urgent=True, facts=("C10", "C11", "B26")),
    Ready(name="fake_bank", is_urgent=True, facts=("B6", "C13", "B26")),
    Ready(name="fake_app", is_urgent=True, facts=("C28", "D1")),
    Ready(name="fake_shipper", is_urgent=True, facts=("C16", "B25")),
)
_BY_NAME = {one.name: one for one in READY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcasting:
    """``rate`` is how many lines a second are put into the outbox, ``piece`` how many people in one
    transaction. For more than ``approve_above`` people a second person is asked, who has
    ``approval_for``. What has not gone out after ``open_for`` does not go out any more. ``paces``
    are the lines a second that each channel allows; ``own_host`` is where our own pages are.
    Warnings pass the limit of the day, so they have one of their own: the same one comes to nobody
    again within ``same_again_after``, and no more than ``most_warnings`` on a day.
    """

    rate: float = 20.0
    piece: int = 25
    approve_above: int = 200
    approval_for: timedelta = timedelta(hours=24)
    open_for: timedelta = timedelta(hours=48)
    paces: Mapping[str, float] = field(default_factory=dict)
    own_host: str = ""
    same_again_after: timedelta = timedelta(days=7)
    most_warnings: int = 2

    def takes(self, channels: Mapping[str, int]) -> timedelta:
        """How long so many lines take, when nothing else is sent meanwhile."""
        slowest = max(
            (lines / pace for name, lines in channels.items() if (pace := self.paces.get(name))),
            default=0.0,
        )
        return timedelta(seconds=max(slowest, sum(channels.values()) / self.rate))


def ready(name: str) -> Ready | None:
    return _BY_NAME.get(name)


def line_of(words: Words, broadcast: Broadcast, term: str) -> Say:
    """The one line that a learner addressed so gets."""
    if broadcast.ready:
        filling = {"detail": broadcast.words} if _BY_NAME[broadcast.ready].asks else {}
        text = words.render(f"broadcast.ready_{broadcast.ready}", term, **filling)
    else:
        text = Markup.escape(broadcast.words)
    return Say(
        words.render(
            "broadcast.line",
            term,
            text=text,
            signed=broadcast.signed,
            is_urgent=broadcast.is_urgent,
        )
    )


# Why a text cannot be sent to many.
Fault: TypeAlias = Literal["empty", "long", "secret", "link", "number"]
_TRAILING = ".,;:!?)]}”’\"'"
_ACCOUNT = re.compile(r"(?:\d[ .\-]?){8,}")
_PHONE = re.compile(r"(?:\+?84|0)(?:[ .\-]?\d){9,10}|1[89]00(?:[ .\-]?\d){4,6}|1022")


def fault_of(
    text: str, own_host: str = "", own_links: tuple[str, ...] = (), *, most: int
) -> Fault | None:
    """Why this must not go to many people at once; ``None`` when it may.

    Only links to the state (``https://….gov.vn``) and to our own pages: a text that everybody in a
    hamlet trusts is what a swindler would borrow a role for. For the same reason no number that
    could be an account.
    """
    if not text.strip():
        return "empty"
    if len(text) > most:
        return "long"
    if guard.look(text, expecting=None) is not None:
        return "secret"
    for found in LINK.finditer(text):
        if not _is_ours(found[0].rstrip(_TRAILING), own_host, own_links):
            return "link"
    if HANDLE.search(text):
        return "link"
    if _ACCOUNT.search(LINK.sub(" ", _PHONE.sub(" ", text))):
        return "number"
    return None


def _is_ours(link: str, own_host: str, own_links: tuple[str, ...]) -> bool:
    # A name alone, such as dichvucong.gov.vn, is what people are to type themselves.
    whole = link if "//" in link else f"https://{link}"
    if any(whole == own or whole.startswith((f"{own}?", f"{own}/")) for own in own_links):
        return True
    try:
        parts = urlsplit(whole)
        if parts.scheme != "https" or "@" in parts.netloc or parts.port is not None:
            return False
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    is_state = host.endswith(".gov.vn") and host.isascii()
    return is_state or (bool(own_host) and host == own_host)
