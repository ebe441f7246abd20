"""Fieldwork in the chat: what outlives a team member, who may not, and what an old button means."""

from collections.abc import Callable

import pytest

from conversation.events import Chosen
from conversation.replies import Say
from handlers.fieldwork.reports_said import MOST
from storage import hamlets
from tests.support.people import XA, a_hamlet
from tests.support.tables import rows
from tests.support.talk import COMMUNE, WORDS, Talk

DENIED = WORDS.render("role.denied", "bac")
STALE = WORDS.render("help.stale", "bac")
LOG = ("/tham", "1", "1 3", "12", "4=2", "1", "1")


async def of_team(talk: Talk) -> Talk:
    await talk.join_team(talk.address)
    return talk


async def said(talk: Talk, line: str) -> str:
    (reply,) = await talk.line(line)
    assert isinstance(reply, Say)
    return str(reply.text)


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """Numbers only, as on a channel without buttons."""
    talk._taps = False
    return talk


async def test_a_visit_takes_six_numbers_and_counts_nobody_by_name(talk: Talk) -> None:
    await of_team(talk)
    for line in LOG:
        await talk.line(line)

    (visit,) = await rows(talk.database, "visit")
    shown = ("day", "kind", "contents", "people", "state", "version", "held_by")
    assert [visit[column] for column in shown] == ["2026-11-23", "home", 5, 12, "logged", 1, None]
    assert [
        (row["slug"], row["people"]) for row in await rows(talk.database, "visit_milestone")
    ] == [("vneid_2", 2)]


async def test_a_correction_keeps_what_was_there_and_fewer_people_reached_less(talk: Talk) -> None:
    await of_team(talk)
    for line in (*LOG, "[Sửa lượt này]", "[Số người]", "1"):
        await talk.line(line)

    (visit,) = await rows(talk.database, "visit")
    (version,) = await rows(talk.database, "visit_version")
    assert (visit["people"], visit["version"]) == (1, 2)
    assert (version["version"], version["people"], version["milestones"]) == (1, 12, "vneid_2=2")
    assert [row["people"] for row in await rows(talk.database, "visit_milestone")] == [1]


async def test_who_leaves_the_tutor_leaves_counts_and_no_name(talk: Talk) -> None:
    await of_team(talk)
    for line in (*LOG, "/tham", "1"):
        await talk.line(line)
    await talk.line("/xoa")
    await talk.line("1")

    kept = [(row["author_id"], row["people"]) for row in await rows(talk.database, "visit")]
    assert kept == [(None, 12)]


async def test_what_is_kept_of_fieldwork_is_told(talk: Talk) -> None:
    await of_team(talk)
    for line in (*LOG, "/cotmoc", "1", "/baocao", "1", "1"):
        await talk.line(line)
    _, told = await talk.line("/dulieu")

    assert isinstance(told, Say)
    for name in ("milestones", "visits", "reports"):
        assert WORDS.render(f"privacy.line_{name}", "bac", count=1) in told.text


@pytest.mark.parametrize(
    "button",
    [
        "visit_at:1", "visit_save:1", "visit:1", "visit_sheet:1", "visit_mark:1:vneid:1",
        "report:1", "report_approve:1:0", "report_back:1:numbers", "report_lock:1",
        "report_reopen:1", "report_submit:1", "report_enter:1", "witness",
    ],
)  # fmt: skip
async def test_a_learner_with_a_teams_button_gets_a_kind_no_and_changes_nothing(
    button: str, talk: Talk, another: Callable[[str], Talk]
) -> None:
    await of_team(talk)
    for line in (*LOG, "/baocao", "1", "1"):
        await talk.line(line)
    before = [await rows(talk.database, table) for table in ("visit", "field_report", "audit")]
    stranger = another("2002")
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
        await stranger.line(line)

    assert await said(stranger, f"#button {button}") in (DENIED, STALE)
    after = [await rows(talk.database, table) for table in ("visit", "field_report", "audit")]
    assert after == before


@pytest.mark.parametrize(
    "button",
    [
        "visit_at:99", "visit_at:x", "visit_tick:1:999", "visit_count:1:0", "visit_count:1:9999",
        "visit_count:1:0001999999", "visit_count:1:00012",
        "visit_mark:1:vneid:99", "visit_mark:1:nothing:1", "visit_on:1:19990101", "visit_as:1:boat",
        "visit:99", "visit_sheet:99", "milestone_have:nothing", "report:99", "report_of:28696:1:x:y",
        "report_of:28696:1:20261129:20261123", "report_at:28696:99", "report_figure:1:R04",
        "report_back:1:nothing", "witness_of:99:1", "report_lock:1", "report_reopen:1",
    ],
)  # fmt: skip
async def test_a_button_nobody_of_ours_drew_is_an_old_one(button: str, talk: Talk) -> None:
    await of_team(talk)
    for line in (*LOG, "/baocao", "1", "1"):
        await talk.line(line)

    assert await said(talk, f"#button {button}") in (STALE, DENIED)


@pytest.mark.parametrize(
    ("state", "button"),
    [
        ("submitted", "report_approve:1:0"),
        ("submitted", "report_why:1"),
        ("submitted", "report_back:1:numbers"),
        ("approved", "report_back:1:numbers"),
        ("approved", "report_lock:1"),
        ("locked", "report_reopen:1"),
    ],
)
async def test_whoever_wrote_a_report_decides_nothing_about_it(
    administrator: Talk, state: str, button: str
) -> None:
    await a_hamlet(administrator.database)
    await administrator.line("/vaitro")
    await administrator.line(f"#button report_at:{XA}:0")
    await administrator.event(Chosen(administrator.last[0].action))
    async with administrator.database.transaction() as connection:
        await connection.execute("UPDATE field_report SET state = $1", state)

    answer = await said(administrator, f"#button {button}")

    assert answer == WORDS.render("field_report.own", "bac")
    (report,) = await rows(administrator.database, "field_report")
    assert (report["state"], report["decided_by"]) == (state, None)


@pytest.mark.parametrize(
    "line",
    ["#photo", "#voice", "079203001234", "học tiếp", "không biết", "blabla gì đó", "mấy cái đó"],
)
async def test_whatever_comes_between_what_a_visit_was_about_is_asked_again(
    line: str, talk: Talk
) -> None:
    await of_team(talk)
    for step in ("/tham", "1"):
        await talk.line(step)
    labels = [one.label for one in talk.last]
    for _ in range(2):
        replies = await talk.line(line)
        assert [one.label for one in talk.last] == labels
        assert len(replies) in (1, 2)
    await talk.line("1 3")

    (visit,) = await rows(talk.database, "visit")
    assert visit["contents"] == 5


@pytest.mark.parametrize("days", ["00010101:00010102", "99990101:99991231", "20200101:20261231"])
async def test_no_button_reports_on_what_nobody_could_type(days: str, talk: Talk) -> None:
    await of_team(talk)

    assert await said(talk, f"#button report_of:{XA}:1:{days}") == STALE
    assert await rows(talk.database, "field_report") == []


async def test_a_visit_that_came_late_is_shown_to_who_can_have_it_counted(
    talk: Talk, another: Callable[[str], Talk]
) -> None:
    await of_team(talk)
    other, chin = another("2002"), another("3003")
    for person in (other, chin):
        for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
            await person.line(line)
    await talk.join_team("2002")
    await talk.become_ambassador("3003")
    for line in LOG[:-1]:
        await talk.line(line)
    for line in ("/baocao", "1", "1", "[Gửi duyệt]"):
        await other.line(line)
    for line in ("/baocao", "1"):
        (page,) = await chin.line(line)
    assert isinstance(page, Say)
    assert page.text.startswith("Kỳ này tới 29/11 mới hết.")
    await chin.line("[Duyệt]")
    await chin.line("/baocao")
    before = [one.label for one in chin.last]
    await talk.line(LOG[-1])
    for line in ("/baocao", "1", "[Gửi lại để sửa]", "1"):
        await chin.line(line)
        if line == "/baocao":
            shown = [one.label for one in chin.last]
    await chin.line("/baocao")

    assert before == ["Báo cáo mới: xã Tân Phú Đông"]
    week = "ấp 3, xã Tân Phú Đông, tuần 23/11 – 29/11/2026"
    assert shown == [f"{week}: đã duyệt, có lượt ghi trễ", *before]
    (visit,) = await rows(talk.database, "visit")
    assert (visit["people"], visit["held_by"]) == (12, None)
    assert [one.label for one in chin.last] == before


async def test_nobody_witnesses_themselves_nor_who_does_not_let_it_be_seen(
    talk: Talk, another: Callable[[str], Talk]
) -> None:
    await of_team(talk)
    await talk.line("/lopmoi Lớp ấp 3")
    ((code),) = [row["code"] for row in await rows(talk.database, "cohort_code")]
    hidden = another("2002")
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]", code, "[Vào lớp, không cho xem]"):
        await hidden.line(line)
    ids = {row["external_id"]: row["learner_id"] for row in await rows(talk.database, "address")}

    for learner in (ids["1001"], ids["2002"]):
        assert await said(talk, f"#button witnessed:1:{learner}:vneid") == STALE
    assert await rows(talk.database, "milestone") == []


async def test_of_several_hamlets_it_is_asked_whose_sheet(talk: Talk) -> None:
    """The question stands second, whatever the number of hamlets."""
    await of_team(talk)
    await talk.become_ambassador(talk.address)
    async with talk.database.transaction() as connection:
        await hamlets.add(connection, COMMUNE, [("ap", "4"), ("ap", "5")], talk.clock())

    (where,) = await talk.line("/tham")
    (which,) = await talk.line("2")
    (asked,) = await talk.line("nên thăm ai")
    sheet = await said(talk, "2")

    assert isinstance(where, Say)
    assert where.buttons[1].label == "Nên tới thăm ai"
    assert isinstance(which, Say)
    assert isinstance(asked, Say)
    assert [one.label for one in which.buttons] == ["ấp 3", "ấp 4", "ấp 5"]
    assert which.buttons == asked.buttons
    assert "ấp 4" in sheet


async def test_a_long_report_is_read_to_its_end_before_it_is_decided_on(talk: Talk) -> None:
    """And from the beginning when a figure changed on the way."""
    await of_team(talk)
    for line in ("/tham", "1", "1 2 3 4 5", "12", "2=1 3=1 4=1 5=1 6=1 7=1 8=1", "1", "1"):
        await talk.line(line)
    for line in ("/baocao", "1", "1", "1", "1", "12", "2", "345", "3", "6", "4", "7"):
        await talk.line(line)
    (first,) = await talk.line("[Về báo cáo]")
    (last,) = await talk.line("1")
    async with talk.database.transaction() as connection:
        await connection.execute("UPDATE field_figure SET value = 8")
    assert isinstance(first, Say)
    assert isinstance(last, Say)
    (again,) = await talk.event(Chosen(first.buttons[0].action))

    labels = [[one.label for one in part.buttons] for part in (first, last)]
    assert labels == [
        ["Xem tiếp", "Nhập số liệu", "Báo cáo khác"],
        ["Nhập số liệu", "Gửi duyệt", "Báo cáo khác"],
    ]
    assert all(len(part.text.striptags()) <= MOST for part in (first, last))
    assert isinstance(again, Say)
    assert again.text.partition(")")[0] == first.text.partition(")")[0]
    assert again.buttons[0].label == "Xem tiếp"
