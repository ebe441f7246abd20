"""What Zalo posts, what others post, and what is answered."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from channels.zalo.oa.channel import LINES_OF_ONE, OLDEST, ZaloOaChannel
from channels.zalo.oa.webhook import BODY_LIMIT, MOST_FORGED, WITHIN
from conversation.events import Inbound, Started, Stopped, TextReceived, Unsupported
from storage import addresses
from storage.database import Database
from storage.errors import StorageError
from tests.support.tables import rows
from tests.support.zalo_oa_events import event, follow, text
from tests.support.zalo_oa_running import NOW, Clock, fake, running
from tests.support.zalo_oa_server import OA_ID, SECRET_KEY, USER, ZaloOaServer, signed_by


class Listener:
    """Stands where the tutor stands; ``until`` is waited for before a turn is committed."""

    def __init__(self) -> None:
        self.events: list[Inbound] = []
        self.fails = False
        self.until: asyncio.Event | None = None

    async def receive(self, inbound: Inbound) -> None:
        if self.until is not None:
            await self.until.wait()
        if self.fails:
            raise StorageError("no disk, and «chào bác» was said")
        if inbound.external_id not in {one.external_id for one in self.events}:
            self.events.append(inbound)


@dataclass
class Account:
    server: ZaloOaServer
    channel: ZaloOaChannel
    listener: Listener
    clock: Clock
    seconds: list[float]

    @property
    def said(self) -> list[Any]:
        return [inbound.event for inbound in self.listener.events]


@pytest.fixture
async def account(database: Database, clock: Clock) -> AsyncIterator[Account]:
    listener, seconds = Listener(), [1000.0]
    async with (
        fake(clock) as server,
        running(
            server,
            database,
            clock,
            listener.receive,
            behind_proxy=True,
            monotonic=lambda: seconds[0],
        ) as channel,
    ):
        yield Account(server, channel, listener, clock, seconds)


async def test_what_zalo_posts_is_taken(account: Account) -> None:
    posted = [follow("follow"), text("2"), event("user_send_sticker"), follow("unfollow")]
    statuses = [await account.server.post(one) for one in posted]

    assert statuses == [200] * 4
    assert account.said == [Started(), TextReceived("2"), Unsupported("sticker"), Stopped()]
    assert {inbound.address for inbound in account.listener.events} == {USER}


@pytest.mark.parametrize(
    "sign",
    [
        signed_by,
        partial(signed_by, prefix=""),
        partial(signed_by, id_=OA_ID),
        lambda body: signed_by(body).upper().replace("MAC=", "mac="),
    ],
)
async def test_a_signature_may_be_spelt_as_it_was_seen(sign: Any, account: Account) -> None:
    assert await account.server.post(text("2"), sign=sign) == 200
    assert account.said == [TextReceived("2")]


@pytest.mark.parametrize(
    "sign",
    [
        lambda body: "",
        lambda body: "mac=",
        lambda body: "mac=" + "0" * 64,
        lambda body: "mac=é",
        partial(signed_by, key=""),
        partial(signed_by, key=SECRET_KEY + "x"),
        partial(signed_by, id_="1"),
        lambda body: signed_by(body + b" "),
        lambda body: signed_by(body)[:-1],
        lambda body: signed_by(b'{"timestamp": "1795420800001"}'),
    ],
)
async def test_what_zalo_did_not_sign_is_refused(sign: Any, account: Account) -> None:
    assert await account.server.post(text("2"), sign=sign) == 403
    assert account.said == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'"x"',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"timestamp": []}',
        b"1e999",
    ],
)
async def test_a_body_that_is_no_event_is_refused_without_a_fault(
    body: bytes, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    assert await account.server.post(body, sign=lambda _: "mac=" + "0" * 64) == 403
    assert caplog.records == []


async def test_a_body_too_long_is_not_read_to_its_end(account: Account) -> None:
    assert await account.server.post(b" " * (BODY_LIMIT + 1)) == 413


async def test_without_a_key_nothing_is_proved(database: Database, clock: Clock) -> None:
    listener = Listener()
    async with (
        fake(clock) as server,
        running(server, database, clock, listener.receive, secret_key=""),
    ):
        assert await server.post(text("2"), sign=partial(signed_by, key="")) == 403


async def test_who_keeps_forging_is_not_listened_to_and_zalo_is(account: Account) -> None:
    forger, zalo = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "198.51.100.7"}
    forged = [
        await account.server.post(text("2"), sign=lambda _: "mac=0", headers=forger)
        for _ in range(MOST_FORGED + 1)
    ]

    assert forged == [403] * MOST_FORGED + [429]
    assert await account.server.post(text("2"), headers=forger) == 429
    assert await account.server.post(text("2"), headers=zalo) == 200
    account.seconds[0] += WITHIN
    assert await account.server.post(text("3", "m2"), headers=forger) == 200


async def test_the_same_event_again_is_one(account: Account) -> None:
    statuses = {await account.server.post(text("2")) for _ in range(3)}

    assert (statuses, account.said) == ({200}, [TextReceived("2")])


@pytest.mark.parametrize(
    ("later", "taken"),
    [
        (-timedelta(minutes=9), True),
        (-timedelta(minutes=11), False),
        (timedelta(hours=2), True),
        (OLDEST - timedelta(seconds=1), True),
        (OLDEST + timedelta(seconds=1), False),
        (timedelta(days=30), False),
    ],
)
async def test_an_old_recording_is_left_out(
    later: timedelta, taken: bool, account: Account
) -> None:
    """Zalo itself comes again for two hours; the ids of events are kept for a week."""
    account.clock.passes(later)

    assert await account.server.post(text("2")) == 200
    assert account.said == ([TextReceived("2")] if taken else [])


async def test_an_event_without_its_time_is_left_out(account: Account) -> None:
    assert await account.server.post({**text("2"), "timestamp": "soon"}) == 200
    assert account.said == []


@pytest.mark.parametrize(
    "posted",
    [
        event("something_new", message={"text": "2"}),
        event("oa_send_text", message={"text": "Chào bác"}),
        event("user_submit_info", info={"phone": 84912345678, "name": "Tư"}),
        event("user_seen_message"),
    ],
)
async def test_what_is_not_for_the_tutor_is_answered_and_forgotten(
    posted: dict[str, Any], account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert await account.server.post(posted) == 200
    assert account.said == []
    assert "84912345678" not in caplog.text


async def test_what_could_not_be_stored_comes_again_and_is_not_told(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    account.listener.fails = True
    first = await account.server.post(text("chào bác"))
    account.listener.fails = False
    second = await account.server.post(text("chào bác"))

    assert (first, second, account.said) == (503, 200, [TextReceived("chào bác")])
    assert "chào bác" not in caplog.text


async def test_a_turn_longer_than_zalo_waits_goes_on_and_is_found_done(
    database: Database, clock: Clock
) -> None:
    listener = Listener()
    listener.until = asyncio.Event()
    async with (
        fake(clock) as server,
        running(server, database, clock, listener.receive, answer_within=0.01),
    ):
        late = await server.post(text("2"))
        listener.until.set()
        again = await server.post(text("2"))

    said = [inbound.event for inbound in listener.events]
    assert (late, again, said) == (503, 200, [TextReceived("2")])


async def test_a_chat_that_floods_is_not_answered_with_an_error(account: Account) -> None:
    statuses = {await account.server.post(text("2", f"m{n}")) for n in range(LINES_OF_ONE + 5)}

    # Errors would have Zalo turn the webhook off for everybody.
    assert (statuses, len(account.said)) == ({200}, LINES_OF_ONE)
    assert await account.server.post(text("2", "x", sender={"id": "another"})) == 200
    assert len(account.said) == LINES_OF_ONE + 1


async def test_a_channel_that_stops_takes_nothing(account: Account) -> None:
    await account.channel.stop()

    assert await account.server.post(text("2")) == 503


async def test_a_person_in_the_console_keeps_the_tutor_from_writing_first(
    account: Account, database: Database
) -> None:
    async with database.transaction() as connection:
        await addresses.load(connection, "zalo_oa", USER, NOW)
    wrote = event(
        "oa_send_text", sender={"id": OA_ID, "admin_id": "77"}, recipient={"id": USER},
        message={"msg_id": "m9", "text": "Để tôi giúp bác"},
    )  # fmt: skip
    assert await account.server.post(wrote) == 200
    assert await account.server.post({**wrote, "recipient": {"id": "nobody"}}) == 200

    (window,) = await rows(database, "oa_window")
    assert window["person_until_at"] == int((NOW + timedelta(hours=12)).timestamp() * 1000)
    assert "Để tôi giúp" not in json.dumps(await rows(database, "oa_window"))
