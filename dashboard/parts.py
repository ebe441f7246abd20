"""What every page is made of, the same for all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from aiohttp import web

from lessons.catalogue import Catalogue
from places.directory import Places
from storage.database import Database
from templates.pages import PageTemplates

# Draws a document from plain content, as ``pictures.draw`` does. It runs in a thread.
Draw: TypeAlias = Callable[[str, dict[str, Any]], bytes]
# Seconds that whoever sent this request has to wait, 0.0 when they need not; counts the request.
Knock: TypeAlias = Callable[[web.Request], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A browser that is silent for ``idle`` is shut out, and each after ``longest``.

    ``basics`` are the lessons and ``share`` the part of its members that make a household count.
    ``public_url`` is the address people open, without a slash at the end; ``behind_proxy`` trusts
    ``X-Forwarded-Proto``.
    """

    database: Database
    templates: PageTemplates
    catalogue: Catalogue
    places: Places
    zone: ZoneInfo
    basics: tuple[str, ...]
    share: float
    idle: timedelta
    longest: timedelta
    public_url: str
    behind_proxy: bool
    draw: Draw
    knock: Knock
    now: Callable[[], datetime]

    @property
    def courses(self) -> Mapping[str, tuple[str, ...]]:
        """The lessons of each course, as the counting wants them."""
        return {course.slug: course.lessons for course in self.catalogue.courses}

    def is_secure(self, request: web.Request) -> bool:
        """Whether a browser may be told to show the cookie over HTTPS only."""
        forwarded = self.behind_proxy and request.headers.get("X-Forwarded-Proto") == "https"
        return forwarded or request.scheme == "https" or self.public_url.startswith("https:")
