"""Roles in the chat: who may, who may not, and how a role ends."""

from datetime import timedelta

import pytest

from conversation.handler import Rules
from lessons.catalogue import Catalogue
from places.model import Place
from storage.database import Database
from tests.support.people import (
    DENIED,
    OTHER_XA,
    STALE,
    XA,
    a_class,
    a_hamlet,
    given,
    labels,
    met,
    text,
)
from tests.support.tables import dump, rows
from tests.support.talk import ADMINISTRATOR, PLACES, START, Talk

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
