"""Every route, tried by everybody who may not see it."""

import re
from datetime import timedelta

import pytest

from storage import role_grants
from tests.support.board import NOW, Board, Village

# Path of a route, as it is declared: what to ask, and what comes of it for the ambassador of the
# place, the team of another hamlet, the ambassador of another commune, a learner, nobody.
# {c} is the class of ấp 1, {l} somebody in it, {a} the hamlet ấp 1.
ROUTES: dict[str, tuple[str, str]] = {
    "/bang": ("/bang?noi={a}", "200 404 404 403 401"),
    "/bang/lop": ("/bang/lop?noi={a}", "200 404 404 403 401"),
    "/bang/lop/{lop}": ("/bang/lop/{c}", "200 404 404 403 401"),
    "/bang/nguoi": ("/bang/nguoi?noi={a}", "200 404 404 403 401"),
    "/bang/nguoi/{lop}/{nguoi}": ("/bang/nguoi/{c}/{l}", "200 404 404 403 401"),
    "/bang/nhom": ("/bang/nhom?noi={a}", "200 404 404 403 401"),
    "/bang/that-lua": ("/bang/that-lua?noi={a}", "200 404 404 403 401"),
    "/bang/chi-tieu": ("/bang/chi-tieu?noi={a}", "200 404 404 403 401"),
    "/bang/ca": ("/bang/ca?noi={a}", "200 404 404 403 401"),
    "/bang/ho": ("/bang/ho?noi={a}", "200 404 404 403 401"),
    "/bang/hinh/{hinh}": ("/bang/hinh/pheu.svg?lop={c}", "200 404 404 403 401"),
    "/bang/tai/{tep}": ("/bang/tai/lop-{c}.csv", "200 404 404 403 401"),
    # These ask nobody who they are, and tell nothing of anybody.
    "/bang/board.css": ("/bang/board.css", "200 200 200 200 200"),
    "/bang/vao/{secret}": ("/bang/vao/khong-co", "404 404 404 404 404"),
}
POSTS = {"/bang/vao": "404 404 404 404 404", "/bang/ra": "403 403 403 403 401"}
WHO = ("đại sứ", "tổ ấp 2", "đại sứ khác", "người học", "")


def test_every_route_is_in_one_of_the_tables(board: Board) -> None:
    assert {route.path.replace(":[A-Za-z0-9_-]{1,100}", "") for route in board.routes} == {
        *ROUTES,
        *POSTS,
    }


@pytest.mark.parametrize("who", WHO)
async def test_a_page_is_for_those_only_whose_place_it_is(
    board: Board, village: Village, who: str
) -> None:
    known = {
        "c": village.classes["ấp 1"],
        "l": village.learners["ấp 1"][0],
        "a": f"a{village.places['ấp 1'].hamlet}",
    }
    # A learner has come in while they still had a role.
    came_in_as = "tổ ấp 1" if who == "người học" else who
    async with board.browser(village.people[came_in_as] if who else 0) as browser:
        if who == "người học":
            await revoke(board, village.people[came_in_as])
        seen = {}
        for path, (asked, _) in ROUTES.items():
            async with browser.get(asked.format(**known), allow_redirects=False) as answer:
                body = await answer.text(errors="replace")
                seen[path] = answer.status
                assert answer.headers["X-Frame-Options"] == "DENY"
                assert "unsafe-inline" not in answer.headers["Content-Security-Policy"] or (
                    path == "/bang/hinh/{hinh}"
                )
                if answer.status != 200:
                    assert not any(name in body for name in ("Bà Tư", "Chú Sáu", "Lớp ấp 1"))
            if who == "người học" and answer.status == 403:
                # The cookie is taken away with the first refusal; the stubborn bring it again.
                await come_back(board, browser, village.people[came_in_as])
        for path in POSTS:
            async with browser.post(path, data={"dau": "0" * 64}) as answer:
                seen[path] = answer.status

    place = WHO.index(who)
    expected = {path: codes for path, (_, codes) in ROUTES.items()} | POSTS
    assert seen == {path: int(codes.split()[place]) for path, codes in expected.items()}


async def revoke(board: Board, learner: int) -> None:
    async with board.database.transaction() as connection:
        for grant in await role_grants.of_learner(connection, learner):
            await role_grants.revoke(connection, grant.id, NOW)


async def come_back(board: Board, browser: object, learner: int) -> None:
    """A cookie as good as the one that was taken, for somebody whose role is gone."""
    from yarl import URL

    from storage import sittings

    secret = f"{learner:x>43}"
    async with board.database.transaction() as connection:
        await sittings.end(connection, secret)
        await sittings.begin(connection, secret, learner, "", NOW, NOW + timedelta(hours=1))
    browser.cookie_jar.update_cookies({"hocso-bang": secret}, URL(board.url))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "query",
    [
        "xep=;drop table learner", "xep=%00", "xep=name&xep=done", "trang=-1", "trang=0",
        "trang=99999999999999999999", "trang=١", "trang=1e9", "tim=%27%22%3C/script%3E",
        "tim=%25%5F", "tim=" + "a" * 4000, "tim=%E2%80%AE%F0%9F%98%80", "khoa=khong-co", "khoa=%00",
        "tim=" + "+".join("abcdefghijklmnopqrstuvwxyz" * 9),
        "tu=2026-02-30&den=x", "tu=0001-01-01&den=9999-12-31", "tu=2026-11-20&den=2026-11-01",
        "tu=2090-01-01&den=2090-01-02", "ky=%00&so=%27&ct=R99", "ky=nam&ct=%3Cscript%3E",
    ],
)  # fmt: skip
async def test_whatever_an_address_asks_for_a_list_is_shown(
    board: Board, village: Village, query: str
) -> None:
    async with board.browser(village.people["đại sứ"]) as browser:
        for path in (
            "/bang", "/bang/lop", "/bang/nguoi", f"/bang/lop/{village.classes['ấp 1']}",
            "/bang/chi-tieu", "/bang/ca", "/bang/ho",
        ):  # fmt: skip
            async with browser.get(f"{path}?{query}") as answer:
                assert answer.status == 200, path
                assert "</script>" not in await answer.text()


@pytest.mark.parametrize(
    "path",
    [
        "/bang?noi=x99999", "/bang?noi=a999", "/bang?noi=a99999999999999999999", "/bang?noi='",
        "/bang?noi=a١", "/bang/lop/x", "/bang/lop/99999999999999999999", "/bang/nguoi/1/x",
        "/bang/hinh/pheu.png", "/bang/hinh/x.svg", "/bang/hinh/noi.svg?lop=1",
        "/bang/hinh/pheu.svg?lop=x", "/bang/tai/noi.exe", "/bang/tai/chi-tieu.exe",
        "/bang/chi-tieu?noi=x99999", "/bang/ca?noi=a999", "/bang/ho?noi=a999", "/bang/tai/lop-1.pdf",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_said_to_be_not_there(
    board: Board, village: Village, path: str
) -> None:
    async with board.browser(village.people["đại sứ"]) as browser, browser.get(path) as answer:
        assert answer.status == 404
        assert "Không có trang này" in await answer.text()


async def test_past_the_end_of_a_list_nobody_is_told_that_there_is_nobody(
    board: Board, village: Village
) -> None:
    async with board.browser(village.people["đại sứ"]) as browser:
        for path in (
            "/bang/lop", "/bang/nguoi", "/bang/nhom", "/bang/that-lua",
            f"/bang/lop/{village.classes['ấp 1']}",
        ):  # fmt: skip
            async with browser.get(f"{path}?trang=999999") as answer:
                page = await answer.text()
                assert ("Hết danh sách rồi." in page, "Chưa có" in page) == (True, False), path
                assert 'rel="prev"' in page


async def test_who_did_not_agree_is_on_no_page(board: Board, village: Village) -> None:
    hidden = village.learners["ấp 1"][3]
    cohort = village.classes["ấp 1"]
    async with board.browser(village.people["đại sứ"]) as browser:
        pages = []
        for path in (f"/bang/lop/{cohort}", "/bang/nguoi", f"/bang/tai/lop-{cohort}.csv"):
            async with browser.get(path) as answer:
                pages.append(await answer.text())
        async with browser.get(f"/bang/nguoi/{cohort}/{hidden}") as answer:
            assert answer.status == 404

    assert [re.findall(rf"/bang/nguoi/{cohort}/{hidden}\b", page) for page in pages] == [[]] * 3
    assert "Ông Năm Hột" not in "".join(pages)
