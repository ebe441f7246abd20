"""What the hourly broom takes, and what it leaves."""

from datetime import timedelta

import pytest

from lessons.catalogue import Catalogue
from outbox.tidy import AUDIT_FOR, INVITATIONS_FOR, POLLS_FOR, SEEN_FOR, SETTLED_FOR, Tidy
from storage.database import Database
from tests.support.tables import rows
from tests.support.talk import ADMINISTRATOR, Chat, Talk

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def talk(database: Database, catalogue: Catalogue) -> Talk:
    return Talk(database, catalogue, chat=Chat(is_poll=lambda question: question.right is not None))


async def left(talk: Talk, table: str, after: timedelta) -> int:
    """How many rows are there after so long and a round of the broom."""
    talk.clock.passes(after)
    await talk.tidy()
    return len(await rows(talk.database, table))


async def test_ids_of_updates_are_kept_a_week(talk: Talk) -> None:
    await talk.line("/start")

    assert await left(talk, "seen", SEEN_FOR) == 1
    assert await left(talk, "seen", MOMENT) == 0


async def test_what_could_not_go_out_is_kept_a_week(talk: Talk) -> None:
    talk.chat.blocked = True
    await talk.line("/start")

    assert await left(talk, "delivery", SETTLED_FOR) == 2
    assert await left(talk, "delivery", MOMENT) == 0


async def test_polls_are_kept_as_long_as_they_may_be_answered(talk: Talk) -> None:
    for line in ("/start", "1", "1", "/kiemtra", "1"):
        await talk.line(line)

    assert await left(talk, "poll", POLLS_FOR) == 1
    assert await left(talk, "poll", MOMENT) == 0


async def test_invitations_stay_explained_for_a_month_after_they_ran_out(
    database: Database, catalogue: Catalogue
) -> None:
    talk = Talk(database, catalogue, address=ADMINISTRATOR)
    for line in ("/start", "1", "1", "#button invite_make:administrator::0"):
        await talk.line(line)

    assert await left(talk, "invitation", timedelta(days=3) + INVITATIONS_FOR) == 1
    assert await left(talk, "invitation", MOMENT) == 0


async def test_the_audit_is_kept_for_two_years(database: Database, catalogue: Catalogue) -> None:
    talk = Talk(database, catalogue, address=ADMINISTRATOR)
    for line in ("/start", "1", "1", "/vaitro"):
        await talk.line(line)

    assert await left(talk, "audit", AUDIT_FOR) == 1
    assert await left(talk, "audit", MOMENT) == 0


async def test_wrong_codes_count_for_an_hour_and_are_gone_after_two(talk: Talk) -> None:
    for line in ("/start", "1", "1", "K7M 2XD"):
        await talk.line(line)

    assert await left(talk, "wrong_code", timedelta(hours=1)) == 1
    assert await left(talk, "wrong_code", timedelta(hours=1)) == 0


async def test_whoever_never_agreed_is_forgotten_after_the_days_of_the_settings(
    talk: Talk,
) -> None:
    await talk.line("/start")
    tidy = Tidy(talk.database, talk.clock, 30)

    talk.clock.passes(timedelta(days=30))
    await tidy.tidy()
    assert len(await rows(talk.database, "learner")) == 1
    talk.clock.passes(MOMENT)
    await tidy.tidy()

    assert await rows(talk.database, "learner") == []
    assert await rows(talk.database, "address") == []


async def test_stranger_who_still_writes_is_not_forgotten(talk: Talk) -> None:
    await talk.line("/start")
    talk.clock.passes(timedelta(days=20))
    await talk.line("alo")

    assert await left(talk, "learner", timedelta(days=20)) == 1


async def test_whoever_agreed_is_never_forgotten(talk: Talk) -> None:
    for line in ("/start", "1", "1", "[Học tiếp]", "[Xem tiếp]"):
        await talk.line(line)

    assert await left(talk, "learner", timedelta(days=2000)) == 1
    assert await left(talk, "lesson_progress", MOMENT) == 1
