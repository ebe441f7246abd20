"""The page of households: how many learn together, and how many of them count."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web

from dashboard.parts import Parts
from dashboard.province import Province
from dashboard.scope import one_place, titles_of, token_of
from dashboard.views import page
from dashboard.visitor import Visitor
from people.roles import EVERYWHERE
from places.model import Place
from storage import households
from storage.households import Counted
from storage.reports.few import Figure, shown, shown_parts

Counts: TypeAlias = Province[list[Counted]]


@dataclass(frozen=True, slots=True)
class Line:
    """A hamlet of a commune, or a commune of everywhere. ``token`` leads there."""

    title: str
    token: str
    homes: Figure
    counting: Figure


async def show(
    parts: Parts, request: web.Request, visitor: Visitor, counts: Counts
) -> web.StreamResponse:
    async with parts.database.read() as connection:
        scope, place = await one_place(parts, connection, visitor, request.query.get("noi", ""))
        counted_at = parts.now()
        if place == EVERYWHERE:
            kept = await counts.of("", everywhere(parts))
            found, counted_at = kept.value, kept.counted_at
        else:
            found = await households.count(connection, parts.basics, parts.share, [place.commune])
        found = [one for one in found if _is_in(one.place, place)]
        by_part = _by_part(found, place)
        titles = await titles_of(parts, connection, by_part)
        own_places = await titles_of(parts, connection, visitor.places)
    in_order = sorted(by_part, key=lambda part: (-by_part[part][0], titles[part]))
    homes = shown_parts([by_part[part][0] for part in in_order])
    counting = shown_parts(
        [by_part[part][1] for part in in_order], [by_part[part][0] for part in in_order]
    )
    total, counted = (sum(pair[at] for pair in by_part.values()) for at in (0, 1))
    return page(
        parts,
        visitor,
        "homes",
        title="Gia đình số",
        scope=scope,
        choices=[(token_of(one), title) for one, title in own_places.items()],
        rule=_rule(parts.share),
        homes=shown(total),
        # Of few homes not even "none of them" is said.
        counting=shown(counted, total) if isinstance(shown(total), int) else shown(total),
        lines=[
            Line(
                _title(part, place, titles[part]),
                token_of(part) if part != place else "",
                how_many,
                how_many if isinstance(how_many, str) else those,
            )
            for part, how_many, those in zip(in_order, homes, counting, strict=True)
        ]
        if not place.hamlet
        else [],
        counted_at=counted_at,
    )


def everywhere(parts: Parts) -> Callable[[], Awaitable[list[Counted]]]:
    """What counts the households of all places at once, on a reading of its own."""

    async def count() -> list[Counted]:
        async with parts.database.read() as connection:
            return await households.count(connection, parts.basics, parts.share)

    return count


def _rule(share: float) -> str:
    """What makes a household count, as people say it."""
    one = "ít nhất một người học xong các bài cơ bản"
    return f"{one}, và ít nhất {round(100 * share)} % người trong hộ học xong" if share else one


def _is_in(home: Place, place: Place) -> bool:
    """Who said no place is counted nowhere."""
    if place == EVERYWHERE:
        return bool(home.commune)
    return home == place if place.hamlet else home.commune == place.commune


def _by_part(found: list[Counted], place: Place) -> dict[Place, tuple[int, int]]:
    sums: defaultdict[Place, list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        part = sums[Place(one.place.commune) if place == EVERYWHERE else one.place]
        part[0] += one.households
        part[1] += one.counting
    return {part: (homes, counting) for part, (homes, counting) in sums.items()}


def _title(part: Place, whole: Place, title: str) -> str:
    if part == whole:
        return "không nói ấp, khóm nào"
    return title.partition(",")[0] if part.hamlet else title
