"""The cookie of a host: which screen, and who; signed, and for some hours."""

from dataclasses import dataclass

from aiohttp import web
from itsdangerous import BadData, URLSafeTimedSerializer

_NAME = "hocso_man_hinh"


@dataclass(frozen=True, slots=True)
class Host:
    screen: int
    learner: int


class Hosts:
    """Signs and reads it with one key. ``hours`` is how long a host stays one."""

    def __init__(self, key: str, hours: int) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="screens.host")
        self._seconds = hours * 3600

    def of(self, request: web.Request) -> Host | None:
        try:
            held = self._serializer.loads(request.cookies.get(_NAME, ""), max_age=self._seconds)
        except (BadData, UnicodeEncodeError):
            return None
        match held:
            case [int(screen), int(learner)]:
                return Host(screen, learner)
            case _:
                return None

    def give(self, response: web.StreamResponse, host: Host, *, path: str, secure: bool) -> None:
        response.set_cookie(
            _NAME,
            str(self._serializer.dumps([host.screen, host.learner])),
            max_age=self._seconds,
            path=path,
            httponly=True,
            samesite="Strict",
            secure=secure,
        )
