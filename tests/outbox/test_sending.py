"""What goes out, when again, and what never; for every answer a channel may give."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from markupsafe import Markup

from channels.base import Misconfigured, Rejected, Throttled, Unavailable, Unreachable
from conversation.actions import action
from conversation.replies import AskQuestion, Button
from storage.database import Database
from tests.support.post import Line, Post
from tests.support.tables import rows


@pytest.fixture
async def post(database: Database) -> AsyncIterator[Post]:
    post = Post(database)
    yield post
    for dispatcher in post.running:
        await dispatcher.stop()


async def statuses(post: Post) -> list[str]:
    return [row["status"] for row in await rows(post.database, "delivery")]


async def test_replies_of_one_address_go_out_in_order_and_are_forgotten(post: Post) -> None:
    await post.put("1", "a", "b", "c")

    await post.sweep(await post.dispatcher())

    assert post.line.sent == [("1", "a"), ("1", "b"), ("1", "c")]
    assert await statuses(post) == []


async def test_platform_that_is_down_is_tried_again_and_nothing_overtakes(post: Post) -> None:
    await post.put("1", "a", "b")
    await post.put("2", "c")
    post.fails("1", Unavailable("502"), Unavailable("502"))
    dispatcher = await post.dispatcher()

    await post.sweep(dispatcher)
    assert post.line.sent == [("2", "c")]
    await post.sweep(dispatcher, after=0.5)
    assert post.line.sent == [("2", "c")]
    await post.sweep(dispatcher, after=1)
    await post.sweep(dispatcher, after=1)
    assert post.line.sent == [("2", "c")]
    await post.sweep(dispatcher, after=2)

    assert post.line.sent == [("2", "c"), ("1", "a"), ("1", "b")]


async def test_throttled_channel_waits_as_long_as_it_was_told_and_others_do_not(
    post: Post,
) -> None:
    await post.put("1", "a")
    await post.put("2", "b", channel="web")
    post.fails("*", Throttled(timedelta(seconds=30)))
    web = Line("web")
    dispatcher = await post.dispatcher(plain=post.line, web=web)

    await post.sweep(dispatcher)
    await post.sweep(dispatcher, after=29)
    assert (post.line.sent, web.sent) == ([], [("2", "b")])
    await post.sweep(dispatcher, after=1)

    assert post.line.sent == [("1", "a")]


async def test_refused_reply_is_set_aside_without_its_words_and_the_next_goes_out(
    post: Post,
) -> None:
    await post.put("1", "a", "b")
    post.fails("1", Rejected("bad request"))
    dispatcher = await post.dispatcher()

    await post.sweep(dispatcher)
    await post.sweep(dispatcher)

    assert post.line.sent == [("1", "b")]
    (left,) = await rows(post.database, "delivery")
    assert (left["status"], left["reply"]) == ("failed", "")
    assert left["error"] == "Rejected: bad request"


async def test_learner_who_blocked_gets_nothing_more(post: Post) -> None:
    await post.put("1", "a", "b")
    await post.put("2", "c")
    post.fails("1", Unreachable("blocked"))
    dispatcher = await post.dispatcher()

    await post.sweep(dispatcher)
    await post.sweep(dispatcher, after=600)

    assert post.line.sent == [("2", "c")]
    assert await statuses(post) == ["cancelled", "cancelled"]
    stopped = {
        row["external_id"]: row["stopped_at"] for row in await rows(post.database, "address")
    }
    assert stopped["1"] is not None
    assert stopped["2"] is None


async def test_channel_that_is_refused_looks_again_after_a_minute(post: Post) -> None:
    await post.put("1", "a")
    post.fails("1", Misconfigured("token"))
    dispatcher = await post.dispatcher()

    await post.sweep(dispatcher)
    await post.sweep(dispatcher, after=59)
    assert post.line.sent == []
    await post.sweep(dispatcher, after=1)

    assert post.line.sent == [("1", "a")]


async def test_fault_of_ours_spoils_one_reply_and_tells_no_words(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.put("1", "chuyen rieng", "b")
    post.fails("1", ZeroDivisionError())
    dispatcher = await post.dispatcher()

    await post.sweep(dispatcher)
    await post.sweep(dispatcher)

    assert post.line.sent == [("1", "b")]
    assert "cannot be drawn or sent" in caplog.text
    assert "chuyen rieng" not in caplog.text


async def test_reply_nobody_can_read_is_set_aside_alone(post: Post) -> None:
    bad, _ = await post.put("1", "a", "b")
    async with post.database.transaction() as connection:
        await connection.execute("UPDATE delivery SET reply = '{}' WHERE id = $1", bad)
    dispatcher = await post.dispatcher()

    await post.sweep(dispatcher)
    await post.sweep(dispatcher)

    assert post.line.sent == [("1", "b")]
    assert await statuses(post) == ["failed"]


async def test_trying_ends_after_a_day(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "outbox.dispatcher")
    await post.put("1", "a")
    post.fails("1", *(Unavailable("down") for _ in range(500)))
    dispatcher = await post.dispatcher()

    tries = 0
    while await statuses(post) == ["waiting"]:
        await post.sweep(dispatcher, after=300)
        tries += 1

    assert await statuses(post) == ["failed"]
    assert 24 * 12 <= tries <= 24 * 12 + 2


async def test_poll_that_went_out_is_remembered(post: Post) -> None:
    options = (Button("Đúng", action("a", 1)), Button("Sai", action("a", 2)))
    await post.put_replies("1", [AskQuestion(Markup("Đúng hay sai?"), options, 0)])

    await post.sweep(await post.dispatcher())

    (poll,) = await rows(post.database, "poll")
    assert poll["poll"].startswith("poll-")
    assert poll["actions"] == '["a:1", "a:2"]'


async def test_rows_of_a_process_that_was_killed_go_out_once_from_another(post: Post) -> None:
    ids = await post.put("1", "a", "b")
    async with post.database.transaction() as connection:
        await connection.execute(
            "UPDATE delivery SET status = 'sending', claimed_by = 'dead' WHERE id = $1", ids[0]
        )
    dispatcher = await post.dispatcher("two")

    await post.sweep(dispatcher)
    await post.sweep(dispatcher)

    assert post.line.sent == [("1", "a"), ("1", "b")]


async def test_rows_of_a_process_that_lives_are_left_to_it(post: Post) -> None:
    one, two = await post.dispatcher("one"), await post.dispatcher("two")
    (number,) = await post.put("1", "a")
    async with post.database.transaction() as connection:
        await connection.execute(
            "UPDATE delivery SET status = 'sending', claimed_by = 'one' WHERE id = $1", number
        )

    await post.sweep(two)
    assert post.line.sent == []
    await one.stop()
    await post.sweep(two)

    assert post.line.sent == [("1", "a")]


async def test_channel_that_does_not_run_here_keeps_its_rows(post: Post) -> None:
    await post.put("1", "a", channel="zalo")

    await post.sweep(await post.dispatcher())

    assert await statuses(post) == ["waiting"]


async def test_hundred_addresses_are_all_served(post: Post) -> None:
    for address in range(100):
        await post.put(str(address), "a", "b")

    await post.sweep(await post.dispatcher())

    assert sorted(post.line.sent) == sorted(
        (str(address), text) for address in range(100) for text in "ab"
    )


async def test_stopped_dispatcher_starts_nothing_new(post: Post) -> None:
    await post.put("1", "a")
    dispatcher = await post.dispatcher()
    await dispatcher.stop()

    await post.sweep(dispatcher)

    assert post.line.sent == []
