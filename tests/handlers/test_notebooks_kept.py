"""Notebooks of learners without a telephone, when whoever keeps them may keep them no more."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from conversation.actions import Action
from conversation.events import Chosen
from conversation.replies import Reply, Say
from lessons.catalogue import Catalogue
from places.model import Place
from storage import cases, privacy
from storage.database import Database
from tests.support.people import XA, a_hamlet, given, met, of, text
from tests.support.tables import rows
from tests.support.talk import ADMINISTRATOR, WORDS, Talk

BOOK = "bà Tư Đèo"


@pytest.fixture
async def administrator(database: Database, catalogue: Catalogue) -> Talk:
    return await met(Talk(database, catalogue, address=ADMINISTRATOR))


@pytest.fixture
async def hamlet(administrator: Talk) -> Place:
    return await a_hamlet(administrator.database)


@pytest.fixture
async def helper(administrator: Talk, hamlet: Place) -> Talk:
    """Of the team of the hamlet, with one notebook that is open."""
    talk = await given(administrator.person("Hai"), "team_member", hamlet)
    for line in ("/hocho", "[Ghi người mới]", "[Người đó nói đồng ý]", BOOK, "[Mở sổ, dạy ngay]"):
        await talk.line(line)
    return talk


async def tapped(talk: Talk, meaning: str) -> list[Reply]:
    talk.clock.passes(timedelta(seconds=10))
    return await talk.event(Chosen(Action.decode(meaning)))


async def said(talk: Talk, line: str) -> list[Reply]:
    talk.clock.passes(timedelta(seconds=10))
    return await talk.line(line)


async def code_of(talk: Talk) -> str:
    found = re.search(r"<b>([A-Z]{4}) (\d{5})</b>", text(await said(talk, "/maso")))
    assert found is not None
    return found[1] + found[2]


async def kept(talk: Talk) -> int:
    """The learner without a telephone."""
    (row,) = await rows(talk.database, "assisted")
    return int(row["learner_id"])


async def of_phone(talk: Talk) -> list[tuple[int, bool]]:
    """Whose addresses are on that telephone, and which of them has it."""
    return sorted(
        (row["learner_id"], row["external_id"] == talk.address)
        for row in await rows(talk.database, "address")
        if talk.address in (row["external_id"], row["chat"])
    )


async def everything(talk: Talk) -> list[list[tuple[object, ...]]]:
    return [
        [tuple(row.values()) for row in await rows(talk.database, table)]
        for table in ("role_grant", "assisted")
    ]


async def revoked(administrator: Talk, helper_id: int) -> None:
    (grant,) = [
        row for row in await rows(administrator.database, "role_grant")
        if row["learner_id"] == helper_id
    ]  # fmt: skip
    await said(administrator, "/vaitro")
    await tapped(administrator, f"revoke_now:{grant['id']}")


def words(replies: Sequence[Reply]) -> str:
    return "\n".join(str(one.text) for one in replies if isinstance(one, Say))


def closed(name: str) -> str:
    return WORDS.render("assisting.closed_elsewhere", "bac", name=name)


def heard(talk: Talk) -> list[str]:
    return [str(getattr(one, "text", "")) for where, one in talk.chat.sent if where == talk.address]


async def test_a_helper_erased_in_another_chat_leaves_a_telephone_that_goes_on(
    administrator: Talk, helper: Talk
) -> None:
    (row,) = await rows(helper.database, "assisted")
    other = await met(administrator.person("Hai Web"))
    await tapped(helper, "shut")
    await tapped(other, f"unite:{await code_of(helper)}")
    await tapped(helper, f"book:{row['learner_id']}")

    await said(other, "/xoa")
    await other.event(Chosen(other.last[0].action))
    at_once = await of_phone(helper)
    helper.clock.passes(timedelta(hours=5))
    replies = await said(helper, "chào")

    assert at_once == []
    assert text(replies) == text(await administrator.person("Mới").line("chào"))
    (left,) = await rows(helper.database, "assisted")
    assert (left["learner_id"], left["helper_id"]) == (row["learner_id"], None)


async def test_a_notebook_without_anybody_to_keep_it_closes_and_the_chat_begins_anew(
    helper: Talk,
) -> None:
    """As it was stored before an erasure saw to it."""
    async with helper.database.transaction() as connection:
        keeper = await connection.fetchval("SELECT helper_id FROM assisted")
        await connection.execute("DELETE FROM learner WHERE id = $1", keeper)

    replies = await said(helper, "đóng sổ")

    assert words(replies).startswith(f"Sổ của <b>{BOOK}</b>")
    ((now_there, has_it),) = await of_phone(helper)
    assert has_it
    assert now_there != await kept(helper)


async def test_a_helper_who_erases_themselves_leaves_no_notebook_on_their_telephone(
    helper: Talk,
) -> None:
    await tapped(helper, "shut")

    await said(helper, "/xoa")
    replies = await helper.event(Chosen(helper.last[0].action))

    assert text(replies) == WORDS.render("privacy.deleted", "")
    await helper.tidy()
    assert await of_phone(helper) == []
    assert (await rows(helper.database, "assisted"))[0]["helper_id"] is None


async def test_a_telephone_is_left_to_the_family_and_not_to_a_notebook(helper: Talk) -> None:
    await tapped(helper, "shut")
    mine = await of(helper)
    await said(helper, "/themnguoi")
    await helper.event(
        Chosen(next(b.action for b in helper.last if b.action.name == "seat_agreed"))
    )
    await said(helper, "Bà Ba")
    family = next(
        row["learner_id"] for row in await rows(helper.database, "address")
        if row["called"] == "Bà Ba"
    )  # fmt: skip
    book = next(row for row in await rows(helper.database, "address") if row["called"] == BOOK)
    async with helper.database.transaction() as connection:
        await connection.execute(
            "UPDATE address SET last_at = last_at + 99999999 WHERE id = $1", book["id"]
        )
        await privacy.erase(connection, mine)

    assert await of_phone(helper) == [(family, True)]


@pytest.mark.parametrize("line", ["/dulieu", "/maso", "/xoa", "2", "chào"])
async def test_a_helper_whose_role_was_taken_back_has_no_notebook_in_hand(
    line: str, administrator: Talk, helper: Talk
) -> None:
    (row,) = await rows(helper.database, "assisted")

    await revoked(administrator, row["helper_id"])
    replies = await said(helper, line)

    assert BOOK not in words(replies)
    assert await of_phone(helper) == [(row["helper_id"], True)]
    assert closed(BOOK) in heard(helper)
    assert (await rows(helper.database, "assisted"))[0]["helper_id"] is None


async def test_what_waits_for_a_notebook_does_not_ring_at_who_keeps_it_no_more(
    administrator: Talk, helper: Talk, hamlet: Place
) -> None:
    (row,) = await rows(helper.database, "assisted")
    await tapped(helper, "shut")
    async with helper.database.transaction() as connection:
        case = await cases.open_on(connection, row["learner_id"], "", "asked", helper.clock())
        await cases.set_place(connection, case.id, hamlet)
        await cases.share(connection, case.id, name=BOOK, cohort_id=None, now=helper.clock())
    other = await given(administrator.person("Ba"), "team_member", hamlet)
    await tapped(other, f"case_take:{case.id}")
    # Nobody took it back: it ran out.
    async with helper.database.transaction() as connection:
        await connection.execute(
            "UPDATE role_grant SET expires_at = 1 WHERE learner_id = $1", row["helper_id"]
        )

    helper.clock.passes(timedelta(hours=13))
    rung = await helper.ring()

    assert rung == []
    assert await of_phone(helper) == [(row["helper_id"], True)]


async def test_a_notebook_given_on_from_another_chat_closes_where_it_is_open(
    administrator: Talk, helper: Talk, hamlet: Place
) -> None:
    (row,) = await rows(helper.database, "assisted")
    to = await given(administrator.person("Ba"), "team_member", hamlet)
    other = await met(administrator.person("Hai Web"))
    await tapped(helper, "shut")
    await tapped(other, f"unite:{await code_of(helper)}")
    await tapped(helper, f"book:{row['learner_id']}")

    await tapped(other, f"help_to:{row['learner_id']}:{await of(to)}")

    assert await of_phone(helper) == [(row["helper_id"], True)]
    assert closed(BOOK) in heard(helper)


async def test_a_role_is_not_given_to_whose_notebook_is_open(administrator: Talk) -> None:
    hamlet = await a_hamlet(administrator.database)
    helper = await given(administrator.person("Hai"), "ambassador", Place(XA))
    shown = text(await said(helper, f"#button invite_make:team_member:{XA}:{hamlet.hamlet}"))
    found = re.search(r"(?:[A-Z0-9]{3} ){3}[A-Z0-9]{3}", shown)
    assert found is not None
    code = found[0].replace(" ", "")
    for line in ("/hocho", "[Ghi người mới]"):
        await said(helper, line)
    await helper.event(Chosen(helper.last[0].action))
    for line in ("[Người đó nói đồng ý]", BOOK, "[Mở sổ, dạy ngay]"):
        await said(helper, line)
    mark = helper.last[0].action.whose
    await said(helper, "[Bác]")
    before = await everything(helper)

    opened = await said(helper, f"/start moi-{code}")
    accepted = await tapped(helper, f"{mark}~accept:{code}")

    not_here = WORDS.render("acceptance.in_a_notebook", "bac")
    assert not_here in text(opened)
    assert not_here in text(accepted)
    assert await everything(helper) == before
    assert [row["used_at"] for row in await rows(helper.database, "invitation")] == [None]


async def test_a_helper_does_not_become_whose_notebook_they_keep(
    administrator: Talk, helper: Talk
) -> None:
    theirs = await code_of(helper)
    await tapped(helper, "shut")
    other = await met(administrator.person("Hai Web"))
    await tapped(other, f"unite:{await code_of(helper)}")
    before = await everything(helper)

    asked = await said(other, f"/maso {theirs}")
    replies = await tapped(other, f"unite:{theirs}")

    refused = WORDS.render("notebook.kept", "bac")
    assert (text(asked), text(replies)) == (refused, refused)
    assert await everything(helper) == before


async def test_two_of_one_telephone_stay_two_by_way_of_a_second_telephone(
    administrator: Talk,
) -> None:
    home = await met(administrator.person("Nhà"))
    for line in ("/themnguoi", "Ông Hai"):
        await said(home, line)
    await home.event(Chosen(next(b.action for b in home.last if b.action.name == "seat_agreed")))
    await said(home, "Bà Ba")
    await home.event(Chosen(home.last[2].action))
    await home.event(Chosen(Action("term", ("ba", ""), home.last[0].action.whose)))
    second = await code_of(home)
    await said(home, "/aihoc")
    await home.event(Chosen(next(b.action for b in home.last if b.action.name == "sit")))
    first = await code_of(home)
    other = await met(administrator.person("Máy hai"))
    await tapped(other, f"unite:{first}")
    before = await of_phone(home)

    replies = await tapped(other, f"unite:{second}")

    assert text(replies) == WORDS.render("notebook.beside_elsewhere", "bac")
    assert await of_phone(home) == before
    assert len({learner for learner, _ in before}) == 2


@pytest.mark.parametrize("is_open", [True, False])
async def test_a_role_that_only_runs_out_lets_the_notebook_go_by_the_clock(
    helper: Talk,
    is_open: bool,
) -> None:
    """One that is open goes by the next event there, which says so, and by the clock after it."""
    if not is_open:
        await tapped(helper, "shut")
    async with helper.database.transaction() as connection:
        await connection.execute("UPDATE role_grant SET expires_at = 1 WHERE commune <> ''")

    await helper.tidy()
    seats_left = len(await rows(helper.database, "address"))
    told = text((await said(helper, "/maso"))[:1])
    await helper.tidy()

    (book,) = await rows(helper.database, "assisted")
    assert book["helper_id"] is None
    assert (BOOK in told) is is_open
    assert len(await rows(helper.database, "address")) == seats_left - is_open


async def test_two_of_one_name_are_told_apart_from_the_first(talk: Talk) -> None:
    await talk.join_team(talk.address)
    for name in ("bà Tư", "Ba tu", "bà Tư bán bánh"):
        for line in ("/hocho", "[Ghi người mới]", "[Người đó nói đồng ý]"):
            await talk.line(line)
        (reply,) = await talk.line(name)
        if name == "Ba tu":
            asked = str(getattr(reply, "text", ""))

    assert asked == WORDS.render("assisting.same_name", "bac", name="Ba tu")
    assert [row["name"] for row in await rows(talk.database, "assisted")] == [
        "bà Tư", "bà Tư bán bánh",
    ]  # fmt: skip
