"""A year of reminders lived in seconds; what may not happen in it is in ``Year.faults``."""

from collections import Counter
from datetime import time, timedelta
from itertools import pairwise

from lessons.catalogue import Catalogue
from tests.simulated_year import live
from tests.support.databases import fresh_database
from tests.support.year import INCIDENTS, PEOPLE, Incident, report

# Reminders until the good-bye, and the good-bye.
UNTIL_GOODBYE = 7


async def test_year_has_no_double_none_lost_none_by_night_and_none_after_stop(
    catalogue: Catalogue,
) -> None:
    async with fresh_database() as database:
        year = await live(database, catalogue)

    assert year.faults() == []
    assert year.last - min(one.moment for one in year.said) > timedelta(days=400)
    assert "none lost" in report(year)
    # Who never answers is left alone: three on days that follow, then every second day, and the
    # last word the day after; the same again from the word on with which they come back.
    came = [year.local(one) for one in year.to("quên")]
    assert len(came) == 2 * UNTIL_GOODBYE
    assert [(later - earlier).days for earlier, later in pairwise(came[:UNTIL_GOODBYE])] == [
        1, 1, 2, 2, 2, 1,
    ]  # fmt: skip
    assert (came[UNTIL_GOODBYE] - came[UNTIL_GOODBYE - 1]).days > 100
    # The hour stays the hour when clocks change; the others came late, when the machine was up again.
    for name, hour in (("New York", time(20, 30)), ("Berlin", time(7))):
        hours = Counter(year.local(one).time() for one in year.to(name))
        assert hours[hour] >= len(year.to(name)) - 2
    # Work follows what is due, and at times one of two processes finds the timer taken.
    assert year.rung <= 2 * len(year.said)


async def test_postgresql_lives_the_same_while_processes_die(catalogue: Catalogue) -> None:
    people = [
        one for one in PEOPLE if one.name in ("chăm", "ba buổi", "Berlin", "New York", "hai máy")
    ]
    incidents = [one for one in INCIDENTS if one.day < 9] + [
        Incident(8, time(19, 29, 59), down=timedelta(hours=2), kills=True)
    ]
    async with fresh_database("postgresql") as database:
        lived = await live(database, catalogue, days=12, people=people, incidents=incidents)

    assert lived.faults() == []
    assert Counter(one.name for one in lived.said) == {
        "chăm": 11, "ba buổi": 5, "Berlin": 5, "New York": 3, "hai máy": 2,
    }  # fmt: skip
