"""How far the reports of a place and a period are: begun, handed in, approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from fieldwork.periods import Period, covered
from fieldwork.reports import CLOSED, REPORTED, State
from places.model import Place
from storage.reports.indicator_queries import Reported

# "" where nobody has begun a report on exactly this place and period.
Standing: TypeAlias = State | Literal[""]


@dataclass(frozen=True, slots=True)
class Standings:
    """``hamlets`` are those on the communes' lists, by commune."""

    period: Period
    reports: Sequence[Reported]
    hamlets: Mapping[str, Sequence[Place]]

    def of(self, place: Place) -> Standing:
        return next(
            (one.state for one in self.reports if (one.place, one.period) == (place, self.period)),
            "",
        )

    def is_reported(self, place: Place) -> bool:
        """Whether reports handed in leave out no day: the place's own, or of all its hamlets."""
        return self._covers(place, REPORTED) or self._all_hamlets(place, REPORTED)

    def is_approved(self, place: Place) -> bool:
        """The same of approved ones; a commune's closes the days of its hamlets as well."""
        whole = Place(place.commune)
        return self._covers(place, CLOSED) or (
            self._covers(whole, CLOSED) if place.hamlet else self._all_hamlets(place, CLOSED)
        )

    def is_own_approved(self, place: Place) -> bool:
        return self._covers(place, CLOSED)

    def _all_hamlets(self, place: Place, states: frozenset[State]) -> bool:
        inside = () if place.hamlet else self.hamlets.get(place.commune, ())
        return bool(inside) and all(self._covers(one, states) for one in inside)

    def _covers(self, place: Place, states: frozenset[State]) -> bool:
        spans = [one.period for one in self.reports if one.place == place and one.state in states]
        return covered(self.period, spans)
