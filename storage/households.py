"""Households: people who learn together at home, the code that lets one in, and which count.

Nothing of a household outlives its last member.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from places.model import Place
from storage.database import Connection, Row
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Household:
    id: int
    code: str
    name: str
    place: Place
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """``is_seen`` says that the others at home may see how many lessons they have done;
    ``is_guide`` that the household asked them to show the others the way.
    """

    learner_id: int
    household_id: int
    name: str
    is_seen: bool
    is_guide: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one hamlet, or of the commune where no hamlet was said: how many households there are,
    and how many count.
    """

    place: Place
    households: int
    counting: int


_COLUMNS = "h.id, h.code, h.name, h.commune, h.hamlet_id, h.created_at"
_ADD = """
    INSERT INTO household (code, name, commune, hamlet_id, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id
"""


async def add(
    connection: Connection, code: str, name: str, place: Place, now: datetime
) -> int | None:
    """The id of a new one; ``None`` when the code is another's. It must get a member at once."""
    number: int | None = await connection.fetchval(
        _ADD, code, name, place.commune, place.hamlet or None, to_ms(now)
    )
    return number


_BY_CODE = f"SELECT {_COLUMNS} FROM household AS h WHERE h.code = $1"


async def by_code(connection: Connection, code: str) -> Household | None:
    row = await connection.fetchrow(_BY_CODE, code)
    return None if row is None else _household(row)


_OF_LEARNER = f"""
    SELECT {_COLUMNS} FROM household AS h
    JOIN household_member AS m ON m.household_id = h.id WHERE m.learner_id = $1
"""


async def of_learner(connection: Connection, learner_id: int) -> Household | None:
    row = await connection.fetchrow(_OF_LEARNER, learner_id)
    return None if row is None else _household(row)


# Held, so that the last place of a household is taken once. SQLite has one writer.
_HOLD = {
    "sqlite": "SELECT 1 FROM household WHERE id = $1",
    "postgresql": "SELECT 1 FROM household WHERE id = $1 FOR NO KEY UPDATE",
}
_MEMBERS = """
    SELECT learner_id, household_id, name, is_seen, is_guide, joined_at
    FROM household_member WHERE household_id = $1 ORDER BY joined_at, learner_id
"""


async def members(connection: Connection, household_id: int, *, hold: bool = False) -> list[Member]:
    """Everybody in it, who came first before; with ``hold``, kept so for this transaction."""
    if hold:
        await connection.fetchval(_HOLD[connection.engine], household_id)
    return [_member(row) for row in await connection.fetch(_MEMBERS, household_id)]


_JOIN = """
    INSERT INTO household_member (learner_id, household_id, name, is_seen, joined_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (learner_id) DO UPDATE SET
        name = excluded.name, is_seen = excluded.is_seen
    WHERE household_member.household_id = excluded.household_id
"""


async def join(
    connection: Connection,
    household_id: int,
    learner_id: int,
    name: str,
    now: datetime,
    *,
    is_seen: bool,
) -> None:
    """Be in it from now on. Who is in another stays there: leaving comes first."""
    await connection.execute(_JOIN, learner_id, household_id, name, int(is_seen), to_ms(now))


_SHOW = "UPDATE household_member SET is_seen = $2 WHERE learner_id = $1"


async def set_seen(connection: Connection, learner_id: int, *, is_seen: bool) -> None:
    await connection.execute(_SHOW, learner_id, int(is_seen))


_GUIDE = """
    UPDATE household_member SET is_guide = CASE WHEN learner_id = $2 THEN 1 ELSE 0 END
    WHERE household_id = $1
"""


async def set_guide(connection: Connection, household_id: int, learner_id: int) -> None:
    """One guide at a time: whoever was it before is it no longer."""
    await connection.execute(_GUIDE, household_id, learner_id)


_LEAVE = "DELETE FROM household_member WHERE learner_id = $1 RETURNING household_id"
_DROP_EMPTY = """
    DELETE FROM household WHERE id = $1 AND NOT EXISTS (
        SELECT 1 FROM household_member WHERE household_id = $1
    )
"""


async def leave(connection: Connection, learner_id: int) -> None:
    """Nothing of it is kept; a household that nobody is in is gone too."""
    household = await connection.fetchval(_LEAVE, learner_id)
    if household is not None:
        await connection.execute(_DROP_EMPTY, household)


_TELL = """
    INSERT INTO passed_on (teacher_id, pupil_id, lesson, told_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
"""


async def tell(
    connection: Connection, teacher_id: int, pupil_id: int, lesson: str, now: datetime
) -> None:
    """The teacher says that they showed the pupil this; it counts once the pupil says so too."""
    await connection.execute(_TELL, teacher_id, pupil_id, lesson, to_ms(now))


_AGREE = """
    UPDATE passed_on SET done_at = $4
    WHERE teacher_id = $1 AND pupil_id = $2 AND lesson = $3 AND done_at IS NULL
    RETURNING lesson
"""
_DENY = """
    DELETE FROM passed_on
    WHERE teacher_id = $1 AND pupil_id = $2 AND lesson = $3 AND done_at IS NULL RETURNING lesson
"""


async def was_shown(
    connection: Connection, teacher_id: int, pupil_id: int, lesson: str, now: datetime
) -> bool:
    """The pupil says: yes, I was shown that. False when nobody had said so, or it is known."""
    row = await connection.fetchval(_AGREE, teacher_id, pupil_id, lesson, to_ms(now))
    return row is not None


async def was_not_shown(
    connection: Connection, teacher_id: int, pupil_id: int, lesson: str
) -> bool:
    """The pupil says: not yet; nothing is kept of it."""
    return await connection.fetchval(_DENY, teacher_id, pupil_id, lesson) is not None


_WAITING = """
    SELECT teacher_id, lesson FROM passed_on
    WHERE pupil_id = $1 AND done_at IS NULL ORDER BY told_at, teacher_id LIMIT 1
"""


async def told_of(connection: Connection, pupil_id: int) -> tuple[int, str] | None:
    """Who says that they showed this person which lesson, the oldest that waits for a word."""
    row = await connection.fetchrow(_WAITING, pupil_id)
    return None if row is None else (row[0], row[1])


_PASSED_ON = "SELECT COUNT(*) FROM passed_on WHERE teacher_id = $1 AND done_at IS NOT NULL"


async def passed_on(connection: Connection, teacher_id: int) -> int:
    """How often this person showed somebody at home a lesson, as those said themselves."""
    return int(await connection.fetchval(_PASSED_ON, teacher_id) or 0)


_SET_PLACE = "UPDATE household SET commune = $2, hamlet_id = $3 WHERE id = $1"


async def set_place(connection: Connection, household_id: int, place: Place) -> None:
    await connection.execute(_SET_PLACE, household_id, place.commune, place.hamlet or None)


_SET_NAME = "UPDATE household_member SET name = $2 WHERE learner_id = $1"


async def set_name(connection: Connection, learner_id: int, name: str) -> None:
    """What this person is called at home."""
    await connection.execute(_SET_NAME, learner_id, name)


# A household counts when so many of its members have read every lesson of the basics: one at
# least, and at least the share. Of each member only rows of the basics are read, by their key.
_COUNT = """
    SELECT h.commune, COALESCE(h.hamlet_id, 0), COUNT(*),
        COALESCE(SUM(CASE
            WHEN h.skilled >= 1 AND h.skilled >= h.members * CAST($1 AS DOUBLE PRECISION)
            THEN 1 ELSE 0 END), 0)
    FROM (
        SELECT household.commune, household.hamlet_id,
            (SELECT COUNT(*) FROM household_member AS m
                WHERE m.household_id = household.id AND m.joined_at < $3) AS members,
            (
                SELECT COUNT(*) FROM household_member AS m
                WHERE m.household_id = household.id AND m.joined_at < $3 AND (
                    SELECT COUNT(*) FROM lesson_progress AS p
                    WHERE p.learner_id = m.learner_id AND p.done_at < $3
                        AND p.lesson IN ({lessons})
                ) = $2
            ) AS skilled
        FROM household WHERE household.created_at < $3 AND {which}
    ) AS h
    GROUP BY h.commune, COALESCE(h.hamlet_id, 0) ORDER BY h.commune, COALESCE(h.hamlet_id, 0)
"""


# Past every moment, in milliseconds.
_NEVER = 2**53


def count_sql(which: str, lessons: int) -> str:
    """``which`` households; its own parameters begin after the share, how many lessons there are,
    the moment, and the lessons.
    """
    names = ", ".join(f"${4 + place}" for place in range(lessons)) or "''"
    return _COUNT.format(lessons=names, which=which)


async def count(
    connection: Connection,
    basics: Sequence[str],
    share: float,
    communes: Iterable[str] | None = None,
    *,
    before: datetime | None = None,
) -> list[Counted]:
    """How many households there are and how many count, by hamlet, in one query.

    ``before`` leaves out what came about from then on; who has left since is not counted either.
    ``basics`` are the slugs of the lessons that make somebody skilled; without any nobody is.
    ``communes`` narrows it to those; ``None`` is everywhere.
    """
    wanted = tuple(dict.fromkeys(basics))
    narrowed = None if communes is None else tuple(communes)
    which = "TRUE" if narrowed is None else "household.commune IN ({codes})"
    if narrowed is not None:
        first = 4 + len(wanted)
        marks = ", ".join(f"${first + place}" for place in range(len(narrowed))) or "''"
        which = which.format(codes=marks)
    # Nobody has done -1 lessons.
    size = len(wanted) or -1
    rows = await connection.fetch(
        count_sql(which, len(wanted)),
        share,
        size,
        _NEVER if before is None else to_ms(before),
        *wanted,
        *(narrowed or ()),
    )
    return [Counted(Place(row[0], int(row[1])), int(row[2]), int(row[3])) for row in rows]


_COUNTS = "household.id = {mark}"


async def counts(
    connection: Connection, household_id: int, basics: Sequence[str], share: float
) -> bool:
    """Whether this one counts, by the same rule."""
    wanted = tuple(dict.fromkeys(basics))
    sql = count_sql(_COUNTS.format(mark=f"${4 + len(wanted)}"), len(wanted))
    row = await connection.fetchrow(sql, share, len(wanted) or -1, _NEVER, *wanted, household_id)
    return row is not None and int(row[3]) > 0


def _household(row: Row) -> Household:
    number, code, name, commune, hamlet_id, created_at = row
    return Household(number, code, name, Place(commune, hamlet_id or 0), from_ms(created_at))


def _member(row: Row) -> Member:
    learner_id, household_id, name, is_seen, is_guide, joined_at = row
    return Member(learner_id, household_id, name, bool(is_seen), bool(is_guide), from_ms(joined_at))
