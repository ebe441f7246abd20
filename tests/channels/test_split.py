"""Splitting: tables for the rules, properties for everything else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from channels.split import TAGS, Flat, split_markup, split_text
from tests.support.telegram_rules import seen

LETTERS = ["a", "ế", "e\u0302\u0301", "ượ", "đ", "👩\u200d🌾", "👍🏽", "🇻🇳", "✔️", "&", "<", '"']
words = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=30).map("".join)
gaps = st.sampled_from([" ", "  ", "\n", "\n\n", ". ", "? ", "…\n"])
texts = st.lists(st.tuples(words, gaps), max_size=30).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
limits = st.integers(min_value=8, max_value=60)


@st.composite
def markups(draw: st.DrawFn) -> Markup:
    def some(depth: int) -> str:
        pieces = []
        for _ in range(draw(st.integers(0, 3))):
            pieces.append(str(Markup.escape(draw(words)) + draw(gaps)))
            if depth:
                tag = draw(st.sampled_from(sorted(TAGS)))
                href = ' href="https://vneid.gov.vn/?a=1&amp;b=2"' if tag == "a" else ""
                pieces.append(f"<{tag}{href}>{some(depth - 1)}</{tag}>")
        return "".join(pieces)

    return Markup(some(2))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        ("  \n ", 10, []),
        ("ngắn thôi", 10, ["ngắn thôi"]),
        ("Đoạn một.\n\nĐoạn hai dài hơn.", 20, ["Đoạn một.", "Đoạn hai dài hơn."]),
        ("Dòng một\nDòng hai dài hơn", 18, ["Dòng một", "Dòng hai dài hơn"]),
        ("Câu một. Câu hai dài hơn", 17, ["Câu một.", "Câu hai dài hơn"]),
        ("một hai ba bốn", 8, ["một hai", "ba bốn"]),
        ("một hai", 3, ["một", "hai"]),
        ("aaaaaaaaaa", 4, ["aaaa", "aaaa", "aa"]),
        ("Ừ. một hai ba bốn năm", 15, ["Ừ. một hai ba", "bốn năm"]),
        ("e\u0302\u0301e\u0302\u0301", 4, ["e\u0302\u0301", "e\u0302\u0301"]),
        ("🇻🇳🇻🇳🇻🇳", 3, ["🇻🇳", "🇻🇳", "🇻🇳"]),
        ("👩\u200d🌾👩\u200d🌾", 5, ["👩\u200d🌾", "👩\u200d🌾"]),
        ("e\u0301\u0301\u0301\u0301", 2, ["e\u0301", "\u0301\u0301", "\u0301"]),
    ],
)
def test_text_is_cut_at_the_best_border(text: str, limit: int, parts: list[str]) -> None:
    assert split_text(text, limit) == parts


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("aaaa", 4, ["aaaa"]),
        ("🪷🪷🪷", 4, ["🪷🪷", "🪷"]),
        ("🪷a🪷", 4, ["🪷a", "🪷"]),
        ("một 🪷 hai", 7, ["một 🪷", "hai"]),
        ("🇻🇳🇻🇳", 7, ["🇻🇳", "🇻🇳"]),
    ],
)
def test_a_limit_may_be_counted_in_utf_16_units(text: str, limit: int, parts: list[str]) -> None:
    assert split_text(text, limit, utf16=True) == parts


@pytest.mark.parametrize(("limit", "utf16"), [(0, False), (1, True)])
def test_a_limit_too_small_for_a_letter_is_refused(limit: int, utf16: bool) -> None:
    with pytest.raises(ValueError, match="at least one"):
        split_text("a", limit, utf16=utf16)


@pytest.mark.parametrize(
    ("markup", "limit", "parts"),
    [
        ("<b>một hai</b> ba", 7, ["<b>một hai</b>", "ba"]),
        ("<b>một <i>hai ba</i> bốn</b>", 7, ["<b>một <i>hai</i></b>", "<b><i>ba</i> bốn</b>"]),
        (
            '<a href="https://vneid.gov.vn/?a=1&amp;b=2">trang của Bộ</a>',
            9,
            [
                '<a href="https://vneid.gov.vn/?a=1&amp;b=2">trang của</a>',
                '<a href="https://vneid.gov.vn/?a=1&amp;b=2">Bộ</a>',
            ],
        ),
        ("&lt;&lt;&amp;&#39;", 2, ["&lt;&lt;", "&amp;'"]),
        ("1 &lt; 2", 10, ["1 &lt; 2"]),
        ('<a href="javascript:x">bấm</a> <script>y</script>', 50, ["bấm y"]),
        ("<b></b>chữ<i></i>", 10, ["chữ"]),
        ("<b>không đóng <i>lại</b> rồi", 50, ["<b>không đóng <i>lại</i></b> rồi"]),
        ("thừa</b> thẻ", 50, ["thừa thẻ"]),
        (
            "<blockquote>a b</blockquote>",
            1,
            ["<blockquote>a</blockquote>", "<blockquote>b</blockquote>"],
        ),
    ],
)
def test_markup_closes_its_tags_at_a_cut_and_opens_them_again(
    markup: str, limit: int, parts: list[str]
) -> None:
    assert split_markup(Markup(markup), limit) == parts


@pytest.mark.parametrize(
    ("markup", "parts"),
    [
        (" \n", []),
        ("", []),
        (" <b>một</b>\n", ["<b>một</b>"]),
        ("1 &lt; 2 &amp; &#34;ba&#39;", ["1 &lt; 2 &amp; &#34;ba&#39;"]),
        ("<blockquote>một <b>hai</b></blockquote>", ["<blockquote>một <b>hai</b></blockquote>"]),
        ('<a href="https://vneid.gov.vn">trang</a>', ['<a href="https://vneid.gov.vn">trang</a>']),
        ("một > hai", ["một &gt; hai"]),
        ("một & hai", ["một &amp; hai"]),
        ("một&nbsp;hai", ["một\xa0hai"]),
        ("<b> một </b>", ["<b>một</b>"]),
        ("<i></i>một", ["một"]),
        ("<b>một<i>hai</b></i>", ["<b>một<i>hai</i></b>"]),
        ("<b class=x>một</b>", ["<b>một</b>"]),
        ("<B>một</B>", ["<b>một</b>"]),
        ("một<!-- hai -->", ["một"]),
        ('<a href="javascript:x">một</a>', ["một"]),
        ("<b>một", ["<b>một</b>"]),
        ("một</b>", ["một"]),
        ("<script>một</script>", ["một"]),
    ],
)
def test_markup_that_fits_is_mended_where_it_must_be_and_left_alone_where_not(
    markup: str, parts: list[str]
) -> None:
    assert split_markup(Markup(markup), 100) == parts


@given(markups())
def test_markup_that_fits_is_shown_as_if_it_had_been_taken_apart(markup: Markup) -> None:
    flat = Flat.of(markup)
    apart = [Flat.of(flat.part(*_ends(flat.text)))] if flat.text.strip() else []
    assert [Flat.of(part) for part in split_markup(markup, 10_000)] == apart


def _ends(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())


@given(texts, limits)
def test_no_letter_is_lost_or_added_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert squeezed("".join(parts)) == squeezed(text)
    assert [part for part in parts if not 1 <= len(part) <= limit] == []


@given(texts, limits)
def test_a_part_never_begins_with_a_mark_or_half_a_sign(text: str, limit: int) -> None:
    starts = [part[0] for part in split_text(text, limit)]
    marks = [s for s in starts if unicodedata.category(s)[0] == "M" or s in "\u200d🏽"]
    assert marks == []
    halves = [part for part in split_text(text, limit) if part.count("🇻") != part.count("🇳")]
    assert halves == []


@given(markups(), limits)
def test_every_part_of_markup_stands_alone_and_together_they_say_the_same(
    markup: Markup, limit: int
) -> None:
    parts = split_markup(markup, limit)
    shown = [seen({"text": str(part), "parse_mode": "HTML"}, "text") for part in parts]
    assert shown == split_text(Flat.of(markup).text, limit)
    assert squeezed("".join(shown)) == squeezed(markup.striptags())


@given(markups())
def test_markup_that_fits_keeps_its_tags(markup: Markup) -> None:
    whole = Markup("a") + markup + Markup("b")
    (part,) = split_markup(whole, 10_000)
    assert Flat.of(part) == Flat.of(whole)


@given(st.text(max_size=200), st.integers(min_value=1, max_value=20))
def test_any_text_is_cut_without_loss(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert squeezed("".join(parts)) == squeezed(text)
    assert [part for part in parts if not 1 <= len(part) <= limit] == []
