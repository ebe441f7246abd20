"""What the tables of indicators leave out, so that no page tells what another one hides."""

from datetime import UTC, datetime

import pytest

from fieldwork.periods import month_of
from people.roles import EVERYWHERE
from places.model import Place
from storage.reports.indicators import Figure, Row, Table
from storage.reports.told import told

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def row(place: Place, people: int) -> Row:
    return Row(place, {"R13.begun": Figure(people=people)})


@pytest.mark.parametrize(
    ("counts", "alone", "said", "parts"),
    [
        ((20, 9, 3), 1, "withheld", ["withheld", "withheld"]),
        ((20, 9, 3), 0, 20, [12, 8]),
        ((20, 9, 6), 1, 9, ["withheld", "few"]),
    ],
)
def test_what_a_place_is_not_told_of_among_its_neighbours_its_own_page_leaves_out(
    counts: tuple[int, ...], alone: int, said: object, parts: list[object]
) -> None:
    places = [Place(f"{29_900 + at}") for at in range(len(counts))]
    period = month_of(NOW.date())
    around = Table(
        period,
        row(EVERYWHERE, sum(counts)),
        tuple(row(place, count) for place, count in zip(places, counts, strict=True)),
    )
    first = {20: 12, 9: 5}[counts[alone]]
    hamlets = (
        row(Place(places[alone].commune, 1), first),
        row(Place(places[alone].commune, 2), counts[alone] - first),
    )

    found = told(Table(period, row(places[alone], counts[alone]), hamlets), around)

    assert found.total["R13.begun"].people == said
    assert [part["R13.begun"].people for part in found.parts] == parts
