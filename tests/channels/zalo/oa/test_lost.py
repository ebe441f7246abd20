"""Who is told that the tokens are lost, and when."""

from datetime import datetime, timedelta, timezone

import pytest

from channels.zalo.oa.lost import Alarm
from conversation.replies import Say, load_reply
from people.roles import Role
from places.model import Place
from storage import addresses, role_grants
from storage.database import Database
from tests.support.tables import rows
from tests.support.talk import WORDS

HERE = timezone(timedelta(hours=7))


def at(hour: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, 30, tzinfo=HERE)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(9), at(9)),
        (at(20), at(20)),
        (at(22), at(7, 24).replace(minute=0)),
        (at(3), at(7).replace(minute=0)),
    ],
)
async def test_administrators_are_told_by_day_wherever_else_they_are(
    now: datetime, due: datetime, database: Database
) -> None:
    async with database.transaction() as connection:
        given: tuple[tuple[str, Role, str], ...] = (
            ("telegram", "administrator", ""),
            ("zalo_oa", "administrator", ""),
            ("web", "ambassador", "28696"),
        )
        for channel, role, commune in given:
            _, learner = await addresses.load(connection, channel, "chat", now)
            await role_grants.give(
                connection, learner.id, role, Place(commune), granted_by=None, now=now
            )
        alarm = Alarm(lambda: WORDS.render("zalo.oa_lost", ""), now=lambda: now, timezone=HERE)
        await alarm.tell(connection)
    chats = {row["id"]: row["channel"] for row in await rows(database, "address")}
    told = await rows(database, "delivery")

    assert [(chats[row["address_id"]], row["due_at"]) for row in told] == [
        ("telegram", int(due.timestamp() * 1000))
    ]
    said = load_reply(told[0]["reply"])
    assert isinstance(said, Say)
    assert "python bot.py zalo-oa-token --new" in said.text
