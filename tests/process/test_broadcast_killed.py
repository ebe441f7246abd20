"""A broadcast whose process is killed twice: everybody gets it, and nobody twice. Telegram remembers
what it got.
"""

import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from places.model import Place
from storage import addresses, broadcasts, cohorts, enrolments, learners, role_grants
from storage.migrate import prepare
from storage.opening import open_database
from tests.support.bot_process import Bot
from tests.support.telegram_server import TOKEN, TelegramServer

PEOPLE = 60
SENDS = ("sendMessage",)
# How many lines have begun to go out when each process is killed.
KILLED_AFTER = (7, 31)


def a_zone_where_it_is_noon() -> str:
    """The names count the other way round: https://data.iana.org/time-zones/theory.html"""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


async def fill(url: str) -> int:
    """A class of so many, and a broadcast to it that was just confirmed."""
    await prepare(url)
    database = await open_database(url)
    now = datetime.now(UTC)
    async with database.transaction() as connection:
        _, sender = await addresses.load(connection, "telegram", "1", now)
        await learners.give_consent(connection, sender.id, "test", now)
        await role_grants.give(
            connection, sender.id, "administrator", Place(), granted_by=None, now=now
        )
        cohort = await cohorts.add(connection, "Lớp chợ", sender.id, Place(), now)
        for chat in range(101, 101 + PEOPLE):
            _, learner = await addresses.load(connection, "telegram", str(chat), now)
            await learners.give_consent(connection, learner.id, "test", now)
            await enrolments.join(connection, cohort, learner.id, "", now)
        number = await broadcasts.draft(
            connection, sender.id, cohort_id=cohort, place=Place(), course="", signed="Tổ", now=now
        )
        await broadcasts.write(connection, number, ready="", words="Mai nghỉ", is_urgent=False)
        await broadcasts.run(
            connection, number, approver_id=None, ends_at=now + timedelta(days=2), now=now
        )
    await database.close()
    return number


async def test_a_broadcast_killed_twice_loses_nobody_and_doubles_nobody(
    tmp_path: Path,
) -> None:
    await fill(f"sqlite:///{tmp_path / 'hocso.db'}")
    async with TelegramServer(delay=0.1) as server:

        def bot() -> Bot:
            return Bot(
                tmp_path,
                telegram__token=TOKEN,
                telegram__api_url=server.url,
                telegram__sends_per_second=100,
                web__enabled="false",
                broadcast__rate=100,
                broadcast__piece=7,
                quiet__zone=a_zone_where_it_is_noon(),
                quiet__lunar_days="",
            )

        for after in KILLED_AFTER:
            async with bot() as running:
                await server.until_any(SENDS, after)
                running.process.send_signal(signal.SIGKILL)
                await running.ended()
            running.sql("UPDATE worker SET beat_at = 0")  # as if it were dead for long
        async with bot() as running:
            await running.until_sql("SELECT state FROM broadcast", [("done",)])
            assert await running.told(signal.SIGTERM) == 0
        got = Counter(
            str(said.parameters["chat_id"])
            for said in server.asked(*SENDS)
            if "Mai nghỉ" in said.parameters["text"]
        )

    outcomes = {
        str(chat): str(outcome)
        for chat, outcome in running.sql(
            "SELECT external_id, outcome FROM recipient "
            "JOIN address ON address.learner_id = recipient.learner_id"
        )
    }
    everybody = {str(chat) for chat in range(101, 101 + PEOPLE)}
    unsure = {chat for chat, outcome in outcomes.items() if outcome == "unsure"}
    assert set(outcomes) == everybody
    lost = everybody - set(got)
    doubled = {chat: times for chat, times in got.items() if times > 1}
    assert (lost, doubled) == (set(), {})
    # What was under way when the process died: Telegram has it, and our side cannot know.
    assert {outcome for chat, outcome in outcomes.items() if chat not in unsure} == {"sent"}
    # How many that is goes with how many are sent at once, and how busy the machine is.
    assert 0 < len(unsure) < PEOPLE
    assert list(tmp_path.glob("hocso.db-sends/*")) == []
