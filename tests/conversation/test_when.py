"""Days and hours as people type them, with marks and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.manners import Manners
from conversation.when import When, parse
from vietnamese import fold

MON, TUE, WED, THU, FRI, SAT, SUN = (1 << place for place in range(7))
EVERY = 127
NOT_AT_ALL = None


def hour(hours: int, minutes: int = 0) -> tuple[int, ...]:
    return (hours * 60 + minutes,)


def either(first: int, second: int, minutes: int = 0) -> tuple[int, ...]:
    return (first * 60 + minutes, second * 60 + minutes)


TYPED = [
    # An hour, however it is written.
    ("7h tối", When(minutes=hour(19))),
    ("7g tối", When(minutes=hour(19))),
    ("7 giờ tối", When(minutes=hour(19))),
    ("tối 7 giờ", When(minutes=hour(19))),
    ("bảy giờ tối", When(minutes=hour(19))),
    ("19:30", When(minutes=hour(19, 30))),
    ("19h30", When(minutes=hour(19, 30))),
    ("19.30", When(minutes=hour(19, 30))),
    ("19 giờ 30", When(minutes=hour(19, 30))),
    ("19h30p", When(minutes=hour(19, 30))),
    ("7 rưỡi tối", When(minutes=hour(19, 30))),
    ("tối 7 rưỡi", When(minutes=hour(19, 30))),
    ("7 giờ rưỡi tối", When(minutes=hour(19, 30))),
    ("bảy rưỡi tối", When(minutes=hour(19, 30))),
    ("7h30 tối", When(minutes=hour(19, 30))),
    ("7.30 tối", When(minutes=hour(19, 30))),
    ("8h kém 15 tối", When(minutes=hour(19, 45))),
    ("8 giờ kém mười tối", When(minutes=hour(19, 50))),
    ("7h sáng", When(minutes=hour(7))),
    ("sáng 8h", When(minutes=hour(8))),
    ("11 giờ rưỡi trưa", When(minutes=hour(11, 30))),
    ("12h trưa", When(minutes=hour(12))),
    ("mười hai giờ trưa", When(minutes=hour(12))),
    ("1h trưa", When(minutes=hour(13))),
    ("4h chiều", When(minutes=hour(16))),
    ("năm giờ chiều", When(minutes=hour(17))),
    ("ba giờ rưỡi chiều", When(minutes=hour(15, 30))),
    # One that only one part of the day can mean.
    ("11 giờ rưỡi", When(minutes=hour(11, 30))),
    ("12h", When(minutes=hour(12))),
    ("3 giờ", When(minutes=hour(15))),
    # Two that it can be.
    ("7h", When(minutes=either(7, 19))),
    ("7 rưỡi", When(minutes=either(7, 19, 30))),
    ("5h", When(minutes=either(5, 17))),
    ("9 giờ", When(minutes=either(9, 21))),
    # Of the night; whether that may be is asked elsewhere.
    ("5h sáng", When(minutes=hour(5))),
    ("21h30", When(minutes=hour(21, 30))),
    ("10 giờ đêm", When(minutes=hour(22))),
    ("1h khuya", When(minutes=hour(1))),
    # A part of the day alone.
    ("sáng", When(minutes=hour(7))),
    ("buổi trưa", When(minutes=hour(11, 30))),
    ("chiều", When(minutes=hour(16, 30))),
    ("tối", When(is_evening=True)),
    # Days.
    ("mỗi ngày", When(days=EVERY)),
    ("ngày nào cũng được", When(days=EVERY)),
    ("hàng ngày lúc 6 giờ chiều", When(days=EVERY, minutes=hour(18))),
    ("mỗi tối 8 giờ", When(days=EVERY, minutes=hour(20))),
    ("mỗi sáng", When(days=EVERY, minutes=hour(7))),
    ("mỗi ngày 19:30", When(days=EVERY, minutes=hour(19, 30))),
    ("tối thứ 2 4 6", When(days=MON | WED | FRI, is_evening=True)),
    ("tối thứ 2, 4, 6", When(days=MON | WED | FRI, is_evening=True)),
    ("tối 2 4 6", When(days=MON | WED | FRI, is_evening=True)),
    ("thứ hai thứ tư thứ sáu 7h tối", When(days=MON | WED | FRI, minutes=hour(19))),
    ("thứ hai, tư, sáu lúc 7h tối", When(days=MON | WED | FRI, minutes=hour(19))),
    ("t2 t4 t6 19h", When(days=MON | WED | FRI, minutes=hour(19))),
    ("thứ 3 và thứ 7", When(days=TUE | SAT)),
    ("thứ năm", When(days=THU)),
    ("thứ năm 7h tối", When(days=THU, minutes=hour(19))),
    ("thứ bảy 8h sáng", When(days=SAT, minutes=hour(8))),
    ("thứ ba 7 giờ", When(days=TUE, minutes=either(7, 19))),
    ("chủ nhật 8h sáng", When(days=SUN, minutes=hour(8))),
    ("cn 8h sáng", When(days=SUN, minutes=hour(8))),
    ("thứ 7 và chủ nhật 8h sáng", When(days=SAT | SUN, minutes=hour(8))),
    ("cuối tuần 9h sáng", When(days=SAT | SUN, minutes=hour(9))),
    ("ngày thường 7 giờ tối", When(days=MON | TUE | WED | THU | FRI, minutes=hour(19))),
    ("thứ 2 đến thứ 6 7h tối", When(days=MON | TUE | WED | THU | FRI, minutes=hour(19))),
    ("thứ 2 tới thứ 6 lúc 19:30", When(days=MON | TUE | WED | THU | FRI, minutes=hour(19, 30))),
    # So many a week.
    ("3 buổi một tuần", When(sessions=3)),
    ("ba buổi một tuần", When(sessions=3)),
    ("tuần 3 buổi", When(sessions=3)),
    ("mỗi tuần 2 lần", When(sessions=2)),
    ("2 lần mỗi tuần", When(sessions=2)),
    ("3 buổi/tuần lúc 7h tối", When(sessions=3, minutes=hour(19))),
    ("sáng 7h một tuần 3 buổi", When(sessions=3, minutes=hour(7))),
    # With polite words around it.
    ("nhắc tôi 7h tối", When(minutes=hour(19))),
    ("nhắc tui lúc 7h tối nha", When(minutes=hour(19))),
    ("con nhắc cô 8 giờ tối nghen", When(minutes=hour(20))),
    ("nhắc con lúc 7h tối nha", When(minutes=hour(19))),
    ("đổi sang 8h tối", When(minutes=hour(20))),
    ("đổi giờ nhắc qua sáng 8h", When(minutes=hour(8))),
    ("8h tối được không con", When(minutes=hour(20))),
    ("dạ 7h tối đi con", When(minutes=hour(19))),
]
# Without marks "toi" is "I" right after the word for reminding, and evening elsewhere.
UNMARKED = [
    ("7h toi", When(minutes=hour(19))),
    ("nhac toi 7h toi", When(minutes=hour(19))),
    ("nhac toi 7h", When(minutes=either(7, 19))),
    ("toi thu 2 4 6", When(days=MON | WED | FRI, is_evening=True)),
    ("nhac toi thu 2 4 6", When(days=MON | WED | FRI)),
    ("moi ngay 7h30", When(days=EVERY, minutes=either(7, 19, 30))),
    ("thu 2 toi thu 6 7h toi", When(days=MON | TUE | WED | THU | FRI, minutes=hour(19))),
]
# Words that speak of something else as well, however much time is in them.
NOTHING = [
    "", "?", "2", "7", "dừng", "để sau", "đúng rồi con", "học tiếp", "20/11", "7-8", "25h", "7h75",
    "mai 7h", "7h mai", "9 buổi một tuần", "lúc nào cũng được", "bữa nay 3 người",
    "tôi bị lừa lúc 7h tối", "tối mai cô đi đám cưới", "sáng nay có người gọi", "ai gọi tối qua",
    "chuyển 7 triệu", "nhắc lại bài", "thứ tư tuần sau", "cả ngày", "7h30 có người gọi", "ngày mai",
    "3 buổi", "tuần này", "con tên gì", "7h hay 8h", "một tuần nữa",
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), TYPED + UNMARKED)
def test_what_is_typed_of_days_and_hours(text: str, said: When) -> None:
    assert parse(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (text, said)
        for text, said in TYPED
        if "nhắc t" not in text and not {":", ".", ",", "/"} & {*text}
    ],
)
def test_the_same_without_marks_and_shouted(text: str, said: When) -> None:
    assert parse(fold(text)) == said
    assert parse(text.upper()) == said


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_not_about_days_and_hours(text: str) -> None:
    assert parse(text) is NOT_AT_ALL


@given(st.text(max_size=120))
def test_no_text_breaks_it_and_what_it_gives_is_of_a_day(text: str) -> None:
    said = parse(text)

    assert said is None or all(0 <= minute < 24 * 60 for minute in said.minutes)
    assert said is None or 0 <= (said.days or 0) <= EVERY


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from([":", "h", " giờ ", "."]))
def test_an_hour_of_the_clock_with_minutes_is_read_however_it_is_written(
    hours: int, minutes: int, between: str
) -> None:
    said = parse(f"{hours}{between}{minutes:02}")

    assert said is not None
    assert hours * 60 + minutes in said.minutes or (hours + 12) * 60 + minutes in said.minutes


@given(st.integers(0, 24 * 60 - 1))
def test_the_nearest_open_hour_is_open(minute: int) -> None:
    manners = Manners()

    assert manners.fits(manners.nearest(minute))
    assert manners.nearest(minute) == minute or not manners.fits(minute) or minute > 20 * 60 + 30
