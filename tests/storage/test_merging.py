"""Two learners who turn out to be one: nothing is lost, and the better state wins."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.review import ReviewItem
from storage import (
    addresses,
    attempts,
    learners,
    merging,
    milestones,
    progress,
    review_items,
)
from storage.database import Connection, Database
from storage.milestones import Reached
from storage.progress import LessonProgress
from tests.storage.filled import fill
from tests.storage.test_privacy import dump

DAY = timedelta(days=1)
NOW = datetime.fromisoformat("2026-11-23T08:30:00+00:00")
# Every column that refers to a table: its own table, and its name.
REFERENCES = {
    "sqlite": """
        SELECT found.name, refers."from" FROM sqlite_master AS found
        JOIN pragma_foreign_key_list(found.name) AS refers
        WHERE found.type = 'table' AND refers."table" = $1
    """,
    "postgresql": """
        SELECT conrelid::regclass::text, attname FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
        WHERE contype = 'f' AND confrelid = $1::text::regclass
    """,
}


async def references(connection: Connection, table: str) -> set[tuple[str, str]]:
    rows = await connection.fetch(REFERENCES[connection.engine], table)
    return {(row[0], row[1]) for row in rows}


async def two(connection: Connection, now: datetime) -> tuple[int, int]:
    """Two learners with a chat each: who goes, and who stays."""
    _, goes = await addresses.load(connection, "web", "page", now)
    _, stays = await addresses.load(connection, "telegram", "chat", now)
    return goes.id, stays.id


async def test_every_column_that_refers_to_a_learner_has_its_rule(database: Database) -> None:
    async with database.read() as connection:
        assert set(merging.RULES) == await references(connection, "learner")


@pytest.mark.parametrize("table", ["lesson_progress", "review_item", "milestone", "learner"])
async def test_no_column_is_forgotten_where_rows_are_merged(table: str, database: Database) -> None:
    rule = merging._LEARNER if table == "learner" else merging.RULES[table, "learner_id"]
    async with database.transaction() as connection:
        learner = await fill(connection, "ba-tu", NOW)
        row = await connection.fetchrow(f"SELECT * FROM {table}")
    assert row is not None
    columns = set(dict(zip(row.keys(), tuple(row), strict=True))) - {"id", "learner_id"}

    assert {column for column in columns if column not in rule} == set()
    assert learner


async def test_parting_knows_every_table_that_hangs_on_a_chat(database: Database) -> None:
    async with database.read() as connection:
        tables = {table for table, _ in await references(connection, "address")}

    assert tables == {*addresses.PARTING_KEEPS, *addresses.PARTING_DROPS}
    assert set(addresses.PARTING_KEEPS).isdisjoint(addresses.PARTING_DROPS)


async def test_all_that_both_ever_did_is_the_ones_who_stays(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        goes = await fill(connection, "ba-tu", now)
        stays = await fill(connection, "ong-nam", now)
        before = await dump(connection)
        assert await merging.unite(connection, goes, stays) is True
        after = await dump(connection)

    # The learner who goes, a code of theirs that nobody used, and their wrong ones; of what a
    # person has once (a rhythm, this week, today's unasked lines, a wish) two become one.
    wishes = {"note_refusal": 1, "broadcast_refusal": 1}
    once = {"rhythm": 1, "study_week": 1, "unasked": 1, **wishes}
    once |= {"official_confirmation": 1, "household": 1, "household_member": 1, "assisted": 1}
    gone = {"learner": 1, "notebook_code": 1, "wrong_code": 1, **once}
    gone |= {"board_link": 1, "sitting": 1}
    assert {table: len(rows) for table, rows in after.items()} == {
        table: len(rows) - gone.get(table, 0) for table, rows in before.items()
    }
    owners = {row[column] for table, column in merging.RULES for row in after[table]}
    assert goes not in owners
    assert stays in owners
    terms = {row["id"]: row["term"] for row in after["learner"]}
    assert terms[stays] == "ong-nam-term"


async def test_who_is_gone_takes_nobody_in(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        page, _ = await addresses.load(connection, "web", "page", now)
        before = await dump(connection)
        joined = await addresses.join(connection, page.id, 4711)

        assert (joined, await dump(connection)) == (False, before)


async def test_joining_oneself_changes_nothing(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        page, learner = await addresses.load(connection, "web", "page", now)
        before = await dump(connection)

        assert await addresses.join(connection, page.id, learner.id) is True
        assert await dump(connection) == before


async def test_all_chats_of_both_are_one_learners(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        page, _ = await addresses.load(connection, "web", "page", now)
        second, kept = await addresses.load(connection, "web", "second", now)
        await addresses.join(connection, page.id, kept.id)
        chat, stays = await addresses.load(connection, "telegram", "chat", now)
        await addresses.join(connection, page.id, stays.id)
        chats = await addresses.of_learner(connection, stays.id)

        assert [one.id for one in chats] == [page.id, second.id, chat.id]
        assert await learners.by_id(connection, kept.id) is None


LESSON = LessonProgress(
    lesson="otp",
    card=1,
    started_at=datetime.fromisoformat("2026-11-01T08:00:00+00:00"),
    updated_at=datetime.fromisoformat("2026-11-02T08:00:00+00:00"),
    done_at=None,
    practice="",
    practice_at=None,
)
EARLY, LATE = LESSON.started_at, LESSON.updated_at


@pytest.mark.parametrize(
    ("goes", "stays", "merged"),
    [
        ({"card": 3}, {"card": 1}, {"card": 3}),
        ({"card": 1}, {"card": 3}, {"card": 3}),
        ({"done_at": LATE}, {}, {"done_at": LATE}),
        ({}, {"done_at": LATE}, {"done_at": LATE}),
        ({"done_at": EARLY}, {"done_at": LATE}, {"done_at": EARLY}),
        ({"done_at": LATE}, {"done_at": EARLY}, {"done_at": EARLY}),
        ({"started_at": EARLY - DAY}, {}, {"started_at": EARLY - DAY}),
        ({"updated_at": LATE + DAY}, {}, {"updated_at": LATE + DAY}),
        (
            {"practice": "done", "practice_at": EARLY},
            {"practice": "stuck", "practice_at": LATE},
            {"practice": "done", "practice_at": EARLY},
        ),
        (
            {"practice": "not_yet", "practice_at": LATE},
            {"practice": "done", "practice_at": EARLY},
            {"practice": "done", "practice_at": EARLY},
        ),
        (
            {"practice": "stuck", "practice_at": LATE},
            {"practice": "not_yet", "practice_at": EARLY},
            {"practice": "stuck", "practice_at": LATE},
        ),
        (
            {"practice": "stuck", "practice_at": EARLY},
            {"practice": "not_yet", "practice_at": LATE},
            {"practice": "not_yet", "practice_at": LATE},
        ),
        ({"practice": "stuck", "practice_at": EARLY}, {}, {"practice": "stuck", "practice_at": EARLY}),
        ({}, {"practice": "stuck", "practice_at": EARLY}, {"practice": "stuck", "practice_at": EARLY}),
    ],
)  # fmt: skip
async def test_the_better_state_of_a_lesson_wins(
    goes: dict[str, Any], stays: dict[str, Any], merged: dict[str, Any], database: Database,
    now: datetime,
) -> None:  # fmt: skip
    async with database.transaction() as connection:
        theirs, own = await two(connection, now)
        for learner, state in ((theirs, goes), (own, stays)):
            await _keep(connection, learner, replace(LESSON, **state))
        await merging.unite(connection, theirs, own)

        assert await progress.of_learner(connection, own) == {"otp": replace(LESSON, **merged)}


async def _keep(connection: Connection, learner_id: int, row: LessonProgress) -> None:
    moments = (row.started_at, row.updated_at, row.done_at, row.practice_at)
    started, updated, done, practised = (
        None if moment is None else int(moment.timestamp() * 1000) for moment in moments
    )
    await connection.execute(
        """
        INSERT INTO lesson_progress (
            learner_id, lesson, card, practice, started_at, updated_at, done_at, practice_at
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        learner_id, row.lesson, row.card, row.practice, started, updated, done, practised,
    )  # fmt: skip


@pytest.mark.parametrize("their_day", [-1, 0, 1])
async def test_of_a_question_both_answered_the_latest_answer_counts(
    their_day: int, database: Database, now: datetime
) -> None:
    own = ReviewItem(
        question="q", stability=40.0, difficulty=2.0, reviewed_at=now, due_at=now + 40 * DAY,
        is_safety=True, was_right=True,
    )  # fmt: skip
    theirs = replace(
        own,
        stability=1.5,
        reviewed_at=now + their_day * DAY,
        due_at=now + (their_day + 1) * DAY,
        was_right=False,
    )
    async with database.transaction() as connection:
        goes, stays = await two(connection, now)
        await review_items.keep(connection, goes, theirs)
        await review_items.keep(connection, goes, replace(theirs, question="another"))
        await review_items.keep(connection, stays, own)
        await merging.unite(connection, goes, stays)
        kept = {item.question: item for item in await review_items.of_learner(connection, stays)}

    assert kept == {
        "q": theirs if their_day > 0 else own,
        "another": replace(theirs, question="another"),
    }


async def test_attempts_of_both_keep_their_ids_and_answers(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        goes, stays = await two(connection, now)
        open_one = await attempts.start(connection, goes, "otp", 1, 4, now)
        answer = attempts.Answer("q", 0, "1", "", True, now)
        await attempts.record(connection, open_one, answer)
        await attempts.start(connection, stays, "qr", 1, 4, now)
        await merging.unite(connection, goes, stays)
        unfinished = await attempts.unfinished(connection, stays, "otp")

        assert unfinished is not None
        assert unfinished.id == open_one
        assert await attempts.answers(connection, open_one) == [answer]


@pytest.mark.parametrize("stays_agreed", [True, False])
async def test_consent_and_word_of_address_of_who_stays_count_first(
    stays_agreed: bool, database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        _, goes = await addresses.load(connection, "web", "page", now - DAY)
        _, stays = await addresses.load(connection, "telegram", "chat", now)
        await learners.set_term(connection, goes.id, "ong")
        await learners.give_consent(connection, goes.id, "old", now - DAY)
        if stays_agreed:
            await learners.set_term(connection, stays.id, "bac")
            await learners.give_consent(connection, stays.id, "new", now)
        await merging.unite(connection, goes.id, stays.id)
        merged = await learners.by_id(connection, stays.id)

    agreed = ("bac", now, "new") if stays_agreed else ("ong", now - DAY, "old")
    assert merged == learners.Learner(stays.id, *agreed, now - DAY)


async def test_a_milestone_of_both_is_kept_once_and_nobody_is_their_own_witness(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        goes, stays = await two(connection, now)
        _, other = await addresses.load(connection, "web", "team", now)
        await milestones.declare(connection, goes, ["app", "vneid"], now - DAY)
        await milestones.witness(connection, goes, ["vneid"], other.id, now)
        await milestones.declare(connection, stays, ["vneid", "shop"], now)
        # Seen by the one chat in the other, before it was known that both are one person.
        await milestones.witness(connection, goes, ["account"], stays, now)
        await milestones.witness(connection, stays, ["signature"], goes, now)
        await merging.unite(connection, goes, stays)
        kept = await milestones.of_learner(connection, stays)

    assert kept == {
        "app": Reached("app", now - DAY, None, None),
        "vneid": Reached("vneid", now - DAY, now, other.id),
        "shop": Reached("shop", now, None, None),
        "account": Reached("account", now, None, None),
        "signature": Reached("signature", now, None, None),
    }
