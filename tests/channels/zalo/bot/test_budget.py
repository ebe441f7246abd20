"""What a month's lines come to, who is told, and what a restart remembers."""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from channels.zalo.bot.budget import Budget, Standing
from storage import addresses
from storage.database import Database
from storage.errors import DatabaseBusy
from tests.support.talk import Clock

# The last evening of November in Viet Nam.
EVENING = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)


@dataclass
class Bench:
    database: Database
    clock: Clock = field(default_factory=lambda: Clock(EVENING))

    def budget(self, most: int = 10, people: int = 3) -> Budget:
        return Budget(
            self.database,
            "zalo_bot",
            lines_a_month=most,
            people=people,
            now=self.clock,
            timezone=ZoneInfo("Asia/Ho_Chi_Minh"),
        )

    async def people(self, *names: str) -> None:
        async with self.database.transaction() as connection:
            for name in names:
                await addresses.load(connection, "zalo_bot", name, self.clock())


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


async def test_every_line_counts_and_a_restart_remembers(bench: Bench):
    before = bench.budget()
    for _ in range(3):
        before.spent()
    at_once = before.standing().sent
    await before.close()
    after = bench.budget()
    await after.write()

    assert (at_once, after.standing()) == (3, Standing(3, 10, 0, 3))


async def test_two_processes_count_together(bench: Bench):
    one, other = bench.budget(), bench.budget()
    for budget, lines in ((one, 2), (other, 5), (one, 1)):
        for _ in range(lines):
            budget.spent()
        await budget.close()

    assert one.standing().sent == 8


async def test_a_month_ends_at_midnight_where_the_learners_are(bench: Bench):
    budget = bench.budget()
    budget.spent()
    await budget.close()
    bench.clock.passes(timedelta(minutes=2))
    budget.spent()
    await budget.close()

    assert budget.standing().sent == 1


async def test_people_are_counted_from_their_chats(bench: Bench):
    budget = bench.budget()
    await bench.people("a", "b")
    await budget.write()
    two = budget.standing().people
    await bench.people(*(f"{n}" for n in range(20)))
    await budget.write()

    assert (two, budget.standing().people) == (2, 13)
    assert budget.standing().crowded


@pytest.mark.parametrize(
    ("sent", "people", "said"),
    [
        (0, 0, "Tháng này đã gửi 0/10 tin; 0/3 khung chat."),
        (7, 2, "Tháng này đã gửi 7/10 tin; 2/3 khung chat."),
        (
            8,
            2,
            (
                "Tháng này đã gửi 8/10 tin; 2/3 khung chat; "
                "sắp hết lượt: nhắc học thưa lại, dành cho câu trả lời."
            ),
        ),
        (
            12,
            3,
            (
                "Tháng này đã gửi 12/10 tin; 3/3 khung chat; "
                "đã hết lượt: không nhắc học nữa, câu trả lời có thể không tới; "
                "đã đủ người: người mới có thể không vào được."
            ),
        ),
    ],
)
def test_a_standing_says_itself_in_one_line(sent: int, people: int, said: str):
    assert str(Standing(sent, 10, people, 3)) == said


async def test_each_threshold_is_told_once_in_a_month(
    bench: Bench, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING, "channels.zalo")
    budget = bench.budget()
    for _ in range(12):
        budget.spent()
        await budget.close()
    told = [record.message for record in caplog.records]
    bench.clock.passes(timedelta(days=1))
    caplog.clear()
    for _ in range(8):
        budget.spent()
        await budget.close()

    assert [line.split(" tin;")[0] for line in told] == [
        "zalo_bot: Tháng này đã gửi 8/10",
        "zalo_bot: Tháng này đã gửi 10/10",
    ]
    assert len(caplog.records) == 1


class Broken:
    """A database that cannot be written for a while."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.down = True

    def transaction(self):
        if self.down:
            raise DatabaseBusy
        return self._database.transaction()


async def test_what_could_not_be_written_is_counted_with_the_next_line(bench: Bench):
    broken = Broken(bench.database)
    bench.database = broken  # type: ignore[assignment]
    budget = bench.budget()
    budget.spent()
    await budget.close()
    held = budget.standing().sent
    broken.down = False
    budget.spent()
    await budget.close()
    again = bench.budget()
    await again.write()

    assert (held, again.standing().sent) == (1, 2)
