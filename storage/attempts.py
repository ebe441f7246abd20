"""Attempts: once through a quiz or a review, and the answers given in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from storage.database import Connection, Row
from storage.times import from_ms, to_ms

# "early" is a review that the learner asked for before anything was due.
Kind: TypeAlias = Literal["quiz", "review", "early"]
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


@dataclass(frozen=True, slots=True)
class Attempt:
    """``seed`` fixes the order of the options. ``right_count`` and ``passed`` mean something
    once it is finished. A quiz asks the questions of ``lesson``; the other kinds have none, and
    ask ``questions``, chosen once when they began.
    """

    id: int
    learner_id: int
    lesson: str
    seed: int
    started_at: datetime
    finished_at: datetime | None
    right_count: int
    question_count: int
    passed: bool
    kind: Kind = "quiz"
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``given`` is what was chosen, and ``verdict`` the grader's word for it. ``round`` tells
    the first asking of a question from its coming back.
    """

    question: str
    round: int
    given: str
    verdict: str
    is_right: bool
    answered_at: datetime


_ATTEMPT = """
    SELECT id, learner_id, lesson, seed, started_at, finished_at,
        right_count, question_count, passed, kind, questions
    FROM attempt
"""
_START = """
    INSERT INTO attempt (learner_id, lesson, seed, started_at, question_count)
    VALUES ($1, $2, $3, $4, $5) RETURNING id
"""


async def start(
    connection: Connection,
    learner_id: int,
    lesson: str,
    seed: int,
    question_count: int,
    now: datetime,
) -> int:
    """Begin an attempt; returns its id."""
    return int(
        await connection.fetchval(_START, learner_id, lesson, seed, to_ms(now), question_count)
    )


_START_REVIEW = """
    INSERT INTO attempt (
        learner_id, lesson, seed, started_at, question_count, kind, questions
    )
    VALUES ($1, '', $2, $3, $4, $5, $6) RETURNING id
"""


async def start_review(
    connection: Connection,
    learner_id: int,
    kind: Kind,
    questions: Sequence[str],
    seed: int,
    now: datetime,
) -> int:
    """Begin a review of these questions; returns its id."""
    return int(
        await connection.fetchval(
            _START_REVIEW,
            learner_id,
            seed,
            to_ms(now),
            len(questions),
            kind,
            " ".join(questions),
        )
    )


_BY_ID = f"{_ATTEMPT} WHERE id = $1"


async def by_id(connection: Connection, attempt_id: int) -> Attempt | None:
    return _maybe(await connection.fetchrow(_BY_ID, attempt_id))


_UNFINISHED = f"""
    {_ATTEMPT} WHERE learner_id = $1 AND lesson = $2 AND finished_at IS NULL
    ORDER BY id DESC LIMIT 1
"""


async def unfinished(connection: Connection, learner_id: int, lesson: str) -> Attempt | None:
    """The latest attempt at this lesson's quiz that was left open."""
    return _maybe(await connection.fetchrow(_UNFINISHED, learner_id, lesson))


_LATEST_UNFINISHED = f"""
    {_ATTEMPT} WHERE learner_id = $1 AND finished_at IS NULL AND kind = 'quiz'
    ORDER BY id DESC LIMIT 1
"""


async def latest_unfinished(connection: Connection, learner_id: int) -> Attempt | None:
    """The latest attempt at any quiz that was left open."""
    return _maybe(await connection.fetchrow(_LATEST_UNFINISHED, learner_id))


# The lesson is named for the index's sake: a review has none.
_LATEST_REVIEW = f"""
    {_ATTEMPT} WHERE learner_id = $1 AND lesson = '' AND kind = $2 ORDER BY id DESC LIMIT 1
"""


async def latest_review(connection: Connection, learner_id: int, kind: Kind) -> Attempt | None:
    """The latest review of that kind, open or finished."""
    return _maybe(await connection.fetchrow(_LATEST_REVIEW, learner_id, kind))


_ANSWERS = """
    SELECT question, round, given, verdict, is_right, answered_at
    FROM answer WHERE attempt_id = $1 ORDER BY answered_at, round, question
"""


async def answers(connection: Connection, attempt_id: int) -> list[Answer]:
    """Every answer, in the order given."""
    return [
        Answer(question, round_, given, verdict, bool(is_right), from_ms(answered_at))
        for question, round_, given, verdict, is_right, answered_at in await connection.fetch(
            _ANSWERS, attempt_id
        )
    ]


_RECORD = """
    INSERT INTO answer (attempt_id, question, round, given, verdict, is_right, answered_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""


async def record(connection: Connection, attempt_id: int, answer: Answer) -> None:
    """Keep an answer, unless this question was answered in this round: the first counts."""
    await connection.execute(
        _RECORD,
        attempt_id,
        answer.question,
        answer.round,
        answer.given,
        answer.verdict,
        int(answer.is_right),
        to_ms(answer.answered_at),
    )


_FINISH = """
    UPDATE attempt SET finished_at = $4, right_count = $2, passed = $3
    WHERE id = $1 AND finished_at IS NULL
"""


async def finish(
    connection: Connection, attempt_id: int, right_count: int, passed: bool, now: datetime
) -> None:
    """Close an attempt; one that is closed stays as it is."""
    await connection.execute(_FINISH, attempt_id, right_count, int(passed), to_ms(now))


_FINISHED = f"""
    {_ATTEMPT} WHERE learner_id = $1 AND finished_at IS NOT NULL AND kind = 'quiz'
    ORDER BY passed, right_count, id
"""


async def results(connection: Connection, learner_id: int) -> dict[str, Attempt]:
    """The best finished attempt at each lesson's quiz; among equals, the latest."""
    return {row["lesson"]: _attempt(row) for row in await connection.fetch(_FINISHED, learner_id)}


def _maybe(row: Row | None) -> Attempt | None:
    return None if row is None else _attempt(row)


def _attempt(row: Row) -> Attempt:
    number, learner_id, lesson, seed, started_at, finished_at, right, count, passed, *more = row
    kind, questions = more
    return Attempt(
        id=number,
        learner_id=learner_id,
        lesson=lesson,
        seed=seed,
        started_at=from_ms(started_at),
        finished_at=from_ms(finished_at),
        right_count=right,
        question_count=count,
        passed=bool(passed),
        kind=_KINDS[kind],
        questions=tuple(questions.split()),
    )
