"""YAML in which every scalar stays the string that was written, and knows its line.

Plain YAML turns ``no`` into False, ``4.10`` into 4.1 and ``2026-11-23`` into a date; an author
who writes a word gets a word here. Only the C parser is used: the one in Python takes twelve
seconds over a thousand lessons.
"""

from pathlib import Path
from typing import NamedTuple, TypeAlias

import yaml

from authoring.problems import Problem

try:
    from yaml import CSafeLoader
except ImportError:  # PyYAML was built without libyaml
    raise SystemExit(
        "PyYAML trên máy này thiếu libyaml nên không đọc được bài học. "
        "Hãy cài lại bằng bản dựng sẵn: pip install --force-reinstall --only-binary :all: pyyaml"
    ) from None


# Tuples, of which a hundred thousand are made in half the time of anything else.
class Text(NamedTuple):
    """A scalar. ``line`` is where its first words stand; ``folded`` says that its line feeds
    are not those of the file.
    """

    value: str
    line: int
    folded: bool

    def line_at(self, place: int) -> int:
        """The line of the file that holds the character at ``place``."""
        return self.line if self.folded else self.line + self.value.count("\n", 0, place)


class Listing(NamedTuple):
    items: "tuple[Tree, ...]"
    line: int


class Mapping(NamedTuple):
    entries: "dict[str, Tree]"
    line: int


Tree: TypeAlias = Text | Listing | Mapping


_STRING = "tag:yaml.org,2002:str"


class _Strings(CSafeLoader):
    """Every scalar is a string: nothing is guessed from how it looks."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        del value, implicit
        return _STRING if kind is yaml.ScalarNode else ""


def read_file(path: Path, shown: str, problems: list[Problem]) -> Tree | None:
    """The tree of a file, or None when it cannot be read; what is wrong joins ``problems``.

    ``shown`` is the path as problems name it.
    """
    source = read_source(path, shown, problems)
    return None if source is None else parse_source(source, shown, problems)


def read_source(path: Path, shown: str, problems: list[Problem]) -> bytes | None:
    """What a file holds, for ``parse_source``; None, and a problem, when it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        problems.append(
            Problem(shown, 1, f"không mở được tệp ({error.strerror})", "xem lại quyền đọc tệp")
        )
        return None


def parse_source(source: bytes, shown: str, problems: list[Problem]) -> Tree | None:
    """As ``read_file``, for YAML that is already in hand."""
    try:
        text = source.decode()
    except UnicodeDecodeError:
        problems.append(
            Problem(shown, 1, "tệp không phải chữ UTF-8", "lưu lại tệp với bảng mã UTF-8")
        )
        return None
    try:
        root = yaml.compose(text, Loader=_Strings)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(
            Problem(
                shown,
                1 if mark is None else mark.line + 1,
                f"tệp không đúng dạng YAML ({error.problem or error.context})",
                "xem lại thụt dòng, dấu hai chấm và dấu ngoặc kép quanh dòng này",
            )
        )
        return None
    except (yaml.YAMLError, ValueError) as error:
        problems.append(
            Problem(
                shown,
                1,
                f"tệp có ký tự không đọc được ({error.__class__.__name__})",
                "xóa ký tự lạ rồi lưu lại",
            )
        )
        return None
    if root is None:
        problems.append(Problem(shown, 1, "tệp trống", "viết nội dung, hoặc xóa tệp này"))
        return None
    return _Grower(shown, problems).grow(root)


class _Grower:
    def __init__(self, shown: str, problems: list[Problem]) -> None:
        self._shown = shown
        self._problems = problems
        self._grown: set[int] = set()

    def grow(self, node: yaml.Node) -> Tree:
        line: int = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            if node.tag != _STRING:
                self._add(line, f"dấu «{node.tag}» không dùng ở đây", "bỏ phần bắt đầu bằng !")
            block = node.style in ("|", ">")
            return Text(node.value, line + block, node.style != "|")
        if id(node) in self._grown:
            self._add(line, "YAML dùng lại một khối bằng dấu *", "chép khối đó ra cho rõ")
            return Text("", line, folded=True)
        self._grown.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return Listing(tuple(self.grow(item) for item in node.value), line)
        return self._mapping(node, line)

    def _mapping(self, node: yaml.Node, line: int) -> Mapping:
        entries: dict[str, Tree] = {}
        for key, value in node.value:
            key_line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._add(key_line, "tên mục phải là một từ", "viết dạng «tên: giá trị»")
            elif key.value in entries:
                self._add(key_line, f"mục «{key.value}» viết hai lần", "giữ lại một")
            else:
                entries[key.value] = self.grow(value)
        return Mapping(entries, line)

    def _add(self, line: int, message: str, advice: str) -> None:
        self._problems.append(Problem(self._shown, line, message, advice))
