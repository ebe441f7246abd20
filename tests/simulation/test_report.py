from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from lessons.catalogue import Catalogue
from quizzes.review import Spacing
from simulation.life import Plan
from simulation.outcome import Comparison, Line, Outcome, compare
from simulation.picture import draw
from simulation.report import report


def outcome(share: float, late: float, plan: Plan, asked: float = 7.25) -> Outcome:
    line = Line((1.0, share), (1.0, share - 0.1), (1.0, share + 0.1))
    return Outcome(
        plan=plan,
        known=line,
        known_safety=line,
        learnt=96.4,
        asked_a_week=asked if plan.reviews else 0.0,
        most_a_day=plan.spacing.questions_a_day if plan.reviews else 0,
        late=late,
    )


def made(trial: Spacing | None) -> Comparison:
    now = Spacing()
    return Comparison(
        learners=60,
        days=range(0, 181, 180),
        nothing=outcome(0.48, 0.6, Plan(spacing=now, reviews=False, refreshers=False)),
        refreshers=outcome(0.56, 0.25, Plan(spacing=now, reviews=False)),
        reviews=outcome(0.71, 0.1, Plan(spacing=now, refreshers=False)),
        now=outcome(0.72, 0.004, Plan(spacing=now)),
        trial=None if trial is None else outcome(0.84, 0.0, Plan(spacing=trial), 14.1),
    )


def test_the_report_says_what_the_settings_do_in_plain_words() -> None:
    assert (
        report(made(Spacing(questions_a_day=6, retention=0.85)))
        == """\
Ôn lại giữ được bao nhiêu? (mô hình, không phải số đo thật)
60 người học tưởng tượng, 180 ngày, 96 câu hỏi thật của Học Số mỗi người.

[review]                  đang đặt   đặt thử
retention                      0.9      0.85  ← khác
maximum_interval_days          180       180
safety_interval_days           120       120
questions_a_day                  3         6  ← khác

                           còn nhớ   câu an toàn    câu ôn     an toàn
(ngày 180)                               còn nhớ  mỗi tuần     quá hạn
Không ôn gì                   48 %          48 %       0,0        60 %
Chỉ nhắc câu an toàn          56 %          56 %       0,0        25 %
Có ôn, bỏ hạn an toàn         71 %          71 %       7,2        10 %
Có ôn, như đang đặt           72 %          72 %       7,2        <1 %
Có ôn, như đặt thử            84 %          84 %      14,1         0 %

Nói gọn:
- Không ôn thì sau 180 ngày, cứ 100 câu đã học còn nhớ chừng 48 câu.
- Ôn như đang đặt thì còn chừng 72 câu.
  Mỗi tuần 7,2 câu, chừng 5 phút; không ai bị hỏi quá 3 câu một ngày.
- Câu an toàn phải đợi quá 120 ngày: dưới 1 trong 100 câu.
  Nếu bỏ hạn an toàn: 10 trong 100 câu.
- Đặt thử: nhớ thêm chừng 12 câu trong 100.
  Mỗi tuần 14,1 câu, chừng 9 phút; không ai bị hỏi quá 6 câu một ngày.
  Câu an toàn phải đợi quá 120 ngày: không câu nào.

Mô hình trí nhớ là FSRS, rút ra từ sinh viên học thẻ từ. Người học ở đây là tưởng
tượng: người mau quên, người lâu quên, người hay vắng. Hãy dùng để so hai cách
đặt với nhau, đừng báo cáo như kết quả thật."""
    )


def test_without_other_settings_only_the_present_ones_are_spoken_of() -> None:
    said = report(made(None))

    assert "thử" not in said
    assert max(len(line) for line in said.splitlines()) <= 82


@pytest.mark.parametrize("trial", [None, Spacing(questions_a_day=6)])
def test_the_picture_has_a_phones_width_and_is_the_same_each_time(trial: Spacing | None) -> None:
    png = draw(made(trial), "png")

    assert Image.open(BytesIO(png)).size == (1080, 1950)
    assert draw(made(trial), "png") == png


def test_an_svg_is_one_picture_without_a_date_or_a_host_to_ask() -> None:
    svg = draw(made(None), "svg")
    root = ET.fromstring(svg)

    assert root.tag.endswith("}svg")
    assert draw(made(None), "svg") == svg
    assert b"<image" not in svg
    assert b"dc:date" not in svg


def test_a_comparison_is_of_the_same_people_with_the_same_luck(catalogue: Catalogue) -> None:
    now, more = Spacing(), Spacing(questions_a_day=6)
    found = compare(catalogue, now, more, learners=3, days=90, seed=1)
    again = compare(catalogue, now, None, learners=3, days=90, seed=1)

    assert (found.now, found.nothing, again.trial) == (again.now, again.nothing, None)
    assert found.trial is not None
    assert found.last_day == 90
    assert found.trial.most_a_day > found.now.most_a_day == 3
    plans = (found.nothing, found.now, found.trial)
    ends = [share for plan in plans if (share := plan.known.mean[-1]) is not None]
    assert (len(ends), ends) == (3, sorted(ends))
    for low, high in zip(found.now.known.low, found.now.known.high, strict=True):
        assert low is not None
        assert high is not None
        assert low <= high
    assert report(found).count("\n") > 20


def test_one_learner_and_the_shortest_time_are_enough(catalogue: Catalogue) -> None:
    found = compare(catalogue, Spacing(), None, learners=1, days=30, seed=3)

    assert found.now.known.low == found.now.known.mean == found.now.known.high
    assert draw(found, "png")[:4] == b"\x89PNG"
