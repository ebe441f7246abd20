import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from markupsafe import Markup

from channels.base import Sent, Unavailable
from channels.web.streams import MOST_PER_ADDRESS
from conversation.actions import action
from conversation.replies import AskQuestion, Button, Reply, Say
from storage import addresses, privacy, web_lines
from storage.database import Database
from tests.support.web_page import NOW, Page, Site, StreamEvent

NEXT = (Button("Tiếp", action("next")),)


def _say(text: str, *, replace: bool = False) -> Say:
    return Say(Markup(text), NEXT, replace=replace)


async def _take(stream: AsyncIterator[StreamEvent], count: int) -> list[tuple[str, str, str]]:
    """Name, id and first words of the next events."""
    events = [await anext(stream) for _ in range(count)]
    return [(event.name, event.id, event.data["text"][0]) for event in events]


async def _lines(page: Page) -> list[tuple[int, str]]:
    return [(line["id"], line["text"][0]) for line in (await page.open())["lines"]]


async def test_a_line_reaches_the_open_page_and_stays_after_a_reload(
    site: Site, page: Page, address: str
) -> None:
    async with page.events() as stream:
        sent = await site.channel.send(address, [_say("Chào cô")], delivery=1)
        assert await _take(stream, 1) == [("line", sent.external_id, "Chào cô")]
    assert await _lines(page) == [(int(sent.external_id), "Chào cô")]


async def test_the_line_as_sent_is_the_line_as_repainted(
    site: Site, page: Page, address: str
) -> None:
    async with page.events() as stream:
        await site.channel.send(address, [_say("<b>Chào</b>")], delivery=1)
        event = await anext(stream)
    assert (await page.open())["lines"] == [event.data]


async def test_what_was_typed_reaches_the_pages_open_beside(page: Page) -> None:
    async with page.events() as stream:
        await page.say("xin chào")
        assert await _take(stream, 1) == [("line", "1", "xin chào")]


async def test_a_closed_page_is_no_failure_and_its_line_waits(
    site: Site, page: Page, address: str
) -> None:
    sent = [await site.channel.send(address, [_say(f"{n}")], delivery=n) for n in (1, 2, 3)]
    async with page.events() as stream:
        expected = [("line", each.external_id, f"{n}") for n, each in enumerate(sent, start=1)]
        assert await _take(stream, 3) == expected


@pytest.mark.parametrize("by_header", [True, False])
async def test_a_broken_stream_goes_on_where_it_stopped(
    site: Site, page: Page, address: str, by_header: bool
) -> None:
    for number in range(1, 131):
        await site.channel.send(address, [_say(f"{number}")], delivery=number)
    got: list[str] = []
    last = ""
    while len(got) < 130:
        # Broken off after every fifty lines; the browser's header beats the old query.
        opened = (
            page.events(0, **{"Last-Event-ID": last}) if by_header else page.events(int(last or 0))
        )
        async with opened as stream:
            for _ in range(min(50, 130 - len(got))):
                event = await anext(stream)
                got.append(event.data["text"][0])
                last = event.id
    assert got == [f"{number}" for number in range(1, 131)]


async def test_the_same_delivery_twice_is_one_line(site: Site, page: Page, address: str) -> None:
    sent = [await site.channel.send(address, [_say("Chào")], delivery=9) for _ in range(2)]
    assert sent[0] == sent[1]
    assert await _lines(page) == [(int(sent[0].external_id), "Chào")]


@pytest.mark.parametrize(
    "drawn_anew",
    [_say("hai", replace=True), AskQuestion(Markup("hai"), NEXT, replace=True)],
)
async def test_a_reply_that_replaces_is_drawn_in_place(
    site: Site, page: Page, address: str, drawn_anew: Reply
) -> None:
    first = await site.channel.send(address, [_say("một")], delivery=1)
    async with page.events(int(first.external_id)) as stream:
        second = await site.channel.send(
            address, [drawn_anew], replaces=first.external_id, delivery=2
        )
        assert await _take(stream, 1) == [("redraw", "", "hai")]
    assert second == first
    assert await _lines(page) == [(int(first.external_id), "hai")]


async def test_a_page_that_was_away_hears_of_lines_drawn_anew(
    site: Site, page: Page, address: str
) -> None:
    first = await site.channel.send(address, [_say("một")], delivery=1)
    await site.channel.send(
        address, [_say("hai", replace=True)], replaces=first.external_id, delivery=2
    )
    async with page.events(int(first.external_id)) as stream:
        assert await _take(stream, 1) == [("redraw", "", "hai")]


async def test_the_same_replacement_twice_is_one(site: Site, page: Page, address: str) -> None:
    first = await site.channel.send(address, [_say("một")], delivery=1)
    for _ in range(2):
        await site.channel.send(
            address, [_say("hai", replace=True)], replaces=first.external_id, delivery=2
        )
    assert [line["version"] for line in (await page.open())["lines"]] == [1]


@pytest.mark.parametrize("replaces", ["", "999", "x", "-1"])
async def test_a_replacement_without_its_line_is_a_new_line(
    site: Site, page: Page, address: str, replaces: str
) -> None:
    await site.channel.send(address, [_say("một")], delivery=1)
    await site.channel.send(address, [_say("hai", replace=True)], replaces=replaces, delivery=2)
    assert [text for _, text in await _lines(page)] == ["một", "hai"]


async def test_an_old_button_is_answered_at_the_end_where_it_is_seen(
    site: Site, page: Page, address: str
) -> None:
    old = await site.channel.send(address, [_say("tuần trước")], delivery=1)
    await site.channel.send(address, [_say("hôm nay")], delivery=2)
    await site.channel.send(
        address, [_say("trả lời", replace=True)], replaces=old.external_id, delivery=3
    )
    assert [text for _, text in await _lines(page)] == ["tuần trước", "hôm nay", "trả lời"]


async def test_nobody_draws_over_another_addresss_line(
    site: Site, page: Page, address: str
) -> None:
    mine = await site.channel.send(address, [_say("của tôi")], delivery=1)
    async with site.page() as other:
        await other.open()
        stranger = site.listening.events[-1].address
        await site.channel.send(
            stranger, [_say("khác", replace=True)], replaces=mine.external_id, delivery=2
        )
        assert [text for _, text in await _lines(other)] == ["khác"]
    assert await _lines(page) == [(int(mine.external_id), "của tôi")]


async def test_lines_of_another_address_never_come(site: Site, page: Page, address: str) -> None:
    async with site.page() as other:
        await other.open()
        stranger = site.listening.events[-1].address
        async with other.events() as stream:
            await site.channel.send(address, [_say("của tôi")], delivery=1)
            await site.channel.send(stranger, [_say("của họ")], delivery=2)
            assert await _take(stream, 1) == [("line", "2", "của họ")]


async def test_lines_that_another_process_wrote_come_with_the_heartbeat(
    database: Database,
) -> None:
    async with (
        Site(database, heartbeat=0.05) as site,
        Site(database) as elsewhere,
        site.page() as page,
    ):
        await page.open()
        async with page.events() as stream:
            address = site.listening.events[0].address
            await elsewhere.channel.send(address, [_say("từ nơi khác")], delivery=1)
            assert await _take(stream, 1) == [("line", "1", "từ nơi khác")]


async def test_after_an_erasure_the_page_is_cleared_and_the_last_words_are_not_kept(
    site: Site, page: Page, address: str, database: Database
) -> None:
    sent = await site.channel.send(address, [_say("cũ")], delivery=1)
    async with page.events(int(sent.external_id)) as stream:
        async with database.transaction() as connection:
            row, learner = await addresses.load(connection, "web", address, NOW)
            await privacy.erase(connection, learner.id)
        assert await site.channel.send(address, [_say("Đã xóa hết ạ")], delivery=2) == Sent()
        events = [await anext(stream) for _ in range(2)]
    assert [event.name for event in events] == ["cleared", "passing"]
    assert events[1].data["text"] == ["Đã xóa hết ạ"]
    async with database.read() as connection:
        assert await web_lines.latest(connection, row.id, 10) == []
        assert await addresses.find(connection, "web", address) is None


async def test_stopping_ends_the_streams_at_once(site: Site, page: Page) -> None:
    async with page.events() as stream:
        await site.channel.stop()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)


async def test_one_stream_too_many_ends_the_oldest(site: Site, page: Page, address: str) -> None:
    async with page.events() as oldest, AsyncExitStack() as later:
        streams = [await later.enter_async_context(page.events()) for _ in range(MOST_PER_ADDRESS)]
        with pytest.raises(StopAsyncIteration):
            await anext(oldest)
        await site.channel.send(address, [_say("Chào")], delivery=1)
        for stream in streams:
            assert await _take(stream, 1) == [("line", "1", "Chào")]


async def test_a_stream_is_never_stored_on_the_way(page: Page) -> None:
    async with page.session.get("/events") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_only_the_newest_lines_are_kept(
    site: Site, page: Page, address: str, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr("channels.web.transcript.KEPT", 10)
    for number in range(1, 51):
        await site.channel.send(address, [_say(f"{number}")], delivery=number)
    assert [text for _, text in await _lines(page)] == [f"{number}" for number in range(41, 51)]


async def test_a_failing_database_is_said_to_the_dispatcher(database: Database) -> None:
    async with Site(database) as site:
        await database.close()
        with pytest.raises(Unavailable):
            await site.channel.send("someone", [_say("Chào")], delivery=1)


async def test_many_lines_at_once_come_in_order_and_none_twice(
    site: Site, page: Page, address: str
) -> None:
    async with page.events() as stream:
        await asyncio.gather(
            *(site.channel.send(address, [_say(f"{n}")], delivery=n) for n in range(1, 31)),
            *(page.say(f"gõ {n}") for n in range(15)),
        )
        events: list[Any] = [await anext(stream) for _ in range(45)]
    ids = [int(event.id) for event in events]
    assert ids == list(range(1, 46))
