"""The pages of a screen without a browser: who may look, who may move it, and what is told."""

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from screens.hall import MOST_OF_NETWORK
from storage import cohorts, fairs, live_questions, role_grants, screens
from storage.database import Database
from tests.support.hall import CODE, FAIR_CODE, LESSON, Browser, Hall
from tests.support.tables import rows

FIRST_QUESTION = 8


async def test_anybody_may_look_and_sees_counts_alone(hall: Hall, browser: Browser) -> None:
    await hall.open_class()

    status, page = await browser.get()
    _, about = await browser.get("/about")
    async with browser.watch() as told:
        now = await anext(told)

    assert status == 200
    assert "<script>" not in page
    assert about == {
        "kind": "lop",
        "title": "Lớp nhà văn hóa ấp 3",
        "where": "xã Tân Phú Đông",
        "code": "K7M 2XD",
        "qr": True,
        "site": "127.0.0.1",
        "open": True,
        "over": False,
        "host": False,
        "courses": [],
    }
    assert now == {"version": 0, "lesson": LESSON, "place": 0, "seats": 0, "question": None}


async def test_slides_tell_no_right_answer(hall: Hall, browser: Browser) -> None:
    await hall.open_class()

    _, told = await browser.get("/slides")

    kinds = [one["kind"] for one in told["slides"]]
    assert kinds == ["join", *["card"] * 5, "takeaway", "practice", *["question"] * 5, "end"]
    keys = {key for one in told["slides"] for key in one}
    assert keys == {"kind", "title", "at", "of", "text", "lines", "ask", "choices"}


@pytest.mark.parametrize(
    "path",
    [
        "/lop/KKK222",
        f"/lop/{FAIR_CODE}",
        f"/ngayhoi/{CODE}",
        "/lop/1",
        "/lop/%20",
        "/ngayhoi/KKK222",
    ],
)
async def test_a_code_that_leads_nowhere_gets_a_kind_page(
    path: str, hall: Hall, browser: Browser
) -> None:
    browser.base = path
    status, page = await browser.get()

    assert (status, "Mã này mở không ra" in page) == (404, True)
    assert (await browser.get("/about"))[0] == 404
    assert hall.database


async def test_an_expired_replaced_or_closed_class_shows_nothing(
    hall: Hall, browser: Browser
) -> None:
    await hall.open_class()
    found = [(await browser.get("/about"))[0]]
    async with hall.database.transaction() as connection:
        later = hall.clock() + timedelta(days=9)
        await cohorts.set_code(connection, hall.cohort, "H7M2XD", hall.clock(), later)
    found.append((await browser.get("/about"))[0])
    browser.base = "/lop/H7M2XD"
    found.append((await browser.get("/about"))[0])
    hall.clock.passes(timedelta(days=10))
    found.append((await browser.get("/about"))[0])
    async with hall.database.transaction() as connection:
        await cohorts.extend_code(connection, hall.cohort, hall.clock() + timedelta(days=9))
        await cohorts.close(connection, hall.cohort, hall.clock())
    found.append((await browser.get("/about"))[0])

    assert found == [200, 404, 200, 404, 404]


async def test_a_class_without_a_screen_yet_shows_how_to_join(hall: Hall, browser: Browser) -> None:
    assert (await browser.get())[0] == 200
    assert (await browser.get("/about"))[1]["open"] is False
    assert (await browser.get("/live"))[0] == 404
    async with browser.session.get(f"{browser.base}/qr.svg") as answer:
        assert answer.content_type == "image/svg+xml"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert hall.cohort


async def test_a_key_opens_a_screen_once_and_only_its_own(hall: Hall, browser: Browser) -> None:
    screen, other = await hall.open_class(), await hall.open_fair()
    key, of_fair = await hall.key(screen), await hall.key(other, "BDH34KMX")

    assert await browser.lead(of_fair) == 403
    assert await browser.lead("bdh3 4kmt") == 200
    assert (await browser.get("/about"))[1]["host"] is True
    async with hall.browser() as stranger:
        assert await stranger.lead(key) == 403
        assert (await stranger.post("/press", {"version": 0}))[0] == 403
        assert (await stranger.get("/about"))[1]["host"] is False


async def test_a_key_that_is_old_or_of_who_leads_no_more_opens_nothing(
    hall: Hall, browser: Browser
) -> None:
    screen = await hall.open_class()
    await hall.key(screen)
    hall.clock.passes(timedelta(minutes=15))
    assert await browser.lead("BDH34KMT") == 403

    key = await hall.key(screen, "BDH34KMX")
    async with hall.database.transaction() as connection:
        (grant,) = await role_grants.of_learner(connection, hall.host)
        await role_grants.revoke(connection, grant.id, hall.clock())
        await cohorts.set_owner(connection, hall.cohort, hall.host)
    assert await browser.lead(key) == 403


async def test_a_host_whose_role_ended_moves_nothing_any_more(hall: Hall, browser: Browser) -> None:
    screen = await hall.open_class()
    await browser.lead(await hall.key(screen))
    assert (await browser.press())["done"] is True
    async with hall.database.transaction() as connection:
        (grant,) = await role_grants.of_learner(connection, hall.host)
        await role_grants.revoke(connection, grant.id, hall.clock())

    assert (await browser.post("/press", {"version": 1}))[0] == 403


async def test_two_hosts_who_press_at_once_skip_nothing(hall: Hall, browser: Browser) -> None:
    screen = await hall.open_class()
    async with hall.browser() as other:
        await browser.lead(await hall.key(screen))
        await other.lead(await hall.key(screen, "BDH34KMX"))

        _, first = await browser.post("/press", {"version": 0})
        _, second = await other.post("/press", {"version": 0})

    assert (first["done"], first["now"]["place"]) == (True, 1)
    assert (second["done"], second["now"]["place"]) == (False, 1)


async def test_bars_are_hidden_until_enough_answered_or_the_right_one_is_shown(
    hall: Hall, browser: Browser
) -> None:
    screen = await hall.open_class()
    await browser.lead(await hall.key(screen))
    phones = [f"phone-{number}" for number in range(6)]
    await hall.sit_down(phones, f"song-{CODE}")
    await browser.press(go=FIRST_QUESTION)
    opened = await browser.press()
    async with hall.database.read() as connection:
        asked = await live_questions.the_open_one(connection, screen.id)
    assert asked is not None
    told: list[Any] = [opened["now"]["question"]]
    for phone in phones[:4]:
        await hall.answer(phone, asked.id, "0")
    async with browser.watch() as stream:
        told.append((await anext(stream))["question"])
        await hall.answer(phones[4], asked.id, "1")
        told.append((await anext(stream))["question"])
    shown = (await browser.press())["now"]["question"]

    assert [(one["answers"], one["bars"]) for one in told] == [
        (0, None),
        (4, None),
        (5, sorted([4, 1, 0], key=shown["bars"].index)),
    ]
    assert [one.keys() & {"right", "why"} for one in told] == [set(), set(), set()]
    assert (shown["is"], shown["bars"][shown["right"]]) == ("shown", 4)
    assert await rows(hall.database, "live_answer") == []


async def test_who_has_no_seat_is_asked_nothing_and_answers_nothing(hall: Hall) -> None:
    screen = await hall.open_class()
    await hall.sit_down(["sits"], f"song-{CODE}")
    await hall.sit_down(["learns alone"], "")
    async with hall.database.transaction() as connection:
        asked = await live_questions.open_one(
            connection, screen.id, LESSON, "gia-cong-an-cuop-may", hall.clock()
        )
    await hall.answer("learns alone", asked, "0")

    assert await rows(hall.database, "live_answer") == []


async def test_who_looks_along_from_one_network_leaves_its_host_a_place(
    hall: Hall, browser: Browser
) -> None:
    screen = await hall.open_class()
    await browser.lead(await hall.key(screen))
    async with AsyncExitStack() as stack, hall.browser() as stranger:
        for _ in range(MOST_OF_NETWORK):
            await stack.enter_async_context(hall.site.hall.watch(screen.id, "127.0.0.1"))

        assert (await stranger.get("/live"))[0] == 503
        async with browser.watch() as told:
            assert (await anext(told))["place"] == 0


async def test_another_lesson_begins_at_its_beginning(hall: Hall, browser: Browser) -> None:
    screen = await hall.open_class()
    await browser.lead(await hall.key(screen))
    await browser.press(go=FIRST_QUESTION)
    await browser.press()

    told = await browser.press(lesson="khoa-zalo")
    unknown = await browser.press(lesson="../secret")

    assert (told["now"]["lesson"], told["now"]["place"]) == ("khoa-zalo", 0)
    assert unknown["done"] is False
    async with hall.database.read() as connection:
        assert await live_questions.the_open_one(connection, screen.id) is None


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"version": 0, "go": 1, "more": 1}, {}, 400),
        ({"version": "x"}, {}, 400),
        ([], {}, 400),
        ({"version": 0, "go": 10**9}, {}, 200),
        ({"version": 0}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"version": 0}, {"Origin": "https://evil.example"}, 403),
    ],
)
async def test_what_no_page_of_ours_posts_is_refused(
    body: Any, headers: dict[str, str], status: int, hall: Hall, browser: Browser
) -> None:
    await browser.lead(await hall.key(await hall.open_class()))

    assert (await browser.post("/press", body, **headers))[0] == status


async def test_guessing_codes_and_keys_is_slowed_down(hall: Hall, browser: Browser) -> None:
    await hall.open_class()
    keys = [await browser.lead("BDH34KMT") for _ in range(12)]
    browser.base = "/lop/KKK222"
    codes = [(await browser.get("/about"))[0] for _ in range(42)]
    _, page = await browser.get()
    hall.ticking.seconds += 61
    browser.base = f"/lop/{CODE}"

    assert (keys[:5], keys[-1]) == ([403] * 5, 429)
    assert (codes[0], codes[-1]) == (404, 429)
    assert "Chờ một chút nha" in page
    assert (await browser.get())[0] == 200


async def test_a_fair_counts_a_person_once_and_a_closed_one_keeps_counts_alone(
    hall: Hall, browser: Browser
) -> None:
    await hall.open_fair()
    await hall.sit_down(["a", "b"], f"hoi-{FAIR_CODE}")
    await hall.sit_down(["a"], f"hoi-{FAIR_CODE}")
    browser.base = f"/ngayhoi/{FAIR_CODE}"
    async with browser.watch() as stream:
        told = await anext(stream)
    async with hall.database.transaction() as connection:
        await fairs.close(connection, hall.fair, hall.clock())
        crowd = await fairs.crowd(connection, hall.fair)
    await hall.sit_down(["late"], f"hoi-{FAIR_CODE}")

    assert told["crowd"] == {"people": 2, "lessons": 0}
    assert (crowd.people, await rows(hall.database, "attendance")) == (2, [])
    assert (await browser.get("/about"))[1]["over"] is True
    assert [row["people"] for row in await rows(hall.database, "fair_hour")] == [2]


async def test_a_screen_of_another_day_begins_anew_with_its_next_host(
    hall: Hall, browser: Browser, database: Database
) -> None:
    screen = await hall.open_class()
    await browser.lead(await hall.key(screen))
    await browser.press(go=FIRST_QUESTION)
    await browser.press()
    hall.clock.passes(timedelta(days=1))
    async with hall.browser() as tomorrow:
        await tomorrow.lead(await hall.key(screen, "BDH34KMX"))
    async with database.read() as connection:
        now = await screens.by_id(connection, screen.id)

        assert now is not None
        assert (now.place, await live_questions.the_open_one(connection, screen.id)) == (0, None)
