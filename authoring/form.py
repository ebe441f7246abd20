"""A closed schema, filled in field by field; every sentence read is kept for the language rules."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from rapidfuzz import process

from authoring.problems import Problem
from authoring.reading import Listing, Mapping, Text, Tree
from templates.terms import NEUTRAL, TERMS, Term

Value = TypeVar("Value")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Slugs and question ids travel in buttons, which hold 64 bytes with their other parts.
_SLUG_MOST = 32
_NOTHING = Text("", 1, folded=True)


def _longest_words(terms: Iterable[Term]) -> dict[str, str]:
    fillings = [term.filling for term in terms]
    return {name: max((one[name] for one in fillings), key=len) for name in NEUTRAL.filling}


_CHOSEN = _longest_words(TERMS.values())
_LONGEST = _longest_words((NEUTRAL, *TERMS.values()))


class Written(NamedTuple):
    """One sentence or more that a learner will read.

    ``claimed`` says that the tutor vouches for it: a lure or a scam's own words are written
    too, but not claimed. ``facts`` are the rows it rests on.
    """

    text: str
    at: Text
    filled: bool
    claimed: bool
    facts: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """One file while it is read: what is wrong with it, what it says, what it cites, and the
    permanent names it gives away, and the lines of its outermost fields.
    """

    path: str
    problems: list[Problem]
    written: list[Written] = field(default_factory=list)
    cited: list[tuple[str, int]] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of an outermost field, or the first one."""
        return self.lines.get(key, 1)

    def add(self, line: int, message: str, advice: str) -> None:
        self.problems.append(Problem(self.path, line, message, advice))


def longest(text: str, words: MappingOf[str, str] = _LONGEST) -> int:
    """How many characters the text has once the longest words stand in its placeholders."""
    if "{" not in text:
        return len(text)
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return len(text)


def longest_once_chosen(text: str) -> int:
    """The same, for learners who have said how they want to be addressed."""
    return longest(text, _CHOSEN)


class Form:
    """One mapping of a file. Whatever is missing or wrong becomes a problem and an empty value,
    so that one reading finds everything.
    """

    def __init__(self, sheet: Sheet, tree: Tree | None, what: str) -> None:
        self.sheet = sheet
        self.what = what
        self.line = 1 if tree is None else tree.line
        self._entries: dict[str, Tree] = {}
        self._seen: list[str] = []
        self._whole = isinstance(tree, Mapping)
        if isinstance(tree, Mapping):
            self._entries = tree.entries
            if not sheet.lines:
                sheet.lines = {key: entry.line for key, entry in tree.entries.items()}
        elif tree is not None:
            sheet.add(self.line, f"{what} phải gồm các mục «tên: giá trị»", "xem docs/viet-bai.md")

    def line_of(self, key: str) -> int:
        entry = self._entries.get(key)
        return self.line if entry is None else entry.line

    def text(self, key: str) -> Text:
        """A required scalar as it stands."""
        tree = self._required(key)
        if tree is None:
            return _NOTHING
        if not isinstance(tree, Text):
            self.sheet.add(tree.line, f"mục «{key}» phải là một câu chữ", "bỏ dấu gạch đầu dòng")
            return _NOTHING
        if not tree.value.strip():
            self.sheet.add(tree.line, f"mục «{key}» để trống", "viết vào, hoặc hỏi người soát bài")
        return tree

    def slug(self, key: str) -> str:
        found = self.text(key)
        self._check_slug(found)
        return found.value

    def slugs(self, key: str, least: int, most: int) -> tuple[str, ...]:
        found = self._texts(key, least, most)
        for one in found:
            self._check_slug(one)
        return tuple(one.value for one in found)

    def words(self, key: str, least: int, most: int) -> tuple[Text, ...]:
        """A list of scalars that no learner reads as a sentence."""
        return self._texts(key, least, most)

    def facts(self, least: int = 1) -> tuple[str, ...]:
        """The rows under ``facts``."""
        found = self._texts("facts", least, 12)
        self.sheet.cited.extend((one.value, one.line) for one in found)
        return tuple(one.value for one in found)

    def prose(
        self,
        key: str,
        most: int,
        *,
        filled: bool = True,
        claimed: bool = True,
        facts: tuple[str, ...] = (),
    ) -> str:
        """A text for learners, at most ``most`` characters once its placeholders are filled."""
        found = self.text(key)
        return self._keep(key, found, most, filled=filled, claimed=claimed, facts=facts)

    def proses(
        self,
        key: str,
        least: int,
        most: int,
        longest_one: int,
        *,
        filled: bool = True,
        claimed: bool = True,
        facts: tuple[str, ...] = (),
    ) -> tuple[str, ...]:
        return tuple(
            self._keep(key, one, longest_one, filled=filled, claimed=claimed, facts=facts)
            for one in self._texts(key, least, most)
        )

    def choice(
        self, key: str, meanings: MappingOf[str, Value], otherwise: Value | None = None
    ) -> Value:
        """What the word under ``key`` means.

        When it means nothing: ``otherwise``, or else the first meaning.
        """
        found = self.text(key)
        word = found.value.strip()
        if word and word not in meanings:
            allowed = ", ".join(meanings)
            self.sheet.add(found.line, f"«{key}: {word}» không dùng được", f"chọn: {allowed}")
        fallback = next(iter(meanings.values())) if otherwise is None else otherwise
        return meanings.get(word, fallback)

    def has(self, key: str) -> bool:
        """Whether a field that may be left out is there."""
        if key not in self._entries:
            self._seen.append(key)
            return False
        return True

    def flag(self, key: str) -> bool:
        """``yes`` or not there at all."""
        return self.choice(key, {"yes": True}) if self.has(key) else False

    def number(self, key: str, least: int, most: int) -> int:
        found = self.text(key)
        word = found.value.strip()
        if word.isascii() and word.isdecimal() and least <= int(word) <= most:
            return int(word)
        if word:
            self.sheet.add(
                found.line, f"«{key}: {word}» không đúng", f"viết một số từ {least} đến {most}"
            )
        return least

    def day(self, key: str) -> date:
        found = self.text(key)
        word = found.value.strip()
        try:
            return date.fromisoformat(word) if len(word) == 10 else date.fromisoformat("")
        except ValueError:
            if word:
                self.sheet.add(
                    found.line, f"«{key}: {word}» không phải ngày", "viết dạng 2026-11-23"
                )
            return date.min

    def form(self, key: str, what: str) -> "Form":
        return Form(self.sheet, self._required(key), what)

    def forms(self, key: str, least: int, most: int, what: str) -> list["Form"]:
        return [Form(self.sheet, item, what) for item in self._items(key, least, most)]

    def members(self, what: str) -> Iterator[tuple[str, "Form"]]:
        """Every entry as a form of its own, for a mapping whose keys are names."""
        for key, tree in self._entries.items():
            yield key, Form(self.sheet, tree, f"{what} «{key}»")

    def close(self) -> None:
        """Nothing else may stand here."""
        for key, tree in self._entries.items():
            if key in self._seen:
                continue
            near = process.extractOne(key, self._seen, score_cutoff=70)
            self.sheet.add(
                tree.line,
                f"{self.what} không có mục «{key}»",
                f"có phải «{near[0]}» không?" if near else "bỏ đi: " + ", ".join(self._seen),
            )

    def _required(self, key: str) -> Tree | None:
        self._seen.append(key)
        tree = self._entries.get(key)
        if tree is None and self._whole:
            self.sheet.add(self.line, f"{self.what} thiếu mục «{key}»", f"thêm «{key}:»")
        return tree

    def _items(self, key: str, least: int, most: int) -> tuple[Tree, ...]:
        tree = self._required(key)
        if tree is None:
            return ()
        if not isinstance(tree, Listing):
            self.sheet.add(
                tree.line, f"mục «{key}» phải là một danh sách", "mỗi dòng một gạch đầu dòng"
            )
            return ()
        if not least <= len(tree.items) <= most:
            wanted = str(least) if least == most else f"{least} đến {most}"
            self.sheet.add(
                tree.line, f"mục «{key}» có {len(tree.items)} phần", f"viết đúng {wanted} phần"
            )
        return tree.items

    def _texts(self, key: str, least: int, most: int) -> tuple[Text, ...]:
        found: list[Text] = []
        for item in self._items(key, least, most):
            if not isinstance(item, Text):
                self.sheet.add(
                    item.line,
                    f"mỗi phần của «{key}» phải là một câu chữ",
                    "để nguyên câu trong ngoặc kép: câu có dấu hai chấm hay bị hiểu lầm",
                )
            elif not item.value.strip():
                self.sheet.add(item.line, f"«{key}» có một phần trống", "viết vào, hoặc bỏ đi")
            else:
                found.append(item)
        return tuple(found)

    def _keep(
        self,
        key: str,
        found: Text,
        most: int,
        *,
        filled: bool,
        claimed: bool,
        facts: tuple[str, ...],
    ) -> str:
        text = found.value.strip()
        length = longest(text)
        if length > most:
            self.sheet.add(
                found.line, f"«{key}» dài {length} chữ, nhiều nhất {most}", f"bớt {length - most}"
            )
        if text:
            self.sheet.written.append(Written(found.value, found, filled, claimed, facts))
        return text

    def _check_slug(self, found: Text) -> None:
        slug = found.value
        if slug and not (_SLUG.fullmatch(slug) and len(slug) <= _SLUG_MOST):
            self.sheet.add(
                found.line,
                f"mã «{slug}» không đúng dạng",
                f"chỉ a-z, 0-9 và gạch nối, nhiều nhất {_SLUG_MOST} ký tự, như: tai-vneid",
            )
