import pytest
from markupsafe import Markup, escape

from channels.web.render import TutorLine, draw_line, draw_reply, dump_learner_line, tree
from conversation.actions import action
from conversation.replies import AskQuestion, Button, GiveDocument, GiveFile, Link, Say, ShowPicture
from storage.web_lines import WebLine
from tests.support.web_page import NOW


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("", []),
        ("Chào cô", ["Chào cô"]),
        ("một\nhai", ["một\nhai"]),
        ("a &lt;b&gt; &amp; c", ["a <b> & c"]),
        (
            "<b>Đậm <i>nghiêng</i></b> thường",
            [["b", "", ["Đậm ", ["i", "", ["nghiêng"]]]], " thường"],
        ),
        (
            "<u>u</u><s>s</s><code>c</code>",
            [["u", "", ["u"]], ["s", "", ["s"]], ["code", "", ["c"]]],
        ),
        (
            "Họ nói:\n<blockquote>x</blockquote>\nĐừng tin",
            ["Họ nói:\n", ["blockquote", "", ["x"]], "Đừng tin"],
        ),
        ('<a href="https://vneid.gov.vn/">VNeID</a>', [["a", "https://vneid.gov.vn/", ["VNeID"]]]),
        ('<a href="javascript:alert(1)">x</a>', ["x"]),
        ('<a href="data:text/html,x">x</a>', ["x"]),
        ("<b>không đóng", [["b", "", ["không đóng"]]]),
    ],
)
def test_markup_becomes_a_tree(markup: str, expected: list[object]) -> None:
    assert tree(Markup(markup)) == expected


def test_typed_html_stays_words() -> None:
    assert tree(escape("<script>alert(1)</script>")) == ["<script>alert(1)</script>"]


def test_a_script_in_markup_is_no_tag_of_the_tree() -> None:
    assert tree(Markup("a<script>alert(1)</script><img src=x onerror=y>b")) == ["aalert(1)b"]


def test_say_draws_numbered_choices() -> None:
    reply = Say(
        Markup("Học tiếp?"), (Button("Tiếp", action("go")), Button("Thôi", action("no", 1)))
    )
    assert draw_reply(reply) == {
        "text": ["Học tiếp?"],
        "choices": [
            {"number": 1, "label": "Tiếp", "action": "go"},
            {"number": 2, "label": "Thôi", "action": "no:1"},
        ],
    }


def test_links_follow_the_words() -> None:
    say = Say(Markup("Chào"), links=(Link("Học riêng", "https://hoc.example.vn/s/x"),))

    assert draw_reply(say) == {
        "text": ["Chào", "\n", ["a", "https://hoc.example.vn/s/x", ["Học riêng"]]],
        "choices": [],
    }


def test_taps_stand_by_the_options_without_a_number() -> None:
    reply = AskQuestion(
        Markup("Chọn"),
        (Button("Một", action("a", 1)), Button("Hai", action("a", 2))),
        extra=(Button("Nghỉ", action("rest")),),
        taps=(Button("Xong", action("done")),),
    )
    drawn = [(choice["number"], choice["label"]) for choice in draw_reply(reply)["choices"]]
    assert drawn == [(1, "Một"), (2, "Hai"), (0, "Xong"), (3, "Nghỉ")]


def test_a_question_tells_nothing_of_its_answer() -> None:
    reply = AskQuestion(Markup("?"), (Button("A", action("a")),), 0, "vì sao đúng")
    assert draw_reply(reply) == {
        "text": ["?"],
        "choices": [{"number": 1, "label": "A", "action": "a"}],
    }


def test_a_picture_says_what_it_shows_and_not_what_it_is_drawn_from() -> None:
    reply = ShowPicture("path", {"done": 3}, "Đã học 3 bài", Markup("Của cô đây"))
    assert draw_reply(reply) == {
        "text": ["Của cô đây"],
        "choices": [],
        "picture": "Đã học 3 bài",
    }


def test_a_file_shows_its_name_and_not_its_content() -> None:
    reply = GiveFile("du-lieu.json", "{}", Markup("Của cô đây"))
    assert draw_reply(reply) == {"text": ["Của cô đây"], "choices": [], "file": "du-lieu.json"}


def test_a_document_shows_its_name_and_not_what_it_is_drawn_from() -> None:
    reply = GiveDocument("sheet", {"n": 1}, "lop.pdf", "Tờ mời", Markup("Tờ A4"))
    assert draw_reply(reply) == {"text": ["Tờ A4"], "choices": [], "file": "lop.pdf"}


def test_a_stored_tutor_line_is_drawn_with_its_version() -> None:
    stored = TutorLine(Say(Markup("<b>Chào</b>")), delivery=7, version=2)
    line = WebLine(5, "tutor", stored.dump(), NOW)
    assert draw_line(line) == {
        "id": 5,
        "side": "tutor",
        "at": int(NOW.timestamp() * 1000),
        "version": 2,
        "text": [["b", "", ["Chào"]]],
        "choices": [],
    }
    assert TutorLine.load(line.content) == stored


def test_a_stored_learner_line_is_drawn_as_bare_text() -> None:
    line = WebLine(6, "learner", dump_learner_line("<b>x</b>", "id-1"), NOW)
    assert draw_line(line) == {
        "id": 6,
        "side": "learner",
        "at": int(NOW.timestamp() * 1000),
        "text": ["<b>x</b>"],
        "said": "id-1",
    }
