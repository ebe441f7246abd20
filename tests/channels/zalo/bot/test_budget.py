"""What a month's lines come to, who is told, and what a restart remembers."""

import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from channels.base import Free, Health, Never, Sent, Throttled, Wait
from channels.zalo.bot.budget import Budget, Standing
from conversation.replies import Say, load_reply
from people.roles import EVERYWHERE
from storage import addresses, errands, role_grants
from storage.database import Database
from storage.errors import DatabaseBusy
from storage.times import from_ms
from tests.support.outbox import outbox
from tests.support.talk import Clock
from tests.support.telegram_running import Tutor
from tests.support.zalo_bot_running import NOW, running, words
from tests.support.zalo_bot_server import QUOTA, ZaloBotServer

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
            words=words,
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


async def _administrator(bench: Bench) -> None:
    """Who looks after it all: on the web page, in Telegram, and on this very bot."""
    async with bench.database.transaction() as connection:
        address, learner = await addresses.load(connection, "telegram", "admin", bench.clock())
        await role_grants.give(
            connection, learner.id, "administrator", EVERYWHERE, granted_by=None, now=bench.clock()
        )
        for channel in ("web", "zalo_bot"):
            other, _ = await addresses.load(connection, channel, "admin", bench.clock())
            await addresses.join(connection, other.id, learner.id)
        await addresses.load(connection, "telegram", "learner", bench.clock())
        assert address.learner_id == learner.id


async def _told(bench: Bench) -> list[tuple[str, str, datetime]]:
    """To whom, what (its first line), and when."""
    async with bench.database.read() as connection:
        rows = await connection.fetch(
            "SELECT a.channel, d.reply, d.due_at FROM delivery AS d "
            "JOIN address AS a ON a.id = d.address_id WHERE a.external_id = 'admin' "
            "ORDER BY d.id"
        )
    return [
        (channel, str(load_reply(reply).text).partition("\n")[0], from_ms(due))  # type: ignore[union-attr]
        for channel, reply, due in rows
    ]


async def test_each_threshold_is_told_once_to_administrators_on_other_channels_by_day(
    bench: Bench, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING, "channels.zalo")
    await _administrator(bench)
    one, other = bench.budget(), bench.budget()
    for lines in range(12):
        budget = one if lines % 2 else other
        budget.spent()
        await budget.close()

    morning = datetime(2026, 12, 1, 0, tzinfo=UTC)
    thin = "📊 Bot Zalo tháng này đã gửi <b>8/10</b> tin, có 1/3 khung chat."
    gone = "⚠️ Bot Zalo đã gửi <b>10/10</b> tin, hết phần của tháng này."
    assert await _told(bench) == [
        ("telegram", thin, morning),
        ("web", thin, morning),
        ("telegram", gone, morning),
        ("web", gone, morning),
    ]
    assert [record.message.split(" tin;")[0] for record in caplog.records] == [
        "zalo_bot: Tháng này đã gửi 8/10",
        "zalo_bot: Tháng này đã gửi 10/10",
    ]


async def test_a_full_bot_is_told_by_day_at_once(bench: Bench):
    await _administrator(bench)
    bench.clock.passes(timedelta(hours=10))
    budget = bench.budget()
    await budget.write()
    await bench.people("a", "b")
    budget.spent()
    await budget.close()
    budget.spent()
    await budget.close()

    full = "⚠️ Bot Zalo đã có <b>3/3</b> khung chat: người mới có thể không vào được."
    assert await _told(bench) == [
        ("telegram", full, bench.clock()),
        ("web", full, bench.clock()),
    ]


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


@pytest.mark.parametrize(
    ("sent", "allowed"),
    [
        (0, "free free free free"),
        (7, "free free free free"),
        (8, "note - note -"),
        (10, "errand " * 4),
    ],
)
async def test_reminders_thin_out_and_end_so_that_answers_can_go_on(
    database: Database, sent: int, allowed: str
):
    async with (
        ZaloBotServer() as server,
        running(server, database, Tutor().receive, lines_a_month=10) as started,
    ):
        for _ in range(sent):
            started.budget.spent()
        said = []
        for day in range(4):
            now = NOW + timedelta(days=day)
            leave = await started.may_send("cô Tư", last_heard=NOW, now=now)
            match leave:
                case Free(None):
                    said.append("free")
                case Free(note):
                    assert "nhắc tới thưa hơn" in note.text  # type: ignore[union-attr]
                    said.append("note")
                case Never(_, errand):
                    said.append("errand" if errand else "-")
        assert await started.send("cô Tư", [Say(Markup("Dạ"))]) == Sent("line000001")

    assert sorted(said) == sorted(allowed.split())


async def test_after_a_429_nothing_is_written_first(database: Database):
    async with (
        ZaloBotServer() as server,
        running(server, database, Tutor().receive) as started,
    ):
        server.fail("sendMessage", QUOTA)
        with pytest.raises(Throttled):
            await started.send("a", [Say(Markup("Dạ"))])
        held = await started.may_send("a", last_heard=NOW, now=NOW)
        ill = started.health()
        await started.send("a", [Say(Markup("Dạ"))])
        after = await started.may_send("a", last_heard=NOW, now=NOW)

    assert (held, after) == (Wait(NOW + timedelta(minutes=30)), Free())
    assert (ill.well, started.health().well) == (False, False)  # not started any more
    assert ill.detail.startswith("Zalo báo 429")


async def test_health_says_how_the_month_stands(database: Database):
    async with (
        ZaloBotServer() as server,
        running(server, database, Tutor().receive, lines_a_month=10) as started,
    ):
        fresh = started.health()
        for _ in range(10):
            started.budget.spent()
        gone = started.health()

    assert fresh == Health(well=True, detail="Tháng này đã gửi 0/10 tin; 0/50 khung chat.")
    assert (gone.well, "đã hết lượt" in gone.detail) == (False, True)


async def test_a_reminder_near_the_end_says_why_and_after_it_becomes_an_errand(database: Database):
    async with (
        ZaloBotServer() as server,
        running(
            server, database, Tutor().receive, lines_a_month=10, now=(clock := Clock())
        ) as zalo,
        outbox(database, zalo, clock=clock) as box,  # type: ignore[arg-type]
    ):
        for _ in range(8):
            zalo.budget.spent()
        for day in range(2):
            await box.add_unasked("co-tu", f"Nhắc lần {day}", channel=zalo.name)
            await box.later(days=1)
        thin = server.lines("co-tu")
        for _ in range(3):
            zalo.budget.spent()
        await box.add_unasked("co-tu", "Nhắc lần cuối", channel=zalo.name)
        await box.later(days=2)
        await box.say("co-tu", "Trả lời", channel=zalo.name)
        await box.dispatcher.drain()
        async with database.read() as connection:
            found = await errands.open_ones(connection, 10)

    (reminded,) = thin
    assert reminded.startswith("Tháng này phần tin Học Số được gửi trên Zalo sắp hết")
    assert re.fullmatch(r"(?s).+\n\nNhắc lần \d", reminded)
    assert server.lines("co-tu")[1:] == ["Trả lời"]
    assert [errand.reason for errand in found] == ["hết lượt gửi tin của tháng"]
