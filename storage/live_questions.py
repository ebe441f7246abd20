"""Questions put to a whole room, and what was answered: a row a person while one is open, and
counts alone once it is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Connection
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """``shown_at`` is when the right answer was shown, and nobody could answer any more."""

    id: int
    screen_id: int
    lesson: str
    question: str
    opened_at: datetime
    shown_at: datetime | None


_COLUMNS = "id, screen_id, lesson, question, opened_at, shown_at"
_OPEN = """
    INSERT INTO live_question (screen_id, lesson, question, opened_at)
    VALUES ($1, $2, $3, $4) RETURNING id
"""


async def open_one(
    connection: Connection, screen_id: int, lesson: str, question: str, now: datetime
) -> int:
    """Put it to the room; whatever was open is over."""
    await close_open(connection, screen_id, now)
    return int(await connection.fetchval(_OPEN, screen_id, lesson, question, to_ms(now)))


_OPEN_ONE = f"SELECT {_COLUMNS} FROM live_question WHERE screen_id = $1 AND shown_at IS NULL"
_BY_ID = f"SELECT {_COLUMNS} FROM live_question WHERE id = $1"
_SINCE = f"""
    SELECT {_COLUMNS} FROM live_question WHERE screen_id = $1 AND opened_at >= $2 ORDER BY id
"""


async def the_open_one(connection: Connection, screen_id: int) -> LiveQuestion | None:
    return _question(await connection.fetchrow(_OPEN_ONE, screen_id))


async def by_id(connection: Connection, number: int) -> LiveQuestion | None:
    return _question(await connection.fetchrow(_BY_ID, number))


async def since(connection: Connection, screen_id: int, moment: datetime) -> list[LiveQuestion]:
    """Those of a sitting, in the order they were put."""
    rows = await connection.fetch(_SINCE, screen_id, to_ms(moment))
    return [found for row in rows if (found := _question(row)) is not None]


# A person has one answer, the last before the right one is shown. Held against that moment in
# the same statement, so that none slips in after the counting.
_ANSWER = """
    INSERT INTO live_answer (question_id, learner_id, given, answered_at)
    SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM live_question
    WHERE id = $1 AND shown_at IS NULL
    ON CONFLICT (question_id, learner_id)
    DO UPDATE SET given = excluded.given, answered_at = excluded.answered_at
    RETURNING 1
"""
# PostgreSQL has many writers: whoever answers holds the question as it is, and whoever shows the
# right answer waits for them.
_HOLD = "SELECT 1 FROM live_question WHERE id = $1 FOR SHARE"


async def answer(
    connection: Connection, number: int, learner_id: int, given: str, now: datetime
) -> bool:
    """False when the question is over."""
    if connection.engine == "postgresql":
        await connection.execute(_HOLD, number)
    done = await connection.fetchval(_ANSWER, number, learner_id, given, to_ms(now))
    return done is not None


_COUNTS = """
    SELECT given, SUM(people) FROM (
        SELECT given, COUNT(*) AS people FROM live_answer WHERE question_id = $1 GROUP BY given
        UNION ALL SELECT given, people FROM live_count WHERE question_id = $1
    ) AS both_kinds GROUP BY given
"""


async def counts(connection: Connection, number: int) -> dict[str, int]:
    """How many chose what; nobody's name is read for it."""
    return {row[0]: int(row[1]) for row in await connection.fetch(_COUNTS, number)}


_OF_SCREEN = """
    SELECT q.lesson, q.question, c.given, SUM(COALESCE(c.people, 0)) FROM live_question AS q
    LEFT JOIN (
        SELECT question_id, given, people FROM live_count
        UNION ALL SELECT question_id, given, 1 FROM live_answer
    ) AS c ON c.question_id = q.id
    WHERE q.screen_id = $1 GROUP BY q.lesson, q.question, c.given ORDER BY MIN(q.id), c.given
"""


async def of_screen(
    connection: Connection, screen_id: int
) -> Mapping[tuple[str, str], Mapping[str, int]]:
    """Of every question ever put to that room, by lesson and question, how many chose what."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for lesson, question, given, people in await connection.fetch(_OF_SCREEN, screen_id):
        chosen = found.setdefault((lesson, question), {})
        if given is not None:
            chosen[given] = int(people)
    return found


_SHOW = (
    "UPDATE live_question SET shown_at = $2 WHERE screen_id = $1 AND shown_at IS NULL RETURNING id"
)
_COUNT_ALL = """
    INSERT INTO live_count (question_id, given, people)
    SELECT question_id, given, COUNT(*) FROM live_answer WHERE question_id = $1
    GROUP BY question_id, given
    ON CONFLICT (question_id, given) DO UPDATE SET people = live_count.people + excluded.people
"""
_DROP_ALL = "DELETE FROM live_answer WHERE question_id = $1"


async def close_open(connection: Connection, screen_id: int, now: datetime) -> bool:
    """Nobody answers any more, and who answered what is forgotten. False when none was open."""
    shown = [row[0] for row in await connection.fetch(_SHOW, screen_id, to_ms(now))]
    for number in shown:
        await connection.execute(_COUNT_ALL, number)
        await connection.execute(_DROP_ALL, number)
    return bool(shown)


_TAKE_SEAT = """
    INSERT INTO live_seat (screen_id, learner_id, taken_at) VALUES ($1, $2, $3)
    ON CONFLICT (screen_id, learner_id) DO UPDATE SET taken_at = excluded.taken_at
"""
_LEAVE_SEAT = "DELETE FROM live_seat WHERE screen_id = $1 AND learner_id = $2 RETURNING 1"
_LEAVE_SEATS = "DELETE FROM live_seat WHERE learner_id = $1"
_SEATS = "SELECT COUNT(*) FROM live_seat WHERE screen_id = $1 AND taken_at >= $2"
_HAS_SEAT = "SELECT 1 FROM live_seat WHERE screen_id = $1 AND learner_id = $2"
_FORGET_SEATS = "DELETE FROM live_seat WHERE taken_at < $1"


async def take_seat(connection: Connection, screen_id: int, learner_id: int, now: datetime) -> None:
    await connection.execute(_TAKE_SEAT, screen_id, learner_id, to_ms(now))


async def leave_seat(connection: Connection, screen_id: int, learner_id: int) -> bool:
    return await connection.fetchval(_LEAVE_SEAT, screen_id, learner_id) is not None


async def leave_seats(connection: Connection, learner_id: int) -> None:
    """Whatever rounds they take part in."""
    await connection.execute(_LEAVE_SEATS, learner_id)


async def has_seat(connection: Connection, screen_id: int, learner_id: int) -> bool:
    return await connection.fetchval(_HAS_SEAT, screen_id, learner_id) is not None


async def seats(connection: Connection, screen_id: int, moment: datetime) -> int:
    """How many take part, of those who sat down since then."""
    return int(await connection.fetchval(_SEATS, screen_id, to_ms(moment)) or 0)


async def forget_seats(connection: Connection, taken_before: datetime) -> None:
    await connection.execute(_FORGET_SEATS, to_ms(taken_before))


# To where each of them was heard of last, if that can be reached: a turn of their own follows.
_RING = """
    INSERT INTO timer (address_id, kind, subject, due_at)
    SELECT a.id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT) FROM live_seat AS s
    JOIN address AS a ON a.id = (
        SELECT id FROM address WHERE learner_id = s.learner_id AND stopped_at IS NULL
            AND leaving = 0 ORDER BY last_at DESC, id DESC LIMIT 1
    )
    WHERE s.screen_id = $1 AND s.taken_at >= $2
    ON CONFLICT (address_id, kind, subject) DO UPDATE SET due_at = excluded.due_at
"""


async def ring(
    connection: Connection,
    screen_id: int,
    seated_since: datetime,
    *,
    kind: str,
    subject: str,
    now: datetime,
) -> None:
    """Have a timer of that kind ring now for everybody who takes part, once each."""
    await connection.execute(_RING, screen_id, to_ms(seated_since), kind, subject, to_ms(now))


def _question(row: Any) -> LiveQuestion | None:
    if row is None:
        return None
    number, screen_id, lesson, question, opened_at, shown_at = tuple(row)
    return LiveQuestion(number, screen_id, lesson, question, from_ms(opened_at), from_ms(shown_at))


# What an erased learner leaves in rounds that go on: their answer as a count, and no more.
COUNT_ANSWERS_OF = """
    INSERT INTO live_count (question_id, given, people)
    SELECT question_id, given, COUNT(*) FROM live_answer WHERE learner_id = $1
    GROUP BY question_id, given
    ON CONFLICT (question_id, given) DO UPDATE SET people = live_count.people + excluded.people
"""
