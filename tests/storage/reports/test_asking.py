"""Who asks for help, on both engines: distinct people, only what was let be seen."""

from datetime import datetime, timedelta

from places.model import Place
from storage import addresses, cases, hamlets, role_grants
from storage.database import Database
from storage.reports.asking import Part, Scope, asking, named

XA = "28696"
DAY = timedelta(days=1)


async def test_those_who_ask_are_counted_by_everything_and_named_on_their_rung(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        await hamlets.add(connection, XA, [("ap", "3")], now - 30 * DAY)
        (hamlet,) = await hamlets.of_commune(connection, XA)
        people = []
        for number in range(7):
            _, learner = await addresses.load(connection, "web", f"w{number}", now)
            people.append(learner.id)
            for item in ("", "bai.x") if number == 0 else ("",):
                case = await cases.open_on(connection, learner.id, item, "asked", now - 5 * DAY)
                await cases.set_place(connection, case.id, hamlet.place)
                if number < 6:
                    await cases.share(
                        connection, case.id, name=f"Bà {number}", cohort_id=None, now=now - 5 * DAY
                    )
                await cases.reach(connection, case.id, 2 if number == 1 else 1, now)
        _, helper = await addresses.load(connection, "web", "helper", now)
        await role_grants.give(
            connection, helper.id, "ambassador", Place(XA), granted_by=None, now=now - DAY
        )
        (taken,) = await cases.open_of_learner(connection, people[2])
        assert await cases.take(connection, taken.id, helper.id, "sen", now)
        found = {}
        for place, rung in ((hamlet.place, 1), (Place(XA), 2), (Place(), 3)):
            scope = Scope({place: rung}, helper.id, has_classes=bool(place.commune))
            counted = await asking(
                connection, scope, now=now + timedelta(minutes=1), closed_since=now - 30 * DAY
            )
            found[place] = counted, await named(connection, scope, limit=9)
        await cases.close(connection, taken.id, "helped", now)
        scope = Scope({Place(XA): 2}, helper.id, has_classes=False)
        after = await asking(
            connection, scope, now=now + timedelta(minutes=1), closed_since=now - 30 * DAY
        )

    for counted, _ in found.values():
        assert (counted.open, counted.closed) == (6, 0)
        assert counted.by["age"] == (Part("2", 6),)
        assert counted.by["item"] == (Part("", "withheld"), Part("bai.x", "few"))
        assert counted.by["taker"] == (Part("2ambassador", "few"),)
    by_place = [counted.by["place"] for counted, _ in found.values()]
    whole, part = f"{XA}:0", f"{XA}:{hamlet.id}"
    assert by_place == [(Part(part, 6),), (Part(part, 6),), (Part(whole, 6),)]
    assert [[one.name for one in shown] for _, shown in found.values()] == [
        ["Bà 0", "Bà 0", "Bà 1", "Bà 3", "Bà 4", "Bà 5", "Bà 2"], ["Bà 1", "Bà 2"], ["Bà 2"],
    ]  # fmt: skip
    assert (after.open, after.closed, after.by["outcome"]) == (5, "few", (Part("helped", "few"),))
