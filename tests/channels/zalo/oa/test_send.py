"""Replies and the exact requests they become, and what each of Zalo's answers means."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup

from channels.base import (
    Misconfigured,
    Rejected,
    SendError,
    Sent,
    Throttled,
    Unavailable,
    Uncertain,
    Unreachable,
)
from channels.zalo.oa.channel import ZaloOaChannel
from conversation.actions import action
from conversation.replies import AskQuestion, Button, Reply, Say, ShowPicture
from storage import addresses
from storage.database import Database
from tests.support.tables import rows
from tests.support.telegram_running import Tutor
from tests.support.zalo_oa_running import NOW, Clock, fake, running
from tests.support.zalo_oa_server import (
    APP_SECRET,
    GATEWAY_TIMEOUT,
    PORTAL,
    REFRESH,
    SEND,
    SERVER_ERROR,
    USER,
    Fault,
    Line,
    ZaloOaServer,
)

HELLO = Say(Markup("Chào <b>bác</b>"))
MENU = Say(
    Markup("Bác chọn bài nào?"),
    (Button("Mật khẩu", action("a")), Button("Tin giả", action("b"))),
)
PICTURE = ShowPicture("path", {"done": 3}, "Đã học 3 bài", Markup("Của bác đây"))
CARD = Say(Markup("x" * 1500))


async def publish(address: str, picture: str, content: Mapping[str, Any]) -> str:
    assert (address, content) == (USER, {"done": 3})
    return f"https://hoc.example.vn/p/{picture}"


@dataclass
class Account:
    server: ZaloOaServer
    channel: ZaloOaChannel
    clock: Clock


@pytest.fixture
async def account(database: Database, clock: Clock) -> AsyncIterator[Account]:
    async with (
        fake(clock) as server,
        running(server, database, clock, Tutor().receive, publish=publish) as channel,
    ):
        yield Account(server, channel, clock)


def image(url: str) -> dict[str, Any]:
    element = {"media_type": "image", "url": url}
    return {
        "type": "template",
        "payload": {"template_type": "media", "elements": [element]},
    }


@pytest.mark.parametrize(
    ("replies", "messages"),
    [
        ([HELLO], [{"text": "Chào bác"}]),
        ([MENU], [{"text": "Bác chọn bài nào?\n\n1. Mật khẩu\n2. Tin giả"}]),
        # All that waits goes out as one.
        ([HELLO, MENU], [{"text": "Chào bác\n\nBác chọn bài nào?\n\n1. Mật khẩu\n2. Tin giả"}]),
        ([CARD, CARD], [{"text": "x" * 1500}, {"text": "x" * 1500}]),
        (
            [PICTURE],
            [
                {
                    "text": "Của bác đây\n\nĐã học 3 bài",
                    "attachment": image("https://hoc.example.vn/p/path"),
                }
            ],
        ),
    ],
)
async def test_a_reply_is_exactly_this(
    replies: list[Reply], messages: list[dict[str, Any]], account: Account
) -> None:
    sent = await account.channel.send(USER, replies, delivery=1)

    assert account.server.messages() == messages
    assert sent == Sent(f"{len(messages):016x}", requests=len(messages))
    (last, *_) = reversed(account.server.asked(SEND))
    assert last.headers["access_token"] == account.server.access
    assert "Authorization" not in last.headers
    assert set(last.body) == {"recipient", "message"}


async def test_buttons_stand_under_the_numbers_where_they_are_switched_on(
    database: Database, clock: Clock
) -> None:
    six = Say(Markup("Sáu"), tuple(Button(f"B{n}", action("a")) for n in range(6)))
    question = AskQuestion(
        Markup("Đúng không?"),
        (Button("Đ" * 120, action("a")),),
        extra=(Button("Để sau", action("b")),),
    )
    async with (
        fake(clock) as server,
        running(server, database, clock, Tutor().receive, buttons=True) as channel,
    ):
        await channel.send(USER, [HELLO, MENU], delivery=1)
        await channel.send(USER, [six], delivery=2)
        await channel.send(USER, [question], delivery=3)
        first, second, third = server.messages()

    assert first == {
        "text": "Chào bác\n\nBác chọn bài nào?\n\n1. Mật khẩu\n2. Tin giả",
        "attachment": {
            "type": "template",
            "payload": {
                "buttons": [
                    {"title": "1. Mật khẩu", "type": "oa.query.hide", "payload": "1"},
                    {"title": "2. Tin giả", "type": "oa.query.hide", "payload": "2"},
                ]
            },
        },
    }
    assert set(second) == {"text"}
    assert [one["title"] for one in third["attachment"]["payload"]["buttons"]] == [
        "1. " + "Đ" * 97,
        "2. Để sau",
    ]


async def test_a_picture_that_cannot_be_published_or_is_refused_is_told_in_words(
    account: Account,
) -> None:
    account.server.fail(SEND, Fault(-201))
    await account.channel.send(USER, [PICTURE], delivery=1)

    assert account.server.messages()[-1] == {"text": "Của bác đây\n\nĐã học 3 bài"}


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault(-32), Throttled, "retry after 60 s"),
        (Fault(-234), Unavailable, "Zalo: -234"),
        (Fault(-230), Rejected, "Zalo: -230"),
        (Fault(-232), Rejected, "Zalo: -232"),
        (Fault(-213), Unreachable, "Zalo: -213"),
        (Fault(-227), Unreachable, "Zalo: -227"),
        (Fault(-244), Unreachable, "Zalo: -244"),
        (Fault(-218), Rejected, "Zalo: -218"),
        (Fault(-201), Rejected, "Zalo: -201"),
        (Fault(-210), Rejected, "Zalo: -210"),
        (Fault(-211), Misconfigured, "hết lượt hoặc hết tiền"),
        (Fault(-320), Misconfigured, "-320"),
        (Fault(-321), Misconfigured, "-321"),
        (Fault(-221), Misconfigured, "chưa được phép"),
        (Fault(-223), Misconfigured, "-223"),
        (Fault(-224), Misconfigured, "-224"),
        (Fault(-204), Misconfigured, "-204"),
        (Fault(-205), Misconfigured, "-205"),
        (Fault(-209), Misconfigured, "-209"),
        (Fault(-212), Misconfigured, "-212"),
        (Fault(-219), Misconfigured, "-219"),
        (Fault(-99999), Rejected, "-99999"),
        (SERVER_ERROR, Unavailable, "transient"),
        (GATEWAY_TIMEOUT, Uncertain, "unknown"),
        (PORTAL, Misconfigured, "không giống Zalo"),
        (Line.DROPPED, Uncertain, "unknown"),
        (Line.DROPPED_AFTER, Uncertain, "unknown"),
    ],
)
async def test_a_failure_means(
    fault: Fault | Line, error: type[SendError], said: str, account: Account
) -> None:
    account.server.fail(SEND, fault)
    with pytest.raises(error) as raised:
        await account.channel.send(USER, [HELLO], delivery=1)

    assert type(raised.value) is error
    assert said in str(raised.value)
    # Zalo's own words quote what was asked.
    for secret in ("chào bác", "refresh-0", "access-1", APP_SECRET):
        assert secret not in str(raised.value)


async def test_a_server_that_is_away_has_seen_nothing(database: Database, clock: Clock) -> None:
    async with fake(clock) as server, running(server, database, clock, Tutor().receive) as channel:
        await channel.send(USER, [HELLO], delivery=1)
        await server.stop()
        with pytest.raises(Unavailable):
            await channel.send(USER, [HELLO], delivery=2)


@pytest.mark.parametrize("code", [-216, -220, 216, -401, 401])
async def test_a_refused_token_is_renewed_once_and_the_line_sent_once_more(
    code: int, account: Account
) -> None:
    account.server.fail(SEND, Fault(code))
    sent = await account.channel.send(USER, [HELLO], delivery=1)

    assert sent == Sent(f"{1:016x}")
    assert len(account.server.asked(REFRESH)) == 2
    assert [one.headers["access_token"] for one in account.server.asked(SEND)] == [
        "access-1-of-nobody",
        "access-2-of-nobody",
    ]


async def test_a_token_refused_twice_stops_the_channel(account: Account) -> None:
    account.server.fail(SEND, Fault(-216), Fault(-216))
    with pytest.raises(Misconfigured, match="-216"):
        await account.channel.send(USER, [HELLO], delivery=1)

    assert len(account.server.asked(REFRESH)) == 2
    assert account.channel.health().well is False
    await account.channel.send(USER, [HELLO], delivery=1)
    assert account.channel.health().well is True


async def test_a_retry_goes_on_where_it_stopped(account: Account) -> None:
    account.server.fail(SEND, Fault(0), SERVER_ERROR)
    with pytest.raises(Unavailable):
        await account.channel.send(USER, [CARD, CARD], delivery=7)
    account.server.requests.clear()
    await account.channel.send(USER, [CARD, CARD], delivery=7)

    assert len(account.server.messages()) == 1


async def test_what_was_half_refused_is_not_offered_again(account: Account) -> None:
    account.server.fail(SEND, Fault(0), Fault(-201))
    with pytest.raises(Uncertain):
        await account.channel.send(USER, [CARD, CARD], delivery=7)


async def test_a_limit_by_the_minute_is_waited_out(account: Account) -> None:
    account.clock.passes(timedelta(seconds=48))
    account.server.fail(SEND, Fault(-32))
    with pytest.raises(Throttled) as raised:
        await account.channel.send(USER, [HELLO], delivery=1)

    assert raised.value.retry_after == timedelta(seconds=12)


async def test_an_address_that_takes_only_templates_is_known_and_the_team_asked(
    account: Account, database: Database
) -> None:
    async with database.transaction() as connection:
        await addresses.load(connection, "zalo_oa", USER, NOW)
    account.clock.passes(timedelta(days=8))
    with pytest.raises(Rejected):
        await account.channel.send(USER, [HELLO], delivery=1)

    (window,) = await rows(database, "oa_window")
    (errand,) = await rows(database, "errand")
    assert window["closed_at"] == errand["created_at"] == int(account.clock().timestamp() * 1000)
