"""Killed at any moment and started again: nothing is lost, and nothing is counted twice.

A trigger in the database copies every reply that a turn writes, so that what was
written can be laid beside what Telegram got, although the outbox keeps nothing.
"""

import asyncio
import json
import signal
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

from channels.telegram.render import render
from conversation.replies import dump_reply, load_reply
from lessons.catalogue import Catalogue
from storage.opening import open_database
from tests.process.test_running import post, webhook
from tests.support.bot_process import Bot
from tests.support.databases import make_tables
from tests.support.talk import Chat, Talk
from tests.support.telegram_server import TOKEN, Asked, TelegramServer
from tests.support.telegram_updates import text

LEARNERS = ("11", "12", "13", "14", "15", "16")
# Consent, a term, then the quiz of a lesson with whatever the numbers happen to mean.
ROUNDS = (
    ("/start", "1", "1"),
    ("/kiemtra", "1", "1", "1"),
    ("1", "2", "1", "1", "3"),
    ("1", "1", "2", "/hoc", "1"),
)
# How many lines have begun to go out when each round's process is killed.
KILLED_AFTER = (1, 9, 4, 14)
_SENDS = ("sendMessage", "sendPoll")

WRITTEN = "CREATE TABLE written (id INTEGER PRIMARY KEY, address TEXT, reply TEXT)"
WATCH = """
    CREATE TRIGGER watch AFTER INSERT ON delivery BEGIN
        INSERT INTO written SELECT NEW.id, external_id, NEW.reply
        FROM address WHERE id = NEW.address_id;
    END
"""


def bot_on(folder: Path, server: TelegramServer) -> Bot:
    return Bot(
        folder,
        telegram__token=TOKEN,
        telegram__api_url=server.url,
        telegram__sends_per_second=0,
        web__enabled="false",
    )


def drawn(address: str, reply: str) -> list[tuple[str, str]]:
    requests = render(address, load_reply(reply), lambda _picture, _content: b"PNG")
    return [(request.method, words(request.parameters)) for request in requests]


def words(parameters: dict[str, Any]) -> str:
    return str(parameters.get("text") or parameters.get("question") or "")


def repeats(got: list[Asked], lives: list[int], written: dict[str, list[str]]) -> Counter[str]:
    """How often each address got a line again; fails unless all came whole and in order.

    ``lives`` says how many lines had begun when each process ended. Only the first
    line of a new process may repeat the last of the one before.
    """
    again = Counter[str]()
    for address, replies in written.items():
        due = [line for reply in replies for line in drawn(address, reply)]
        place, last_life = 0, 0
        for number, asked in enumerate(got):
            if asked.parameters["chat_id"] != address:
                continue
            life = sum(number >= end for end in lives)
            line = (asked.method, words(asked.parameters))
            if (
                place
                and life > last_life
                and line == due[place - 1]
                and [line] != due[place : place + 1]
            ):
                again[address] += 1
            else:
                assert [line] == due[place : place + 1]
                place += 1
            last_life = life
        assert place == len(due), f"{address} misses {len(due) - place} of {len(due)} lines"
    return again


async def test_killed_in_the_middle_of_sending_again_and_again(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    make_tables(tmp_path / "hocso.db")
    lives: list[int] = []
    async with TelegramServer(delay=0.1) as server:
        for lines, after in zip(ROUNDS, KILLED_AFTER, strict=True):
            async with bot_on(tmp_path, server) as bot:
                if not lives:
                    bot.sql(WRITTEN)
                    bot.sql(WATCH)
                await server.push(*(text(line, int(who)) for line in lines for who in LEARNERS))
                begun = len(server.asked(*_SENDS))
                await server.until_any(_SENDS, begun + after)
                bot.process.send_signal(signal.SIGKILL)
                await bot.ended()
                lives.append(len(server.asked(*_SENDS)))
            if len(lives) < len(ROUNDS):
                bot.sql("UPDATE worker SET beat_at = 0")  # as if it were dead for long
        async with bot_on(tmp_path, server) as bot:
            await bot.ready()
            clock = asyncio.get_running_loop()
            ready = clock.time()
            await bot.until_sql(
                "SELECT (SELECT COUNT(*) FROM seen), (SELECT COUNT(*) FROM delivery)",
                [(len(LEARNERS) * sum(map(len, ROUNDS)), 0)],
            )
            took = clock.time() - ready
            assert await bot.told(signal.SIGTERM) == 0
        got = server.asked(*_SENDS)
    written = {
        who: [str(reply) for _, reply in rows]
        for who, rows in groupby(
            bot.sql("SELECT address, reply FROM written ORDER BY address, id"), lambda row: row[0]
        )
    }

    assert took < 12
    assert sorted(written) == list(LEARNERS)
    again = repeats(got, lives, {str(who): replies for who, replies in written.items()})
    assert max(again.values(), default=0) <= len(lives)
    for who in LEARNERS:
        # As drawn: the attempts' numbers inside the buttons differ.
        unkilled = await unbroken(bot, who, catalogue, tmp_path)
        assert [drawn(who, reply) for reply in unkilled] == [
            drawn(who, reply) for reply in written[who]
        ]


async def unbroken(bot: Bot, who: str, catalogue: Catalogue, folder: Path) -> list[str]:
    """The replies to the same lines, with the same seeds, of a tutor that nobody killed.

    Fails unless the answers that count are the same too.
    """
    file = folder / f"unbroken-{who}.db"
    make_tables(file)
    database = await open_database(f"sqlite:///{file}")
    try:
        chat = Chat(name="telegram")
        seeds = [int(str(seed)) for (seed,) in bot.sql(_SEEDS, who)]
        talk = Talk(database, catalogue, chat=chat, address=who, seeds=seeds)
        replies = [
            dump_reply(reply)
            for lines in ROUNDS
            for line in lines
            for reply in await talk.line(line)
        ]
        async with database.read() as connection:
            sql = _ANSWERS.replace("?", "$1")
            answers = [tuple(row) for row in await connection.fetch(sql, who)]
        assert answers == bot.sql(_ANSWERS, who)
        assert answers
    finally:
        await database.close()
    return replies


_SEEDS = """
    SELECT t.seed FROM attempt AS t JOIN address AS a ON a.learner_id = t.learner_id
    WHERE a.external_id = ? ORDER BY t.id
"""
_ANSWERS = """
    SELECT t.lesson, t.seed, w.question, w.round, w.given, w.is_right
    FROM answer AS w JOIN attempt AS t ON t.id = w.attempt_id
    JOIN address AS a ON a.learner_id = t.learner_id
    WHERE a.external_id = ? ORDER BY t.id, w.round, w.question
"""


async def test_two_processes_share_one_database_and_send_nothing_twice(tmp_path: Path) -> None:
    """Two behind one webhook: the same update comes to both, late and out of order too."""
    make_tables(tmp_path / "hocso.db")
    async with TelegramServer(delay=0.05) as server:
        async with webhook(tmp_path, server) as one, webhook(tmp_path, server) as two:
            await one.ready()
            await two.ready()
            updates = [(who * 10 + turn, who) for turn in (1, 2, 3) for who in range(1, 9)]
            calls = [(bot, *update) for update in updates for bot in (one, two)]
            calls = calls[::2] + calls[::-3] + calls[1::2]
            statuses = await asyncio.gather(
                *(post(bot, update, "/trogiup", who) for bot, update, who in calls)
            )
            await one.until_sql("SELECT COUNT(*) FROM delivery", [(0,)])
            seen = one.sql("SELECT COUNT(*) FROM seen")
            codes = [await bot.told(signal.SIGTERM) for bot in (one, two)]
        sent = Counter(
            (said.parameters["chat_id"], said.parameters["text"])
            for said in server.asked("sendMessage")
        )

    assert (set(statuses), seen, codes) == ({200}, [(len(updates),)], [0, 0])
    assert sorted({address for address, _ in sent}) == [str(who) for who in range(1, 9)]
    each = {
        who: sorted(count for (address, _), count in sent.items() if address == str(who))
        for who in range(1, 9)
    }
    assert {json.dumps(counts) for counts in each.values()} == {json.dumps(each[1])}
    assert sum(each[1]) == bot_lines(one)


def bot_lines(bot: Bot) -> int:
    """How many deliveries were ever made for one of the eight."""
    ((last,),) = bot.sql("SELECT seq FROM sqlite_sequence WHERE name = 'delivery'")
    return int(str(last)) // 8
