"""``/gui``: who may send, who must agree, and which buttons do not count any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from conversation.broadcast import MOST_WORDS, READY, Broadcasting, fault_of
from conversation.replies import Reply, Say
from lessons.catalogue import Catalogue
from storage import addresses, cohorts, enrolments, hamlets, role_grants
from storage.database import Connection, Database
from tests.support.tables import rows
from tests.support.talk import ADMINISTRATOR, COMMUNE, WORDS, Chat, Talk, usual_rules

ROOT = Path(__file__).resolve().parents[2]
NEW = ("/gui", "[Soạn tin mới]", "[Lớp chợ]")


def text(replies: Sequence[Reply]) -> str:
    said = replies[-1]
    assert isinstance(said, Say)
    return str(said.text)


async def says(talk: Talk, *lines: str) -> list[Reply]:
    replies: list[Reply] = []
    for line in lines:
        talk.clock.passes(timedelta(seconds=30))
        replies = await talk.line(line)
    return replies


@pytest.fixture
async def people(database: Database, catalogue: Catalogue) -> dict[str, Talk]:
    """An administrator who leads a class of two, another administrator, and rules under which
    more than one person needs a second's word.
    """
    chat = Chat()
    rules = replace(
        usual_rules({chat.name: chat.link}, chat.name),
        administrators=frozenset({(chat.name, ADMINISTRATOR), (chat.name, "nhi")}),
        broadcasting=Broadcasting(approve_above=1),
    )
    first = Talk(database, catalogue, chat=chat, address=ADMINISTRATOR, rules=rules)
    found = {"first": first} | {name: first.person(name) for name in ("nhì", "sáu", "bảy")}
    for talk in found.values():
        await says(talk, "/start", "[Đồng ý, vào học]", "[Bác]")
    await says(found["nhì"], "/vaitro")
    await says(first, "/lopmoi Lớp chợ")
    for name in ("sáu", "bảy"):
        await says(found[name], "/start lop-4BD9DB", "[Vào lớp, không cho xem]")
    return found


async def states(talk: Talk) -> list[str]:
    return [row["state"] for row in await rows(talk.database, "broadcast")]


async def test_for_many_a_second_person_reads_it_and_agrees(people: dict[str, Talk]) -> None:
    first, second = people["first"], people["nhì"]
    await says(first, *NEW, "Mai lớp nghỉ", "[Gửi tin này]")
    assert await states(first) == ["asking"]

    shown = [said for said in await second.ring() if isinstance(said, Say)]
    assert "Mai lớp nghỉ" in shown[0].text
    await says(second, "[Duyệt, gửi đi]")
    await says(second, "[bấm lại]")

    got = [where for where, said in first.chat.sent if "Mai lớp nghỉ" in getattr(said, "text", "")]
    assert sorted(got[2:]) == ["bay", "sau"]
    assert await states(first) == ["done"]
    deeds = [row["deed"] for row in await rows(first.database, "audit")]
    assert deeds[-2:] == ["broadcast", "broadcast_approved"]


async def test_its_author_cannot_agree_to_it(people: dict[str, Talk]) -> None:
    first = people["first"]
    await says(first, *NEW, "Mai lớp nghỉ", "[Gửi tin này]")

    said = await says(first, "#button gui_agree:1:1")

    assert text(said) == WORDS.render("role.denied", "bac")
    assert await states(first) == ["asking"]


@pytest.mark.parametrize(("answer", "state"), [("[Không gửi]", "refused"), ("ừ", "asking")])
async def test_a_second_person_may_say_no_and_a_nod_says_nothing(
    people: dict[str, Talk], answer: str, state: str
) -> None:
    await says(people["first"], *NEW, "Mai lớp nghỉ", "[Gửi tin này]")
    await people["nhì"].ring()

    await says(people["nhì"], answer)

    assert await states(people["first"]) == [state]


async def test_a_button_of_words_that_were_changed_shows_the_new_ones(
    people: dict[str, Talk],
) -> None:
    first = people["first"]
    await says(first, *NEW, "Mai lớp nghỉ", "[Soạn lại]", "Mốt lớp nghỉ")

    shown = await says(first, "#button gui_send:1:1")

    assert isinstance(shown[0], Say)
    assert "Mốt lớp nghỉ" in shown[0].text
    assert await states(first) == ["draft"]


async def test_a_learner_with_a_button_of_the_teams_sends_nothing(people: dict[str, Talk]) -> None:
    await says(people["first"], *NEW, "Mai lớp nghỉ")

    for button in ("gui", "gui_new", "gui_send:1:1", "gui_stop:1", "gui_class:1", "gui_place::0:"):
        said = await says(people["sáu"], f"#button {button}")
        assert text(said) == WORDS.render("role.denied", "bac"), button

    assert await states(people["first"]) == ["draft"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("Mai lớp nghỉ nha", None),
        ("Vô https://dichvucong.gov.vn/lua-chon nha", None),
        ("Tự gõ dichvucong.gov.vn", None),
        ("Bài ở https://hoc.example.vn/s/hoc-x", None),
        ("Hôm nay nghỉ.Mai học lại", None),
        ("Hỏi số 0907 123 456", None),
        ("Vô http://dichvucong.gov.vn", "link"),
        ("Vô https://dichvucong.gov.vn.top/x", "link"),
        ("Vô https://gov.vn@evil.top", "link"),
        ("t.me/nhom-lua", "link"),
        ("Bấm QUA-TANG.TOP", "link"),
        ("Nhắn @nguoila nha", "link"),
        ("Vô nhậnquà.vn nha", "link"),
        ("Mai nghỉ.vô sau nha", None),
        ("Mã OTP 482913", "secret"),
        ("  ", "empty"),
        ("a" * (MOST_WORDS + 1), "long"),
    ],
)
def test_what_may_not_go_to_many(typed: str, fault: str | None) -> None:
    assert fault_of(typed, "", ("https://hoc.example.vn",), most=MOST_WORDS) == fault


async def _sent_at_night(people: dict[str, Talk], *, by: str) -> int:
    """A broadcast that waits for the morning, of who is given a role here first; the grant."""
    sender, first = people[by], people["first"]
    async with first.database.transaction() as connection:
        sender_id = await learner_of(connection, sender)
        await hamlets.add(connection, COMMUNE, [("ap", "1")], first.clock())
        (hamlet,) = await hamlets.of_commune(connection, COMMUNE)
        cohort = await cohorts.add(connection, "Lớp ấp", sender_id, hamlet.place, first.clock())
        await enrolments.join(
            connection, cohort, await learner_of(connection, people["bảy"]), "", first.clock()
        )
        grant = await role_grants.give(
            connection, sender_id, "team_member", hamlet.place, granted_by=None, now=first.clock()
        )
    first.clock.passes(timedelta(hours=3, minutes=30))
    await says(
        sender,
        *NEW[:-1],
        "[Các lớp ở ấp 1, xã Tân Phú Đông]",
        "Mang tiền tới nhà Tư",
        "[Gửi tin này]",
    )
    assert await states(first) == ["running"]
    return grant.id


async def learner_of(connection: Connection, talk: Talk) -> int:
    found = await addresses.find(connection, talk.chat.name, talk.address)
    assert found is not None
    return found.learner_id


async def got_of(talk: Talk, *, hours: int) -> list[str]:
    """Who got the broadcast, when so much time has passed."""
    before = len(talk.chat.sent)
    talk.clock.passes(timedelta(hours=hours))
    await talk.line("/tiendo")
    later = talk.chat.sent[before:]
    return [where for where, said in later if "nhà Tư" in getattr(said, "text", "")]


def _listed(replies: Sequence[Reply]) -> str:
    """The button of a broadcast that is going out."""
    said = replies[-1]
    assert isinstance(said, Say)
    return next(one.label for one in said.buttons if one.label.endswith("đang gửi"))


async def test_what_a_role_that_is_taken_back_was_sending_goes_to_nobody(
    people: dict[str, Talk],
) -> None:
    first = people["first"]
    grant = await _sent_at_night(people, by="sáu")
    await says(people["sáu"], *NEW[:-1], "[Các lớp ở ấp 1, xã Tân Phú Đông]")

    await says(first, f"#button revoke_now:{grant}")

    assert await states(first) == ["stopped"]
    assert await got_of(first, hours=10) == []
    assert [row["outcome"] for row in await rows(first.database, "recipient")] == ["stopped"]


async def test_a_role_that_runs_out_sends_nothing_any_more(people: dict[str, Talk]) -> None:
    first = people["first"]
    grant = await _sent_at_night(people, by="sáu")
    async with first.database.transaction() as connection:
        await role_grants.revoke(connection, grant, first.clock())

    assert await got_of(first, hours=10) == []
    assert await states(first) == ["stopped"]
    last = (await rows(first.database, "audit"))[-1]
    assert (last["deed"], last["actor_id"]) == ("broadcast_stopped", None)


async def test_whoever_could_have_sent_it_sees_it_going_out_and_stops_it(
    people: dict[str, Talk],
) -> None:
    second = people["nhì"]
    await _sent_at_night(people, by="sáu")

    await says(second, "/gui", f"[{_listed(await says(second, '/gui'))}]")
    said = await says(second, "[Dừng gửi]")

    assert "đã dừng" in text(said)
    assert await states(second) == ["stopped"]
    assert await got_of(second, hours=10) == []
    refused = await says(people["bảy"], "#button gui_one:1")
    assert text(refused) == WORDS.render("role.denied", "bac")


async def test_what_a_sender_without_a_role_asked_for_cannot_be_approved(
    people: dict[str, Talk],
) -> None:
    first, second = people["first"], people["nhì"]
    await says(first, *NEW, "Mai lớp nghỉ", "[Gửi tin này]")
    await second.ring()
    async with first.database.transaction() as connection:
        for grant in await role_grants.of_learner(connection, await learner_of(connection, first)):
            await role_grants.revoke(connection, grant.id, first.clock())

    said = await says(second, "[Duyệt, gửi đi]")

    assert text(said) == WORDS.render("broadcast.decided", "bac", state="stopped")
    assert await states(first) == ["stopped"]


async def test_a_warning_that_everybody_has_is_not_sent_again(people: dict[str, Talk]) -> None:
    first, second = people["first"], people["nhì"]
    warning = ("[⚠️ Giả công an]", "[Gửi tin này]")
    await says(first, *NEW, *warning)
    await second.ring()
    await says(second, "[Duyệt, gửi đi]")

    said = await says(first, *NEW, warning[0])

    whom = "Lớp chợ"
    assert text(said) == WORDS.render("broadcast.all_have_it", "bac", whom=whom, days=7)
    assert await states(first) == ["done", "draft"]


def test_every_warning_rests_on_facts_that_are_there() -> None:
    facts = yaml.safe_load((ROOT / "lessons/content/facts.yaml").read_text())["rows"]

    cited = {fact for one in READY for fact in one.facts}
    assert cited - set(facts) == set()
    assert {one.name for one in READY if one.is_urgent} == {one.name for one in READY if one.facts}
