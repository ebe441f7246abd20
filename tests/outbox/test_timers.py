"""What rings becomes a turn: once, without a sign of life of the learner's, and again if it failed."""

import asyncio
from datetime import datetime, timedelta

import pytest

from conversation.actions import action
from conversation.handler import Context, Handler, Step, step
from conversation.replies import Button, Say
from conversation.router import Router
from conversation.turn import RING_AGAIN, Tutor
from handlers.registry import build_router
from lessons.catalogue import Catalogue
from outbox.timers import BATCH, MOST, Timers
from storage import addresses, timers
from storage.database import Database
from storage.deliveries import REMINDER
from tests.support.tables import rows
from tests.support.talk import START, WORDS, Clock, Talk

DAY = timedelta(days=1)


async def ring(context: Context, subject: str, at: datetime) -> Step:
    """Says what it was set for, and rings again a day later."""
    del at
    await timers.set_for(
        context.connection, context.address.id, "try", context.now + DAY, subject=subject
    )
    said = context.say("help.thanks", Button(subject, action("help")))
    return Step((said,), until=context.now + DAY)


async def fail(context: Context, subject: str, at: datetime) -> Step:
    raise RuntimeError(subject, at, context.now)


def tutor_with(
    database: Database, catalogue: Catalogue, handle: object, worker: str = "test"
) -> Tutor:
    usual = build_router()
    extra = Handler(name="extra", timers={"try": handle})  # type: ignore[dict-item]
    from conversation.handler import Rules

    return Tutor(
        database=database,
        router=Router((*usual.handlers, extra), usual._otherwise),
        catalogue=catalogue,
        words=WORDS,
        rules=Rules(),
        seed=lambda: 1,
        worker=worker,
        wake=lambda _ready: None,
    )


async def set_timer(database: Database, name: str = "7", *, at: datetime = START) -> None:
    async with database.transaction() as connection:
        address, _ = await addresses.load(connection, "plain", name, START - DAY)
        await timers.set_for(connection, address.id, "try", at, subject="bài")


async def test_what_rings_is_said_behind_answers_and_sets_the_next(
    database: Database, catalogue: Catalogue
) -> None:
    await set_timer(database)
    tutor = tutor_with(database, catalogue, ring)

    assert await Timers(database, tutor.receive, Clock()).ring() == 1

    (delivery,) = await rows(database, "delivery")
    assert (delivery["priority"], delivery["status"]) == (REMINDER, "waiting")
    assert delivery["expires_at"] == int((START + DAY).timestamp() * 1000)
    (timer,) = await rows(database, "timer")
    assert timer["due_at"] == int((START + DAY).timestamp() * 1000)


async def test_ringing_is_no_sign_of_life_but_numbers_mean_its_choices(
    database: Database, catalogue: Catalogue
) -> None:
    await set_timer(database)

    await Timers(database, tutor_with(database, catalogue, ring).receive, Clock()).ring()

    (address,) = await rows(database, "address")
    assert address["last_at"] == int((START - DAY).timestamp() * 1000)
    assert '"bài"' in address["asked"]


async def test_two_processes_that_look_at_once_ring_once(
    database: Database, catalogue: Catalogue
) -> None:
    for number in range(2 * BATCH):
        await set_timer(database, str(number))
    both = [
        Timers(database, tutor_with(database, catalogue, ring, worker).receive, Clock())
        for worker in ("one", "two")
    ]

    await asyncio.gather(*(timers.ring() for timers in both))

    assert len(await rows(database, "delivery")) == 2 * BATCH


async def test_what_failed_rings_again_later_and_says_nothing(
    database: Database, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    await set_timer(database)

    await Timers(database, tutor_with(database, catalogue, fail).receive, Clock()).ring()

    assert await rows(database, "delivery") == []
    (timer,) = await rows(database, "timer")
    assert timer["due_at"] == int((START + RING_AGAIN).timestamp() * 1000)
    assert "turn failed: plain timer-" in caplog.text


async def test_kind_that_nobody_knows_any_more_stays_silent(
    database: Database, catalogue: Catalogue
) -> None:
    await set_timer(database)

    await Timers(database, Talk(database, catalogue).build()[0].receive, Clock()).ring()

    assert (await rows(database, "delivery"), await rows(database, "timer")) == ([], [])


async def test_who_erased_everything_meanwhile_is_not_made_anew(
    database: Database, catalogue: Catalogue
) -> None:
    await set_timer(database)
    tutor = tutor_with(database, catalogue, ring)

    async def erased_first(inbound: object) -> None:
        async with database.transaction() as connection:
            await connection.execute("DELETE FROM learner")
        await tutor.receive(inbound)  # type: ignore[arg-type]

    await Timers(database, erased_first, Clock()).ring()

    assert (await rows(database, "learner"), await rows(database, "delivery")) == ([], [])


async def test_one_look_takes_up_no_more_than_it_may(
    database: Database, catalogue: Catalogue
) -> None:
    async with database.transaction() as connection:
        for number in range(MOST + BATCH):
            address, _ = await addresses.load(connection, "plain", str(number), START)
            await timers.set_for(connection, address.id, "nobody", START)
    looks = Timers(database, Talk(database, catalogue).build()[0].receive, Clock())

    first, second = await looks.ring(), await looks.ring()

    assert first + second == MOST + BATCH
    assert first < MOST + BATCH


def test_two_handlers_cannot_claim_one_kind() -> None:
    usual = build_router()
    both = (Handler(name=name, timers={"try": ring}) for name in ("a", "b"))

    with pytest.raises(ValueError, match="try"):
        Router((*usual.handlers, *both), usual._otherwise)


async def test_step_without_time_limit_has_none(database: Database, catalogue: Catalogue) -> None:
    async def plainly(context: Context, subject: str, at: datetime) -> Step:
        del subject, at
        return step(Say(context.text("help.thanks")))

    await set_timer(database)
    await Timers(database, tutor_with(database, catalogue, plainly).receive, Clock()).ring()

    (delivery,) = await rows(database, "delivery")
    assert delivery["expires_at"] is None
