"""The page in a real browser, where there is one."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from markupsafe import Markup, escape

from conversation.actions import action
from conversation.events import Chosen, CommandReceived, Started, TextReceived
from conversation.replies import AskQuestion, Button, GiveFile, Reply, Say, ShowPicture
from tests.support.chromium import CHROMIUM, watched_page
from tests.support.databases import fresh_database
from tests.support.web_page import Site

pytest.importorskip("playwright")
from playwright.async_api import Browser, Page, Route, ViewportSize

# Chromium outlives a test, so what talks to it shares its event loop.
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.asyncio(loop_scope="session"),
]

QUESTION = AskQuestion(
    Markup("<b>Câu 1.</b> Người ta đưa màn hình “đã chuyển khoản”. Mình làm gì?"),
    (
        Button(
            "Mở app của mình xem tiền đã về thật chưa, chưa thấy thì chưa giao hàng", action("a", 1)
        ),
        Button("Tin ngay", action("a", 2)),
    ),
    extra=(Button("Nghỉ", action("rest")),),
)


# What of the lines is still below, two frames later: in pixels.
LEFT = """() => new Promise((found) => {
    const scroll = document.getElementById("scroll");
    const measure = () => found(scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop);
    requestAnimationFrame(() => requestAnimationFrame(measure));
})"""


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[Site]:
    async with fresh_database() as database, Site(database) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def phone(chromium: Browser) -> AsyncIterator[Page]:
    """A small phone; anything said on its console, or asked of another host, fails the test."""
    size: ViewportSize = {"width": 360, "height": 740}
    async with watched_page(chromium, 10_000, viewport=size, has_touch=True) as (phone, wrong):
        yield phone
    assert [each for each in wrong if "ERR_INTERNET_DISCONNECTED" not in each] == []


async def _open(site: Site, phone: Page, path: str = "/") -> str:
    """Open the page; its address."""
    known = len(site.events)
    await phone.goto(site.url + path)
    await phone.wait_for_selector("#composer:not([hidden])")
    return site.listening.events[known].address


async def test_an_address_of_this_site_can_be_tapped_and_no_other(site: Site, phone: Page) -> None:
    address = await _open(site, phone)
    own, bait = f"{site.url}/bang/vao/abc", "http://127.0.0.1.evil.example/x"
    said = f"Xem đủ ở đây: {own}. Đừng mở {bait} hay {site.url}.evil.example/"
    await site.channel.send(address, [Say(Markup.escape(said))], delivery=1)
    await phone.wait_for_selector(".tutor a")

    links = await phone.eval_on_selector_all(".tutor a", "found => found.map((one) => one.href)")
    words = await phone.inner_text(".tutor .line, .tutor")

    assert links == [own]
    assert said in words


async def test_a_link_opens_the_chat_and_a_reload_does_not_start_it_again(
    site: Site, phone: Page
) -> None:
    address = await _open(site, phone, "/s/lop-5A")
    await site.channel.send(address, [Say(Markup("Chào <b>cô</b>"))], delivery=1)
    await phone.wait_for_selector(".tutor b >> text=cô")
    assert phone.url == site.url + "/"
    await phone.reload()
    await phone.wait_for_selector(".tutor b >> text=cô")
    assert await phone.locator(".line").count() == 1
    assert site.events == [Started("lop-5A")]


async def test_tapping_typing_and_the_menu_reach_the_tutor(site: Site, phone: Page) -> None:
    address = await _open(site, phone)
    sent = await site.channel.send(address, [QUESTION], delivery=1)
    await phone.tap("#log .choice >> nth=0")
    await phone.wait_for_selector(".tutor:not(.busy) .chosen")
    await phone.fill("#typed", "2")
    await phone.press("#typed", "Enter")
    await phone.wait_for_selector(".learner[data-line]")
    await phone.tap("#menu-open")
    assert await phone.locator("#menu-list").inner_text() == "Học bài\nCần người giúp"
    await phone.tap("#menu-list button >> text=Học bài")
    await phone.wait_for_selector(".learner[data-line] >> nth=1")
    assert site.events[1:] == [
        Chosen(action("a", 1), sent.external_id),
        TextReceived("2"),
        CommandReceived("hoc"),
    ]
    assert await phone.locator(".learner .words").all_inner_texts() == ["2", "Học bài"]


async def test_a_reply_that_replaces_changes_its_own_line(site: Site, phone: Page) -> None:
    address = await _open(site, phone)
    card = [Say(Markup(f"Thẻ {n}"), (Button("Tiếp", action("n")),), replace=True) for n in (1, 2)]
    sent = await site.channel.send(address, [card[0]], delivery=1)
    await phone.wait_for_selector("text=Thẻ 1")
    await site.channel.send(address, [card[1]], replaces=sent.external_id, delivery=2)
    await phone.wait_for_selector("text=Thẻ 2")
    assert await phone.locator(".tutor .words").all_inner_texts() == ["Thẻ 2"]


async def test_typed_html_is_shown_and_not_run(site: Site, phone: Page) -> None:
    address = await _open(site, phone)
    attack = "<img src=x onerror=\"document.title='hỏng'\"><script>document.title='hỏng'</script>"
    await phone.fill("#typed", attack)
    await phone.press("#typed", "Enter")
    await phone.wait_for_selector(".learner[data-line]")
    await site.channel.send(address, [Say(escape(attack))], delivery=1)
    await phone.wait_for_selector(".tutor")
    assert await phone.locator(".words").all_inner_texts() == [attack, attack]
    assert await phone.title() == "Học Số – Trợ giảng tự động"


async def test_what_could_not_be_sent_is_kept_and_sent_once(site: Site, phone: Page) -> None:
    await _open(site, phone)
    await phone.context.set_offline(True)
    await phone.fill("#typed", "một")
    await phone.press("#typed", "Enter")
    await phone.fill("#typed", "hai")
    await phone.press("#typed", "Enter")
    await phone.wait_for_selector("text=Chờ có mạng sẽ tự gửi >> nth=1")
    assert await phone.locator(".failed").count() == 0
    await phone.context.set_offline(False)
    await phone.wait_for_selector(".learner[data-line] >> nth=1")
    assert site.events[1:] == [TextReceived("một"), TextReceived("hai")]
    assert await phone.locator(".sending").count() == 0
    assert await phone.locator(".learner").count() == 2


async def test_with_the_network_there_only_a_failed_retry_asks_for_a_tap(
    site: Site, phone: Page
) -> None:
    await _open(site, phone)
    refusals = 2

    async def refuse(route: Route) -> None:
        nonlocal refusals
        refusals -= 1
        await (route.abort("internetdisconnected") if refusals >= 0 else route.continue_())

    await phone.route("**/say", refuse)
    await phone.fill("#typed", "một")
    await phone.press("#typed", "Enter")
    assert await phone.inner_text(".sending") == "đang gửi…"
    await phone.tap("text=Chưa gửi được, chạm để gửi lại")
    await phone.wait_for_selector(".learner[data-line]")
    assert site.events[1:] == [TextReceived("một")]


async def test_what_is_typed_before_agreeing_stands_above_its_answer_until_a_reload(
    site: Site, phone: Page
) -> None:
    site.listening.agreed = False
    address = await _open(site, phone)
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        await held.wait()
        await route.fulfill(response=answer)

    await phone.route("**/say", hold)
    await phone.fill("#typed", "tôi ở xa lắm")
    await phone.press("#typed", "Enter")
    await phone.wait_for_selector("text=đang gửi…")
    await site.channel.send(address, [Say(Markup("Đồng ý không?"))], delivery=1)
    await phone.wait_for_selector(".tutor")
    held.set()
    await phone.wait_for_selector(".learner[data-line]")
    await site.channel.send(address, [Say(Markup("Không sao"))], delivery=2)
    await phone.wait_for_selector("text=Không sao")
    words = phone.locator(".words")
    assert await words.all_inner_texts() == ["tôi ở xa lắm", "Đồng ý không?", "Không sao"]
    await phone.reload()
    await phone.wait_for_selector("text=Không sao")
    assert await words.all_inner_texts() == ["Đồng ý không?", "Không sao"]


async def test_lines_missed_while_offline_come_when_the_network_returns(
    site: Site, phone: Page
) -> None:
    address = await _open(site, phone)
    await site.channel.send(address, [Say(Markup("trước"))], delivery=1)
    await phone.wait_for_selector("text=trước")
    await phone.context.set_offline(True)
    await phone.wait_for_selector("#banner:has-text('mất mạng')")
    await site.channel.send(address, [Say(Markup("trong lúc mất mạng"))], delivery=2)
    await phone.context.set_offline(False)
    await phone.wait_for_selector("text=trong lúc mất mạng")
    assert await phone.locator(".tutor").count() == 2


async def test_everything_fits_every_screen_and_every_button_is_big(
    site: Site, phone: Page
) -> None:
    address = await _open(site, phone)
    picture = ShowPicture("path", {}, "Đã học 3 bài", Markup("Đường học của cô"))
    file = GiveFile("du-lieu-cua-toi.json", "{}", Markup("https://dichvucong.gov.vn/" + "x" * 80))
    replies: tuple[Reply, ...] = (picture, file, QUESTION)
    for delivery, reply in enumerate(replies, start=1):
        await site.channel.send(address, [reply], delivery=delivery)
    await phone.wait_for_selector("#log .choice >> nth=2")
    for larger in ("false", "true"):
        await phone.wait_for_selector(f"#larger[aria-pressed={larger}]")
        for width, height in ((320, 640), (360, 740), (740, 360), (1280, 800)):
            await phone.set_viewport_size({"width": width, "height": height})
            wide = await phone.evaluate(
                """[document.documentElement, document.getElementById("scroll")]
                    .map((node) => node.scrollWidth - window.innerWidth)
                    .filter((over) => over > 0)"""
            )
            small = await phone.evaluate(
                """[...document.querySelectorAll("button, textarea, a.file")]
                    .map((node) => [node.id || node.className, node.getBoundingClientRect().height])
                    .filter(([, height]) => height && height < 48)"""
            )
            assert (width, larger, wide, small) == (width, larger, [], [])
        await phone.tap("#larger")


async def test_an_old_button_is_quiet_and_its_answer_is_seen_at_the_end(
    site: Site, phone: Page
) -> None:
    address = await _open(site, phone)
    for delivery in range(1, 8):
        await site.channel.send(address, [QUESTION], delivery=delivery)
    await phone.wait_for_selector("#log .choice >> nth=20")
    weights = await phone.evaluate(
        """[...document.querySelectorAll("#log .choice")]
            .map((choice) => getComputedStyle(choice).fontWeight)"""
    )
    assert weights == ["400"] * 18 + ["600"] * 3
    await phone.tap("#log .choice >> nth=1")
    await phone.wait_for_selector(".tutor:not(.busy) .chosen")
    await site.channel.send(address, [Say(Markup("Đây là trả lời"))], delivery=8)
    await phone.wait_for_selector("text=Đây là trả lời")
    assert site.events[-1].action == action("a", 2)
    assert await phone.evaluate(
        """() => {
            const answer = [...document.querySelectorAll(".line")].at(-1).getBoundingClientRect();
            const seen = document.getElementById("scroll").getBoundingClientRect();
            return seen.top <= answer.top && answer.bottom <= seen.bottom;
        }"""
    )


@pytest.mark.parametrize("percent", [112.5, 168.75, 225, 337.5])
async def test_letters_of_any_size_leave_the_bar_thin_and_the_words_whole(
    site: Site, phone: Page, percent: float
) -> None:
    # What the page makes of a reader's own 100, 150 and 200 %, and of 200 % with "Chữ to".
    address = await _open(site, phone)
    await phone.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
    for delivery in range(1, 5):
        await site.channel.send(address, [QUESTION], delivery=delivery)
    await phone.wait_for_selector("#log .choice >> nth=11")
    await phone.locator("#log .choice >> nth=0").scroll_into_view_if_needed()
    await phone.wait_for_selector("#more", state="visible")
    bar, seen = await phone.evaluate(
        """["more", "scroll"].map((id) => document.getElementById(id).getBoundingClientRect())
            .map(({ top, bottom, height }) => ({ top, bottom, height }))"""
    )
    assert (bar["top"], bar["height"]) == (seen["bottom"], 48)
    # A screen reader scrolls without touching: the bar's going must not bring the page back.
    await phone.evaluate("document.getElementById('scroll').scrollTop = 100000")
    await phone.wait_for_selector("#more", state="hidden")
    assert await phone.evaluate(LEFT) < 40
    await phone.evaluate("document.getElementById('scroll').scrollTop = 0")
    await phone.wait_for_selector("#more", state="visible")
    while await phone.is_visible("#more"):
        await phone.tap("#more")
    assert await phone.evaluate(LEFT) < 40
    rows = await phone.evaluate(
        """[...document.querySelectorAll("#log .label")].slice(-2).map((label) => {
            const words = document.createRange();
            words.selectNodeContents(label);
            return words.getClientRects().length;
        })"""
    )
    assert rows == [1, 1]  # "Tin ngay" and "Nghỉ": no word is broken
    words, room = await phone.evaluate(
        """() => {
            const typed = document.getElementById("typed");
            const [own, hint] = [getComputedStyle(typed), getComputedStyle(typed, "::placeholder")];
            const pen = document.createElement("canvas").getContext("2d");
            pen.font = `${hint.fontSize} ${own.fontFamily}`;
            const sides = parseFloat(own.paddingLeft) + parseFloat(own.paddingRight);
            return [pen.measureText(typed.placeholder).width, typed.clientWidth - sides];
        }"""
    )
    assert words <= room


async def test_a_line_is_read_with_its_choices_until_tapped_again_or_a_new_line_comes(
    site: Site, phone: Page
) -> None:
    # No voice is installed here: this one speaks to a list, and never comes to its end.
    await phone.add_init_script(
        """window.said = [];
        window.SpeechSynthesisUtterance = function (words) { this.words = words; };
        Object.defineProperty(window, "speechSynthesis", { value: {
            getVoices: () => [{ lang: "vi-VN", localService: true }],
            speak: ({ words }) => window.said.push(words),
            cancel: () => (window.said = []),
        } });"""
    )
    address = await _open(site, phone)
    question = AskQuestion(
        Markup("<b>Câu 1.</b> Mất 1.000.000 đồng?\nMở vneid.gov.vn."),
        (Button("Tin ngay", action("a", 1)), Button("Gọi 113", action("a", 2))),
    )
    await site.channel.send(address, [question], delivery=1)
    expected = [
        "Câu 1.",
        "Mất 1.000.000 đồng?",
        "Mở vneid.gov.vn.",
        "Một: Tin ngay",
        "Hai: Gọi 113",
    ]
    await phone.tap(".listen")
    assert await phone.evaluate("said") == expected
    await phone.tap("text=Dừng")
    assert await phone.evaluate("said") == []
    await phone.tap(".listen")
    assert await phone.evaluate("said") == expected
    await site.channel.send(address, [Say(Markup("Dòng mới"))], delivery=2)
    await phone.wait_for_selector("text=Dòng mới")
    assert await phone.evaluate("said") == []
    assert await phone.locator(".listen").all_inner_texts() == ["Nghe", "Nghe"]


async def test_a_keyboard_reaches_everything(site: Site, phone: Page) -> None:
    address = await _open(site, phone)
    await site.channel.send(address, [QUESTION], delivery=1)
    await phone.wait_for_selector("#log .choice")
    reached = []
    for _ in range(9):
        await phone.keyboard.press("Tab")
        reached.append(
            await phone.evaluate("document.activeElement.id || document.activeElement.innerText")
        )
    assert [name.split("\n")[0] for name in reached] == [
        "Tới ô gõ chữ",
        "larger",
        "menu-open",
        "scroll",
        "1",
        "2",
        "3",
        "typed",
        "send",
    ]


async def test_large_letters_are_remembered(site: Site, phone: Page) -> None:
    await _open(site, phone)
    await phone.tap("#larger")
    await phone.reload()
    assert await phone.get_attribute("#larger", "aria-pressed") == "true"
