"""What is sent, and what every failure means for the delivery."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

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
)
from channels.zalo.bot.api import Api
from channels.zalo.bot.send import Sender
from conversation.actions import action
from conversation.replies import Button, Reply, Say, ShowPicture
from tests.support import zalo_bot_server as fake
from tests.support.talk import Clock
from tests.support.zalo_bot_running import Pictures
from tests.support.zalo_bot_server import TOKEN, Asked, Fault, Line, ZaloBotServer

WHO = "ab12cd34ef56ab78cd90"
MENU = (Button("Học tiếp", action("next")), Button("Để sau", action("later")))
PATH = ShowPicture("path", {"done": 2}, alt="Xong 2 trên 5 bài.", caption=Markup("Đường học."))
LONG = Say(Markup("\n\n").join(Markup(f"Đoạn {n}. " + "chữ " * 200) for n in range(4)))


@dataclass
class Bench:
    """A sender, the server behind it, and what was counted."""

    server: ZaloBotServer
    api: Api
    pictures: Pictures | None = None
    clock: Clock = field(default_factory=Clock)
    spent: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sender = Sender(
            self.api, publish=self.pictures, spent=lambda: self.spent.append(1), now=self.clock
        )

    async def send(self, *replies: Reply, delivery: int = 7) -> Sent | SendError:
        try:
            return await self.sender.send(WHO, replies, delivery)
        except SendError as error:
            return error


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with ZaloBotServer() as server:
        api = Api(TOKEN, server.url)
        yield Bench(server, api)
        await api.close()


def say(text: str) -> Say:
    return Say(Markup("{}").format(text))


async def test_all_that_is_said_at_once_goes_out_as_one(bench: Bench):
    sent = await bench.send(say("Dạ đúng rồi!"), Say(Markup("<b>Học tiếp?</b>"), MENU))

    assert sent == Sent("line000001")
    assert bench.server.requests == [
        Asked(
            "sendMessage",
            {"chat_id": WHO, "text": "Dạ đúng rồi!\n\nHọc tiếp?\n\n1. Học tiếp\n2. Để sau"},
        )
    ]
    assert len(bench.spent) == 1


async def test_a_reply_of_any_length_is_taken_in_parts(bench: Bench):
    sent = await bench.send(LONG)

    assert sent == Sent("line000002", requests=2)
    assert [len(text) for text in bench.server.lines(WHO)] == [1617, 1617]
    assert len(bench.spent) == 2


async def test_a_reply_without_words_is_refused_before_it_is_sent(bench: Bench):
    assert isinstance(await bench.send(say(" ")), Rejected)
    assert bench.server.requests == []


async def test_a_picture_goes_out_by_its_address_with_the_words_beside_it(bench: Bench):
    bench.pictures = Pictures()
    bench.__post_init__()

    assert await bench.send(PATH, Say(Markup("Giỏi quá!"), MENU)) == Sent("line000001")

    caption = "Đường học.\n\nGiỏi quá!\n\n1. Học tiếp\n2. Để sau"
    photo = {"chat_id": WHO, "photo": "https://hoc.example.vn/p/path", "caption": caption}
    assert bench.server.requests == [Asked("sendPhoto", photo)]
    assert bench.pictures.where == [(WHO, "path")]


@pytest.mark.parametrize(
    "pictures", [None, Pictures(none=True), Pictures(fault=Unavailable("busy"))]
)
async def test_a_picture_that_has_no_address_is_told_in_words(
    bench: Bench, pictures: Pictures | None
):
    bench.pictures = pictures
    bench.__post_init__()

    await bench.send(PATH)

    (text,) = bench.server.lines(WHO)
    assert sorted(text.split("\n\n")) == ["Xong 2 trên 5 bài.", "Đường học."]


async def test_a_picture_that_zalo_refuses_is_told_in_words(bench: Bench):
    bench.pictures = Pictures()
    bench.__post_init__()
    bench.server.fail("sendPhoto", fake.BAD)

    assert await bench.send(PATH) == Sent("line000001")
    assert bench.server.asked("sendMessage") == [
        Asked("sendMessage", {"chat_id": WHO, "text": "Đường học.\n\nXong 2 trên 5 bài."})
    ]


@pytest.mark.parametrize(
    ("fault", "error", "text", "spent"),
    [
        (fake.BAD, Rejected, "sendMessage: refused (400)", 0),
        (fake.NOT_FOUND, Rejected, "sendMessage: refused (404)", 0),
        (fake.UNAUTHORIZED, Misconfigured, "HOCSO_ZALO_BOT__TOKEN", 0),
        (fake.INTERNAL, Unavailable, "sendMessage: transient (403)", 0),
        (fake.SERVER_ERROR, Unavailable, "sendMessage: transient (500)", 0),
        (fake.GATEWAY, Unavailable, "sendMessage: transient (502)", 0),
        (fake.QUOTA, Throttled, "retry after 30 s", 0),
        (fake.CAMEL, Throttled, "retry after 30 s", 0),
        (fake.LATE, Uncertain, "sendMessage: late (408)", 1),
        (fake.GATEWAY_TIMEOUT, Uncertain, "sendMessage: unknown (504)", 1),
        (Line.DROPPED_AFTER, Uncertain, "sendMessage: unknown", 1),
        (fake.PORTAL, Misconfigured, "HOCSO_ZALO_BOT__API_URL", 0),
        (fake.ELSEWHERE, Misconfigured, "HOCSO_ZALO_BOT__API_URL", 0),
    ],
)
@pytest.mark.parametrize("statuses", [True, False])
async def test_what_a_failure_means(
    bench: Bench, fault: Fault | Line, error: type[SendError], text: str, spent: int, statuses: bool
):
    bench.server.statuses = statuses
    bench.server.fail("sendMessage", fault)

    raised = await bench.send(say("Dạ"))

    assert isinstance(raised, error)
    assert text in str(raised)
    assert raised.__cause__ is None
    assert "test-token" not in f"{raised} {raised!r}"
    assert len(bench.spent) == spent


async def test_nobody_there_has_seen_nothing(bench: Bench):
    await bench.server.stop()

    assert isinstance(await bench.send(say("Dạ")), Unavailable)
    assert bench.spent == []


async def test_a_line_that_zalo_cannot_take_is_offered_three_times_and_no_more(bench: Bench):
    bench.server.fail("sendMessage", *[fake.INTERNAL] * 3)

    errors = [type(await bench.send(say("Dạ"))) for _ in range(3)]

    assert errors == [Unavailable, Unavailable, Uncertain]


async def test_a_retry_goes_on_where_it_stopped(bench: Bench):
    bench.server.fail("sendMessage", fake.FINE, fake.INTERNAL)

    assert isinstance(await bench.send(LONG), Unavailable)
    first = bench.server.lines(WHO)[0]
    assert await bench.send(LONG) == Sent("line000002")

    taken = bench.server.lines(WHO)
    assert taken.count(first) == 1
    assert len(bench.spent) == 2


async def test_a_line_that_may_have_gone_out_is_not_sent_again_but_the_rest_is(bench: Bench):
    bench.server.fail("sendMessage", Line.DROPPED_AFTER)

    assert isinstance(await bench.send(LONG), Unavailable)
    assert await bench.send(LONG) == Sent("line000002")

    first, second = bench.server.lines(WHO)
    assert first != second
    assert len(bench.spent) == 2


async def test_what_is_refused_after_a_part_went_out_is_not_begun_again(bench: Bench):
    bench.server.fail("sendMessage", fake.FINE, fake.BAD)

    assert isinstance(await bench.send(LONG), Uncertain)
    assert len(bench.server.asked("sendMessage")) == 2


async def test_after_too_much_it_waits_longer_each_time_until_one_goes_well(bench: Bench):
    async def wait() -> timedelta:
        bench.server.fail("sendMessage", fake.QUOTA)
        raised = await bench.send(say("Dạ"))
        assert isinstance(raised, Throttled)
        bench.clock.passes(raised.retry_after)
        return raised.retry_after

    waits = [(await wait()).total_seconds() for _ in range(9)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert bench.sender.held_back

    await bench.send(say("Dạ"))
    assert not bench.sender.held_back
    assert (await wait()).total_seconds() == 30


async def test_several_that_fail_at_once_wait_for_the_same_moment(bench: Bench):
    bench.server.fail("sendMessage", fake.QUOTA, fake.QUOTA)

    first = await bench.send(say("Dạ"))
    bench.clock.passes(timedelta(seconds=10))
    second = await bench.send(say("Dạ"), delivery=8)

    assert isinstance(first, Throttled)
    assert isinstance(second, Throttled)
    assert (first.retry_after, second.retry_after) == (
        timedelta(seconds=30),
        timedelta(seconds=20),
    )


async def test_a_fault_before_anything_is_read_is_never_sent_twice_either(bench: Bench):
    """From here it looks the same as one that was read: only Zalo knows."""
    bench.server.fail("sendMessage", Line.DROPPED)
    replies: Sequence[Reply] = [say("Dạ")]

    assert isinstance(await bench.send(*replies), Uncertain)
