"""What goes out as one line of a Zalo chat, and where a long one is cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from channels.split import utf16_units
from channels.zalo.text import TEXT_LIMIT, Line, draw_lines
from conversation.actions import action
from conversation.replies import AskQuestion, Button, GiveFile, Reply, Say, ShowPicture

MENU = (Button("Học tiếp", action("next")), Button("Để sau", action("later")))
PATH = ShowPicture(
    "path", {}, alt="Đã xong 2 trên 5 bài.", caption=Markup("Đường học của <b>bác</b>.")
)
OTHER = ShowPicture("path", {}, alt="Hình khác.", caption=Markup("Hình khác."))


def say(text: str, *buttons: Button) -> Say:
    return Say(Markup("{}").format(text), buttons)


def ask(text: str) -> AskQuestion:
    extra = (Button("Nghỉ đã", action("leave")),)
    return AskQuestion(Markup("{}").format(text), MENU, right=0, extra=extra)


@pytest.mark.parametrize(
    ("replies", "lines"),
    [
        ([say("Dạ bác.")], [Line("Dạ bác.")]),
        ([say("Dạ bác."), say("Học nha?", *MENU)],
         [Line("Dạ bác.\n\nHọc nha?\n\n1. Học tiếp\n2. Để sau")]),
        ([ask("Câu 1")], [Line("Câu 1\n\n1. Học tiếp\n2. Để sau\n3. Nghỉ đã")]),
        # A number means one of the choices that were offered last, and so stands only there.
        ([say("Trước", *MENU), ask("Câu 1")],
         [Line("Trước\n\n– Học tiếp\n– Để sau\n\nCâu 1\n\n1. Học tiếp\n2. Để sau\n3. Nghỉ đã")]),
        ([say("Trước", *MENU), say("Sau.")],
         [Line("Trước\n\n1. Học tiếp\n2. Để sau\n\nSau.")]),
        ([GiveFile("a.json", "{}", Markup("Của bác."))], [Line("Của bác.\n\na.json\n\n{}")]),
        ([say("  \n ")], []),
        # Letters whose marks come apart are put together.
        ([say("Tie\u0302\u0301ng Vie\u0323\u0302t")], [Line("Tiếng Việt")]),
        # Markup is words here: no tag, no entity.
        ([Say(Markup("<b>A &amp; B</b> <a href='https://vneid.gov.vn'>ở đây</a>"))],
         [Line("A & B ở đây (https://vneid.gov.vn)")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("pictures", [True, False])
def test_replies_become_one_text(replies: list[Reply], lines: list[Line], pictures: bool):
    assert draw_lines(replies, pictures=pictures) == lines


@pytest.mark.parametrize(
    ("replies", "lines"),
    [
        # The words beside it are its caption; without any it says itself what it shows.
        ([PATH], [Line("Đường học của bác.\n\nĐã xong 2 trên 5 bài.", PATH)]),
        ([say("Dạ."), PATH, say("Giỏi quá!", *MENU)],
         [Line("Dạ.\n\nĐường học của bác.\n\nGiỏi quá!\n\n1. Học tiếp\n2. Để sau", PATH)]),
        ([PATH, say("Giữa"), OTHER],
         [Line("Đường học của bác.\n\nGiữa", PATH), Line("Hình khác.\n\nHình khác.", OTHER)]),
        ([ShowPicture("path", {}, alt="", caption=Markup())],
         [Line("", ShowPicture("path", {}, alt="", caption=Markup()))]),
    ],
)  # fmt: skip
def test_a_picture_carries_the_words_beside_it(replies: list[Reply], lines: list[Line]):
    assert draw_lines(replies, pictures=True) == lines


def test_a_picture_that_cannot_go_out_is_told_in_words():
    assert draw_lines([PATH, say("Giỏi quá!")], pictures=False) == [
        Line("Đường học của bác.\n\nĐã xong 2 trên 5 bài.\n\nGiỏi quá!")
    ]


def test_a_reply_is_cut_only_when_it_alone_is_too_long():
    first, second = "Một câu dài vừa phải.", "Hai đoạn.\n\nĐoạn sau."

    assert draw_lines([say(first), say(second)], pictures=False, limit=30) == [
        Line(first),
        Line(second),
    ]
    assert draw_lines([say(first), say(second)], pictures=False, limit=16) == [
        Line("Một câu dài vừa"),
        Line("phải.\n\nHai đoạn."),
        Line("Đoạn sau."),
    ]


@pytest.mark.parametrize(
    ("letter", "units"), [("a", 1), ("ế", 1), ("🪷", 2), ("👍🏽", 4), ("🇻🇳", 4)]
)
def test_letters_are_counted_as_zalo_may_count_them(letter: str, units: int):
    whole = TEXT_LIMIT // units
    lines = draw_lines([say(letter * (whole + 1))], pictures=False)

    assert [line.text for line in lines] == [letter * whole, letter]


LETTERS = ["a", "ế", "e\u0302\u0301", "ượ", "👩\u200d🌾", "👍🏽", "🇻🇳", "🪷", " ", "\n", ". "]
texts = st.lists(st.sampled_from(LETTERS), max_size=60).map("".join)
replies = st.lists(
    st.one_of(texts.map(say), texts.map(lambda text: say(text, *MENU)), texts.map(ask)), max_size=5
)


@given(replies, st.integers(min_value=24, max_value=200))
def test_nothing_is_lost_and_every_line_fits(said: list[Reply], limit: int):
    lines = draw_lines(said, pictures=False, limit=limit)

    assert all(0 < utf16_units(line.text) <= limit for line in lines)
    assert all(unicodedata.is_normalized("NFC", line.text) for line in lines)
    whole = draw_lines(said, pictures=False, limit=100_000)
    squeezed = ["".join("".join(line.text for line in drawn).split()) for drawn in (lines, whole)]
    assert squeezed[0] == squeezed[1]
