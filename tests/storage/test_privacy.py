import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import addresses, audit, cohorts, enrolments, learners, privacy
from storage.database import Connection, Database
from storage.merging import RULES
from storage.opening import open_database
from storage.privacy import NOT_PERSONAL, PERSONAL, TRACES
from tests.storage.filled import fill
from tests.support.databases import fresh_url

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


async def dump(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table there really is."""
    tables = [row[0] for row in await connection.fetch(TABLES[connection.engine])]
    return {
        table: [
            {column: row[column] for column in row.keys()}  # noqa: SIM118
            for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]
        if table != "alembic_version"
        else []
        for table in tables
    }


async def test_every_table_is_either_a_learners_or_listed_with_the_reason_why_not(
    database: Database,
) -> None:
    async with database.read() as connection:
        tables = {row[0] for row in await connection.fetch(TABLES[connection.engine])}

    assert tables == PERSONAL.keys() | NOT_PERSONAL.keys()
    assert PERSONAL.keys() & NOT_PERSONAL.keys() == set()
    assert all(NOT_PERSONAL.values())


async def test_everything_about_a_learner_is_shown_and_nothing_of_another(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner_id = await fill(connection, "ba-tu", now)
        await fill(connection, "ong-nam", now)
        shown = await privacy.everything_about(connection, learner_id)
        whole = await dump(connection)

    def text(tables: Any) -> str:
        return json.dumps(tables, ensure_ascii=False)

    assert [table for table, rows in shown.items() if not rows] == []
    kept = {table: rows for table, rows in whole.items() if table in PERSONAL}
    asked = {"asked", "last_tap"}  # labels of buttons: they name others
    kept["address"] = [
        {column: value for column, value in row.items() if column not in asked}
        for row in kept["address"]
    ]
    names = text(kept)
    assert text(shown).count("ba-tu") == names.count("ba-tu")
    assert "ong-nam" not in text(shown)
    assert shown["lesson_progress"] == [
        {
            "learner_id": learner_id,
            "lesson": "ba-tu-lesson",
            "card": 2,
            "started_at": "2026-11-23T08:30:00.125000+00:00",
            "updated_at": "2026-11-23T08:30:00.125000+00:00",
            "done_at": "2026-11-23T08:30:00.125000+00:00",
            "practice": "stuck",
            "practice_at": "2026-11-23T08:30:00.125000+00:00",
        }
    ]


async def test_an_erased_learner_leaves_nothing_and_nobody_else_loses_anything(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        await fill(connection, "ong-nam", now)
        before = await dump(connection)
        learner_id = await fill(connection, "ba-tu", now)
        full = await dump(connection)
        await privacy.erase(connection, learner_id)
        after = await dump(connection)

    assert {table for table in PERSONAL if len(full[table]) == len(before[table])} == set()
    whole = PERSONAL.keys() - TRACES.keys()
    assert {table: after[table] for table in whole} == {table: before[table] for table in whole}
    assert "ba-tu" not in json.dumps(after)


async def test_what_outlives_an_erasure_no_longer_says_whose_it_was(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        learner_id = await fill(connection, "ba-tu", now)
        before = await dump(connection)
        await privacy.erase(connection, learner_id)
        after = await dump(connection)

    assert {table: len(after[table]) for table in TRACES} == {
        table: len(before[table]) for table in TRACES
    }
    assert {
        (of, column, row[column])
        for table in TRACES
        for row in after[table]
        for of, column in RULES
        if of == table
    } == {(of, column, None) for of, column in RULES if of in TRACES}


async def test_a_class_outlives_its_teacher_without_the_name_they_gave_it(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        teacher = await fill(connection, "ba-tu", now)
        learner = await fill(connection, "ong-nam", now)
        (cohort,) = await cohorts.led_by(connection, teacher)
        await enrolments.join(connection, cohort.id, learner, "", now)
        await privacy.erase(connection, teacher)
        kept = await cohorts.by_id(connection, cohort.id)
        members = await enrolments.size(connection, cohort.id)

    assert kept is not None
    assert (kept.name, kept.owner_id, members.members) == ("", None, 1)


async def test_of_other_people_not_even_a_number_is_shown(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        seen_one = await fill(connection, "ba-tu", now)
        seer = await fill(connection, "ong-nam", now)
        await audit.write(connection, "looked", now=now, actor_id=seer, subject_id=seen_one)
        shown = await privacy.everything_about(connection, seen_one)

    assert [(row["deed"], row["actor_id"], row["subject_id"]) for row in shown["audit"]] == [
        ("granted", seen_one, seen_one),
        ("looked", None, seen_one),
    ]


async def test_an_erased_learner_cannot_be_read_in_the_sqlite_file_either(now: datetime) -> None:
    async with fresh_url("sqlite") as url:
        database = await open_database(url)
        async with database.transaction() as connection:
            learner_id = await fill(connection, "ba-tu", now)
        async with database.transaction() as connection:
            await privacy.erase(connection, learner_id)
        await database.close()
        (file,) = Path(url.removeprefix("sqlite:///")).parent.iterdir()

        assert b"ba-tu" not in file.read_bytes()


@pytest.mark.parametrize(
    ("agreed", "silent_days", "kept"),
    [(False, 31, False), (False, 29, True), (True, 31, True)],
)
async def test_only_strangers_who_fell_silent_are_forgotten(
    database: Database, now: datetime, agreed: bool, silent_days: int, kept: bool
) -> None:
    met = now - timedelta(days=60)
    async with database.transaction() as connection:
        address, learner = await addresses.load(connection, "web", "page", met)
        if agreed:
            await learners.give_consent(connection, learner.id, "2026-11", met)
        await addresses.save_asked(
            connection,
            address.id,
            asked="",
            misses=0,
            last_tap="",
            now=now - timedelta(days=silent_days),
        )
        await privacy.forget_strangers(connection, now - timedelta(days=30))

        assert (await learners.by_id(connection, learner.id) is not None) is kept
        assert (await addresses.find(connection, "web", "page") is not None) is kept


async def test_what_was_asked_last_is_not_shown_for_it_names_others(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as connection:
        address, learner = await addresses.load(connection, "web", "asked", now)
        await addresses.save_asked(
            connection, address.id, asked="bà Tư Đèo", misses=0, last_tap="help_one:3", now=now
        )
        (shown,) = (await privacy.everything_about(connection, learner.id))["address"]

    assert shown["external_id"] == "asked"
    assert {"asked", "last_tap"}.isdisjoint(shown)
