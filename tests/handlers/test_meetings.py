"""Whoever took a case: asked whether they met once in a stretch, and what begins a new one."""

from datetime import timedelta

import pytest

from conversation.replies import Say
from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support.people import met, text
from tests.support.tables import rows
from tests.support.talk import Talk

ASKED = "để giúp"
OTHERS = "nhờ tiếp"


@pytest.fixture
async def chin(database: Database, catalogue: Catalogue) -> Talk:
    """One of two of the team, who took the case of Bảy."""
    talk = await met(Talk(database, catalogue, taps=False).person("Chín"))
    await talk.join_team("Chín")
    await met(talk.person("Tám"))
    await talk.join_team("Tám")
    bay = await met(talk.person("Bảy"))
    for line in ("#button case_ask:", "1", "tan phu dong", "1", "1", "Bảy"):
        await bay.line(line)
    await lives(talk, timedelta(minutes=5))
    await talk.line("#button case_take:1")
    return talk


async def lives(talk: Talk, time: timedelta) -> str:
    """What everybody hears meanwhile."""
    before = len(talk.chat.sent)
    end = talk.clock.moment + time
    while (due := await talk.next_ring()) is not None and due <= end:
        talk.clock.moment = max(due, talk.clock.moment)
        await talk.ring()
    talk.clock.moment = end
    return "\n".join(text([reply]) for _, reply in talk.chat.sent[before:])


async def heard(talk: Talk, days: int) -> list[str]:
    """Day by day: whether the taker was asked, and whether the case went on."""
    said = [await lives(talk, timedelta(days=1)) for _ in range(days)]
    return ["asked" if ASKED in one else "went on" if OTHERS in one else "" for one in said]


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        ("today", ["", "asked", "", "went on", ""]),
        ("open", ["", "asked", "", "went on", ""]),
        ("tomorrow", ["", "asked", "", "went on", ""]),
        ("week", ["", "", "", "", "", "", "asked", "", "went on"]),
    ],
)
async def test_who_named_a_day_is_asked_after_it_once_and_then_it_goes_on(
    answer: str, days: list[str], chin: Talk
) -> None:
    chin.clock.passes(timedelta(minutes=1))
    await chin.line(f"#button case_comes:1:{answer}")

    assert await heard(chin, len(days)) == days


async def test_who_answers_nothing_is_asked_and_passed_over_all_the_same(chin: Talk) -> None:
    assert await heard(chin, 4) == ["", "asked", "", "went on"]


async def test_a_note_to_the_learner_begins_a_new_stretch(chin: Talk) -> None:
    await lives(chin, timedelta(days=1))
    await chin.line("#button note_case:1")
    await chin.line("Mai chị ghé nghen")

    assert await heard(chin, 4) == ["", "asked", "", "went on"]


async def test_who_said_it_is_done_is_asked_nothing(chin: Talk) -> None:
    await chin.line("#button case_done:1")

    assert await heard(chin, 6) == [""] * 6


async def test_a_question_at_night_waits_for_the_morning_and_takes_nothing_from_the_days(
    chin: Talk,
) -> None:
    chin.clock.passes(timedelta(hours=6))
    await chin.line("#button case_comes:1:open")
    await lives(chin, timedelta(days=2, minutes=30))
    asked = await rows(chin.database, "timer")
    morning = await lives(chin, timedelta(hours=9))

    assert "case_met" in {row["kind"] for row in asked}
    assert ASKED in morning
    assert await heard(chin, 2) == ["", "went on"]


async def test_whose_case_went_on_hears_so_from_the_old_button(chin: Talk) -> None:
    await heard(chin, 4)

    (said,) = await chin.line("#button case_when:1")

    (case,) = await rows(chin.database, "support_case")
    assert (case["taken_by"], case["comes_on"], case["watchword"]) == (None, "", "")
    assert isinstance(said, Say)
    assert said.buttons[0].action.name == "case_take"


async def test_a_day_that_is_changed_is_told_and_the_same_day_is_not(chin: Talk) -> None:
    await chin.line("#button case_comes:1:today")
    first = await lives(chin, timedelta(minutes=10))
    await chin.line("#button case_comes:1:today")
    same = await lives(chin, timedelta(minutes=10))
    await chin.line("#button case_comes:1:open")
    off = await lives(chin, timedelta(minutes=10))

    assert "hẹn <b>hôm nay</b>" in first
    assert same == ""
    assert "đừng chờ ngày cũ" in off
