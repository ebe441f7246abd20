"""Every button and command of a team, tried by everybody who has nothing to do with that place."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from conversation.replies import Say
from handlers.registry import HANDLERS
from people.roles import Role
from places.model import Place
from storage import addresses, hamlets, role_grants
from tests.support.tables import rows
from tests.support.talk import COMMUNE, Talk

ELSEWHERE = "29926"
# A learner's own, or what is the same for everybody: nothing in it is of a team or somebody else's.
# Whatever else a handler declares is tried below; a new one is, unless it is put here.
ANYBODYS = frozenset((
    "next", "learn_now", "learn", "course", "lesson", "card", "takeaway", "practice", "later",
    "quizzes", "quiz", "again", "review", "early", "progress", "remind", "remind_hours",
    "remind_days", "remind_at", "remind_on", "remind_keep", "remind_no", "remind_again",
    "remind_stop", "rest", "my_classes", "type_code", "ask_join", "join", "no_class", "who_learns",
    "seat_new", "seat_agreed", "anothers", "home_new", "home_seen", "home_place", "home_in",
    "home_at", "home_leave", "home_code", "home_join", "pass_on", "pass_lesson", "help", "term",
    "zone", "apart", "case_ask", "case_stuck", "case_hard", "note_stop", "note_on", "accept",
    "not_now", "witnessed", "declare", "object_official", "live_again", "live_leave", "fair_card",
    "fair_quiz", "milestones", "milestone_have", "milestone_undo", "milestone_out", "gui_again",
))  # fmt: skip
# Whose number is a learner's: the assisted learner's in the first, the class member's in the others.
OF_ASSISTED = frozenset(
    ("help_one", "book", "help_give", "help_to", "help_take", "help_end", "help_gone")
)
OF_LEARNER = frozenset(("home_guide_is", "pass_hand"))
GIVEN = {
    "offset": "0", "commune": COMMUNE, "code": COMMUNE, "hamlet": "1", "role": "team_member",
    "course": "", "lesson": "tai-vneid", "slug": "vneid_2", "mask": "1", "chosen": "0", "people": "3",
    "day": "20261123", "kind": "market", "start": "20261123", "end": "20261129", "name": "R05",
    "seen": "1", "reason": "numbers", "how": "vneid", "days": "1", "minute": "1140", "edition": "1",
    "seats": "5", "old": "x", "straight": "0", "sure": "1", "on": "", "scope": "progress",
    "given": "0", "whom": "1",
}  # fmt: skip
# Of these no row changes, and none comes for the place of others.
GUARDED = (
    "hamlet", "role_grant", "cohort", "cohort_code", "enrolment", "invitation", "support_case", "note",
    "visit", "visit_milestone", "visit_version", "field_report", "field_figure", "assisted", "witness",
    "official_confirmation", "milestone", "household", "household_member", "passed_on", "broadcast",
    "fair", "screen", "group_chat", "paste", "plan", "errand",
)  # fmt: skip
SECRET = "Kín"


async def a_place(tu: Talk, sau: Talk, chin: Talk) -> dict[str, str]:
    """A team member, a learner of their class and their ambassador, with something of everything."""
    await tu.join_team(tu.address)
    await chin.become_ambassador(chin.address)
    await tu.line("/lopmoi Lớp Kín")
    ((code),) = [row["code"] for row in await rows(tu.database, "cohort_code")]
    for line in (
        code, "[Vào lớp, cho xem]", f"bà Sáu {SECRET}", "/giadinh", "[Lập gia đình số]", f"Nhà {SECRET}",
        f"Sáu {SECRET}", "0", "[Nhờ người giúp]", "[Được, nhờ giúp]",
    ):  # fmt: skip
        await sau.line(line)
    for line in (
        "#button case_take:1", "/tham", "[ấp 3]", "1", "3", "1", "1", "/baocao", "1", "1",
        "#button report_submit:1", "/hocho", "[Ghi người mới]", "[Người đó nói đồng ý]", f"bà {SECRET} Đáo",
        "#button gui_class:1", f"Tin {SECRET} nha bà con", "#button fair_new", f"Hội {SECRET}",
        "#button paste_new", f"Nhóm {SECRET}",
    ):  # fmt: skip
        await tu.line(line)
    await chin.line(f"#button invite_make:team_member:{COMMUNE}:1")
    ((assisted),) = [str(row["learner_id"]) for row in await rows(tu.database, "assisted")]
    (member,) = await rows(tu.database, "enrolment")
    return {"assisted": assisted, "learner": str(member["learner_id"])}


async def give(talk: Talk, role: Role, place: Place, *, revoked: bool = False) -> None:
    async with talk.database.transaction() as connection:
        person = await addresses.find(connection, talk.chat.name, talk.address)
        assert person is not None
        now = talk.clock()
        await role_grants.give(connection, person.learner_id, role, place, granted_by=None, now=now)
        if revoked:
            for grant in await role_grants.of_learner(connection, person.learner_id):
                await role_grants.revoke(connection, grant.id, now)


async def guarded(talk: Talk) -> dict[str, list[dict[str, Any]]]:
    return {table: await rows(talk.database, table) for table in GUARDED}


def tried(known: dict[str, str]) -> list[str]:
    """A button for each action that is not anybody's, and each command of a team."""
    lines = []
    for handler in HANDLERS:
        lines += [f"/{command.name}" for command in handler.commands if command.deed]
        for name, function in handler.actions.items():
            if name in ANYBODYS:
                continue
            given = dict(GIVEN, number="1", learner=known["learner"], learner_id=known["learner"])
            given["number"] = known["assisted"] if name in OF_ASSISTED else given["number"]
            given["number"] = known["learner"] if name in OF_LEARNER else given["number"]
            wanted = list(inspect.signature(function).parameters)[1:]
            lines.append(":".join((f"#button {name}", *(given.get(one, "1") for one in wanted))))
    return lines


def test_what_is_anybodys_is_there() -> None:
    assert {name for one in HANDLERS for name in one.actions} >= ANYBODYS


@pytest.mark.parametrize(
    "who", ["learner", "stranger", "revoked", "team of another hamlet", "ambassador elsewhere"]
)
async def test_nobody_else_sees_or_changes_anything_of_a_place(
    who: str, talk: Talk, another: Callable[[str], Talk]
) -> None:
    sau, chin, intruder = (another(name) for name in ("sau", "chin", "la"))
    for person in (sau, chin, intruder):
        agrees = person is not intruder or who != "stranger"
        for line in ("/start", "[Đồng ý, vào học]", "[Bác]")[: 3 if agrees else 1]:
            await person.line(line)
    known = await a_place(talk, sau, chin)
    if who == "revoked":
        await give(intruder, "team_member", Place(COMMUNE, 1), revoked=True)
    elif who == "team of another hamlet":
        async with talk.database.transaction() as connection:
            await hamlets.add(connection, COMMUNE, [("ap", "4")], talk.clock())
        await give(intruder, "team_member", Place(COMMUNE, 2))
    elif who == "ambassador elsewhere":
        await give(intruder, "ambassador", Place(ELSEWHERE))
    before = await guarded(talk)

    for line in tried(known):
        for reply in await intruder.line(line):
            shown = [str(getattr(reply, "text", "")), str(getattr(reply, "caption", ""))]
            labels = [one.label for one in reply.buttons] if isinstance(reply, Say) else []
            assert not any(SECRET in one for one in (*shown, *labels)), (line, shown, labels)

    after = await guarded(talk)
    for table in GUARDED:
        assert [row for row in before[table] if row not in after[table]] == [], table
        new = [row for row in after[table] if row not in before[table]]
        places = [(row.get("commune"), row.get("hamlet_id")) for row in new]
        assert not {(COMMUNE, 1), (COMMUNE, None)} & set(places), (table, new)


async def test_whose_place_it_is_sees_and_changes_much(
    talk: Talk, another: Callable[[str], Talk]
) -> None:
    """Or what nobody else gets would prove nothing."""
    sau, chin = another("sau"), another("chin")
    for person in (sau, chin):
        for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
            await person.line(line)
    known = await a_place(talk, sau, chin)
    before = await guarded(talk)
    seen = set()
    for line in tried(known):
        # From these on the telephone is somebody else's, or nobody's of a team.
        if line.startswith(("#button book", "#button resign_now")):
            continue
        for reply in await talk.line(line):
            if SECRET in str(reply):
                seen.add(line.removeprefix("#button ").partition(":")[0])
    after = await guarded(talk)

    assert len(seen) > 45, sorted(seen)
    assert {table for table in GUARDED if before[table] != after[table]} >= {
        "assisted", "broadcast", "fair", "milestone", "support_case", "visit", "witness",
    }  # fmt: skip
