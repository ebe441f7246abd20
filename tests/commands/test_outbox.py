"""What a person sees of the outbox, and what they may do about it, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from commands.base import Refused, read_line
from commands.outbox import COMMAND, look
from storage import addresses, deliveries, workers
from storage.database import Database
from storage.deliveries import ANSWER, BROADCAST, REMINDER
from storage.errors import DatabaseUnusable
from storage.opening import open_database
from tests.support.databases import ENGINES, fresh_url
from tests.support.talk import START

SECRET = "lời riêng của bà Năm"
SHOWN = """\
Đang chờ và đang gửi
kênh      loại     chờ  đang gửi  lâu nhất
telegram  trả lời  1    0         5 phút
web       trả lời  1    0         12 giây
telegram  nhắc     2    1         1 giờ

Đang thử lại (gửi ngay: outbox retry MÃ; thôi gửi: outbox drop MÃ)
mã  kênh      loại     đã thử  thử lại sau  lý do
{again}   telegram  trả lời  1       8 giây       Unavailable: HTTP 502

Gác lại trong 7 ngày qua (lời đã xóa; dọn một dòng: outbox drop MÃ)
lý do                                             kết cục         số lượt
khung chat không nhận nữa (bị chặn, hoặc đã rời)  thôi gửi        1
Rejected: Bad Request                             không gửi được  1
đã quá giờ nên thôi gửi                           thôi gửi        1

Mới nhất
mã  kênh      loại           kết cục         cách đây  lý do
{gone}   zalo      trả lời        thôi gửi        0 giây    khung chat không nhận nữa (bị chặn, hoặc đã rời)
{late}   telegram  nhắc           thôi gửi        2 phút    đã quá giờ nên thôi gửi
{failed}   telegram  tin gửi chung  không gửi được  1 giờ     Rejected: Bad Request"""


@dataclass
class Box:
    url: str
    database: Database

    async def add(self, channel: str, who: str, priority: int, *, age: float = 0.0) -> int:
        """A delivery that has waited so many seconds; its id."""
        then = START - timedelta(seconds=age)
        async with self.database.transaction() as connection:
            address, _ = await addresses.load(connection, channel, who, then)
            number, _ = await deliveries.add(
                connection, address.id, f'"{SECRET}"', priority=priority, due_at=then, now=then
            )
        return number

    async def look(self, act: str = "", delivery: int = 0) -> str:
        return await look(self.url, START, act, delivery)


@pytest.fixture(params=ENGINES)
async def box(request: pytest.FixtureRequest) -> AsyncIterator[Box]:
    async with fresh_url(request.param) as url:
        database = await open_database(url)
        yield Box(url, database)
        await database.close()


async def test_an_empty_outbox_says_so(box: Box) -> None:
    assert await box.look() == "Hộp gửi đi trống: không có gì đang chờ, không có gì gác lại."


async def test_everything_is_shown_but_words_and_addresses(box: Box) -> None:
    await box.add("web", "0900-riêng", ANSWER, age=12)
    again = await box.add("telegram", "0900-riêng", ANSWER, age=300)
    for number in range(3):
        await box.add("telegram", f"người {number}", REMINDER, age=4000)
    failed = await box.add("telegram", "người 7", BROADCAST, age=90)
    late = await box.add("telegram", "người 8", REMINDER, age=90)
    gone = await box.add("zalo", "người 9", ANSWER, age=90)
    async with box.database.transaction() as connection:
        await workers.beat(connection, "w1", START)
        await deliveries.claim(connection, "w1", ["telegram"], START, 2)
        await deliveries.postpone(
            connection, again, START + timedelta(seconds=8), "Unavailable: HTTP 502"
        )
        hour_ago = START - timedelta(hours=1)
        await deliveries.fail(connection, failed, "Rejected: Bad Request", hour_ago)
        await deliveries.withhold(connection, [late], "late", START - timedelta(minutes=2))
        address, _ = await addresses.load(connection, "zalo", "người 9", START)
        await addresses.stop(connection, address.id, START)

    said = await box.look()

    assert said == SHOWN.format(again=again, failed=failed, late=late, gone=gone)
    assert await box.look() == said


async def test_one_that_waits_is_tried_at_once_with_what_waits_around_it(box: Box) -> None:
    first, second = [await box.add("telegram", "ba", ANSWER) for _ in range(2)]
    other = await box.add("telegram", "ông", ANSWER)
    later = START + timedelta(minutes=5)
    async with box.database.transaction() as connection:
        await deliveries.claim(connection, "w1", ["telegram"], START, 9)
        for number in (first, second, other):
            await deliveries.postpone(connection, number, later, "Unavailable: 502")

    said = await box.look("retry", second)
    async with box.database.transaction() as connection:
        due = [row.id for row in await deliveries.claim(connection, "w1", ["telegram"], START, 9)]

    assert said == f"Lượt gửi số {second} sẽ được thử lại ngay khi Học Số đang chạy."
    assert due == [first, second]


async def test_one_that_waits_is_dropped_with_its_words_and_what_is_behind_it_goes_on(
    box: Box,
) -> None:
    first, second = [await box.add("telegram", "ba", ANSWER) for _ in range(2)]

    said = await box.look("drop", first)
    async with box.database.transaction() as connection:
        row = await connection.fetchrow(
            "SELECT status, error, reply FROM delivery WHERE id = $1", first
        )
        due = [row.id for row in await deliveries.claim(connection, "w1", ["telegram"], START, 9)]

    assert said == f"Đã bỏ lượt gửi số {first}."
    assert row is not None
    assert tuple(row) == ("cancelled", "bỏ theo lệnh", "")
    assert due == [second]
    assert await box.look("drop", first) == said
    with pytest.raises(Refused, match=f"Không có lượt gửi số {first}"):
        await box.look("drop", first)


@pytest.mark.parametrize("act", ["retry", "drop"])
async def test_what_is_under_way_is_left_to_its_process(box: Box, act: str) -> None:
    number = await box.add("telegram", "ba", ANSWER)
    async with box.database.transaction() as connection:
        await deliveries.claim(connection, "w1", ["telegram"], START, 9)

    with pytest.raises(Refused, match="đang trên đường đi"):
        await box.look(act, number)


async def test_what_has_no_words_any_more_cannot_be_sent_again(box: Box) -> None:
    number = await box.add("telegram", "ba", ANSWER)
    async with box.database.transaction() as connection:
        await deliveries.fail(connection, number, "Rejected: 400", START)

    with pytest.raises(Refused, match="lời đã xóa, nên không gửi lại được"):
        await box.look("retry", number)


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_database_of_another_version_is_not_touched(engine: str) -> None:
    async with fresh_url(engine, empty=True) as url:
        if engine == "sqlite":
            await (await open_database(url)).close()
        with pytest.raises(Refused, match="migrate trước"):
            await look(url, START)


async def test_a_file_that_is_not_there_is_not_made() -> None:
    async with fresh_url("sqlite", empty=True) as url:
        with pytest.raises(DatabaseUnusable):
            await look(url, START)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("outbox retry", "Còn thiếu mã: python bot.py outbox retry MÃ."),
        ("outbox retry x", "mã là một số, ví dụ: python bot.py outbox retry 12"),
        ("outbox send 1", "VIỆC: chỉ có retry và drop"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(line: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        asked = read_line((COMMAND,), line.split(), version="1")
        asked.run(asked)

    assert why in str(refused.value)
