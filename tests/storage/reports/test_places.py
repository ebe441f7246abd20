"""Counts of a place, and lists of it, on both engines."""

from collections.abc import Mapping

from lessons.catalogue import Catalogue
from places.model import Place
from storage.database import Connection, Database
from storage.discrimination import of_cohorts
from storage.reports import counting, groups, kept, rolls
from tests.support.board import NOW, XA, ZONE, fill

NO_ROOM = Place("29926")


def courses(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    return {course.slug: course.lessons for course in catalogue.courses}


async def count(connection: Connection, catalogue: Catalogue) -> None:
    await kept.list_due(connection, await kept.unlisted(connection), NOW)
    assert await kept.claim(connection, NOW, NOW) == XA
    counted = await counting.of_commune(
        connection, XA, now=NOW, zone=ZONE, courses=courses(catalogue)
    )
    await kept.keep(connection, XA, counted, NOW, NOW)


async def test_a_commune_is_the_sum_of_its_hamlets_and_a_province_of_its_communes(
    database: Database, catalogue: Catalogue
) -> None:
    village = await fill(database, catalogue, (9, 8, 6))
    async with database.transaction() as connection:
        before = await kept.of(connection, [Place(XA)])
        await count(connection, catalogue)
        await count(connection, catalogue)  # the second takes the place of the first
        whole = await kept.of(connection, [Place(XA)])
        everywhere = await kept.of(connection, [Place()])
        parts = await kept.parts(connection, Place(XA))
        beside = await kept.siblings(connection, Place(XA))
        communes = await kept.siblings(connection, Place())
        hamlets = await kept.of(
            connection, [village.places[name] for name in ("ấp 1", "ấp 2", "ấp 3")]
        )

    assert (before.tally.counts, before.counted_at) == ({}, None)
    assert (whole.tally.people, whole.counted_at) == (23, NOW)
    assert everywhere == whole
    assert hamlets.tally == whole.tally
    assert {place: tally.people for place, tally in parts.items()} == {
        village.places["ấp 1"]: 9,
        village.places["ấp 2"]: 8,
        village.places["ấp 3"]: 6,
    }
    assert {place: one.people for place, one in beside.items()} == {
        place: tally.people for place, tally in parts.items()
    }
    # Everybody who opened a lesson answered its questions, whatever they answered again later.
    first = whole.tally.counts["answerers"]
    assert communes[Place(XA)].counts["answerers"] == first
    assert all(count <= whole.tally.counts["asked"][one] for one, count in first.items())
    assert max(first.values()) <= whole.tally.people
    assert sum(one.of("judges", "hit") for one in beside.values()) == whole.tally.of(
        "judges", "hit"
    )
    assert 0 < whole.tally.of("judges", "hit") < whole.tally.of("verdict", "hit")
    # Each number of the fixture had a last day of its own: 0 to 6 days are within the week.
    assert whole.tally.active == 7 + 7 + 6
    # Whoever opened a lesson was asked all of its questions once, and one more in a review.
    opened = sum(whole.tally.counts["opened"].values())
    assert sum(whole.tally.counts["reviewed"].values()) == opened


async def test_only_one_process_counts_a_commune(database: Database, catalogue: Catalogue) -> None:
    await fill(database, catalogue, (1, 1, 1))
    async with database.transaction() as connection:
        await kept.list_due(connection, await kept.unlisted(connection), NOW)
        later = NOW.replace(hour=9)

        assert await kept.any_due(connection, NOW)
        assert await kept.claim(connection, NOW, later) == XA
        assert await kept.claim(connection, NOW, later) is None
        assert await kept.claim(connection, later, later) == XA


async def test_lists_of_a_place_hold_its_classes_people_and_groups(
    database: Database, catalogue: Catalogue
) -> None:
    village = await fill(database, catalogue, (9, 8, 6))
    here, owner = [Place(XA)], village.people["đại sứ"]
    async with database.read() as connection:
        classes = {
            order: await rolls.classes(connection, here, None, now=NOW, order=order, limit=2)
            for order in ("newest", "name", "people")
        }
        own = await rolls.classes(connection, [NO_ROOM], owner, now=NOW, limit=9, offset=1)
        named = await rolls.people_at(connection, here, None, named="tu ba", limit=9)
        joined = await rolls.people_at(connection, here, owner, order="joined", limit=3, offset=1)
        posted = await groups.groups(connection, here, since=NOW.replace(month=9), limit=9)
        empty = await groups.groups(connection, [NO_ROOM], since=NOW, limit=9)
        drills = await of_cohorts(connection, list(village.classes.values()))

    numbers = {order: [line.people for line in page.lines] for order, page in classes.items()}
    assert numbers == {"newest": [6, 8], "name": [9, 8], "people": [9, 8]}
    assert [(line.people, line.seen, line.active) for line in classes["name"].lines] == [
        (9, 7, 6),
        (8, 6, 6),
    ]
    assert (own.total, len(own.lines)) == (3, 2)
    assert [line.name for line in named.lines] == ["Bà Tư Lành"] * 3
    assert (joined.total, len(joined.lines)) == (18, 3)
    assert [
        (line.label, line.posts, line.votes, line.arrivals, line.lesson) for line in posted.lines
    ] == [("Bà con ấp 1", 1, 14, 6, "gia-cong-an")]
    assert (empty.total, empty.lines) == (0, ())
    assert set(drills) == set(village.classes.values())
