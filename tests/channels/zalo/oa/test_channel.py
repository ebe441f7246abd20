"""The windows of an Official Account, its health, its link, and a start without tokens."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from markupsafe import Markup

from channels.base import Free, Leave, Misconfigured, Never, Unavailable, Wait, Windowed
from channels.zalo.oa.channel import ZaloOaChannel
from channels.zalo.oa.tokens import LOST, NONE
from conversation.replies import Say
from storage import addresses, oa_windows
from storage.database import Database
from tests.support.telegram_running import Tutor
from tests.support.zalo_oa_running import NOW, Clock, channel, fake, running
from tests.support.zalo_oa_server import OA_ID, USER, ZaloOaServer

HELLO = Say(Markup("Chào bác"))
HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(minutes=5)
NOT_FREE = Never("quá 48 giờ người học chưa nhắn lại: Zalo OA không cho nhắn trước", errand=True)
CLOSED = Never("quá 7 ngày người học chưa nhắn lại: Zalo OA không cho nhắn nữa", errand=True)


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[ZaloOaServer]:
    async with fake(clock) as server:
        yield server


async def asked(oa: ZaloOaChannel, silent: timedelta, *, heard: timedelta = timedelta()) -> Leave:
    now = NOW + heard + silent
    return await oa.may_send(USER, last_heard=NOW + heard, now=now)


@pytest.mark.parametrize(
    ("silent", "paid", "leave"),
    [
        (HOUR, False, Free()),
        (48 * HOUR - MOMENT - timedelta(seconds=1), False, Free()),
        (48 * HOUR - MOMENT, False, NOT_FREE),
        (48 * HOUR - MOMENT, True, Free()),
        (7 * DAY - MOMENT - timedelta(seconds=1), True, Free()),
        (7 * DAY - MOMENT, True, CLOSED),
        (30 * DAY, False, CLOSED),
    ],
)
async def test_what_nobody_waits_for_is_sent_while_it_is_allowed(
    silent: timedelta, paid: bool, leave: Leave, server: ZaloOaServer, database: Database,
    clock: Clock,
) -> None:  # fmt: skip
    oa = channel(server, database, clock, paid=paid)

    assert isinstance(oa, Windowed)
    assert await asked(oa, silent) == leave
    await oa.stop()


async def test_a_window_that_zalo_closed_opens_when_the_learner_is_heard(
    server: ZaloOaServer, database: Database, clock: Clock
) -> None:
    oa = channel(server, database, clock, paid=True)
    async with database.transaction() as connection:
        await addresses.load(connection, "zalo_oa", USER, NOW)
        await oa_windows.close(connection, "zalo_oa", USER, NOW + HOUR)

    assert await asked(oa, 2 * HOUR) == CLOSED
    assert await asked(oa, HOUR, heard=2 * HOUR) == Free()
    await oa.stop()


async def test_where_a_person_answers_the_tutor_waits(
    server: ZaloOaServer, database: Database, clock: Clock
) -> None:
    oa = channel(server, database, clock)
    async with database.transaction() as connection:
        await addresses.load(connection, "zalo_oa", USER, NOW)
        await oa_windows.leave_to_person(connection, "zalo_oa", USER, NOW + 3 * HOUR)

    assert await asked(oa, HOUR) == Wait(NOW + 3 * HOUR)
    assert await asked(oa, 3 * HOUR) == Free()
    await oa.stop()


async def test_a_start_without_tokens_goes_on_and_says_what_to_do(
    server: ZaloOaServer, database: Database, clock: Clock
) -> None:
    async with running(server, database, clock, Tutor().receive, refresh_token="") as oa:
        health = oa.health()
        with pytest.raises(Misconfigured) as raised:
            await oa.send(USER, [HELLO], delivery=1)

    assert (health.well, health.detail, str(raised.value)) == (False, NONE, NONE)


async def test_a_token_that_is_spent_stops_nobody_else(
    server: ZaloOaServer, database: Database, clock: Clock
) -> None:
    server.refresh = "refresh-elsewhere"
    async with running(server, database, clock, Tutor().receive) as oa:
        assert oa.health().detail == NONE


async def test_lost_tokens_are_in_the_health_until_they_are_mended(
    server: ZaloOaServer, database: Database, clock: Clock
) -> None:
    async with running(server, database, clock, Tutor().receive) as oa:
        well = oa.health()
        clock.passes(2 * DAY)
        server.refresh = "refresh-consented-again"
        with pytest.raises(Misconfigured):
            await oa.send(USER, [HELLO], delivery=1)
        lost = oa.health()
        await oa.tokens.adopt("refresh-consented-again")
        await oa.send(USER, [HELLO], delivery=1)
        mended = oa.health()

    assert [(one.well, one.detail) for one in (well, lost, mended)] == [
        (True, ""),
        (False, LOST),
        (True, ""),
    ]


async def test_before_the_start_nothing_is_sent(
    server: ZaloOaServer, database: Database, clock: Clock
) -> None:
    oa = channel(server, database, clock)
    with pytest.raises(Unavailable):
        await oa.send(USER, [HELLO], delivery=1)

    assert (oa.link(), oa.link("hoc-x")) == (f"https://zalo.me/{OA_ID}", "")
    await oa.stop()
    await oa.stop()


async def test_an_address_of_zalo_that_is_none_is_refused(
    server: ZaloOaServer, database: Database, clock: Clock
) -> None:
    with pytest.raises(Misconfigured, match="http"):
        channel(server, database, clock, api_url="openapi.zalo.me")
