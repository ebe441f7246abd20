"""The fake Zalo is as strict as what it stands for, so that passing on it means something."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.support.zalo_oa_running import Clock, fake
from tests.support.zalo_oa_server import (
    APP_ID,
    APP_SECRET,
    FIRST_REFRESH,
    REFRESH,
    SEND,
    USER,
    ZaloOaServer,
    why_refused,
)

JSON = "application/json"


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[ZaloOaServer]:
    async with fake(clock) as server:
        yield server


async def refreshed(server: ZaloOaServer, **changes: str) -> dict[str, Any]:
    form = {"app_id": APP_ID, "grant_type": "refresh_token", "refresh_token": server.refresh}
    headers = {"secret_key": changes.pop("secret_key", APP_SECRET)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(server.url + REFRESH, data={**form, **changes}, headers=headers) as answer,
    ):
        assert answer.status == 200
        return dict(await answer.json())


async def sent(server: ZaloOaServer, user: str = USER, **headers: str) -> dict[str, Any]:
    body = {"recipient": {"user_id": user}, "message": {"text": "Chào"}}
    given = headers or {"access_token": server.access}
    async with (
        aiohttp.ClientSession() as session,
        session.post(server.url + SEND, json=body, headers=given) as answer,
    ):
        assert answer.status == 200
        return dict(await answer.json())


def message(**changes: Any) -> dict[str, Any]:
    return {"recipient": {"user_id": USER}, "message": {"text": "Chào", **changes}}


def attached(**payload: Any) -> dict[str, Any]:
    return message(attachment={"type": "template", "payload": payload})


BUTTON = {"title": "1. A", "type": "oa.query.hide", "payload": "1"}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (message(), 0),
        (message(text="x" * 2000), 0),
        (message(text="x" * 2001), -210),
        (message(text="  "), -201),
        (message(text=5), -201),
        (message(parse_mode="HTML"), -201),
        ({"recipient": {"user_id": int(USER)}, "message": {"text": "a"}}, -201),
        ({"recipient": {"user_id": USER}, "message": {}}, -201),
        ({"user_id": USER, "message": {"text": "a"}}, -201),
        (attached(buttons=[BUTTON] * 5), 0),
        (attached(buttons=[BUTTON] * 6), -201),
        (attached(buttons=[{**BUTTON, "title": "x" * 101}]), -201),
        (attached(buttons=[{**BUTTON, "type": "callback"}]), -201),
        (attached(template_type="media", elements=[{"media_type": "image", "url": "/p/x"}]), -201),
        (message(attachment={"type": "image", "payload": {}}), -201),
    ],
)
def test_what_it_takes(body: dict[str, Any], error: int) -> None:
    assert why_refused(JSON, body) == error
    assert why_refused("application/x-www-form-urlencoded", body) == -201


async def test_a_refresh_token_works_once_and_kills_the_old_access_token(
    server: ZaloOaServer,
) -> None:
    first = await refreshed(server)
    again = await refreshed(server, refresh_token=FIRST_REFRESH)
    await refreshed(server)

    assert first["expires_in"] == "90000"
    assert again["error"] == -118
    assert (await sent(server, access_token=first["access_token"]))["error"] == -216
    assert (await sent(server))["error"] == 0
    assert (await sent(server, Authorization=f"Bearer {server.access}"))["error"] == -216
    assert (await refreshed(server, secret_key="x"))["error"] == -14004


async def test_its_windows_its_rate_and_what_it_charges(server: ZaloOaServer, clock: Clock) -> None:
    await refreshed(server)
    free = await sent(server)
    stranger = await sent(server, user="nobody")
    clock.passes(timedelta(hours=20))
    for _ in range(7):
        await refreshed(server)
        clock.passes(timedelta(hours=20))
    await refreshed(server)
    charged = await sent(server)
    clock.passes(timedelta(hours=20))
    late = await sent(server)
    clock.passes(timedelta(hours=10))
    expired = await sent(server)
    server.away.add(USER)
    await refreshed(server)
    left = await sent(server)
    server._minute = (server._minute[0], 4000)
    crowded = await sent(server)

    assert free["data"]["quota"] == {"quota_type": "reply"}
    assert charged["data"]["quota"] == {}
    assert [one["error"] for one in (stranger, late, expired, left, crowded)] == [
        -232, -230, -220, -213, -32,
    ]  # fmt: skip
