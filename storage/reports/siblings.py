"""A place among those beside it: what their sum, less all the others, would tell of it.

A page of a hamlet says no number that the page of its commune leaves out, or both together would
tell it. The same holds for communes before who sees them all, and for the places of who has
several. Chat and page ask here, so that they leave out the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from people.roles import EVERYWHERE
from places.model import Place
from storage.database import Connection
from storage.reports import kept
from storage.reports.few import Figure, shown, shown_parts
from storage.reports.tally import Measure, Tally


@dataclass(frozen=True, slots=True)
class Siblings:
    """The parts of one whole, in one order on every page; ``at`` are those that are looked at."""

    tallies: tuple[Tally, ...]
    at: tuple[int, ...]

    def hide(self, measure: Measure, subject: str, *, is_share: bool) -> bool:
        counts = [one.of(measure, subject) for one in self.tallies]
        totals = [one.people for one in self.tallies] if is_share else None
        figures = shown_parts(counts, totals)
        return any(isinstance(figures[place], str) for place in self.at)


def told(
    tally: Tally,
    siblings: Sequence[Siblings],
    measure: Measure,
    subject: str = "",
    *,
    is_share: bool = True,
) -> Figure:
    """A count of people as it may be said. ``is_share`` when it is a part of all people there, and
    what is left of them must not be told either.
    """
    figure = shown(tally.of(measure, subject), tally.people if is_share else None)
    if isinstance(figure, str):
        return figure
    if any(beside.hide(measure, subject, is_share=is_share) for beside in siblings):
        return "withheld"
    return figure


async def of(
    connection: Connection, places: Sequence[Place], own: Sequence[Place]
) -> tuple[Siblings, ...]:
    """Those of a page of ``places``, for who may see the pages of all their ``own`` places."""
    found = [
        _among(await kept.siblings(connection, Place(commune)), places)
        for commune in sorted({place.commune for place in places if place.hamlet})
    ]
    if EVERYWHERE in own and EVERYWHERE not in places:
        communes = [Place(place.commune) for place in places]
        found.append(_among(await kept.siblings(connection, EVERYWHERE), communes))
    if len(own) > 1 and len(places) == 1:
        covering = [one for one in own if one in (places[0], Place(places[0].commune))]
        counted = {one: (await kept.of(connection, [one])).tally for one in own}
        found.append(_among(counted, covering))
    return tuple(found)


def _among(parts: dict[Place, Tally], places: Sequence[Place]) -> Siblings:
    order = sorted(parts)
    return Siblings(
        tuple(parts[place] for place in order),
        tuple(at for at, place in enumerate(order) if place in places),
    )
