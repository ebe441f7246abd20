"""The token pair: renewed in time, by one process at once, stored before it is used, never lost
by us, and never anywhere in the clear.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, cast

import pytest

from channels.base import Misconfigured, Unavailable
from channels.zalo.oa.tokens import EARLY, LEASE, LOST, NONE, OLD, SPENT, UNREADABLE, Tokens
from storage import zalo_oa_tokens
from storage.database import Database
from storage.errors import DatabaseBusy
from storage.opening import open_database
from tests.support.databases import ENGINES, NoPostgresql, fresh_url
from tests.support.tables import dump, rows
from tests.support.zalo_oa_running import Bell, Clock, fake, tokens
from tests.support.zalo_oa_server import (
    APP_ID,
    FIRST_REFRESH,
    PORTAL,
    REFRESH,
    SERVER_ERROR,
    Fault,
    Line,
    ZaloOaServer,
)

LASTS = timedelta(hours=25)


class House:
    """A database of one engine, a fake Zalo, and processes that use both."""

    def __init__(self, url: str, server: ZaloOaServer, clock: Clock, stack: AsyncExitStack) -> None:
        self.url = url
        self.server = server
        self.clock = clock
        self.bell = Bell()
        self._stack = stack

    async def process(self, worker: str, **changes: Any) -> Tokens:
        database = await open_database(self.url)
        self._stack.push_async_callback(database.close)
        made, api = tokens(
            self.server, database, self.clock, worker=worker, **{"on_lost": self.bell, **changes}
        )
        self._stack.push_async_callback(api.close)
        self._stack.push_async_callback(made.close)
        return made

    @property
    def refreshes(self) -> int:
        return len(self.server.asked(REFRESH))


@pytest.fixture(params=ENGINES)
async def house(request: pytest.FixtureRequest, clock: Clock) -> AsyncIterator[House]:
    try:
        async with fresh_url(request.param) as url, AsyncExitStack() as stack:
            server = await stack.enter_async_context(fake(clock))
            yield House(url, server, clock, stack)
    except NoPostgresql as reason:
        pytest.skip(str(reason))


@pytest.fixture
async def held(house: House) -> Tokens:
    """A process with a pair that a person brought."""
    held = await house.process("w1")
    assert await held.adopt(FIRST_REFRESH) is True
    return held


async def test_without_any_token_one_clear_sentence_says_what_to_do(house: House) -> None:
    held = await house.process("w1")
    with pytest.raises(Misconfigured) as raised:
        await held.access()

    assert (str(raised.value), held.health()) == (NONE, NONE)
    assert house.refreshes == 0


async def test_a_first_refresh_token_is_used_once_however_often_it_is_brought(
    house: House, held: Tokens
) -> None:
    again = [
        await held.adopt(FIRST_REFRESH),
        await (await house.process("w2")).adopt(FIRST_REFRESH),
    ]

    assert again == [False, False]
    assert house.refreshes == 1
    assert await held.access() == house.server.access == "access-1-of-nobody"


async def test_a_token_that_was_used_elsewhere_is_refused_and_the_pair_goes_on(
    house: House, held: Tokens
) -> None:
    with pytest.raises(Misconfigured) as raised:
        await held.adopt("refresh-of-last-year")

    assert str(raised.value) == SPENT
    assert await held.access() == "access-1-of-nobody"
    assert house.bell.rang == 0


async def test_a_token_brought_later_takes_the_place_and_the_old_ones_stay_used(
    house: House, held: Tokens
) -> None:
    house.server.refresh = "refresh-consented-again"
    assert await held.adopt("refresh-consented-again") is True
    # The setting still holds the first one.
    assert await held.adopt(FIRST_REFRESH) is False

    assert await held.access() == "access-2-of-nobody"


async def test_a_token_is_renewed_hours_before_it_runs_out_and_not_sooner(
    house: House, held: Tokens
) -> None:
    house.clock.passes(LASTS - EARLY - timedelta(seconds=1))
    before = await held.access()
    house.clock.passes(timedelta(seconds=1))
    after = await held.access()

    assert (before, after) == ("access-1-of-nobody", "access-2-of-nobody")
    assert house.refreshes == 2


async def test_a_pair_outlives_the_process(house: House, held: Tokens) -> None:
    later = await house.process("w2")

    assert await later.access() == "access-1-of-nobody"
    house.clock.passes(LASTS)
    assert await later.access() == "access-2-of-nobody"


async def test_many_at_once_and_two_processes_renew_once(house: House, held: Tokens) -> None:
    other = await house.process("w2")
    house.clock.passes(LASTS)
    house.server.hold = asyncio.Event()
    waiting = [asyncio.create_task(one.access()) for one in (held, other) * 5]
    await house.server.until(REFRESH, 2)
    house.server.hold.set()
    given = await asyncio.gather(*waiting)

    assert set(given) == {"access-2-of-nobody"}
    assert house.refreshes == 2


async def test_while_another_renews_a_token_that_still_works_is_used(
    house: House, held: Tokens
) -> None:
    other = await house.process("w2")
    house.clock.passes(LASTS - timedelta(hours=1))
    house.server.hold = asyncio.Event()
    renewing = asyncio.create_task(held.access())
    await house.server.until(REFRESH, 2)

    assert await other.access() == "access-1-of-nobody"
    house.server.hold.set()
    assert await renewing == "access-2-of-nobody"


async def test_what_zalo_refuses_is_renewed_once_for_all(house: House, held: Tokens) -> None:
    other = await house.process("w2")
    stale = await other.access()
    first = await held.renewed(stale)
    second = await other.renewed(stale)

    assert first == second == "access-2-of-nobody"
    assert house.refreshes == 2


class Stubborn:
    """A database that is too busy to be written as often as told."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.busy = 0

    def read(self) -> Any:
        return self._database.read()

    def transaction(self) -> Any:
        if self.busy:
            self.busy -= 1
            raise DatabaseBusy
        return self._database.transaction()


async def test_the_new_pair_is_stored_before_it_is_given_out(house: House, held: Tokens) -> None:
    database = await open_database(house.url)
    stubborn = Stubborn(database)
    slow, api = tokens(house.server, cast("Database", stubborn), house.clock, worker="w2")
    house.clock.passes(LASTS)
    house.server.hold = asyncio.Event()
    asking = asyncio.create_task(slow.access())
    await house.server.until(REFRESH, 2)
    stubborn.busy = 3
    house.server.hold.set()
    given = await asking
    found = await held.standing()
    await api.close()
    await database.close()

    assert found is not None
    assert (given, found.turn, stubborn.busy) == ("access-2-of-nobody", 2, 0)
    assert house.refreshes == 2
    assert await held.access() == given


async def test_who_asks_and_goes_away_loses_nothing(house: House, held: Tokens) -> None:
    house.clock.passes(LASTS)
    house.server.hold = asyncio.Event()
    asking = asyncio.create_task(held.access())
    await house.server.until(REFRESH, 2)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    house.server.hold.set()
    await held.close()
    later = await house.process("w2")

    assert await later.access() == "access-2-of-nobody"
    assert house.refreshes == 2


async def test_killed_before_zalo_was_asked_the_next_process_goes_on(
    house: House, held: Tokens
) -> None:
    house.clock.passes(LASTS)
    database = await open_database(house.url)
    async with database.transaction() as connection:
        now = house.clock()
        await zalo_oa_tokens.lease(connection, APP_ID, "dead", now, now + LEASE)
    await database.close()
    later = await house.process("w2")
    with pytest.raises(Unavailable):
        await later.access()
    house.clock.passes(LEASE)

    assert await later.access() == "access-2-of-nobody"


async def test_a_stop_does_not_wait_for_a_renewal_of_a_dead_process(
    house: House, held: Tokens
) -> None:
    house.clock.passes(LASTS)
    database = await open_database(house.url)
    async with database.transaction() as connection:
        now = house.clock()
        await zalo_oa_tokens.lease(connection, APP_ID, "dead", now, now + LEASE)
    await database.close()
    looks: list[float] = []

    async def look_again(seconds: float) -> None:
        looks.append(seconds)
        held._is_closing = True  # as ``close`` does, which would wait for this very task

    held._sleep = look_again
    with pytest.raises(Unavailable):
        await held.access()

    assert len(looks) == 1


async def test_killed_between_zalos_answer_and_our_commit_the_loss_is_told_once(
    house: House, held: Tokens
) -> None:
    house.clock.passes(LASTS)
    # Zalo has given a pair that nobody stored.
    house.server.refresh, house.server.access = "refresh-lost", "access-lost"
    other = await house.process("w2")
    for one in (held, other, held):
        with pytest.raises(Misconfigured) as raised:
            await one.access()
        assert str(raised.value) == one.health() == LOST

    assert house.bell.rang == 1
    # Not asked again and again: -118 does not mend itself.
    assert house.refreshes == 2


async def test_a_lost_pair_is_mended_by_bringing_a_new_one(house: House, held: Tokens) -> None:
    house.clock.passes(LASTS)
    house.server.refresh = "refresh-consented-again"
    with pytest.raises(Misconfigured):
        await held.access()
    command = await house.process("command")
    await command.adopt("refresh-consented-again")

    assert await held.access() == "access-2-of-nobody"
    assert held.health() == ""


async def test_a_pair_that_is_lost_early_serves_until_it_runs_out(
    house: House, held: Tokens
) -> None:
    house.clock.passes(LASTS - EARLY)
    house.server.refresh = "refresh-elsewhere"
    given = [await held.access(), await held.access()]

    assert given == ["access-1-of-nobody"] * 2
    assert (held.health(), house.bell.rang) == (LOST, 1)


async def test_a_renewal_that_another_finished_meanwhile_is_no_loss(
    house: House, held: Tokens
) -> None:
    """One process was so slow that its lease ran out, and used the token all the same."""
    other = await house.process("w2")
    house.clock.passes(LASTS)
    house.server.hold = asyncio.Event()
    slow = asyncio.create_task(held.access())
    await house.server.until(REFRESH, 2)
    house.clock.passes(LEASE)
    # -118 for the other, who finds the token used.
    with pytest.raises(Misconfigured):
        await other.access()
    house.server.hold.set()

    assert await slow == "access-2-of-nobody"
    assert await other.access() == "access-2-of-nobody"
    assert other.health() == ""


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (SERVER_ERROR, Unavailable),
        (Line.DROPPED, Unavailable),
        (PORTAL, Misconfigured),
        (Fault(-14004), Misconfigured),
    ],
)
async def test_trouble_with_renewing_passes(
    fault: Fault | Line, error: type[Exception], house: House, held: Tokens
) -> None:
    house.clock.passes(LASTS)
    house.server.fail(REFRESH, fault)
    with pytest.raises(error):
        await held.access()
    unwell = held.health()
    house.clock.passes(LEASE)

    assert unwell != ""
    assert await held.access() == "access-2-of-nobody"
    assert (held.health(), house.bell.rang) == ("", 0)


async def test_a_refresh_token_that_grows_old_is_told_before_it_dies(
    house: House, held: Tokens
) -> None:
    house.clock.passes(OLD + timedelta(seconds=1))
    house.server.fail(REFRESH, SERVER_ERROR)
    with pytest.raises(Unavailable):
        await held.access()

    held.trouble = ""
    assert "60 ngày" in held.health()


async def test_a_changed_secret_of_the_application_is_said_plainly(
    house: House, held: Tokens
) -> None:
    moved = await house.process("w2", app_secret="another")
    with pytest.raises(Misconfigured) as raised:
        await moved.access()

    assert str(raised.value) == UNREADABLE


async def test_no_token_stands_anywhere_in_the_clear(
    house: House, held: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    house.clock.passes(LASTS)
    await held.access()
    database = await open_database(house.url)
    stored = await dump(database)
    found = await held.standing()
    await database.close()

    everything = f"{stored} {caplog.text} {found!r} {vars(held)!r}"
    for secret in ("refresh-", "access-1-of", "access-2-of"):
        assert secret not in everything, secret


async def test_the_lease_goes_to_one_and_ends(database: Database, clock: Clock) -> None:
    now = clock()
    async with database.transaction() as connection:
        got = [
            await zalo_oa_tokens.lease(connection, APP_ID, worker, at, at + LEASE)
            for worker, at in (
                ("w1", now), ("w2", now), ("w1", now), ("w2", now + LEASE), ("w1", now + LEASE),
            )
        ]  # fmt: skip
    (row,) = await rows(database, "zalo_oa_token")

    assert got == [0, None, 0, 0, None]
    assert row["leased_by"] == "w2"
