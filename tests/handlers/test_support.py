"""What a golden conversation does not show of a person's help: numbers, lists, wrong people."""

import json
from datetime import timedelta

import pytest

from handlers.support.nudging import MOST
from lessons.catalogue import Catalogue
from storage import addresses, cases, errands
from storage.database import Database
from tests.support.people import met, of, text
from tests.support.tables import rows
from tests.support.talk import WORDS, Talk


@pytest.fixture
async def chin(database: Database, catalogue: Catalogue) -> Talk:
    """Of the team, with a class."""
    talk = await met(Talk(database, catalogue, taps=False).person("Chín"))
    await talk.join_team("Chín")
    await talk.line("/lopmoi Lớp chợ")
    return talk


async def learner(chin: Talk, name: str, way: str) -> Talk:
    (code,) = [row["code"] for row in await rows(chin.database, "cohort_code")]
    talk = await met(chin.person(name))
    await talk.line(f"/vaolop {code}")
    await talk.line(way)
    await talk.line(name)
    return talk


async def test_a_person_is_offered_after_three_wrong_answers_to_one_question(
    database: Database, catalogue: Catalogue
) -> None:
    talk = await met(Talk(database, catalogue, taps=False))
    slug = "doc-ten-nguoi-nhan"
    quiz = catalogue.quiz(slug)
    assert quiz is not None
    question = quiz.questions[0].id
    offers = []
    for _ in range(4):
        await talk.line(f"#button again:{slug}")
        number = max(row["id"] for row in await rows(database, "attempt"))
        for given in ("0", "1", "2", "3"):
            said = text(await talk.line(f"#button a:{number}:{question}:0:{given}"))
            answers = [row for row in await rows(database, "answer") if row["attempt_id"] == number]
            if answers and not answers[-1]["is_right"]:
                offers.append("Nhờ người giúp" in said)
            if answers:
                break

    assert offers == [False, False, True, True]


async def test_who_may_not_be_written_to_is_named_if_they_agreed_and_taken_off_with_a_tap(
    chin: Talk,
) -> None:
    seen = await learner(chin, "Bảy", "[Vào lớp, cho xem]")
    hidden = await learner(chin, "Kín", "[Vào lớp, không cho xem]")
    async with chin.database.transaction() as connection:
        for talk in (seen, hidden):
            address = await addresses.find(connection, chin.chat.name, talk.address)
            assert address is not None
            await errands.add(connection, address.id, "quá 7 ngày", chin.clock())

    chin.clock.passes(timedelta(minutes=1))
    stranger = text(await hidden.line("/nhacgiup"))
    listed = text(await chin.line("nhắc giúp"))
    in_cases = text(await chin.line("/ca"))
    await chin.line("/nhacgiup")
    after = text(await chin.line("1"))

    # Whoever writes again needs no reminding: the one who is hidden did so just now.
    assert "Bảy" not in stranger
    assert "• <b>Bảy</b> (Lớp chợ), từ hôm nay: quá 7 ngày" in listed
    assert "1 người" in in_cases
    assert "Hiện không có ai phải nhắc giúp" in after
    looks = [row for row in await rows(chin.database, "audit") if row["deed"] == "looked"]
    assert len({row["subject_id"] for row in looks}) == 1


async def test_what_is_asked_for_is_shown_to_the_learner_and_erased_with_them(
    chin: Talk,
) -> None:
    seen = await learner(chin, "Bảy", "[Vào lớp, cho xem]")
    await seen.line("0")
    await seen.line("[Nhờ người giúp]")
    await seen.line("[Được, nhờ giúp]")

    shown = text(await seen.line("/dulieu"))
    await seen.line("/xoa")
    await seen.line("1")

    assert "Nhờ người giúp việc dùng điện thoại, tên Bảy: đang chờ người nhận" in shown
    assert await rows(chin.database, "support_case") == []


@pytest.mark.parametrize(
    "button", ["case:1", "case_take:1", "case_done:1", "case_back:1", "note_case:1", "note_to:1:2"]
)
async def test_a_learner_who_got_hold_of_a_button_sees_and_changes_nothing(
    button: str, chin: Talk
) -> None:
    seen = await learner(chin, "Bảy", "[Vào lớp, cho xem]")
    await seen.line("0")
    await seen.line("[Nhờ người giúp]")
    await seen.line("[Được, nhờ giúp]")
    other = await met(chin.person("Lạ"))

    said = text(await other.line(f"#button {button}"))

    async with chin.database.read() as connection:
        case = await cases.by_id(connection, 1)
    assert case is not None
    assert (case.taken_by, case.helped_at) == (None, None)
    assert "Bảy" not in said
    assert json.dumps(await rows(chin.database, "note")) == "[]"


@pytest.mark.parametrize(
    "words",
    [
        "Bác vào vay-nhanh.com/nhan-qua nhận 500 ngàn liền nha",
        "Bác bấm bit.ly/nhanqua nha",
        "Bác vô nhậnquà.vn nha",
        "Nhắn @nguoila nha bác",
        "Gọi 0907 123 456 nha bác",
    ],
)
async def test_a_note_carries_no_link_and_no_number(words: str, chin: Talk) -> None:
    seen = await learner(chin, "Bảy", "[Vào lớp, cho xem]")
    await chin.line(f"#button note_to:1:{await of(seen)}")

    said = text(await chin.line(words))
    refused = await rows(chin.database, "note")
    await chin.line("Mai con ghé chỉ bác gõ dichvucong.gov.vn nha.Con chào bác")

    assert said == WORDS.render("note.unfit", "bac", fault="link", most=MOST)
    assert refused == []
    assert len(await rows(chin.database, "note")) == 1
