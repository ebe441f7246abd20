"""The projector's page in a real browser, with a hall full of telephones that answer."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from lessons.catalogue import Catalogue
from storage import live_questions
from tests.support.chromium import CHROMIUM, PICTURES, watched_page
from tests.support.databases import fresh_database
from tests.support.hall import CODE, FAIR_CODE, Hall

pytest.importorskip("playwright")
from playwright.async_api import Browser, Page, ViewportSize

# Chromium outlives a test, so what talks to it shares its event loop.
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.asyncio(loop_scope="session"),
]
PHONES = [f"phone-{number}" for number in range(200)]
FITS = """() => document.documentElement.scrollWidth <= innerWidth
    && document.getElementById("stage").scrollWidth <= innerWidth"""


@pytest_asyncio.fixture(loop_scope="session")
async def hall(catalogue: Catalogue) -> AsyncIterator[Hall]:
    async with fresh_database() as database, Hall(database, catalogue) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="session")
async def projector(chromium: Browser) -> AsyncIterator[Page]:
    """A projector's browser; anything said on its console, or asked of another host, fails."""
    size: ViewportSize = {"width": 1280, "height": 720}
    async with watched_page(chromium, 15_000, viewport=size) as (page, wrong):
        yield page
    known = ("/page/lotus.svg", "404", "ERR_INTERNET_DISCONNECTED")
    assert [each for each in wrong if not any(one in each for one in known)] == []


async def look(page: Page, name: str) -> None:
    """Nothing sticks out at the sides, on a projector, an old one, and a telephone."""
    for width, height in ((1920, 1080), (360, 740), (1280, 720)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate(FITS), f"{name} is wider than {width} pixels"
        if PICTURES:
            await page.wait_for_timeout(500)
            await page.screenshot(path=f"{PICTURES}/{name}-{width}.png")


async def test_two_hundred_telephones_answer_and_the_bars_say_so(
    hall: Hall, projector: Page
) -> None:
    screen = await hall.open_class()
    key = await hall.key(screen)
    await projector.goto(f"{hall.url}/lop/{CODE}#ma={key}")
    await projector.wait_for_selector("#choose:not([hidden])")
    assert projector.url == f"{hall.url}/lop/{CODE}"
    await hall.sit_down(PHONES, f"song-{CODE}")
    await projector.wait_for_selector("text=200 người đang cùng học")
    await look(projector, "join")
    for title in ("1/5", "2/5", "3/5", "4/5", "5/5", "Ba dòng cần nhớ", "Mình làm thử", "Câu 1/5"):
        await projector.keyboard.press("PageDown")
        await projector.wait_for_selector(f".label >> text={title}")
        if title in ("1/5", "Ba dòng cần nhớ", "Câu 1/5"):
            await look(projector, title.replace("/", "-").replace(" ", "-"))
    assert await projector.inner_text("#next") == "Hỏi cả lớp"

    await projector.keyboard.press("PageDown")
    await projector.wait_for_selector("#next >> text=Hiện đáp án")
    assert await hall.ring() == 200
    async with hall.database.read() as connection:
        asked = await live_questions.the_open_one(connection, screen.id)
    assert asked is not None
    for number, phone in enumerate(PHONES[:190]):
        await hall.answer(phone, asked.id, str((0, 0, 0, 1, 2)[number % 5]))
    # Some change their mind, some tap twice.
    for phone in PHONES[:10]:
        await hall.answer(phone, asked.id, "2")
        await hall.answer(phone, asked.id, "2")
    await projector.wait_for_selector("text=190/200 người đã trả lời")
    assert sum(await _bars(projector)) == 190
    await look(projector, "open")
    assert await projector.locator(".choice.right").count() == 0

    await projector.keyboard.press("PageDown")
    await projector.wait_for_selector(".why")
    shown = dict(zip(await _labels(projector), await _bars(projector), strict=True))
    async with hall.database.read() as connection:
        counted = await live_questions.counts(connection, asked.id)
        left = await connection.fetchval("SELECT COUNT(*) FROM live_answer")
    assert counted == {"0": 108, "1": 36, "2": 46}
    assert sorted(shown.values()) == [36, 46, 108]
    assert left == 0
    assert await projector.locator(".choice.right").count() == 1
    await look(projector, "shown")


async def _bars(page: Page) -> list[int]:
    return [int(text) for text in await page.locator(".choice .people").all_inner_texts()]


async def _labels(page: Page) -> list[str]:
    return await page.locator(".choice > span:nth-child(2)").all_inner_texts()


async def test_a_fairs_screen_counts_who_came(hall: Hall, projector: Page) -> None:
    screen = await hall.open_fair()
    await projector.goto(f"{hall.url}/ngayhoi/{FAIR_CODE}")
    await projector.wait_for_selector("text=chưa có")
    await look(projector, "fair-empty")
    await hall.sit_down(PHONES[:3], f"hoi-{FAIR_CODE}")
    await hall.sit_down(PHONES[:3], f"song-{FAIR_CODE}")
    await projector.wait_for_selector(".crowd >> text=3")
    assert await projector.inner_text(".crowd div >> nth=0") == "3\nngười đã tới"
    await look(projector, "fair")
    # Who only looks along may turn pages for themselves, and come back.
    await projector.keyboard.press("ArrowRight")
    await projector.wait_for_selector(".label >> text=1/5")
    await projector.click("#follow")
    await projector.wait_for_selector(".join")
    assert screen.version == 0


async def test_a_wrong_code_gets_a_kind_page(hall: Hall, projector: Page) -> None:
    await projector.goto(f"{hall.url}/lop/KKK222")
    assert await projector.inner_text("h1") == "Mã này mở không ra"
    if PICTURES:
        await projector.screenshot(path=f"{PICTURES}/wrong.png")


async def test_the_page_comes_back_when_the_line_broke(hall: Hall, projector: Page) -> None:
    await hall.open_class()
    await projector.goto(f"{hall.url}/lop/{CODE}")
    await projector.wait_for_selector(".big-code")
    await projector.context.set_offline(True)
    await projector.context.set_offline(False)
    async with hall.browser() as host:
        assert await host.lead(await hall.key(await hall.open_class())) == 200
        await host.press(go=3)
    await projector.wait_for_selector(".label >> text=3/5")
