"""Roles, invitations and classes in the chat: who may, who may not, and what is never used up."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from conversation.handler import Rules
from conversation.replies import GiveDocument, Reply, Say, ShowPicture
from handlers.people.guessing import MOST_AN_HOUR
from lessons.catalogue import Catalogue
from people import codes
from people.roles import Role
from places.model import Place
from storage import cohorts, enrolments, hamlets, role_grants
from storage.database import Database
from tests.support.tables import dump, rows
from tests.support.talk import ADMINISTRATOR, PLACES, START, WORDS, Chat, Talk

XA, OTHER_XA = "28696", "29926"
DENIED = WORDS.render("role.denied", "bac")
STALE = WORDS.render("help.stale", "bac")


def offered(replies: Sequence[Reply]) -> list[tuple[str, ...]]:
    """What the buttons of the last reply carry."""
    said = replies[-1]
    assert isinstance(said, Say)
    return [button.action.arguments for button in said.buttons]


async def met(talk: Talk) -> Talk:
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
        await talk.line(line)
    return talk


@pytest.fixture
def first(database: Database, catalogue: Catalogue) -> Talk:
    return Talk(database, catalogue, address=ADMINISTRATOR)


@pytest.fixture
async def administrator(first: Talk) -> Talk:
    return await met(first)


def text(replies: Sequence[Reply]) -> str:
    """What the last reply says."""
    said = replies[-1]
    assert isinstance(said, Say)
    return str(said.text)


def labels(replies: Sequence[Reply]) -> list[str]:
    said = replies[-1]
    assert isinstance(said, Say)
    return [button.label for button in said.buttons]


async def of(talk: Talk) -> int:
    for row in await rows(talk.database, "address"):
        if row["external_id"] == talk.address:
            return int(row["learner_id"])
    raise AssertionError(talk.address)


async def given(talk: Talk, role: Role, place: Place, **values: Any) -> Talk:
    """Somebody who has that role there."""
    await met(talk)
    learner = await of(talk)
    async with talk.database.transaction() as connection:
        await role_grants.give(
            connection, learner, role, place, granted_by=None, now=START, **values
        )
    return talk


async def a_hamlet(database: Database, commune: str = XA) -> Place:
    async with database.transaction() as connection:
        await hamlets.add(connection, commune, [("ap", "3")], START)
        return (await hamlets.of_commune(connection, commune))[-1].place


async def a_class(teacher: Talk, name: str = "Lớp chợ") -> str:
    """Its code."""
    await teacher.line(f"/lopmoi {name}")
    return str((await rows(teacher.database, "cohort_code"))[-1]["code"])


STAFF_BUTTONS = (
    "invite", "invite_as:ambassador", "invite_in:team_member:28696", "invite_make:administrator",
    "invite_make:ambassador:28696:0", "given:0", "grant:1", "revoke:1", "revoke_now:1", "resign",
    "rename_me", "no_name", "audit:0", "new_class", "new_at::0", "classes", "classes_where",
    "classes_in:28696:0", "teach:1", "adjust:1", "rename:1", "seats:1", "seats_now:1:20",
    "set_course:1", "course_now:1:", "extend:1", "new_code:1", "hand_over:1", "close:1",
    "close_now:1", "reopen:1", "members:1:0", "poster:1", "sheet:1", "hamlets:28696",
    "hamlet_add:28696", "hamlet_out:28696:0", "hamlet_close:1", "hamlet_close_now:1",
)  # fmt: skip


@pytest.mark.parametrize("button", STAFF_BUTTONS)
async def test_a_learner_who_gets_hold_of_a_teachers_button_changes_nothing(
    button: str, administrator: Talk
) -> None:
    await a_hamlet(administrator.database)
    await a_class(administrator)
    learner = await met(administrator.person("Sáu"))
    before = await dump_but_addresses(administrator.database)

    said = await learner.line(f"#button {button}")

    assert said[0].text == DENIED  # type: ignore[union-attr]
    assert labels(said) == ["Học tiếp", "Chọn bài khác"]
    assert await dump_but_addresses(administrator.database) == before


async def dump_but_addresses(database: Database) -> str:
    lines = (await dump(database)).splitlines()
    return "\n".join(
        line for line in lines if line.split(":")[0] not in ("address", "seen", "delivery")
    )


@pytest.mark.parametrize(
    "line", ["/lopmoi Lớp tôi", "/moi", "/apkhom", "/nhatky", "lap lop", "moi nguoi"]
)
async def test_a_learner_who_types_a_teachers_command_is_told_whose_it_is(
    line: str, administrator: Talk
) -> None:
    learner = await met(administrator.person("Sáu"))

    assert text(await learner.line(line)) == DENIED
    assert await rows(administrator.database, "cohort") == []


async def test_a_role_ends_and_its_buttons_with_it(administrator: Talk) -> None:
    hamlet = await a_hamlet(administrator.database)
    teacher = await given(
        administrator.person("Tư"), "team_member", hamlet, expires_at=START + timedelta(hours=1)
    )
    await a_class(teacher)
    administrator.clock.passes(timedelta(hours=1))

    assert text(await teacher.line("#button teach:1")) == DENIED
    assert text(await teacher.line("/lopmoi Lớp hai")) == DENIED
    assert labels(await teacher.line("/lop")) == ["Gõ mã lớp", "Học tiếp"]


async def test_the_team_of_one_place_has_nothing_to_do_with_another(administrator: Talk) -> None:
    mine = await a_hamlet(administrator.database)
    teacher = await given(administrator.person("Tư"), "team_member", mine)
    neighbour = await given(
        administrator.person("Năm"), "team_member", await a_hamlet(administrator.database, OTHER_XA)
    )
    colleague = await given(administrator.person("Bảy"), "team_member", mine)
    stranger = await given(administrator.person("Tám"), "ambassador", Place(OTHER_XA))
    ambassador = await given(administrator.person("Chín"), "ambassador", Place(XA))
    await a_class(teacher)

    for other in (neighbour, colleague, stranger):
        assert text(await other.line("#button teach:1")) == DENIED
        assert text(await other.line("#button members:1:0")) == DENIED
    assert "Lớp chợ" in text(await ambassador.line("#button teach:1"))
    assert text(await stranger.line(f"#button classes_in:{XA}:0")) == DENIED
    assert text(await stranger.line(f"#button hamlets:{XA}")) == DENIED
    assert (
        text(await stranger.line(f"#button invite_make:team_member:{XA}:{mine.hamlet}")) == DENIED
    )


@pytest.mark.parametrize(
    "button",
    [
        "teach:99", "teach:x", "teach:", f"teach:{2**63}", "grant:99", "grant:-1", "given:x",
        "invite_as:king", "invite_in:team_member:99999", "invite_make:team_member:28696:99",
        "invite_make:ambassador:99999:0", "invite_make:ambassador:28696:1", "invite_make:x:28696:0",
        "invite_make:team_member:28696:0", "uninvite:99", "uninvite:x", "seats_now:1:7",
        "course_now:1:gone", "hamlets:99999", "hamlet_close:99", "hamlet_out:28696:x",
        "members:1:x", "new_at:28696:99", "cohort:1", "cohort:99", "leave:1", "scope:1:1",
        "my_name:1", "nameless:1", "join:K7M2XD:5", "join:x:1", "audit:x",
    ],
)  # fmt: skip
async def test_a_button_of_nothing_that_is_there_is_an_old_one(
    button: str, administrator: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    await a_class(administrator)

    assert text(await administrator.line(f"#button {button}")) == STALE
    assert caplog.records == []


async def test_a_team_member_makes_no_fair_beyond_their_place(administrator: Talk) -> None:
    hamlet = await a_hamlet(administrator.database)
    team = await given(administrator.person("Hai"), "team_member", hamlet)

    for place in (":0", f"{XA}:0"):
        assert text(await team.line(f"#button fair_at:{place}")) == DENIED
        await team.line("Ngày hội toàn quốc")
    assert await rows(team.database, "fair") == []

    await team.line(f"#button fair_at:{XA}:{hamlet.hamlet}")
    await team.line("Ngày hội ấp 3")
    assert [row["hamlet_id"] for row in await rows(team.database, "fair")] == [hamlet.hamlet]


async def test_opening_an_invitation_a_hundred_times_uses_up_nothing(administrator: Talk) -> None:
    await administrator.line("#button invite_make:administrator::0")
    code = _shown_code(administrator)
    guest = await met(administrator.person("Tư"))

    for _ in range(100):
        offer = await guest.line(f"/start moi-{code}")

    assert labels(offer) == ["Đồng ý nhận", "Chưa nhận"]
    assert [row["used_at"] for row in await rows(administrator.database, "invitation")] == [None]
    await guest.line("[Đồng ý nhận]")
    assert "quản trị" in text(await guest.line("/vaitro"))


def _shown_code(talk: Talk) -> str:
    for _, reply in reversed(talk.chat.sent):
        if isinstance(reply, Say):
            for line in str(reply.text).splitlines():
                if "/s/moi-" in line:
                    return line.rpartition("-")[2]
    raise AssertionError


async def test_nothing_stored_holds_the_code_of_an_invitation(administrator: Talk) -> None:
    await administrator.line("#button invite_make:administrator::0")
    code = _shown_code(administrator)
    stored = await dump(administrator.database)

    assert code not in stored
    assert codes.spaced(code) not in stored


async def test_an_invitation_is_worth_nothing_once_its_giver_may_not_give(
    administrator: Talk,
) -> None:
    hamlet = await a_hamlet(administrator.database)
    ambassador = await given(administrator.person("Chín"), "ambassador", Place(XA))
    await ambassador.line(f"#button invite_make:team_member:{XA}:{hamlet.hamlet}")
    code = _shown_code(ambassador)
    guest = await met(administrator.person("Tư"))
    await guest.line(code)
    number = (await rows(administrator.database, "role_grant"))[-1]["id"]
    await administrator.line(f"#button revoke_now:{number}")

    said = await guest.line("[Đồng ý nhận]")

    assert text(said) == WORDS.render("acceptance.revoked", "bac")
    assert len(await rows(administrator.database, "role_grant")) == 2


async def test_more_invitations_than_anybody_can_remember_are_refused(administrator: Talk) -> None:
    for _ in range(20):
        await administrator.line("#button invite_make:administrator::0")
        administrator.clock.passes(timedelta(seconds=5))

    said = await administrator.line("#button invite_make:administrator::0")

    assert labels(said) == ["Lời mời đang chờ"]
    assert len(await rows(administrator.database, "invitation")) == 20
    assert len(labels(await administrator.line("[Lời mời đang chờ]"))) == 21


async def test_who_erased_everything_takes_their_open_invitations_along(
    administrator: Talk,
) -> None:
    second = await given(administrator.person("Hai"), "administrator", Place())
    await second.line("#button invite_make:administrator::0")
    code = _shown_code(second)
    for line in ("/xoa", "[Xóa hết]"):
        await second.line(line)
    guest = await met(administrator.person("Tư"))

    assert text(await guest.line(f"/start moi-{code}")) == WORDS.render("joining.wrong", "bac")


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


async def test_whom_the_configuration_no_longer_names_keeps_the_role_until_it_is_taken_back(
    administrator: Talk, database: Database, catalogue: Catalogue
) -> None:
    await administrator.line("/vaitro")
    await administrator.line("/vaitro")
    grants = await rows(database, "role_grant")
    unnamed = Talk(
        database,
        catalogue,
        address=ADMINISTRATOR,
        rules=Rules(places=PLACES),
        chat=administrator.chat,
    )

    assert [row["role"] for row in grants] == ["administrator"]
    assert "quản trị" in text(await unnamed.event(unnamed.read("/vaitro"), "later"))


async def test_too_many_classes_of_one_person_are_refused(administrator: Talk) -> None:
    for number in range(30):
        await a_class(administrator, f"Lớp {number}")
        administrator.clock.passes(timedelta(seconds=5))

    said = await administrator.line("/lopmoi Lớp nữa")

    assert text(said) == WORDS.render("teaching.too_many", "bac", most=30)
    assert len(await rows(administrator.database, "cohort")) == 30
