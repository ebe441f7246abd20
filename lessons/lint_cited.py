"""What the texts of one file rest on: rows that exist, are allowed, and have not gone out of date."""

import re
from collections.abc import Iterator, Mapping

from authoring.form import Sheet, Written
from authoring.problems import Problem
from authoring.quotes import outside_quotes
from lessons.model import Fact

# The "1." of a list and the level of an account are no figures that go out of date.
_MARKER = re.compile(r"^[ \t]*\d\. ", re.MULTILINE)
_NUMBER = re.compile(r"(?<!mức )(?<![\d.,])\d+(?:[.,/]\d+)*", re.IGNORECASE)


def check_cited(sheet: Sheet, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    yield from _unknown(sheet, facts)
    for written in sheet.written:
        yield from _stale_number(sheet, written, facts)


def _unknown(sheet: Sheet, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    for code, line in sheet.cited:
        if code not in facts:
            yield Problem(
                sheet.path,
                line,
                f"không có dòng sự thật «{code}», hoặc dòng đó chưa chắc nên không được dùng",
                "dùng một dòng trong lessons/content/facts.yaml",
            )


def _stale_number(sheet: Sheet, written: Written, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    stale = [code for code in written.facts if code in facts and facts[code].stale == "high"]
    if not stale:
        return
    own = _MARKER.sub(lambda found: " " * len(found.group()), outside_quotes(written.text))
    number = _NUMBER.search(own)
    if number:
        yield Problem(
            sheet.path,
            written.at.line_at(number.start()),
            f"nêu con số «{number.group()}» trong khi dòng {', '.join(stale)} dễ lỗi thời",
            "bỏ con số, chỉ chỗ xem mức hiện hành: mở ứng dụng, hỏi cán bộ ở xã",
        )
