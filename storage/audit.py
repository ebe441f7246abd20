"""What was done to whom: roles given and taken, classes handed over, progress looked at.

Ids, places and times only, never a name or a word. A person who is erased stays in it as
nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from people.roles import Role
from places.model import Place
from storage.database import Connection, Row
from storage.times import from_ms, to_ms

AuditedDeed: TypeAlias = Literal[
    "invited", "invitation_revoked", "granted", "revoked", "took_over", "looked",
    "took_case", "wrote_note",
    "milestone_witnessed", "milestone_unwitnessed",
    "report_submit", "report_approve", "report_send_back", "report_lock", "report_reopen",
    "broadcast", "broadcast_approved", "broadcast_refused", "broadcast_stopped",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """``actor`` did it, ``acted_as`` says in which role; "" for the machine's own, by its
    configuration or its command line. ``subject`` is whom it was done to. Either is ``None``
    for nobody in particular, and for who was erased.
    """

    done_at: datetime
    actor_id: int | None
    acted_as: Role | Literal[""]
    deed: AuditedDeed
    subject_id: int | None
    role: Role | Literal[""]
    place: Place
    cohort_id: int | None


_COLUMNS = "done_at, actor_id, acted_as, deed, subject_id, role, commune, hamlet_id, cohort_id"
_WRITE = f"INSERT INTO audit ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"


async def write(
    connection: Connection,
    deed: AuditedDeed,
    *,
    now: datetime,
    actor_id: int | None,
    acted_as: Role | Literal[""] = "",
    subject_id: int | None = None,
    role: Role | Literal[""] = "",
    place: Place = Place(),  # noqa: B008 - frozen
    cohort_id: int | None = None,
) -> None:
    await connection.execute(
        _WRITE,
        to_ms(now),
        actor_id,
        acted_as,
        deed,
        subject_id,
        role,
        place.commune,
        place.hamlet or None,
        cohort_id,
    )


_LOOKED = """
    INSERT INTO audit (
        done_at, actor_id, acted_as, deed, subject_id, commune, hamlet_id, cohort_id
    )
    SELECT $1, $2, $3, 'looked', enrolment.learner_id, cohort.commune, cohort.hamlet_id, cohort.id
    FROM enrolment JOIN cohort ON cohort.id = enrolment.cohort_id
    WHERE enrolment.cohort_id = $4 AND enrolment.scope = 'progress' AND enrolment.learner_id <> $2
"""


async def write_looked_at_class(
    connection: Connection,
    cohort_id: int,
    *,
    actor_id: int,
    acted_as: Role | Literal[""],
    now: datetime,
) -> None:
    """One line for each person of the class whose progress was shown."""
    await connection.execute(_LOOKED, to_ms(now), actor_id, acted_as, cohort_id)


async def write_looked_at(
    connection: Connection,
    learner_ids: Iterable[int],
    *,
    actor_id: int,
    acted_as: Role | Literal[""],
    place: Place,
    now: datetime,
) -> None:
    """One line for each of these, whose progress was shown."""
    moment, hamlet = to_ms(now), place.hamlet or None
    await connection.executemany(
        _WRITE,
        [
            (moment, actor_id, acted_as, "looked", one, "", place.commune, hamlet, None)
            for one in learner_ids
        ],
    )


_LOOKED_AT_HOME = """
    INSERT INTO audit (done_at, actor_id, acted_as, deed, subject_id, commune)
    SELECT $1, $2, '', 'looked', $3, '' WHERE NOT EXISTS (
        SELECT 1 FROM audit WHERE subject_id = $3 AND actor_id = $2 AND deed = 'looked'
            AND done_at > $4
    )
"""


async def write_looked_at_home(
    connection: Connection, learner_id: int, *, actor_id: int, now: datetime
) -> None:
    """Somebody of the household saw how many lessons this person has done; once a day is enough."""
    since = to_ms(now - timedelta(days=1))
    await connection.execute(_LOOKED_AT_HOME, to_ms(now), actor_id, learner_id, since)


_LOOKED_AT = """
    INSERT INTO audit (
        done_at, actor_id, acted_as, deed, subject_id, commune, hamlet_id, cohort_id
    )
    SELECT $1, $2, $3, 'looked', CAST($5 AS BIGINT), commune, hamlet_id, id FROM cohort
    WHERE id = $4 AND CAST($5 AS BIGINT) <> CAST($2 AS BIGINT)
"""


async def write_looked(
    connection: Connection,
    shown: Sequence[tuple[int, int]],
    *,
    actor_id: int,
    acted_as: Role | Literal[""],
    now: datetime,
) -> None:
    """One line for each (class, person) of whom something was shown, but for the one who looks."""
    moment = to_ms(now)
    await connection.executemany(
        _LOOKED_AT,
        [(moment, actor_id, acted_as, cohort_id, learner_id) for cohort_id, learner_id in shown],
    )


_LATEST = f"SELECT {_COLUMNS} FROM audit ORDER BY done_at DESC, id DESC LIMIT $1 OFFSET $2"


async def latest(connection: Connection, *, limit: int, offset: int = 0) -> list[Audited]:
    rows = await connection.fetch(_LATEST, limit, offset)
    return [_audited(row) for row in rows]


_DONE_TO = f"""
    SELECT {_COLUMNS} FROM audit WHERE subject_id = $1 ORDER BY done_at DESC, id DESC LIMIT $2
"""


async def done_to(connection: Connection, learner_id: int, limit: int) -> list[Audited]:
    """What others did that was about this person, the latest first."""
    return [_audited(row) for row in await connection.fetch(_DONE_TO, learner_id, limit)]


_FORGET = "DELETE FROM audit WHERE done_at < $1"


async def forget(connection: Connection, done_before: datetime) -> None:
    await connection.execute(_FORGET, to_ms(done_before))


def _audited(row: Row) -> Audited:
    done_at, actor_id, acted_as, deed, subject_id, role, commune, hamlet_id, cohort_id = row
    return Audited(
        done_at=from_ms(done_at),
        actor_id=actor_id,
        acted_as=acted_as,
        deed=deed,
        subject_id=subject_id,
        role=role,
        place=Place(commune, hamlet_id or 0),
        cohort_id=cohort_id,
    )
