"""Time that passes only when everybody waits."""

from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.clockwork import Clockwork

BEGINS = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_whoever_wakes_first_acts_first_and_what_rings_on_the_way_rings_before() -> None:
    clock = Clockwork(BEGINS)
    seen: list[tuple[str, int]] = []

    def at(name: str) -> None:
        seen.append((name, (clock() - BEGINS) // MINUTE))

    async def slow() -> None:
        at("slow begins")
        await clock.pause(10 * MINUTE)
        at("slow ends")

    async def quick() -> None:
        at("quick begins")
        await clock.pause(2 * MINUTE)
        at("quick ends")

    async def rings(moment: datetime) -> None:
        if clock() < BEGINS + 4 * MINUTE <= moment:
            clock.moment = BEGINS + 4 * MINUTE
            at("rings")

    clock.meanwhile = rings
    clock.at(BEGINS + MINUTE, slow)
    clock.at(BEGINS + MINUTE, quick)
    await clock.run(BEGINS + 30 * MINUTE)

    assert seen == [
        ("slow begins", 1),
        ("quick begins", 1),
        ("quick ends", 3),
        ("rings", 4),
        ("slow ends", 11),
    ]
    assert clock() == BEGINS + 30 * MINUTE


async def test_who_cannot_go_on_stops_everybody() -> None:
    clock = Clockwork(BEGINS)
    lived: list[str] = []

    async def fails() -> None:
        await clock.pause(MINUTE)
        raise LookupError("no such button")

    async def lives() -> None:
        await clock.pause(2 * MINUTE)
        lived.append("on")

    clock.at(BEGINS, fails)
    clock.at(BEGINS, lives)
    with pytest.raises(LookupError, match="no such button"):
        await clock.run(BEGINS + 10 * MINUTE)
    clock.stop()

    assert lived == []
