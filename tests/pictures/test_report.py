"""The numbers of a place on paper: always one page."""

import re

import pytest

import pictures


@pytest.mark.parametrize("rows", [0, 3, 400])
@pytest.mark.parametrize("name", ["ấp 3", "\u202e" + "Ă" * 200, "<b> & $x$"])
def test_a_report_is_one_page_whatever_is_on_it(rows: int, name: str) -> None:
    table = {"title": name, "head": ["Nơi", name, "Số"], "rows": [[name, "5", "dưới 5"]] * rows}
    drawn = pictures.draw(
        "report", {"title": name, "when": "Số liệu lúc 8:00", "tables": [table] * 5}
    )

    assert drawn.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", drawn)) == 1
