"""A dashboard whose people are made up says so on every page."""

from zoneinfo import ZoneInfo

import pytest

from dashboard.words import filters
from templates.pages import PageTemplates

SAYS = "Dữ liệu tập dượt:"


@pytest.mark.parametrize("is_rehearsal", [True, False])
def test_it_says_so_on_a_page_without_anybody_in_it_too(is_rehearsal: bool) -> None:
    pages = PageTemplates(filters(ZoneInfo("Asia/Ho_Chi_Minh")), is_rehearsal=is_rehearsal)

    shown = pages.render("left", title="Đã thoát", everywhere=False)

    assert shown.count(SAYS) == int(is_rehearsal)
