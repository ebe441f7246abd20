"""The published tables: what learners type, and the chat that is never an answer."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conversation.choices import (
    NOTHING_ASKED,
    Ambiguous,
    Asked,
    Kind,
    NotUnderstood,
    Outcome,
    Understood,
    understand,
)
from lessons.catalogue import Catalogue
from quizzes.model import (
    PutInOrder,
    Question,
    RealOrScam,
    SeveralChoice,
    SingleChoice,
    TrueFalse,
)

HERE = Path(__file__).parent


def load(name: str) -> Any:
    return yaml.load((HERE / name).read_text("utf-8"), Loader=yaml.BaseLoader)


def expected(cell: str) -> Outcome:
    if "|" in cell or "?" in cell:
        return Ambiguous(tuple(int(place) - 1 for place in cell.rstrip("?").split("|")))
    if not cell:
        return NotUnderstood()
    return Understood(tuple(int(place) - 1 for place in cell.split()))


def asked_of(group: dict[str, Any]) -> Asked:
    return Asked(
        kind=group["kind"],
        labels=tuple(group["labels"]),
        graded=group.get("graded") == "true",
        denies=group.get("denies") == "true",
        exact=group.get("exact") == "true",
        short=tuple(group.get("short", ())),
    )


ANSWERS = [
    pytest.param(
        asked_of(group), group.get("quoted", ""), typed, expected(cell),
        id=f"{number}-{group['kind']}-{typed}",
    )
    for name in ("answers.yaml", "more_answers.yaml")
    for number, group in enumerate(load(name))
    for typed, cell in group["typed"].items()
]  # fmt: skip


@pytest.mark.parametrize(("asked", "quoted", "typed", "outcome"), ANSWERS)
def test_typed_answer_means_what_the_table_says(
    asked: Asked, quoted: str, typed: str, outcome: Outcome
) -> None:
    assert understand(typed, asked, quoted=quoted) == outcome


# Every kind of graded question that a learner may have before their eyes while chatting.
BEFORE_THEIR_EYES: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("one", ("Đúng", "Sai")),
    ("one", ("Sai", "Đúng")),
    ("one", ("Thật", "Lừa")),
    ("one", ("Lừa đảo", "Tin thật")),
    ("one", ("Hỏi cô Lan tên tài khoản của quán", "Cứ bấm, mã dán ở quán thì chắc của quán")),
    ("one", ("Gọi 113", "Cúp máy", "Chuyển tiền ngay", "Không trả lời")),
    ("one", ("Bấm vào đường dẫn", "Không bấm, xóa tin")),
    ("several", ("Mã OTP", "Mật khẩu", "Tên mình")),
    ("several", ("Khóa thẻ ngay", "Báo ngân hàng", "Chờ họ gọi lại", "Gọi công an", "Xóa tin")),
    ("order", ("Quét mã", "Đọc tên người nhận", "Bấm xác nhận")),
    ("order", ("Mở ứng dụng", "Nhập số tiền", "Đọc tên", "Bấm xác nhận")),
)
GRADED = [Asked(kind=kind, graded=True, labels=labels) for kind, labels in BEFORE_THEIR_EYES]


STRAY: list[str] = load("stray.yaml")


def graded_by(asked: Asked) -> list[str]:
    return [typed for typed in STRAY if isinstance(understand(typed, asked), Understood)]


@pytest.mark.parametrize("asked", GRADED, ids=lambda asked: f"{asked.kind}-{asked.labels[0]}")
def test_stray_chat_is_never_graded(asked: Asked) -> None:
    assert graded_by(asked) == []


def test_stray_chat_is_never_graded_by_a_question_that_is_really_asked(
    catalogue: Catalogue,
) -> None:
    asked = [
        Asked(kind=kind, graded=True, labels=labels)
        for lesson in catalogue.lessons
        if (quiz := catalogue.quiz(lesson.slug))
        for question in quiz.questions
        for kind, labels in shown(question)
    ]
    assert {one.labels: graded for one in asked if (graded := graded_by(one))} == {}


def shown(question: Question) -> list[tuple[Kind, tuple[str, ...]]]:
    match question:
        case SingleChoice(options=options):
            return [("one", tuple(option.text for option in options))]
        case SeveralChoice(options=options):
            return [("several", tuple(option.text for option in options))]
        case PutInOrder(steps=steps):
            return [("order", steps)]
        case RealOrScam(reasons=reasons):
            return [("one", tuple(reason.text for reason in reasons))]
        case TrueFalse():
            return []  # its labels are the same everywhere, and stand in GRADED


def test_nothing_asked_understands_nothing() -> None:
    assert understand("1", NOTHING_ASKED) == NotUnderstood()


def test_a_short_word_for_a_label_chooses_it() -> None:
    asked = Asked(labels=("Cổng dịch vụ công", "Thanh toán"), short=("dvc|hồ sơ", ""))
    assert understand("dvc nha con", asked) == Understood((0,))
    assert understand("ho so", asked) == Understood((0,))


def test_a_quoted_question_with_all_its_options_points_at_none() -> None:
    asked = Asked(graded=True, labels=("Cúp máy", "Chuyển tiền"))
    quoted = "Làm gì trước?\n1. Cúp máy\n2. Chuyển tiền"
    assert understand("cái này", asked, quoted=quoted) == NotUnderstood()
    assert understand("2", asked, quoted=quoted) == Understood((1,))


def named(kind: Kind, base: str) -> Asked:
    return Asked(kind=kind, labels=("A", "B", "C"), actions=("x", "y", "z"), base=base)


@pytest.mark.parametrize(
    ("asked", "places", "encoded"),
    [
        (Asked(labels=("A", "B"), actions=("menu", "lesson:doc-ten")), (1,), "lesson:doc-ten"),
        (named("several", "answer:7:q"), (0, 2), "answer:7:q:x.z"),
        (named("order", "sort"), (2, 0, 1), "sort:z.x.y"),
    ],
)
def test_places_have_the_meaning_that_was_offered(
    asked: Asked, places: tuple[int, ...], encoded: str
) -> None:
    assert asked.meaning(places).encode() == encoded


def test_what_was_asked_comes_back_from_storage() -> None:
    asked = Asked(
        kind="several",
        labels=("Mã OTP", "Mật khẩu"),
        base="answer:7",
        graded=True,
        denies=True,
        easier="menu",
        short=("otp", ""),
    )
    assert Asked.load(asked.dump()) == asked
    assert NOTHING_ASKED.dump() == ""


@pytest.mark.parametrize("stored", ["", "{", "[]", "7", "null", '{"kind":"maze"}', '{"colour":1}'])
def test_an_unreadable_store_asks_nothing(stored: str) -> None:
    assert Asked.load(stored) == NOTHING_ASKED


LABELS = st.lists(
    st.text("abcdeghiklmnopqrstuvxyđăâêôơưáàảãạ ", min_size=1).filter(str.strip),
    min_size=1,
    max_size=9,
)
KINDS = st.sampled_from(("one", "several", "order"))


@given(st.text(), LABELS, KINDS, st.booleans(), st.text())
def test_any_text_gives_an_outcome_with_places_that_exist(
    typed: str, labels: list[str], kind: Kind, graded: bool, quoted: str
) -> None:
    asked = Asked(kind=kind, labels=tuple(labels), graded=graded)
    outcome = understand(typed, asked, quoted=quoted)
    places = () if isinstance(outcome, NotUnderstood) else outcome.places
    assert set(places) <= set(range(len(labels)))


@given(LABELS, st.integers(1, 9), st.sampled_from(("{}", "số {}", "{}.", "câu {} nha con", "({})")))
def test_a_number_always_chooses_its_place(labels: list[str], number: int, way: str) -> None:
    asked = Asked(labels=tuple(labels), graded=True)
    place = Understood((number - 1,)) if number <= len(labels) else NotUnderstood()
    assert understand(way.format(number), asked) == place


@given(st.permutations([1, 2, 3, 4]), st.sampled_from((" ", ",", "-", "", " rồi ", ", ", ">")))
def test_a_whole_order_is_taken_however_it_is_joined(order: list[int], join: str) -> None:
    asked = Asked(kind="order", graded=True, labels=("Mở", "Nhập", "Đọc", "Gửi"))
    outcome = understand(join.join(map(str, order)), asked)
    assert outcome == Understood(tuple(number - 1 for number in order))


@given(
    st.sets(st.integers(1, 4), min_size=1), st.sampled_from((" ", ",", " và ", "", " voi ", "+"))
)
def test_several_numbers_are_taken_however_they_are_joined(chosen: set[int], join: str) -> None:
    asked = Asked(kind="several", graded=True, labels=("Mã OTP", "Mật khẩu", "Tên", "Căn cước"))
    outcome = understand(join.join(map(str, sorted(chosen))), asked)
    assert outcome == Understood(tuple(number - 1 for number in sorted(chosen)))


@given(st.sampled_from([case.values for case in ANSWERS]))
def test_letters_put_together_in_two_ways_mean_the_same(case: Any) -> None:
    asked, quoted, typed, outcome = case
    apart = unicodedata.normalize("NFD", typed)
    assert understand(apart, asked, quoted=unicodedata.normalize("NFD", quoted)) == outcome
