"""Who has a warning already, on both engines."""

from datetime import UTC, datetime, timedelta

from places.model import Place
from storage import addresses, audiences, broadcasts, cohorts, enrolments, learners, recipients
from storage.audiences import Audience, Had
from storage.database import Connection, Database

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
A_WEEK = timedelta(days=7)


async def a_broadcast(connection: Connection, sender: int, cohort: int) -> int:
    number = await broadcasts.draft(
        connection, sender, cohort_id=cohort, place=Place(), course="", signed="Tổ", now=NOW
    )
    await broadcasts.write(connection, number, ready="fake_police", words="", is_urgent=True)
    await broadcasts.run(
        connection, number, approver_id=None, ends_at=NOW + timedelta(days=2), now=NOW
    )
    return number


async def test_who_has_a_warning_is_counted_apart_for_a_week(database: Database) -> None:
    async with database.transaction() as connection:
        people = []
        for chat in ("gửi", "đã nhận", "đang gửi", "bị dừng", "chưa"):
            _, learner = await addresses.load(connection, "telegram", chat, NOW)
            await learners.give_consent(connection, learner.id, "test", NOW)
            people.append(learner.id)
        sender, sent, queued, stopped, fresh = people
        cohort = await cohorts.add(connection, "Lớp", sender, Place(), NOW)
        for learner_id in (sent, queued, stopped, fresh):
            await enrolments.join(connection, cohort, learner_id, "", NOW)
        first = await a_broadcast(connection, sender, cohort)
        for learner_id in (sent, queued, stopped):
            assert await recipients.add(connection, first, learner_id, NOW)
        await recipients.settle(connection, first, sent, "sent", NOW)
        await recipients.queue(connection, first, queued, 1)
        second = await a_broadcast(connection, sender, cohort)

        async def warned(learner_id: int, number: int, later: timedelta) -> tuple[bool, int]:
            now = NOW + later
            return await recipients.warned(
                connection,
                learner_id,
                ready="fake_police",
                but=number,
                since=now - A_WEEK,
                today=now - timedelta(hours=10),
            )

        async def count(number: int, later: timedelta) -> tuple[int, int]:
            had = Had("fake_police", number, NOW + later - A_WEEK)
            found = await audiences.count(
                connection, Audience(cohort_id=cohort), even_refusing=True, had=had
            )
            return found.people, found.having

        soon = timedelta(hours=1)
        of_each = [await warned(one, second, soon) for one in (sent, queued, stopped, fresh)]
        assert of_each == [(True, 1), (True, 1), (False, 0), (False, 0)]
        assert await warned(sent, first, soon) == (False, 0)
        assert await warned(sent, second, A_WEEK) == (False, 0)
        assert await count(second, soon) == (2, 2)
        assert await count(first, soon) == (4, 0)
        assert await count(second, A_WEEK) == (3, 1)

        await recipients.drop(connection, first, queued)
        assert [one.id for one in await broadcasts.open_of(connection, sender)] == [first, second]
        assert [one.id for one in await broadcasts.running(connection, 1)] == [first]
        assert await recipients.counts(connection, first) == {"sent": 1, "stopped": 1}
