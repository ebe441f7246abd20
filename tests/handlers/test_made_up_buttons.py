"""Buttons that nobody of ours drew: no fault in the log, and nothing stored."""

from datetime import timedelta

import pytest

from conversation.actions import Action
from conversation.events import Chosen
from conversation.replies import Say
from tests.support.tables import rows
from tests.support.talk import WORDS, Talk


@pytest.mark.parametrize(
    "button",
    [f"more:{2**63}", f"more:{10**50}", f"a:{10**40}:q:0:1", f"ease:{2**64}:q:0", "card:x:" + "9" * 40],
)  # fmt: skip
async def test_number_beyond_every_id_is_an_old_button(
    button: str, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    (said, *_) = await talk.event(Chosen(Action.decode(button)))
    assert isinstance(said, Say)
    assert said.text == WORDS.render("help.stale", "bac")
    assert caplog.records == []


@pytest.mark.parametrize("ticked", ["9.9.9.9", "99.98.97.96.95.94", "0.0.0.0", "..", "x", "-1"])
async def test_ticks_that_no_question_has_are_left_out(
    ticked: str, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    for line in ("/kiemtra", "1", "1", "tiep"):
        await talk.line(line)
    button = talk.last[0].action
    assert button.name in ("pick", "rank")
    meaning = Action(button.name, (*button.arguments[:-1], ticked))

    await talk.event(Chosen(meaning))

    assert caplog.records == []
    assert len(await rows(talk.database, "answer")) == 1


async def test_same_tap_an_hour_before_itself_is_no_double_tap(talk: Talk) -> None:
    tap = Chosen(Action("learn"), source="7")
    await talk.event(tap)
    talk.clock.passes(-timedelta(hours=1))  # the machine's clock was put right

    assert len(await talk.event(tap)) == 1
