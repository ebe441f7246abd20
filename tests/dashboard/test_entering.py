"""The way in and out: a link that works once, a cookie that is worth nothing to anybody else."""

import re
from datetime import timedelta

import pytest

from storage import role_grants, sittings
from tests.support.board import NOW, Board, Village


async def test_looking_at_a_link_uses_up_nothing_and_the_button_uses_it_up(
    board: Board, village: Village
) -> None:
    secret = await board.link(village.people["đại sứ"])
    async with board.browser() as browser:
        for method in ("HEAD", "GET", "GET"):
            async with browser.request(method, f"/bang/vao/{secret}") as answer:
                assert answer.status == 200
        async with browser.post("/bang/vao", data={"ma": secret}, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/bang")
            cookie = answer.headers["Set-Cookie"]
        async with browser.get("/bang") as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")

    assert re.fullmatch(
        r"hocso-bang=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=Lax", cookie
    )
    async with board.browser() as another:
        async with another.get(f"/bang/vao/{secret}") as answer:
            assert (answer.status, "Link đã dùng rồi" in await answer.text()) == (410, True)
        async with another.post("/bang/vao", data={"ma": secret}) as answer:
            assert answer.status == 410


async def test_behind_https_the_cookie_is_bound_to_it(
    board: Board, village: Village, database, catalogue
) -> None:
    async with Board(database, catalogue, public_url="https://hoc.example.vn").open() as safe:
        secret = await safe.link(village.people["đại sứ"])
        async with (
            safe.browser() as browser,
            browser.post("/bang/vao", data={"ma": secret}, allow_redirects=False) as answer,
        ):
            cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("__Host-hocso-bang=")
    assert "; Secure" in cookie


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        ("late", 410, "Link hết hạn"),
        ("asked again", 404, "Đường link không đúng"),
        ("revoked", 403, "Vai trò không còn"),
        ("cut off", 404, "Đường link không đúng"),
    ],
)
async def test_a_link_that_does_not_open_says_why(
    board: Board, village: Village, what: str, status: int, said: str
) -> None:
    learner = village.people["đại sứ"]
    secret = await board.link(learner)
    match what:
        case "late":
            board.clock.moment += timedelta(minutes=10)
        case "asked again":
            await board.link(learner)
        case "revoked":
            async with board.database.transaction() as connection:
                (grant,) = await role_grants.of_learner(connection, learner)
                await role_grants.revoke(connection, grant.id, NOW)
        case _:
            secret = secret[:20]
    async with board.browser() as browser:
        async with browser.get(f"/bang/vao/{secret}") as answer:
            assert (answer.status, said in await answer.text()) == (status, True)
        async with browser.post("/bang/vao", data={"ma": secret}) as answer:
            assert (answer.status, said in await answer.text()) == (status, True)
            assert "Set-Cookie" not in answer.headers or "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_a_forwarded_link_says_whose_it_is_and_whose_board_it_would_close(
    board: Board, village: Village
) -> None:
    secret = await board.link(village.people["đại sứ"])
    async with (
        board.browser(village.people["tổ ấp 1"]) as browser,
        browser.get(f"/bang/vao/{secret}") as answer,
    ):
        page = await answer.text()

    assert "cô Ba Mơ" in page
    assert "đại sứ số, xã Tân Phú Đông" in page
    assert "thành viên Tổ công nghệ số, ấp 1, xã Tân Phú Đông" in page


async def test_coming_in_gives_a_new_cookie_and_ends_the_one_that_was_brought(
    board: Board, village: Village
) -> None:
    """Session fixation: a cookie that somebody planted is worth nothing afterwards."""
    async with board.browser(village.people["tổ ấp 1"]) as browser:
        planted = cookie_of(browser)
        secret = await board.link(village.people["đại sứ"])
        async with browser.post("/bang/vao", data={"ma": secret}):
            pass

        assert cookie_of(browser) != planted
    async with board.database.read() as connection:
        assert await sittings.find(connection, planted) is None


def cookie_of(browser) -> str:
    return str(next(morsel.value for morsel in browser.cookie_jar if morsel.key == "hocso-bang"))


@pytest.mark.parametrize(
    ("waits", "status"),
    [
        ([timedelta(minutes=59)] * 3, 200),
        ([timedelta(minutes=60)], 401),
        ([timedelta(minutes=50)] * 15, 401),
    ],
)
async def test_a_browser_is_shut_out_when_it_was_idle_or_open_too_long(
    board: Board, village: Village, waits: list[timedelta], status: int
) -> None:
    async with board.browser(village.people["đại sứ"]) as browser:
        for wait in waits:
            board.clock.moment += wait
            async with browser.get("/bang/lop") as answer:
                last = answer.status

    assert last == status


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"},
                                     {"Sec-Fetch-Site": "cross-site"}])  # fmt: skip
async def test_another_sites_form_neither_opens_nor_closes_anything(
    board: Board, village: Village, headers: dict[str, str]
) -> None:
    secret = await board.link(village.people["đại sứ khác"])
    async with board.browser(village.people["đại sứ"]) as browser:
        seal = await seal_of(browser)
        for path, form in (("/bang/vao", {"ma": secret}), ("/bang/ra", {"dau": seal})):
            async with browser.post(path, data=form, headers=headers) as answer:
                assert answer.status == 403
        async with browser.get("/bang") as answer:
            assert answer.status == 200


async def seal_of(browser) -> str:
    async with browser.get("/bang") as answer:
        found = re.search(r'name="dau" value="([0-9a-f]{64})"', await answer.text())
    assert found is not None
    return found[1]


async def test_leaving_ends_this_browser_and_leaving_everywhere_all(
    board: Board, village: Village
) -> None:
    learner = village.people["đại sứ"]
    async with board.browser(learner) as one, board.browser(learner) as two:
        async with board.browser(learner) as three:
            async with three.post("/bang/ra", data={"dau": await seal_of(three)}) as answer:
                assert "trên máy này" in await answer.text()
            assert [await status(each) for each in (one, two, three)] == [200, 200, 401]
        async with two.post("/bang/ra", data={"dau": await seal_of(one), "het": "1"}) as answer:
            assert answer.status == 403  # another browser's seal
        async with two.post("/bang/ra", data={"dau": await seal_of(two), "het": "1"}) as answer:
            assert "trên mọi máy" in await answer.text()
        assert [await status(each) for each in (one, two)] == [401, 401]


async def status(browser) -> int:
    async with browser.get("/bang") as answer:
        return int(answer.status)


async def test_whoever_asks_too_fast_is_asked_to_wait(board: Board, village: Village) -> None:
    async with board.browser(village.people["đại sứ"]) as browser:
        board.waits = 3.0
        async with browser.get("/bang") as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "10")


_FORM = "application/x-www-form-urlencoded"
_PART = 'Content-Disposition: form-data; name="ma"'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=x", f"--x\r\n{_PART}\r\n\r\nabc\r\n--x--\r\n".encode()),
        ("application/json", b"{}"),
        (f"{_FORM}; charset=khong-co", b"ma=abc"),
        (_FORM, b"ma=\xff\xfe"),
    ],
)
async def test_what_is_no_form_is_refused_kindly(
    board: Board, village: Village, kind: str, body: bytes
) -> None:
    async with board.browser(village.people["đại sứ"]) as browser:
        for path in ("/bang/vao", "/bang/ra"):
            headers = {"Content-Type": kind}
            async with browser.post(path, data=body, headers=headers) as answer:
                assert (answer.status, "Máy không đọc được" in await answer.text()) == (400, True)
        async with browser.get("/bang") as answer:
            assert answer.status == 200
