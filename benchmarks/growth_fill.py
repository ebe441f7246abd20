"""A database as it looks after so many learners, written straight into its tables.

Most learners stop after a lesson or two and a few go far; one in ten came back this week.
What a learner did at different times lies far apart on the disk, as it would. Written
without any safety, for this file is made to be measured and thrown away.
"""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from lessons.catalogue import Catalogue

_DAY_MS = 86_400_000
_WEEK_MS = 7 * _DAY_MS
# How many lessons a learner has opened, by the last digit or two of the learner's number.
_OPENED = """
    CASE WHEN learner.id % 20 = 0 THEN 10 WHEN learner.id % 20 IN (1, 2) THEN 4
         WHEN learner.id % 20 < 8 THEN 2 ELSE 1 END
"""
_EVENTS_A_WEEK = 8

# Places of the statements below: :n learners, :now epoch milliseconds.
_LEARNERS = """
    WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < :n)
    INSERT INTO learner (id, term, consented_at, consent_version, created_at)
    SELECT n, CASE n % 3 WHEN 0 THEN 'bac' WHEN 1 THEN 'co' ELSE 'chu' END,
        :now - (:n - n) % 90 * :day, '2026-11', :now - (:n - n) % 90 * :day
    FROM count
"""
_ADDRESSES = """
    INSERT INTO address (
        id, learner_id, channel, external_id, asked, last_tap, last_at, created_at
    )
    SELECT id, id, 'null', CAST(1000000000 + id AS TEXT), :asked, '17|next',
        :now - id % 10 * :day - 60000, created_at
    FROM learner
"""
# Place by place, so that the lessons of one learner are far from one another. The last one
# that a learner opened was left half read by three in ten.
_PROGRESS = f"""
    INSERT INTO lesson_progress (
        learner_id, lesson, card, started_at, updated_at, done_at, practice, practice_at
    )
    SELECT learner.id, path.slug, 2, learner.created_at, learner.created_at + path.place * 3600000,
        CASE WHEN path.place = {_OPENED} AND learner.id % 10 < 3 THEN NULL
             ELSE learner.created_at + path.place * 3600000 END,
        CASE learner.id % 4 WHEN 0 THEN 'done' WHEN 1 THEN 'not_yet' ELSE '' END, NULL
    FROM learner, path WHERE path.place <= {_OPENED}
    ORDER BY learner.id, path.slug
"""
_ATTEMPTS = f"""
    INSERT INTO attempt (
        learner_id, lesson, seed, started_at, finished_at, right_count, question_count, passed
    )
    SELECT learner.id, path.slug, learner.id * 7919 % 2147483647, learner.created_at,
        CASE WHEN (learner.id + path.place) % 5 = 0 THEN NULL ELSE learner.created_at + 300000 END,
        path.questions - 1, path.questions, 1
    FROM path, learner WHERE path.place <= {_OPENED} AND (learner.id + path.place) % 10 < 7
    ORDER BY path.place, learner.id
"""
# An attempt that is still open has its first two answers.
_ANSWERS = """
    INSERT INTO answer (attempt_id, question, round, given, verdict, is_right, answered_at)
    SELECT attempt.id, question.id, 0, '0', 'right', 1, attempt.started_at + question.place * 20000
    FROM attempt JOIN question ON question.slug = attempt.lesson
    WHERE attempt.finished_at IS NOT NULL OR question.place <= 2
"""
# What was sent is gone from the outbox; a reminder waits there for everybody who came this week.
_DELIVERIES = """
    INSERT INTO delivery (address_id, priority, reply, status, due_at, created_at)
    SELECT id, 5, :reply, 'waiting', :now + :day + id % 1000 * 60000, :now
    FROM address WHERE id % 10 = 0
"""
_SEEN = """
    WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < :n)
    INSERT INTO seen (channel, external_id, seen_at)
    SELECT 'null', 'old-' || n, :now - :week + n * :week / :n FROM count
"""
_REPLY = json.dumps(
    {"text": "Mời bác học tiếp bài đang dở nha. " * 6, "buttons": [], "kind": "say"}
)
_ASKED = (
    '{"labels":["Học tiếp","Chọn bài khác"],"actions":["next","learn"],"easier":"","short":["",""]}'
)


def fill(path: Path, catalogue: Catalogue, learners: int) -> dict[str, int]:
    """Write ``learners`` learners into the migrated, empty SQLite file; the rows of each table."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    # An index is built at once in the end; row by row it would take ten times as long.
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    connection.execute("BEGIN")
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    _copy_path(connection, catalogue)
    now = int(datetime.now(UTC).timestamp() * 1000)
    common = {"now": now, "day": _DAY_MS, "week": _WEEK_MS, "asked": _ASKED, "reply": _REPLY}
    for sql, rows in (
        (_LEARNERS, learners),
        (_ADDRESSES, learners),
        (_PROGRESS, learners),
        (_ATTEMPTS, learners),
        (_ANSWERS, learners),
        (_DELIVERIES, learners),
        (_SEEN, learners // 10 * _EVENTS_A_WEEK),
    ):
        connection.execute(sql, {**common, "n": rows})
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("DROP TABLE path")
    connection.execute("DROP TABLE question")
    connection.execute("COMMIT")
    tables = (
        "learner",
        "address",
        "lesson_progress",
        "attempt",
        "answer",
        "delivery",
        "seen",
    )
    counted = {
        table: connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables
    }
    connection.close()
    return counted


def _copy_path(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    """The lessons in the order they are learnt, and their questions, for the statements to join."""
    connection.execute("CREATE TEMP TABLE path (place INTEGER, slug TEXT, questions INTEGER)")
    connection.execute("CREATE TEMP TABLE question (slug TEXT, place INTEGER, id TEXT)")
    for place, lesson in enumerate(catalogue.lessons, start=1):
        quiz = catalogue.quiz(lesson.slug)
        questions = quiz.questions if quiz is not None else ()
        connection.execute(
            "INSERT INTO path VALUES (?, ?, ?)", (place, lesson.slug, len(questions))
        )
        connection.executemany(
            "INSERT INTO question VALUES (?, ?, ?)",
            [(lesson.slug, number, one.id) for number, one in enumerate(questions, start=1)],
        )
    connection.execute("CREATE INDEX temp.question_slug ON question (slug)")
