"""Plans on the clock: never twice, never by night, never on quiet days, and after a standstill
at most once.
"""

import asyncio
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from conversation.events import CommandReceived, Due, GroupMoved, Inbound, PollAnswered, Sender
from conversation.replies import AskQuestion, Reply, ShowPicture
from handlers.groups.plan_times import next_times
from handlers.groups.plan_words import Wanted, read_plan
from lessons.catalogue import Catalogue
from storage import role_grants
from storage.database import Database
from storage.plans import Plan
from storage.times import from_ms
from tests.support.tables import rows
from tests.support.talk import Talk

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
EVENINGS = Plan(group_id=1, course="c", lesson="l", days=frozenset({1, 3, 5}), minute=19 * 60 + 30)
ADMIN = Sender("sau", is_admin=True)


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HERE).astimezone(UTC)


def posted(replies: list[Reply]) -> list[str]:
    """The titles of the cards."""
    return [str(r.content["title"]) for r in replies if isinstance(r, ShowPicture)]


@pytest.fixture
def group(database: Database, catalogue: Catalogue) -> Talk:
    """A Telegram group at half past seven on a Monday evening, spoken to by who runs it."""
    talk = Talk(database, catalogue, address="-5")
    talk.sender = ADMIN
    return talk


async def plan(talk: Talk, words: str) -> None:
    await talk.event(CommandReceived("lich", words))
    await talk.line("[Đúng rồi, chạy lịch]")


@pytest.mark.parametrize(
    ("after", "quiet", "expected"),
    [
        (at(23, 19, 29), (), [at(23, 19, 30), at(25, 19, 30), at(27, 19, 30)]),
        (at(23, 19, 30), (), [at(25, 19, 30), at(27, 19, 30), at(30, 19, 30)]),
        # Late in the evening UTC is still the day before.
        (at(24, 1), (), [at(25, 19, 30), at(27, 19, 30), at(30, 19, 30)]),
        (at(23, 20), (25, 27), [at(30, 19, 30), at(2, 19, 30, 12), at(4, 19, 30, 12)]),
    ],
)
def test_the_next_times_of_a_plan(
    after: datetime, quiet: tuple[int, ...], expected: list[datetime]
) -> None:
    def is_quiet(day: date) -> bool:
        return day.month == 11 and day.day in quiet

    assert next_times(EVENINGS, after, zone=HERE, is_quiet_day=is_quiet, count=3) == expected


def test_a_plan_of_quiet_days_alone_has_no_next_time() -> None:
    assert next_times(EVENINGS, at(23, 8), zone=HERE, is_quiet_day=lambda _: True) == []


SAFETY, MONEY, PAPERS = "an-toan-tren-mang", "thanh-toan-an-toan", "dich-vu-cong"
MWF = frozenset({1, 3, 5})


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("tối thứ 2, 4, 6 lúc 19:30, khoá An toàn trên mạng", Wanted(SAFETY, MWF, (1170,))),
        ("toi thu 2 4 6 luc 19h30 khoa an toan tren mang", Wanted(SAFETY, MWF, (1170,))),
        ("lịch tối thứ 2 4 6 khóa thanh toan an toan", Wanted(MONEY, MWF, (1170,))),
        ("T2 T4 T6 19H30", Wanted("", MWF, (1170,))),
        ("thứ 2-4-6 lúc 19h", Wanted("", MWF, (1140,))),
        ("t3,5,7 20h", Wanted("", frozenset({2, 4, 6}), (1200,))),
        ("mỗi ngày 7 giờ tối, Dịch vụ công trực tuyến", Wanted(PAPERS, frozenset(range(1, 8)), (1140,))),
        ("gửi cho nhóm thứ 7 chủ nhật 7 rưỡi tối", Wanted("", frozenset({6, 7}), (1170,))),
        ("thứ 3 lúc 8 giờ", Wanted("", frozenset({2}), (480, 1200))),
        ("chu nhat 22h", Wanted("", frozenset({7}), (1320,))),
        ("khoá An toàn trên mạng", Wanted(SAFETY)),
        ("An toàn trên mạng và Thanh toán an toàn thứ 2", Wanted("", frozenset({1}))),
        ("mai đi chợ", Wanted()),
        ("", Wanted()),
    ],
)  # fmt: skip
def test_a_plan_is_read_from_one_line(typed: str, wanted: Wanted, catalogue: Catalogue) -> None:
    assert read_plan(typed, catalogue.courses) == wanted


async def test_a_lesson_is_posted_once_however_many_look(group: Talk) -> None:
    await plan(group, "thứ 2 4 6 19:30 khoá An toàn trên mạng")
    group.clock.moment = at(25, 19, 30)
    (timer,) = [row for row in await rows(group.database, "timer") if row["kind"] == "plan"]
    due = Inbound(
        channel="plain",
        address="-5",
        external_id="",
        received_at=group.clock(),
        event=Due(timer["id"], "plan", timer["subject"], group.clock()),
    )
    tutors = [group.build(f"w{number}")[0] for number in (1, 2)]
    before = len(group.chat.sent)
    await asyncio.gather(*(tutor.receive(due) for tutor in tutors))
    heard = await group.ring()
    again = await group.ring()

    assert posted(heard) == ["Giả công an gọi điện"]
    assert again == []
    assert len(group.chat.sent) == before + 3


@pytest.mark.parametrize(
    ("back", "heard", "then"),
    [
        # Two hours down: the evening's lesson is still the evening's.
        (at(25, 20, 45), ["Giả công an gọi điện"], "Giả shipper và đơn hàng lạ"),
        (at(25, 21, 5), [], "Giả công an gọi điện"),
        (at(26, 3), [], "Giả công an gọi điện"),
        # Two days down: one evening passed by, and the next is not made up for either.
        (at(27, 10), [], "Giả công an gọi điện"),
        (at(27, 19, 31), ["Giả công an gọi điện"], "Giả shipper và đơn hàng lạ"),
        (at(20, 19, 30, 12), [], "Giả công an gọi điện"),
    ],
)
async def test_after_a_standstill_at_most_one_lesson_comes_and_the_course_goes_on(
    back: datetime, heard: list[str], then: str, group: Talk
) -> None:
    await plan(group, "thứ 2 4 6 19:30 khoá An toàn trên mạng")
    group.clock.moment = back
    first = posted(await group.ring())
    (timer,) = [row for row in await rows(group.database, "timer") if row["kind"] == "plan"]
    group.clock.moment = from_ms(timer["due_at"])
    following = posted(await group.ring())

    assert (first, following) == (heard, [then])
    assert group.clock.moment > back


async def test_at_tet_the_group_rests(group: Talk) -> None:
    # The first three days of Tết 2027 are 6 to 8 February.
    group.clock.moment = at(5, 20, 0, 2, 2027)
    await plan(group, "mỗi ngày 19:30 khoá An toàn trên mạng")

    assert await group.next_ring() == at(9, 19, 30, 2, 2027)


async def test_a_course_that_is_over_says_so_and_offers_the_next(
    group: Talk, catalogue: Catalogue
) -> None:
    await plan(group, "mỗi ngày 19:30 khoá Thanh toán an toàn")
    titles, said = [], []
    while (moment := await group.next_ring()) is not None:
        group.clock.moment = moment
        replies = await group.ring()
        titles += posted(replies)
        said += [str(getattr(reply, "text", "")) for reply in replies]
    course = catalogue.course(MONEY)
    assert course is not None
    lessons = [catalogue.lesson(slug) for slug in course.lessons]

    assert titles == [lesson.title for lesson in lessons if lesson]
    assert said[-1].startswith("🎉 Nhóm mình đi hết khóa <b>Thanh toán an toàn</b> rồi.")
    assert await rows(group.database, "plan") == []
    # One tap goes on with the next course at the same hours.
    await group.line("[An toàn trên mạng]")
    await group.line("[Đúng rồi, chạy lịch]")
    (kept,) = await rows(group.database, "plan")
    assert (kept["course"], kept["lesson"], kept["minute"]) == (SAFETY, "gia-cong-an", 1170)


async def test_a_lesson_that_was_taken_out_is_passed_over(group: Talk) -> None:
    await plan(group, "mỗi ngày 19:30 khoá An toàn trên mạng")
    group.clock.moment = at(24, 19, 30)
    await group.ring()
    async with group.database.transaction() as connection:
        await connection.execute("UPDATE plan SET lesson = 'no-longer-there'")
    group.clock.moment = at(25, 19, 30)

    assert posted(await group.ring()) == ["Giả shipper và đơn hàng lạ"]


async def test_other_hours_for_the_same_course_go_on_where_the_group_is(group: Talk) -> None:
    await plan(group, "mỗi ngày 19:30 khoá An toàn trên mạng")
    group.clock.moment = at(24, 19, 30)
    await group.ring()
    await plan(group, "thứ 7 9h sáng khoá An toàn trên mạng")
    (kept,) = await rows(group.database, "plan")

    assert (kept["lesson"], kept["days"], kept["minute"]) == ("gia-shipper", "6", 540)


async def test_the_plan_goes_along_when_the_group_moves(group: Talk) -> None:
    await plan(group, "mỗi ngày 19:30 khoá An toàn trên mạng")
    await group.event(GroupMoved("-100777"))
    group.address = "-100777"
    group.clock.moment = at(24, 19, 30)

    assert posted(await group.ring()) == ["Giả công an gọi điện"]


async def test_the_plan_of_who_lost_the_role_rests_and_says_so_once(
    database: Database, catalogue: Catalogue
) -> None:
    talk = Talk(database, catalogue, address="tu")
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
        await talk.line(line)
    await talk.join_team("tu")
    for line in ("/dan Zalo ấp 3", "/lich mỗi ngày 19:30 khoá An toàn trên mạng"):
        await talk.line(line)
    await talk.line("[Đúng rồi, chạy lịch]")
    async with database.transaction() as connection:
        await role_grants.revoke(connection, 1, talk.clock())
    talk.clock.moment = at(24, 19, 30)
    (said,) = await talk.ring()
    talk.clock.moment = at(25, 19, 30)

    assert str(getattr(said, "text", "")).startswith("Lịch gửi bài cho nhóm <b>Zalo ấp 3</b> tạm")
    assert await talk.ring() == []


async def test_a_vote_of_somebody_unknown_makes_nobody_known(group: Talk) -> None:
    group.chat.is_poll = lambda question: question.votes != "own"
    await plan(group, "mỗi ngày 19:30 khoá An toàn trên mạng")
    group.clock.moment = at(24, 19, 30)
    (question,) = [reply for reply in await group.ring() if isinstance(reply, AskQuestion)]
    before = await rows(group.database, "address")
    (poll,) = group.chat.polls
    stranger = group.person("Khách")
    for name in (poll, poll, "forwarded-from-elsewhere"):
        await stranger.event(PollAnswered(name, (0,)))
    (kept,) = await rows(group.database, "poll")

    assert question.votes == "secret"
    assert await rows(group.database, "address") == before
    assert kept["voters"] == 2
    assert stranger.last == ()
