"""The page of households: how many learn together, and how many of them count."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
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
from storage.reports.few import Figure, ranked, shown, shown_parts

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
        whole = Place(place.commune)
        counted_at, communes = parts.now(), _Said()
        if EVERYWHERE in visitor.places:
            kept = await counts.of("", everywhere(parts))
            communes = _said(_by_part(kept.value, EVERYWHERE))
        if place == EVERYWHERE:
            counted_at, hamlets = kept.counted_at, communes
        else:
            found = await households.count(connection, parts.basics, parts.share, [place.commune])
            hamlets = _said(_by_part(found, whole))
        titles = await titles_of(parts, connection, hamlets.pairs)
        own_places = await titles_of(parts, connection, visitor.places)
    in_order = sorted(hamlets.pairs, key=lambda part: (*ranked(hamlets.of(part)[0]), titles[part]))
    homes, counting = hamlets.of(place) if place.hamlet else hamlets.total
    # What the page of all communes leaves out of this one, no page of it tells.
    if isinstance(communes.of(whole)[0], str):
        homes = counting = communes.of(whole)[0]
    elif isinstance(communes.of(whole)[1], str) and not place.hamlet:
        counting = communes.of(whole)[1]
    is_told = not place.hamlet and not isinstance(homes, str)
    return page(
        parts,
        visitor,
        "homes",
        title="Gia đình số",
        scope=scope,
        choices=[(token_of(one), title) for one, title in own_places.items()],
        rule=_rule(parts.share),
        homes=homes,
        counting=counting,
        lines=[
            Line(
                _title(part, place, titles[part]),
                token_of(part) if part != place else "",
                *hamlets.of(part),
            )
            for part in in_order
        ]
        if is_told
        else [],
        counted_at=counted_at,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of one whole: how many homes, how many of them count; and as both may be told."""

    pairs: Mapping[Place, tuple[int, int]] = field(default_factory=dict)
    figures: Mapping[Place, tuple[Figure, Figure]] = field(default_factory=dict)

    def of(self, part: Place) -> tuple[Figure, Figure]:
        return self.figures.get(part, (0, 0))

    @property
    def total(self) -> tuple[Figure, Figure]:
        homes, counting = (sum(pair[at] for pair in self.pairs.values()) for at in (0, 1))
        return _pair(shown(homes), shown(counting, homes))


def _said(by_part: Mapping[Place, tuple[int, int]]) -> _Said:
    """On every page the same, so that none tells what another leaves out."""
    order = sorted(by_part)
    homes = [by_part[part][0] for part in order]
    counting = shown_parts([by_part[part][1] for part in order], homes)
    figures = zip(order, shown_parts(homes), counting, strict=True)
    return _Said(by_part, {part: _pair(how_many, those) for part, how_many, those in figures})


def _pair(homes: Figure, counting: Figure) -> tuple[Figure, Figure]:
    """Of few homes not even "none of them" is said."""
    return homes, homes if isinstance(homes, str) else counting


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


def _by_part(found: list[Counted], place: Place) -> dict[Place, tuple[int, int]]:
    """Communes of everywhere, hamlets of a commune. Who said no place is counted nowhere."""
    sums: defaultdict[Place, list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        if not one.place.commune or place.commune not in ("", one.place.commune):
            continue
        part = sums[Place(one.place.commune) if place == EVERYWHERE else one.place]
        part[0] += one.households
        part[1] += one.counting
    return {part: (homes, counting) for part, (homes, counting) in sums.items()}


def _title(part: Place, whole: Place, title: str) -> str:
    if part == whole:
        return "không nói ấp, khóm nào"
    return title.partition(",")[0] if part.hamlet else title
