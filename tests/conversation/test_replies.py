"""Replies as values: kept as JSON, the same when they come back, and always escaped."""

import pytest
from markupsafe import Markup
from pydantic import ValidationError

from conversation.actions import action
from conversation.replies import (
    AskQuestion,
    Button,
    GiveDocument,
    GiveFile,
    Reply,
    Say,
    ShowPicture,
    dump_reply,
    load_reply,
    preceded,
)

NEXT = Button("Học tiếp", action("next"))
REPLIES = [
    Say(Markup("Chào <b>bác</b>\nA &amp; B")),
    Say(Markup("Chào"), (NEXT, Button("Thẻ 2", action("card", "a", 1))), replace=True),
    AskQuestion(
        Markup("Chọn?"), (NEXT,), 0, "Vì vậy.", (NEXT,), (Button("Xong", action("a", "")),), True
    ),
    AskQuestion(Markup("Xếp?"), (NEXT, NEXT)),
    ShowPicture("path", {"title": "Đường", "courses": [{"stones": ["done"]}]}, "alt", Markup("x")),
    GiveFile("a.json", '{"a": "<b>"}', Markup("Bản đầy đủ")),
    GiveDocument("sheet", {"steps": ["Mở"]}, "a.pdf", "alt", Markup("Tờ A4")),
]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: reply.kind)
def test_reply_survives_being_kept(reply: Reply) -> None:
    kept = load_reply(dump_reply(reply))

    assert kept == reply
    words = kept.text if isinstance(kept, Say | AskQuestion) else kept.caption
    assert isinstance(words, Markup)


@pytest.mark.parametrize(
    "kept",
    [
        "", "{}", '{"kind":"song"}', '{"kind":"say"}',
        '{"kind":"say","text":"a","buttons":[{"label":"x","action":"a b"}]}',
    ],
)  # fmt: skip
def test_reply_of_no_version_of_ours_is_refused(kept: str) -> None:
    with pytest.raises(ValidationError):
        load_reply(kept)


def test_words_that_were_not_escaped_cannot_be_said() -> None:
    with pytest.raises(TypeError):
        Say("<b>" + "x")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        AskQuestion("x", ())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        GiveFile("a", "b", "c")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        ShowPicture("a", {}, "b", "c")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        GiveDocument("a", {}, "a.pdf", "b", "c")  # type: ignore[arg-type]


def test_one_line_before_another_keeps_the_choices() -> None:
    said = preceded(Markup("Hay quá!"), Say(Markup("Tiếp nha?"), (NEXT,)))

    assert said == Say(Markup("Hay quá!\n\nTiếp nha?"), (NEXT,))
