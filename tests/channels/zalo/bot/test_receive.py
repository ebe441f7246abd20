"""From what Zalo hands over to the event, and what no event may come of."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.zalo.bot.receive import CHANNEL, Unknown, to_inbound, unwrapped
from conversation.events import (
    CommandReceived,
    Event,
    Inbound,
    Sender,
    Started,
    TextReceived,
    Unsupported,
)
from tests.support import zalo_bot_events as zalo
from tests.support.zalo_bot_server import BOT_ID

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WHO = "ab12cd34ef56ab78cd90"


def read(raw: Any) -> Inbound | Unknown | None:
    return to_inbound(unwrapped(raw), own_id=BOT_ID, now=NOW)


@pytest.mark.parametrize(
    ("raw", "event"),
    [
        (zalo.text("2"), TextReceived("2")),
        (zalo.text("  lam sao cai vneid \n"), TextReceived("lam sao cai vneid")),
        (zalo.text("Tie\u0302\u0301ng Vie\u0323\u0302t"), TextReceived("Tiếng Việt")),
        (zalo.text("/start"), Started()),
        (zalo.text("/start hoc-gia-cong-an"), Started("hoc-gia-cong-an")),
        (zalo.text("/Hoc"), CommandReceived("hoc")),
        (zalo.text("/kiemtra bai 2"), CommandReceived("kiemtra", "bai 2")),
        (zalo.text("/học"), TextReceived("/học")),
        (zalo.text("   "), Unsupported("other")),
        (zalo.text("2", text=None), Unsupported("other")),
        (zalo.text("2", text=["2"]), Unsupported("other")),
        # Words that look like Zalo's own markup are words.
        (zalo.text("**{red}1{/red}**"), TextReceived("**{red}1{/red}**")),
        (zalo.photo(), Unsupported("photo")),
        (zalo.photo(caption="giấy tờ của bác"), Unsupported("photo")),
        (zalo.documented_photo(), Unsupported("photo")),
        (zalo.sticker(), Unsupported("sticker")),
        (zalo.voice(), Unsupported("voice")),
        (zalo.withheld(), Unsupported("withheld")),
        # Not every line has all that is documented.
        (zalo.text("2", date=None), TextReceived("2")),
        (zalo.text("2", date="hôm nay"), TextReceived("2")),
        (zalo.text("2", chat={"id": WHO}), TextReceived("2")),
        ({**zalo.text("2"), "extra": {"a": [1]}}, TextReceived("2")),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_line_becomes_an_event(raw: dict[str, Any], event: Event, wrapped: bool):
    inbound = read({"ok": True, "result": raw} if wrapped else raw)

    assert isinstance(inbound, Inbound)
    assert (inbound.channel, inbound.address, inbound.received_at, inbound.event) == (
        CHANNEL, WHO, NOW, event,
    )  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        zalo.text("@Bot Học Số 2", chat=zalo.group()),
        zalo.photo(caption="@Bot Học Số xem giúp", chat=zalo.group()),
    ],
)
def test_in_a_group_it_was_spoken_to_and_the_words_are_not_read(raw: dict[str, Any]):
    inbound = read(raw)

    assert isinstance(inbound, Inbound)
    assert (inbound.address, inbound.event) == ("zgr-8f7e6d5c", Unsupported("other"))
    assert inbound.sender == Sender("")


@pytest.mark.parametrize(
    "raw",
    [
        zalo.echo("Câu 1"),
        zalo.text("2", **{"from": {"id": WHO, "is_bot": True}}),
        zalo.withheld(chat=zalo.group()),
    ],
)
def test_its_own_lines_other_bots_and_riddles_in_groups_are_not_for_the_tutor(raw: dict[str, Any]):
    assert read(raw) is None


@pytest.mark.parametrize(
    ("raw", "unknown"),
    [
        ({"event_name": "message.poll.received", "message": zalo.line()}, "message.poll.received"),
        ({"event_name": "message.text.received"}, "message.text.received"),
        ({"event_name": "message.text.received", "message": "chào"}, "message.text.received"),
        ({"event_name": 7, "message": zalo.line()}, "7"),
        ({"ok": True}, ""),
        ({"ok": True, "result": None}, ""),
        ({}, ""),
        ([], ""),
        ("chào", ""),
        (None, ""),
    ],
)
def test_what_is_not_known_is_named_and_no_more(raw: Any, unknown: str):
    assert read(raw) == Unknown(unknown)


def test_the_same_line_has_the_same_id_and_another_line_another():
    one, other = zalo.text("2"), zalo.text("2")
    bare = zalo.text("2", message_id=None)

    ids = [read(raw).external_id for raw in (one, {"ok": True, "result": one}, other, bare, bare)]  # type: ignore[union-attr]

    assert ids[0] == ids[1] == one["message"]["message_id"]
    assert len({*ids}) == 3
    assert ids[3] == ids[4]


def test_what_is_withheld_from_one_chat_is_one_event_a_day():
    def at(day: int, hour: int, who: str) -> str:
        now = datetime(2026, 11, day, hour, tzinfo=UTC)
        inbound = to_inbound(zalo.withheld(who), own_id=BOT_ID, now=now)
        assert isinstance(inbound, Inbound)
        return inbound.external_id

    assert at(23, 1, "a") == at(23, 22, "a")
    assert len({at(23, 1, "a"), at(24, 1, "a"), at(23, 1, "b")}) == 3


def test_a_number_for_an_id_is_the_same_as_its_text():
    raw = zalo.text("2", "77")
    raw["message"]["from"]["id"] = raw["message"]["chat"]["id"] = 77

    assert read(raw).address == "77"  # type: ignore[union-attr]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["result", "event_name", "message", "from", "chat", "id", "text"])
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(JSON, st.sampled_from(["message.text.received", "message.unsupported.received", "x"]))
def test_nothing_that_comes_in_raises(posted: Any, name: str):
    read(posted)
    read({"event_name": name, "message": posted})
