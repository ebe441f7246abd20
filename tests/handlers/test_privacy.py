"""Agreeing, seeing what is kept, deleting it, and silence, which is no consent."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from conversation.replies import GiveFile, Say
from tests.support.tables import dump, rows
from tests.support.talk import Talk


@pytest.mark.parametrize(
    "typed",
    [
        "alo", "chao con", "lam sao cai vneid", "hom nay troi mua qua", "nghi da", "de suy nghi",
        "khong", "khong dong y", "chua", "2", "thoi", "5", "/hoc", "/tiep", "/kiemtra", "/tiendo",
        "/xungho", "/trogiup", "/dulieu", "/xoa", "/nguoi", "/botla", "/linhtinh", "#photo",
        "#voice", "#button term:bac", "#button lesson:tai-vneid", "#button erase_now", "#poll x 0",
        "#button more:1", "079203001234", "toi vua bi lua chuyen tien roi",
    ],
)  # fmt: skip
async def test_nothing_but_agreeing_is_consent(typed: str, stranger: Talk) -> None:
    await stranger.line("/start")
    await stranger.line(typed)

    assert [row["consented_at"] for row in await rows(stranger.database, "learner")] in ([None], [])
    for table in ("lesson_progress", "attempt", "answer"):
        assert await rows(stranger.database, table) == []


@pytest.mark.parametrize(
    "screen", ["/start", "/botla", "/nguoi", "/dulieu", "/hoc", "khong", "toi vua bi lua mat tien"]
)
@pytest.mark.parametrize("nod", ["da", "dạ", "ok", "ừ", "u", "nghi da", "co", "vang", "duoc"])
async def test_nod_is_no_consent_whatever_is_on_the_screen(
    nod: str, screen: str, stranger: Talk
) -> None:
    for line in ("/start", screen, nod):
        await stranger.line(line)

    assert [row["consented_at"] for row in await rows(stranger.database, "learner")] == [None]


@pytest.mark.parametrize("nod", ["da", "ok", "ừ", "co", "duoc", "xong roi"])
async def test_nod_deletes_nothing(nod: str, talk: Talk) -> None:
    for line in ("/xoa", nod):
        await talk.line(line)

    assert [row["term"] for row in await rows(talk.database, "learner")] == ["bac"]


@pytest.mark.parametrize("typed", ["[Đồng ý, vào học]", "1", "đồng ý", "dong y", "Dong y con"])
async def test_agreeing_in_words_or_by_number_is_consent(typed: str, stranger: Talk) -> None:
    await stranger.line("/start")
    await stranger.line(typed)

    (learner,) = await rows(stranger.database, "learner")
    assert learner["consented_at"] is not None
    assert learner["consent_version"] != ""


async def test_everything_kept_is_shown_and_given(talk: Talk) -> None:
    for line in ("[Học tiếp]", "/kiemtra", "1", "2"):
        await talk.line(line)

    file, summary = await talk.line("/dulieu")

    assert isinstance(file, GiveFile)
    given = json.loads(file.content)
    assert {table: len(found) for table, found in given.items()} == {
        "learner": 1, "address": 1, "lesson_progress": 1, "attempt": 1, "answer": 1,
        "review_item": 1, "study_week": 1,
    }  # fmt: skip
    assert "1 lần làm, 1 câu trả lời" in str(getattr(summary, "text", ""))


async def test_deleting_leaves_nothing_of_one_learner_and_all_of_another(
    talk: Talk, another: Callable[[str], Talk]
) -> None:
    other = another("2002")
    for line in ("/start", "1", "2", "/tiep"):
        await other.line(line)
    for line in ("[Học tiếp]", "/kiemtra", "1", "2", "/xoa"):
        await talk.line(line)

    await talk.line("[Xóa hết]")

    assert [row["external_id"] for row in await rows(talk.database, "address")] == ["2002"]
    assert "1001" not in (await dump(talk.database)).replace("1001-", "")
    assert await rows(talk.database, "attempt") == []
    assert [row["lesson"] for row in await rows(talk.database, "lesson_progress")] == ["tai-vneid"]


async def test_queued_replies_go_with_the_learner(talk: Talk) -> None:
    await talk.line("/xoa")
    confirm = talk.button("Xóa hết").action.encode()
    talk.chat.down = True
    for line in ("hoc tiep", "/tiendo"):
        await talk.line(line)
    queued = len(await rows(talk.database, "delivery"))

    await talk.line(f"#button {confirm}")

    left = [row["reply"] for row in await rows(talk.database, "delivery")]
    assert queued > 1
    assert len(left) == 1
    assert "Đã xóa hết" in left[0]


async def test_words_that_are_no_answer_never_delete(talk: Talk) -> None:
    await talk.line("/xoa")
    for typed in ("troi oi", "con oi", "xoa dong do", "hong biet", "ca kho", "3", "co con gi"):
        await talk.line(typed)

    assert len(await rows(talk.database, "learner")) == 1
    (learner,) = await rows(talk.database, "learner")
    assert learner["term"] == "bac"


async def test_a_confirmation_of_last_week_is_asked_for_again(talk: Talk) -> None:
    await talk.line("/xoa")
    confirm = talk.button("Xóa hết").action.encode()
    talk.clock.passes(timedelta(hours=2))

    (again,) = await talk.line(f"#button {confirm}")

    assert isinstance(again, Say)
    assert [button.label for button in again.buttons] == ["Xóa hết", "Không xóa"]
    assert len(await rows(talk.database, "learner")) == 1
