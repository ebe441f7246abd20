"""Classes in the chat: who comes in, under which name, and who sees whom."""

from datetime import timedelta

import pytest

from conversation.handler import Rules
from conversation.replies import GiveDocument, ShowPicture
from handlers.people.guessing import MOST_AN_HOUR
from lessons.catalogue import Catalogue
from people import codes
from storage import cohorts, enrolments
from storage.database import Database
from tests.support.people import (
    a_class,
    labels,
    met,
    of,
    offered,
    text,
)
from tests.support.tables import dump, rows
from tests.support.talk import ADMINISTRATOR, PLACES, WORDS, Chat, Talk


async def test_a_full_class_says_so_and_a_seat_that_is_left_is_free(administrator: Talk) -> None:
    code = await a_class(administrator)
    async with administrator.database.transaction() as connection:
        await cohorts.set_seats(connection, 1, 1)
    one, two = await met(administrator.person("Một")), await met(administrator.person("Hai"))
    for guest in (one, two):
        await guest.line(code)
    await one.line("[Vào lớp, không cho xem]")

    full = await two.line("[Vào lớp, không cho xem]")
    await one.line("roi lop")
    joined = await two.line(f"#button join:{code}:0")

    assert text(full) == WORDS.render("joining.not_now", "bac", why="full", day="1")
    assert "đã vào" in text(joined)


@pytest.mark.parametrize(
    "guess",
    [
        "K{}M 2XD",
        "/start lop-K{}M2XD",
        "#button join:K{}M2XD:1",
        "#button accept:K{}M2XDH4T9BK",
        "K{}M2XDH4T9BK",
        "/start moi-K{}M2XDH4T9BK",
    ],
)
async def test_guessing_is_slowed_down_by_whatever_way(guess: str, administrator: Talk) -> None:
    guesser = await met(administrator.person("Đoán"))
    said = [text(await guesser.line(guess.format(sign))) for sign in "2345679B"]

    wrong, often = WORDS.render("joining.wrong", "bac"), WORDS.render("joining.too_often", "bac")
    assert said == [wrong] * MOST_AN_HOUR + [often] * (8 - MOST_AN_HOUR)
    assert [row["tries"] for row in await rows(administrator.database, "wrong_code")] == [
        MOST_AN_HOUR
    ]
    guesser.clock.passes(timedelta(hours=1))
    assert text(await guesser.line(guess.format("D"))) == wrong


async def test_a_stranger_cannot_try_codes_before_agreeing(administrator: Talk) -> None:
    code = await a_class(administrator)
    right, wrong = administrator.person("Đúng"), administrator.person("Sai")

    asked = [
        offered(await guest.line(f"/start lop-{given}"))
        for guest, given in ((right, code), (wrong, "K7M2XD"))
    ]

    assert asked == [[(f"lop-{code}",), ()], [("lop-K7M2XD",), ()]]
    assert await rows(administrator.database, "wrong_code") == []


async def test_only_who_agreed_is_seen_and_each_look_is_written_down(administrator: Talk) -> None:
    code = await a_class(administrator)
    seen, unseen = await met(administrator.person("Thấy")), await met(administrator.person("Ẩn"))
    for guest, way in ((seen, "[Vào lớp, cho xem]"), (unseen, "[Vào lớp, không cho xem]")):
        await guest.line(code)
        await guest.line(way)
    await seen.line("bà Sáu & chồng")

    page = text(await administrator.line("#button members:1:0"))
    await seen.line("#button scope:1:0")
    administrator.clock.passes(timedelta(seconds=5))
    after = text(await administrator.line("#button members:1:0"))

    assert "<b>bà Sáu &amp; chồng</b>: chưa bắt đầu" in page
    assert "Còn 1 người không cho xem" in page
    assert "bà Sáu" not in after
    looks = [row for row in await rows(administrator.database, "audit") if row["deed"] == "looked"]
    assert [row["subject_id"] for row in looks] == [await of(seen)]


async def test_leaving_takes_back_consent_and_name_at_once(administrator: Talk) -> None:
    code = await a_class(administrator)
    guest = await met(administrator.person("Sáu"))
    for line in (code, "[Vào lớp, cho xem]", "bà Sáu Lành"):
        await guest.line(line)

    await guest.line("rời lớp")

    async with administrator.database.read() as connection:
        assert await enrolments.seen_in(connection, 1) == []
    assert "bà Sáu Lành" not in await dump(administrator.database)


async def test_a_name_is_waited_for_no_longer_than_an_hour(administrator: Talk) -> None:
    code = await a_class(administrator)
    guest = await met(administrator.person("Sáu"))
    for line in (code, "[Vào lớp, cho xem]"):
        await guest.line(line)
    guest.clock.passes(timedelta(hours=1))

    said = await guest.line("lam sao cai vneid")

    assert [row["name"] for row in await rows(administrator.database, "enrolment")] == [""]
    assert "VNeID" in text(said)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ba", "Ba"),
        ("hai", "hai"),
        ("Tư", "Tư"),
        ("1", ""),  # the button's number
        ("khong can ten", ""),
        ("0", None),  # a person, please
        ("hoc tiep", None),
        ("mã otp là 482913", None),
        ("toi vua bi lua mat tien", None),
    ],
)
async def test_a_number_or_a_command_is_no_name_and_a_nickname_is(
    typed: str, name: str | None, administrator: Talk
) -> None:
    code = await a_class(administrator)
    guest = await met(administrator.person("Sáu"))
    for line in (code, "[Vào lớp, cho xem]"):
        await guest.line(line)

    said = await guest.line(typed)

    assert [row["name"] for row in await rows(administrator.database, "enrolment")] == [name or ""]
    assert ("Xem lớp này" in labels(said)) is (name is not None)


async def test_after_a_picture_the_name_is_still_waited_for(administrator: Talk) -> None:
    await administrator.line("/lopmoi")
    await administrator.line("#photo")
    await administrator.line("Lớp chợ chiều")

    assert [row["name"] for row in await rows(administrator.database, "cohort")] == [
        "Lớp chợ chiều"
    ]


@pytest.mark.parametrize(
    ("links", "link", "numbered"),
    [
        ({"plain": "https://hoc.example.vn/s/{}"}, True, "Mở máy ảnh"),
        ({"plain": "http://localhost:8080/s/{}"}, False, "Mở Học Số"),
        ({"web": "", "telegram": ""}, False, "Mở Học Số"),
        (
            {"telegram": "https://t.me/bot?start={}", "web": "https://hoc.vn/s/{}"},
            True,
            "Mở máy ảnh",
        ),
    ],
)
async def test_a_poster_carries_a_link_only_when_others_can_open_it(
    links: dict[str, str], link: bool, numbered: str, database: Database, catalogue: Catalogue
) -> None:
    rules = Rules(
        links={name: form.format for name, form in links.items()},
        places=PLACES,
        administrators=frozenset({("plain", ADMINISTRATOR)}),
    )
    teacher = await met(Talk(database, catalogue, address=ADMINISTRATOR, rules=rules, chat=Chat()))
    code = await a_class(teacher)

    picture, _ = await teacher.line("#button poster:1")
    sheet, _ = await teacher.line("#button sheet:1")

    assert isinstance(picture, ShowPicture)
    assert isinstance(sheet, GiveDocument)
    assert sheet.content == picture.content
    assert sheet.name == f"lop-{code}.pdf"
    assert bool(picture.content["link"]) is link
    assert picture.content["steps"][0].startswith(numbered)
    if "web" in links and link:
        assert picture.content["link"].startswith("https://hoc.vn/")
    assert codes.spaced(code) in picture.alt


async def test_too_many_classes_of_one_person_are_refused(administrator: Talk) -> None:
    for number in range(30):
        await a_class(administrator, f"Lớp {number}")
        administrator.clock.passes(timedelta(seconds=5))

    said = await administrator.line("/lopmoi Lớp nữa")

    assert text(said) == WORDS.render("teaching.too_many", "bac", most=30)
    assert len(await rows(administrator.database, "cohort")) == 30
