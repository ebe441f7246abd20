"""The cookie that says whose page this is: a random address, signed and nothing else."""

import secrets
from datetime import timedelta

from aiohttp import web
from itsdangerous import BadData, URLSafeTimedSerializer

NAME = "hocso"
# The longest that browsers keep a cookie (RFC 6265bis, section 5.5).
LIFETIME = timedelta(days=400)


class Cookies:
    """Signs and reads the cookie with one key, which every process on one database shares."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="web.cookie")

    def address_of(self, request: web.Request) -> str | None:
        """The address this request proves to own; ``None`` without a cookie of ours."""
        try:
            address = self._serializer.loads(
                request.cookies.get(NAME, ""), max_age=int(LIFETIME.total_seconds())
            )
        except (BadData, UnicodeEncodeError):  # the latter for bytes that are no text
            return None
        return address if isinstance(address, str) else None

    def give(self, response: web.StreamResponse, address: str, *, secure: bool) -> None:
        response.set_cookie(
            NAME,
            str(self._serializer.dumps(address)),
            max_age=int(LIFETIME.total_seconds()),
            path="/",
            httponly=True,
            samesite="Lax",
            secure=secure,
        )


def new_address() -> str:
    """128 random bits: nobody can guess another's page."""
    return secrets.token_urlsafe(16)
