"""Every page and export on PostgreSQL too, whose types are stricter than SQLite's."""

import pytest

from lessons.catalogue import Catalogue
from storage import audit
from tests.dashboard.test_doors import ROUTES
from tests.support.board import NOW, Board, add_fieldwork, fill
from tests.support.databases import NoPostgresql, fresh_database

_FILES = ("noi.csv", "noi.xlsx", "noi.pdf", "chi-tieu.csv", "chi-tieu.xlsx", "chi-tieu.pdf")
_QUERIES = (
    "/bang/nguoi?tim=ba+tu&xep=joined", "/bang/nguoi?tim=%00", "/bang/nguoi?tim=%ED%A0%80",
    "/bang/nguoi?trang=4000", "/bang/lop?xep=people", "/bang/chi-tieu?so=duyet",
    "/bang/chi-tieu?tu=2025-12-15&den=2026-01-15", "/bang/ca?trang=4000",
)  # fmt: skip


@pytest.mark.parametrize("who", ["tổ ấp 1", "đại sứ", "quản trị"])
async def test_every_page_opens_on_postgresql(catalogue: Catalogue, who: str) -> None:
    try:
        async with fresh_database("postgresql") as database:
            village = await fill(database, catalogue, (9, 8, 6))
            await add_fieldwork(database, village, catalogue)
            known = {
                "c": village.classes["ấp 1"],
                "l": village.learners["ấp 1"][0],
                "a": f"a{village.places['ấp 1'].hamlet}",
            }
            asked = [
                *(path.format(**known) for path, _ in ROUTES.values() if "khong-co" not in path),
                *(
                    path.partition("?")[0].format(**known)
                    for path, _ in ROUTES.values()
                    if "khong-co" not in path
                ),
                *(f"/bang/tai/{name}" for name in _FILES),
                *_QUERIES,
            ]
            seen = {}
            async with (
                Board(database, catalogue).open() as board,
                board.browser(village.people[who]) as browser,
            ):
                for path in asked:
                    async with browser.get(path) as answer:
                        seen[path] = answer.status
            async with database.read() as connection:
                looked = await audit.latest(connection, limit=1)
    except NoPostgresql as reason:
        pytest.skip(str(reason))

    assert seen == dict.fromkeys(asked, 200)
    assert [(one.deed, one.actor_id, one.done_at) for one in looked] == [
        ("looked", village.people[who], NOW)
    ]
