import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup

from channels.web.transcript import HIDDEN
from conversation.actions import action
from conversation.events import Chosen, CommandReceived, Started, TextReceived
from conversation.replies import Say
from storage.database import Database
from tests.support.web_page import Page, Site


async def _rows(database: Database, table: str) -> int:
    async with database.read() as connection:
        return int(await connection.fetchval(f"SELECT COUNT(*) FROM {table}"))


async def _texts(page: Page) -> list[str]:
    return [line["text"][0] for line in (await page.open())["lines"]]


async def test_looking_at_the_page_makes_no_cookie_and_no_row(
    site: Site, database: Database
) -> None:
    async with site.page() as page:
        for path in ("/", "/?start=lop-1", "/s/lop-1"):
            async with page.session.get(path) as answer:
                assert (answer.status, answer.cookies) == (200, {})
    assert site.events == []
    assert [await _rows(database, table) for table in ("address", "learner", "seen")] == [0, 0, 0]


async def test_a_new_visitor_starts_and_gets_a_cookie_no_script_can_read(site: Site) -> None:
    async with (
        site.page() as page,
        page.session.post("/open", json={"id": str(uuid4())}) as answer,
    ):
        body, cookie = await answer.json(), answer.headers["Set-Cookie"]
    assert body == {"lines": [], "commands": [["hoc", "Học bài"], ["trogiup", "Cần người giúp"]]}
    assert site.events == [Started()]
    attributes = [part.strip() for part in cookie.split(";")[1:]]
    assert attributes == ["HttpOnly", f"Max-Age={400 * 24 * 3600}", "Path=/", "SameSite=Lax"]


@pytest.mark.parametrize(
    ("options", "headers", "secure"),
    [
        ({"public_url": "https://hoc.example.vn"}, {}, True),
        ({"behind_proxy": True}, {"X-Forwarded-Proto": "https"}, True),
        ({}, {"X-Forwarded-Proto": "https"}, False),
    ],
)
async def test_the_cookie_is_for_https_only_where_https_is(
    database: Database, options: dict[str, Any], headers: dict[str, str], secure: bool
) -> None:
    async with (
        Site(database, **options) as site,
        site.page() as page,
        page.session.post("/open", json={"id": str(uuid4())}, headers=headers) as answer,
    ):
        assert ("Secure" in answer.headers["Set-Cookie"]) == secure


async def test_a_returning_visitor_sees_the_lines_and_starts_no_turn(
    site: Site, page: Page, address: str
) -> None:
    await site.channel.send(address, [Say(Markup("Chào cô"))], delivery=1)
    assert await _texts(page) == ["Chào cô"]
    assert site.events == [Started()]


async def test_a_payload_starts_a_turn_also_for_a_returning_visitor(
    site: Site, page: Page, address: str
) -> None:
    await site.channel.send(address, [Say(Markup("Chào cô"))], delivery=1)
    await page.open("lop-5A")
    assert site.events == [Started(), Started("lop-5A")]


async def test_a_payload_no_link_of_ours_carries_is_left_out(site: Site) -> None:
    async with site.page() as page:
        await page.open("<script>")
    assert site.events == [Started()]


async def test_the_same_opening_posted_again_starts_once(site: Site) -> None:
    opening = {"id": str(uuid4()), "start": "lop-1"}
    async with site.page() as page:
        assert [(await page.post("/open", opening))[0] for _ in range(2)] == [200, 200]
    assert site.events == [Started("lop-1")]


async def test_words_a_command_and_a_tap_become_events(site: Site, page: Page) -> None:
    assert [await page.say("hai"), await page.say("/hoc"), await page.tap("quiz:7", "12")] == [
        200
    ] * 3
    assert site.events[1:] == [
        TextReceived("hai"),
        CommandReceived("hoc"),
        Chosen(action("quiz", 7), "12"),
    ]


async def test_the_pages_own_id_is_the_events_id(site: Site, page: Page, address: str) -> None:
    said = str(uuid4())
    await page.say("hai", said)
    inbound = site.listening.events[-1]
    assert (inbound.channel, inbound.address, inbound.external_id) == ("web", address, said)


async def test_the_same_post_again_is_one_event_and_one_line(site: Site, page: Page) -> None:
    said = str(uuid4())
    assert [await page.say("hai", said) for _ in range(3)] == [200] * 3
    assert await _texts(page) == ["hai"]
    assert site.events[1:] == [TextReceived("hai")]


async def test_a_post_that_could_not_be_stored_is_503_and_its_retry_counts_once(
    site: Site, page: Page
) -> None:
    said = str(uuid4())
    site.listening.fails = True
    assert await page.say("hai", said) == 503
    site.listening.fails = False
    assert await page.say("hai", said) == 200
    assert await _texts(page) == ["hai"]
    assert site.events[1:] == [TextReceived("hai")]


async def test_a_visitor_whose_start_failed_keeps_the_address_for_the_retry(site: Site) -> None:
    site.listening.fails = True
    opening = {"id": str(uuid4())}
    async with site.page() as page:
        assert (await page.post("/open", opening))[0] == 503
        first = page.cookie
        site.listening.fails = False
        assert (await page.post("/open", opening))[0] == 200
        assert page.cookie.split(".")[0] == first.split(".")[0]
    assert site.events == [Started()]


@pytest.mark.parametrize("secret", ["079064001234", "mật khẩu là Hoa1965@"])
async def test_of_a_typed_secret_only_that_there_was_one_is_kept(
    site: Site, page: Page, database: Database, secret: str
) -> None:
    await page.say(secret)
    assert await _texts(page) == [HIDDEN]
    async with database.read() as connection:
        kept = [row["content"] for row in await connection.fetch("SELECT content FROM web_line")]
    assert [secret in content for content in kept] == [False]


async def test_before_agreeing_nothing_typed_is_kept_and_afterwards_it_is(
    site: Site, database: Database
) -> None:
    site.listening.agreed = False
    async with site.page() as page:
        await page.open()
        address = site.listening.events[0].address
        said = {"id": str(uuid4()), "text": "nhà tôi ở đâu đó"}
        answers = [await page.post("/say", said) for _ in range(2)]
        assert answers == [(200, {"taken": said["id"], "kept": False})] * 2
        await site.channel.send(address, [Say(Markup("Đồng ý không?"))], delivery=1)
        assert await _texts(page) == ["Đồng ý không?"]
        assert site.events == [Started(), TextReceived("nhà tôi ở đâu đó")]
        site.listening.agreed = True
        await page.tap("agree")
        said = {"id": str(uuid4()), "text": "xin chào"}
        assert await page.post("/say", said) == (200, {"taken": said["id"], "kept": True})
        assert await _texts(page) == ["Đồng ý không?", "xin chào"]


async def test_typed_html_comes_back_as_words(page: Page) -> None:
    await page.say("<script>alert(1)</script>")
    assert await _texts(page) == ["<script>alert(1)</script>"]


async def test_a_page_sees_only_its_own_lines(site: Site, page: Page) -> None:
    await page.say("của tôi")
    async with site.page() as other:
        assert await _texts(other) == []


def _forged(page: Page) -> list[str]:
    good = page.cookie
    return [
        "",
        "x",
        # Not the last letter: two bits of it say nothing.
        good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1],
        "A" + good,
        ".".join(["ImtoYWMi", *good.split(".")[1:]]),
        str(URLSafeTimedSerializer("another key", salt="web.cookie").dumps("someone")),
        good.split(".")[0],
    ]


async def test_a_forged_cookie_says_nothing_and_opens_nothing(site: Site, page: Page) -> None:
    await page.say("của tôi")
    known = len(site.events)
    for forged in _forged(page):
        page.bear(forged)
        assert await page.say("hai") == 401
        for path in ("/events", "/picture/1", "/file/1"):
            async with page.session.get(path) as answer:
                assert answer.status == 401
        assert await _texts(page) == []
    # Each opening with a forged cookie was a new visitor's.
    assert site.events[known:] == [Started()] * len(_forged(page))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example:8080"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_post_from_another_site_is_refused(
    site: Site, page: Page, headers: dict[str, str]
) -> None:
    for path, body in (("/say", {"text": "hai"}), ("/open", {"start": "x"})):
        status, _ = await page.post(path, {"id": str(uuid4()), **body}, headers=headers)
        assert status == 403
    assert site.events == [Started()]


async def test_a_post_from_the_page_itself_is_taken(site: Site, page: Page) -> None:
    for headers in (
        {"Origin": site.url},
        {"Origin": "https://a-proxy.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:8080"},
    ):
        body = {"id": str(uuid4()), "text": "hai"}
        assert (await page.post("/say", body, headers=headers))[0] == 200


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", '{"id":"x","text":"hai"}', 415),
        ("application/x-www-form-urlencoded", "text=hai", 415),
        ("application/json", "", 400),
        ("application/json", "{", 400),
        ("application/json", "[" * 4000, 400),
        ("application/json", '{"text":"hai"}', 400),
        ("application/json", '{"id":"1","text":"hai"}', 400),
        ("application/json", '{"id":"ID"}', 400),
        ("application/json", '{"id":"ID","text":"a","action":"b"}', 400),
        ("application/json", '{"id":"ID","text":"a","more":1}', 400),
        ("application/json", '{"id":"ID","text":5}', 400),
        ("application/json", '{"id":"ID","text":"\\ud800"}', 400),
        ("application/json", '{"id":"ID","action":"a","source":"-1"}', 400),
        ("application/json", '{"id":"ID","action":"ạ"}', 400),
        ("application/json", '{"id":"ID","text":""}', 422),
        ("application/json", json.dumps({"id": "ID", "text": "á" * 1001}), 422),
        ("application/json", '{"id":"ID","text":"' + "a" * 8192 + '"}', 413),
    ],
)
async def test_what_the_page_never_posts_is_refused_in_words(
    site: Site, page: Page, content_type: str, body: str, status: int
) -> None:
    content = body.replace("ID", str(uuid4())).encode()
    headers = {"Content-Type": content_type}
    async with page.session.post("/say", data=content, headers=headers) as answer:
        assert (answer.status, list(await answer.json())) == (status, ["error"])
    assert site.events == [Started()]


async def test_a_large_body_of_no_said_length_is_refused(page: Page) -> None:
    async def endless() -> object:
        for _ in range(20):
            yield b" " * 1024

    headers = {"Content-Type": "application/json"}
    async with page.session.post("/say", data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_too_many_posts_wait_and_lose_nothing(site: Site, page: Page) -> None:
    bodies = [{"id": str(uuid4()), "text": str(number)} for number in range(21)]
    statuses = [(await page.post("/say", body))[0] for body in bodies]
    assert statuses == [200] * 20 + [429]
    site.clock.seconds += 10
    assert (await page.post("/say", bodies[-1]))[0] == 200
    assert len(site.events) == 1 + 21


async def test_one_network_makes_only_so_many_new_addresses_an_hour(database: Database) -> None:
    async with Site(database, new_addresses_per_hour=2) as site:

        async def arrive() -> int:
            async with site.page() as page:
                return (await page.post("/open", {"id": str(uuid4())}))[0]

        assert [await arrive() for _ in range(3)] == [200, 200, 429]
        site.clock.seconds += 3600
        assert await arrive() == 200


async def test_behind_a_proxy_newcomers_are_told_apart_by_its_own_word(database: Database) -> None:
    async with Site(database, new_addresses_per_hour=1, behind_proxy=True) as site:

        async def arrive(forwarded: str) -> int:
            headers = {"X-Forwarded-For": forwarded}
            async with site.page() as page:
                return (await page.post("/open", {"id": str(uuid4())}, headers=headers))[0]

        came = ["113.160.0.1", "113.160.0.2", "113.160.0.3, 113.160.0.1"]
        assert [await arrive(forwarded) for forwarded in came] == [200, 200, 429]


async def test_a_stopped_channel_takes_nothing_and_says_to_come_back(
    site: Site, page: Page
) -> None:
    assert site.channel.health().well
    await site.channel.stop()
    assert await page.say("hai") == 503
    assert not site.channel.health().well


async def test_the_cookie_outlives_a_restart(site: Site, page: Page, database: Database) -> None:
    await page.say("hai")
    async with Site(database) as again, again.page() as same:
        same.bear(page.cookie)
        assert await _texts(same) == ["hai"]


async def test_posts_of_many_pages_at_once_all_count(site: Site) -> None:
    async def visit(number: int) -> None:
        async with site.page() as page:
            await page.open()
            assert await page.say(f"số {number}") == 200
            assert await _texts(page) == [f"số {number}"]

    await asyncio.gather(*(visit(number) for number in range(10)))


@pytest.mark.parametrize(
    ("payload", "link"),
    [("", "http://localhost:8080/"), ("lop-5A", "http://localhost:8080/s/lop-5A")],
)
async def test_links_open_the_page(site: Site, payload: str, link: str) -> None:
    assert site.channel.link(payload) == link
