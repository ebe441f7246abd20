"""People of a place in a test: who they are, and what the last reply to them said."""

from collections.abc import Sequence
from typing import Any

from conversation.replies import Reply, Say
from people.roles import Role
from places.model import Place
from storage import hamlets, role_grants
from storage.database import Database
from tests.support.tables import rows
from tests.support.talk import START, WORDS, Talk

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
