"""Who looks: a cookie, the sitting it opens, and what that person may see at this very moment."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from aiohttp import web

from dashboard.answers import Refused
from dashboard.parts import Parts
from people.roles import Grant, Role, highest, may_anywhere, places_for
from places.model import Place
from storage import role_grants, sittings
from storage.sittings import Sitting

_NAME = "hocso-bang"
# Browsers hold a cookie of this name to HTTPS, to this host and to the whole of it
# (RFC 6265bis, section 4.1.3.2).
_SECURE_NAME = "__Host-hocso-bang"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_BROWSERS = (
    ("Cốc Cốc", "coc_coc"),
    ("Edge", "edg"),
    ("Samsung Internet", "samsungbrowser"),
    ("Chrome", "chrome"),
    ("Chrome", "crios"),
    ("Firefox", "firefox"),
    ("Firefox", "fxios"),
    ("Safari", "safari"),
)
_MACHINES = (
    ("Android", "android"),
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Windows", "windows"),
    ("Mac", "macintosh"),
    ("Linux", "linux"),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """``grants`` are those that hold now. ``seal`` goes with every form, and nobody else has it."""

    learner_id: int
    grants: tuple[Grant, ...]
    sitting: Sitting
    seal: str
    places: tuple[Place, ...]
    role: Role | Literal[""]


def secret_of(request: web.Request) -> str:
    """What the cookie holds, or "" where it can be none of ours."""
    for name in (_SECURE_NAME, _NAME):
        secret = request.cookies.get(name, "")
        if _SECRET.fullmatch(secret):
            return secret
    return ""


async def visitor_of(parts: Parts, request: web.Request) -> Visitor:
    """Whoever has this browser's sitting, and may still see anything. Raises ``Refused``."""
    secret = secret_of(request)
    if not secret:
        raise Refused(401, "not_in")
    now = parts.now()
    async with parts.database.read() as connection:
        sitting = await sittings.find(connection, secret)
        if sitting is None:
            raise Refused(401, "not_in")
        if not sitting.is_open(now, parts.idle):
            raise Refused(401, "over")
        grants = await role_grants.of_learner(connection, sitting.learner_id)
    held = tuple(grant for grant in grants if grant.holds(now))
    if not may_anywhere(held, "see_board", now):
        raise Refused(403, "no_role")
    if now - sitting.last_at >= sittings.NOTED_EVERY:
        async with parts.database.transaction() as connection:
            await sittings.note(connection, sitting.id, now)
    return Visitor(
        learner_id=sitting.learner_id,
        grants=held,
        sitting=sitting,
        seal=seal_of(secret),
        places=places_for(held, "see_board", now),
        role=highest(held, now) or "",
    )


def seal_of(secret: str) -> str:
    """What proves that a form was on a page which this very browser was shown."""
    return hmac.digest(secret.encode(), b"hocso.bang.form", hashlib.sha256).hex()


def require_seal(visitor: Visitor, given: str) -> None:
    """Raises ``Refused``."""
    if not hmac.compare_digest(visitor.seal.encode(), given.encode(errors="replace")):
        raise Refused(403, "other_site")


def give_cookie(
    response: web.StreamResponse, secret: str, longest: timedelta, *, secure: bool
) -> None:
    response.set_cookie(
        _SECURE_NAME if secure else _NAME,
        secret,
        max_age=int(longest.total_seconds()),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def take_cookie(response: web.StreamResponse, *, secure: bool) -> None:
    """Whichever of both there may be."""
    response.del_cookie(_NAME, path="/", httponly=True, samesite="Lax")
    if secure:
        response.del_cookie(_SECURE_NAME, path="/", httponly=True, samesite="Lax", secure=True)


def browser_of(request: web.Request) -> str:
    """What kind of browser it says it is, in one of a few words: "Chrome, Android"."""
    said = request.headers.get("User-Agent", "").lower()
    browser = next((name for name, sign in _BROWSERS if sign in said), "")
    machine = next((name for name, sign in _MACHINES if sign in said), "")
    return ", ".join(part for part in (browser, machine) if part)
