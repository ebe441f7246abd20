"""Invitations in the chat: what they are worth, and what is never used up."""

from datetime import timedelta

from conversation.replies import Say
from people import codes
from places.model import Place
from tests.support.people import (
    XA,
    a_hamlet,
    given,
    labels,
    met,
    text,
)
from tests.support.tables import dump, rows
from tests.support.talk import WORDS, Talk


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
