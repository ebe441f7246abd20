"""How a page is answered, and the few ways in which it is not."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

# No script at all: a page that runs none has none to be tricked into. Forms lead to us only.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    # To ourselves it must be told, or browsers say that our own forms come from nowhere.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


class Refused(Exception):
    """A page that is not shown: the status, and which page says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Missing(Refused):
    """It is not there, or not for this person: which of both is not told."""

    def __init__(self) -> None:
        super().__init__(404, "missing")


def html(text: str, status: int = 200) -> web.Response:
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
    )


def file(body: bytes, kind: str, name: str) -> web.Response:
    """To keep: ``name`` is ASCII."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=kind, headers=headers)


def see_other(path: str) -> web.Response:
    return web.Response(status=303, headers={**HEADERS, "Location": path})


async def form_of(request: web.Request) -> Mapping[str, str]:
    """The words of a form, sent as ours are. Raises ``Refused`` for what no browser sends."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refused(400, "no_form")
    try:
        form = await request.post()
    except (ValueError, LookupError):  # no text, or of a kind that nobody knows
        raise Refused(400, "no_form") from None
    return {key: value for key, value in form.items() if isinstance(value, str)}


def require_same_site(request: web.Request, public_url: str) -> None:
    """Refuse what another site's page posts in this person's name, by what browsers say of it.

    Raises ``Refused``.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        is_ours = site == "same-origin"
    elif origin is not None:
        try:
            is_ours = urlsplit(origin).netloc in {request.host, urlsplit(public_url).netloc} - {""}
        except ValueError:
            is_ours = False
    else:
        is_ours = True
    if not is_ours:
        raise Refused(403, "other_site")
