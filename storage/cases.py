"""Cases: a learner asks for a person, one open case at most for each learner and item.

An item is "bai.<lesson>", "cau.<question>" or "" for nothing in particular, so that a button can
carry it. Nothing of a case is shown to anybody before the learner let it be (``shared_at``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from places.model import Place
from storage.case_meetings import Coming, coming
from storage.database import Connection
from storage.times import from_ms, to_ms

Reason: TypeAlias = Literal["asked", "stuck", "wrong", "stalled"]
Outcome: TypeAlias = Literal["success", "helped", "withdrawn", "declined", "united"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``rung`` is who is asked now (``people.support``), and since when is ``reached_at``.
    ``cohort_id`` is the class whose teacher comes first. ``helped_at`` is when the taker said that
    it is done, which the learner has yet to confirm while it is open. ``comes`` is when they said
    they would come; ``heard_at`` when they were last heard of about it, None since they took it;
    ``met_asked_at`` when they were asked whether they met, while they have not answered.
    """

    id: int
    learner_id: int
    item: str
    reason: Reason
    name: str
    place: Place
    cohort_id: int | None
    rung: int
    watchword: str
    opened_at: datetime
    shared_at: datetime | None
    reached_at: datetime | None
    taken_by: int | None
    taken_at: datetime | None
    helped_at: datetime | None
    closed_at: datetime | None
    comes: Coming | None
    heard_at: datetime | None
    met_asked_at: datetime | None


_COLUMNS = (
    "c.id, c.learner_id, c.item, c.reason, c.name, c.commune, c.hamlet_id, c.cohort_id, c.rung, "
    "c.watchword, c.opened_at, c.shared_at, c.reached_at, c.taken_by, c.taken_at, c.helped_at, "
    "c.closed_at, c.comes_on, c.heard_at, c.met_asked_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM support_case AS c"
_OPEN = """
    INSERT INTO support_case (learner_id, item, reason, opened_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (learner_id, item) WHERE closed_at IS NULL DO NOTHING
"""
_OPEN_ON = f"{_SELECT} WHERE c.learner_id = $1 AND c.item = $2 AND c.closed_at IS NULL"


async def open_on(
    connection: Connection, learner_id: int, item: str, reason: Reason, now: datetime
) -> Case:
    """The open case on that item; a new one when there is none."""
    await connection.execute(_OPEN, learner_id, item, reason, to_ms(now))
    row = await connection.fetchrow(_OPEN_ON, learner_id, item)
    assert row is not None  # noqa: S101 - it was there, or was made just now
    return _case(tuple(row))


_WAS_EVER = "SELECT 1 FROM support_case WHERE learner_id = $1 AND item = $2 LIMIT 1"


async def was_ever(connection: Connection, learner_id: int, item: str) -> bool:
    """Whether the learner was asked about that item before, whatever came of it."""
    return await connection.fetchval(_WAS_EVER, learner_id, item) is not None


_BY_ID = f"{_SELECT} WHERE c.id = $1"


async def by_id(connection: Connection, case_id: int) -> Case | None:
    row = await connection.fetchrow(_BY_ID, case_id)
    return None if row is None else _case(tuple(row))


_OF_LEARNER = f"{_SELECT} WHERE c.learner_id = $1 ORDER BY c.id"


async def of_learner(connection: Connection, learner_id: int) -> list[Case]:
    """All of them, closed ones too, in the order in which they were opened."""
    return [_case(tuple(row)) for row in await connection.fetch(_OF_LEARNER, learner_id)]


async def open_of_learner(connection: Connection, learner_id: int) -> list[Case]:
    return [one for one in await of_learner(connection, learner_id) if one.closed_at is None]


_PLACE = "UPDATE support_case SET commune = $2, hamlet_id = $3 WHERE id = $1 AND closed_at IS NULL"


async def set_place(connection: Connection, case_id: int, place: Place) -> None:
    await connection.execute(_PLACE, case_id, place.commune, place.hamlet or None)


_SHARE = """
    UPDATE support_case SET name = $2, cohort_id = $3, shared_at = $4
    WHERE id = $1 AND closed_at IS NULL AND shared_at IS NULL
"""


async def share(
    connection: Connection,
    case_id: int,
    *,
    name: str,
    cohort_id: int | None,
    now: datetime,
) -> None:
    """The learner let it be seen; once, so a second tap changes nothing."""
    await connection.execute(_SHARE, case_id, name, cohort_id, to_ms(now))


_REACH = "UPDATE support_case SET rung = $2, reached_at = $3 WHERE id = $1"


async def reach(connection: Connection, case_id: int, rung: int, now: datetime) -> None:
    """Those of this rung are asked from now on."""
    await connection.execute(_REACH, case_id, rung, to_ms(now))


_TAKE = """
    UPDATE support_case SET taken_by = $2, watchword = $3, taken_at = $4
    WHERE id = $1 AND taken_by IS NULL AND closed_at IS NULL AND shared_at IS NOT NULL
    RETURNING 1
"""


async def take(
    connection: Connection, case_id: int, learner_id: int, watchword: str, now: datetime
) -> bool:
    """Whether it is theirs now; of two who tap at once it is for one only."""
    taken = await connection.fetchval(_TAKE, case_id, learner_id, watchword, to_ms(now))
    return taken is not None


_RELEASE = """
    UPDATE support_case SET taken_by = NULL, taken_at = NULL, helped_at = NULL, watchword = '',
        comes_on = '', heard_at = NULL, met_asked_at = NULL
    WHERE id = $1 AND closed_at IS NULL
"""


async def release(connection: Connection, case_id: int) -> None:
    """It waits for somebody again."""
    await connection.execute(_RELEASE, case_id)


_HELPED = "UPDATE support_case SET helped_at = $2 WHERE id = $1 AND closed_at IS NULL"


async def set_helped(connection: Connection, case_id: int, moment: datetime | None) -> None:
    """The taker says that it is done; ``None`` when the learner says that it is not."""
    await connection.execute(_HELPED, case_id, None if moment is None else to_ms(moment))


_CLOSE = """
    UPDATE support_case SET closed_at = $3, outcome = $2 WHERE id = $1 AND closed_at IS NULL
    RETURNING 1
"""


async def close(connection: Connection, case_id: int, outcome: Outcome, now: datetime) -> bool:
    """Whether it was open until now."""
    return await connection.fetchval(_CLOSE, case_id, outcome, to_ms(now)) is not None


async def open_item(connection: Connection, learner_id: int, item: str) -> Case | None:
    """One look through an index: learners who ask for nobody pay nothing more."""
    row = await connection.fetchrow(_OPEN_ON, learner_id, item)
    return None if row is None else _case(tuple(row))


_TAKEN_BY = f"""
    {_SELECT} WHERE c.taken_by = $1 AND c.closed_at IS NULL ORDER BY c.shared_at, c.id
"""


async def taken_by(connection: Connection, learner_id: int) -> list[Case]:
    """The open ones that this person took, the oldest first."""
    return [_case(tuple(row)) for row in await connection.fetch(_TAKEN_BY, learner_id)]


_WAITING = """
    c.closed_at IS NULL AND c.taken_by IS NULL AND c.shared_at IS NOT NULL AND c.learner_id <> $1
"""
# Whoever was not asked yet sees what has waited too long all the same: should a timer not ring,
# nobody is left waiting.
_REACHED = "(c.rung >= $2 OR c.reached_at <= $3)"
_AT_HAMLET = f"""
    {_SELECT} WHERE {_WAITING} AND {_REACHED} AND c.commune = $4 AND c.hamlet_id = $5
    ORDER BY c.shared_at, c.id LIMIT $6
"""
_AT_COMMUNE = f"""
    {_SELECT} WHERE {_WAITING} AND {_REACHED} AND c.commune = $4
    ORDER BY c.shared_at, c.id LIMIT $5
"""
_ANYWHERE = f"{_SELECT} WHERE {_WAITING} AND {_REACHED} ORDER BY c.shared_at, c.id LIMIT $4"


async def waiting(
    connection: Connection,
    learner_id: int,
    place: Place,
    *,
    rung: int,
    reached_before: datetime,
    limit: int,
) -> list[Case]:
    """Those at the place that nobody took, none of ``learner_id``'s own, the oldest first: what
    has come up to ``rung``, or was with somebody else since before that moment.
    """
    arguments = [learner_id, rung, to_ms(reached_before)]
    if place.hamlet:
        rows = await connection.fetch(_AT_HAMLET, *arguments, place.commune, place.hamlet, limit)
    elif place.commune:
        rows = await connection.fetch(_AT_COMMUNE, *arguments, place.commune, limit)
    else:
        rows = await connection.fetch(_ANYWHERE, *arguments, limit)
    return [_case(tuple(row)) for row in rows]


_IN_CLASSES = f"""
    {_SELECT} JOIN cohort ON cohort.id = c.cohort_id
    WHERE {_WAITING} AND cohort.owner_id = $1 ORDER BY c.shared_at, c.id LIMIT $2
"""


async def waiting_in_classes(connection: Connection, learner_id: int, limit: int) -> list[Case]:
    """Those of the classes that this person leads."""
    rows = await connection.fetch(_IN_CLASSES, learner_id, limit)
    return [_case(tuple(row)) for row in rows]


_FORGET = "DELETE FROM support_case WHERE closed_at < $1"


async def forget_before(connection: Connection, moment: datetime) -> None:
    """Drop what was closed before then."""
    await connection.execute(_FORGET, to_ms(moment))


_WRONG = """
    SELECT COUNT(*) FROM attempt AS t JOIN answer AS a ON a.attempt_id = t.id
    WHERE t.learner_id = $1 AND a.question = $2 AND a.is_right = 0
"""


async def times_wrong(connection: Connection, learner_id: int, question: str) -> int:
    """How often this learner answered this question wrong, in any attempt and round."""
    return int(await connection.fetchval(_WRONG, learner_id, question))


# Only of who is in a class is it watched: somebody there can do something about it.
_WATCH = """
    INSERT INTO timer (address_id, kind, subject, due_at)
    SELECT CAST($1 AS BIGINT), CAST($3 AS TEXT), '', CAST($4 AS BIGINT)
    WHERE EXISTS (SELECT 1 FROM enrolment WHERE learner_id = $2)
    ON CONFLICT (address_id, kind, subject) DO NOTHING
"""


async def watch(
    connection: Connection, address_id: int, learner_id: int, kind: str, due_at: datetime
) -> None:
    """Have a timer of that kind ring then, unless one is set or the learner is in no class."""
    await connection.execute(_WATCH, address_id, learner_id, kind, to_ms(due_at))


def _case(row: Sequence[Any]) -> Case:
    number, learner_id, item, reason, name, commune, hamlet, cohort_id, rung, word, *times = row
    opened_at, shared_at, reached_at, taker, taken_at, helped_at, closed_at = times[:7]
    comes_on, heard_at, met_asked_at = times[7:]
    return Case(
        id=number,
        learner_id=learner_id,
        item=item,
        reason=reason,
        name=name,
        place=Place(commune, hamlet or 0),
        cohort_id=cohort_id,
        rung=rung,
        watchword=word,
        opened_at=from_ms(opened_at),
        shared_at=from_ms(shared_at),
        reached_at=from_ms(reached_at),
        taken_by=taker,
        taken_at=from_ms(taken_at),
        helped_at=from_ms(helped_at),
        closed_at=from_ms(closed_at),
        comes=coming(comes_on),
        heard_at=from_ms(heard_at),
        met_asked_at=from_ms(met_asked_at),
    )


_COUNT_OPEN = """
    SELECT COUNT(*) FROM support_case
    WHERE commune = $1 AND closed_at IS NULL AND shared_at IS NOT NULL
"""


async def count_open(connection: Connection, commune: str) -> int:
    """Of that commune, taken or not, which the learner let be seen."""
    return int(await connection.fetchval(_COUNT_OPEN, commune))
