import pytest

from channels.web.receive import Refused, clean, tapped_event, typed_event
from conversation.actions import action
from conversation.events import Chosen, CommandReceived, Event, Started, TextReceived


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("xin chào", TextReceived("xin chào")),
        ("/hoc", CommandReceived("hoc")),
        ("/Hoc", CommandReceived("hoc")),
        ("/học", CommandReceived("hoc")),
        ("/hoc an-toan", CommandReceived("hoc", "an-toan")),
        ("/hoc@HocSoBot  bài 2 ", CommandReceived("hoc", "bài 2")),
        ("/start", Started()),
        ("/start lop-5A", Started("lop-5A")),
        ("/start hai chữ", Started()),
        ("/", TextReceived("/")),
        ("/ hoc", TextReceived("/ hoc")),
        ("/👍", TextReceived("/👍")),
        ("1/2", TextReceived("1/2")),
        ("//hoc", TextReceived("//hoc")),
    ],
)
def test_typed_words_become_an_event(text: str, event: Event) -> None:
    assert typed_event(text) == event


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  hai  ", "hai"),
        ("mo\u0323\u0302t", "một"),
        ("a\x00b\x07c", "abc"),
        ("một\r\nhai", "một\nhai"),
        ("á" * 1000, "á" * 1000),
    ],
)
def test_text_is_cleaned(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize("typed", ["", "  \n ", "\x00", "a" * 1001])
def test_no_text_and_too_much_text_are_refused_kindly(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        clean(typed)
    assert refused.value.status == 422


def test_a_tap_keeps_its_action_and_its_line() -> None:
    assert tapped_event("quiz:7:b", "41") == Chosen(action("quiz", 7, "b"), "41")


@pytest.mark.parametrize("made_up", ["", ":", "quiz:ạ", "x y", "a" * 65])
def test_a_made_up_action_is_refused(made_up: str) -> None:
    with pytest.raises(Refused) as refused:
        tapped_event(made_up, "")
    assert refused.value.status == 400
