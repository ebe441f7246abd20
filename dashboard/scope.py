"""Where a page looks: one place of those that this person may see, or all of them together."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard.answers import Missing
from dashboard.parts import Parts
from dashboard.visitor import Visitor
from people.roles import EVERYWHERE, may
from places.model import Place
from storage import hamlets
from storage.database import Connection
from storage.hamlets import Hamlet

_TOKEN = re.compile(r"(?P<kind>[xa])(?P<code>[A-Za-z0-9-]{1,40})")


@dataclass(frozen=True, slots=True)
class Scope:
    """``token`` is what an address carries: "" for all that is this person's. ``whole`` is the
    one place it is, or ``None`` when it is several. ``owner_id`` is whose classes belong to it
    besides, wherever they are.
    """

    token: str
    title: str
    places: tuple[Place, ...]
    whole: Place | None
    owner_id: int | None

    @property
    def commune(self) -> str:
        return self.whole.commune if self.whole is not None else ""


async def scope_of(parts: Parts, connection: Connection, visitor: Visitor, token: str) -> Scope:
    """Raises ``Missing`` for a place that is not there, or not for this person."""
    if not token:
        whole = visitor.places[0] if len(visitor.places) == 1 else None
        titles = await titles_of(parts, connection, visitor.places)
        return Scope(
            "",
            " · ".join(titles[place] for place in visitor.places[:3])
            + (" · …" if len(visitor.places) > 3 else ""),
            visitor.places,
            whole,
            None if whole == EVERYWHERE else visitor.learner_id,
        )
    place = await _place(parts, connection, token)
    if not may(visitor.grants, "see_board", place, parts.now()):
        raise Missing
    titles = await titles_of(parts, connection, [place])
    return Scope(token, titles[place], (place,), place, None)


async def one_place(
    parts: Parts, connection: Connection, visitor: Visitor, token: str
) -> tuple[Scope, Place]:
    """The same for what is counted of one place: of several the first, until one is chosen."""
    scope = await scope_of(parts, connection, visitor, token)
    if scope.whole is None:
        scope = await scope_of(parts, connection, visitor, token_of(visitor.places[0]))
    return scope, scope.whole or EVERYWHERE


async def _place(parts: Parts, connection: Connection, token: str) -> Place:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise Missing
    if found["kind"] == "x":
        if parts.places.commune(found["code"]) is None:
            raise Missing
        return Place(found["code"])
    if not found["code"].isdecimal() or len(found["code"]) > 15:
        raise Missing
    hamlet = await hamlets.by_id(connection, int(found["code"]))
    if hamlet is None:
        raise Missing
    return hamlet.place


def token_of(place: Place) -> str:
    if place.hamlet:
        return f"a{place.hamlet}"
    return f"x{place.commune}" if place.commune else ""


async def titles_of(
    parts: Parts, connection: Connection, places: Iterable[Place]
) -> Mapping[Place, str]:
    """As they are said, whole: "ấp 3, xã Tân Hồng". One statement at most."""
    named = tuple(places)
    numbers = sorted({place.hamlet for place in named if place.hamlet})
    known = {one.id: one for one in await hamlets.by_ids(connection, numbers)} if numbers else {}
    return {place: title(parts, place, known) for place in named}


def title(parts: Parts, place: Place, known: Mapping[int, Hamlet]) -> str:
    if place == EVERYWHERE:
        provinces = parts.places.provinces
        return f"tỉnh {provinces[0].name}" if len(provinces) == 1 else "tất cả các nơi"
    commune = parts.places.commune(place.commune)
    where = commune.title if commune is not None else f"xã, phường mã {place.commune}"
    if not place.hamlet:
        return where
    hamlet = known.get(place.hamlet)
    return f"{hamlet.title}, {where}" if hamlet is not None else where
