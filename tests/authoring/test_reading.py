import pytest

from authoring.problems import Problem
from authoring.reading import Listing, Mapping, Text, parse_source, read_file


def test_every_scalar_stays_the_string_that_was_written():
    tree = parse_source(b"a: no\nb: 4.10\nc: 2026-11-23\nd: ~\ne: [1, yes]\n", "x.yaml", [])
    assert tree == Mapping(
        {
            "a": Text("no", 1, folded=True),
            "b": Text("4.10", 2, folded=True),
            "c": Text("2026-11-23", 3, folded=True),
            "d": Text("~", 4, folded=True),
            "e": Listing((Text("1", 5, folded=True), Text("yes", 5, folded=True)), 5),
        },
        1,
    )


def test_a_place_in_a_block_of_lines_is_found_in_the_file():
    tree = parse_source("a: |\n  một\n  hai\n".encode(), "x.yaml", [])
    assert isinstance(tree, Mapping)
    text = tree.entries["a"]
    assert isinstance(text, Text)
    assert [text.line_at(text.value.index(word)) for word in ("một", "hai")] == [2, 3]


def test_a_folded_text_is_placed_where_it_begins():
    tree = parse_source('a: "một\n  hai"\n'.encode(), "x.yaml", [])
    assert isinstance(tree, Mapping)
    text = tree.entries["a"]
    assert isinstance(text, Text)
    assert (text.value, text.line_at(5)) == ("một hai", 1)


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("", ["x.yaml:1: tệp trống"]),
        ("# chỉ có lời bình\n", ["x.yaml:1: tệp trống"]),
        ("a: 1\na: 2\n", ["x.yaml:2: mục «a» viết hai lần"]),
        ("a: &x {b: 1}\nc: *x\n", ["x.yaml:1: YAML dùng lại một khối bằng dấu *"]),
        ("a: !!int 3\n", ["x.yaml:1: dấu «tag:yaml.org,2002:int» không dùng ở đây"]),
        ("? [1]\n: 2\n", ["x.yaml:1: tên mục phải là một từ"]),
        (
            "a: b: c\n",
            ["x.yaml:1: tệp không đúng dạng YAML (mapping values are not allowed in this context)"],
        ),
        ("a: 1\n---\nb: 2\n", ["x.yaml:2: tệp không đúng dạng YAML (but found another document)"]),
        ("a: \x00\n", ["x.yaml:1: tệp có ký tự không đọc được (ReaderError)"]),
    ],
)
def test_what_cannot_be_read_is_said(source, problems):
    found: list[Problem] = []
    parse_source(source.encode(), "x.yaml", found)
    assert [f"{one.path}:{one.line}: {one.message}" for one in found] == problems


def test_a_file_that_is_not_utf8_is_said(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("a: đ".encode("utf-16"))
    found: list[Problem] = []
    assert read_file(path, "x.yaml", found) is None
    assert [one.message for one in found] == ["tệp không phải chữ UTF-8"]
