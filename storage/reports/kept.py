"""Counts that are kept: of each commune, whole and hamlet by hamlet, so that a page of a province
reads some thousand rows and not a million people.

Which commune is due to be counted again is a row with an index; ``dashboard.recount`` counts it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from people.roles import EVERYWHERE
from places.model import Place
from storage.database import Connection
from storage.reports.counting import Counted
from storage.reports.tally import Measure, Placed, Tally, tally
from storage.times import from_ms, to_ms

_UNKNOWN = """
    SELECT DISTINCT commune FROM cohort
    WHERE commune <> '' AND commune NOT IN (SELECT commune FROM counted_commune)
"""
_LIST = "INSERT INTO counted_commune (commune, due_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"


async def unlisted(connection: Connection) -> list[str]:
    """Communes that have a class and were never counted."""
    return [commune for (commune,) in await connection.fetch(_UNKNOWN)]


async def list_due(connection: Connection, communes: Iterable[str], now: datetime) -> None:
    await connection.executemany(_LIST, [(commune, to_ms(now)) for commune in communes])


# The second condition is looked at again when another process was first.
_CLAIM = """
    UPDATE counted_commune SET due_at = $2
    WHERE commune = (
        SELECT commune FROM counted_commune WHERE due_at <= $1 ORDER BY due_at, commune LIMIT 1
    ) AND due_at <= $1 RETURNING commune
"""
_DUE = "SELECT 1 FROM counted_commune WHERE due_at <= $1 LIMIT 1"


async def any_due(connection: Connection, now: datetime) -> bool:
    return await connection.fetchval(_DUE, to_ms(now)) is not None


async def claim(connection: Connection, now: datetime, until: datetime) -> str | None:
    """The commune that has waited longest; nobody else counts it before ``until``."""
    commune: str | None = await connection.fetchval(_CLAIM, to_ms(now), to_ms(until))
    return commune


_CLEAR = "DELETE FROM kept_count WHERE is_whole IN (0, 1) AND commune = $1"
_KEEP = """
    INSERT INTO kept_count (is_whole, commune, hamlet_id, measure, subject, count)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
_COUNTED = "UPDATE counted_commune SET counted_at = $2, due_at = $3 WHERE commune = $1"


async def keep(
    connection: Connection,
    commune: str,
    counted: Sequence[Counted],
    now: datetime,
    due_at: datetime,
) -> None:
    """In place of what was counted before."""
    sums: defaultdict[tuple[int, int, str, str], int] = defaultdict(int)
    for one in counted:
        sums[0, one.hamlet, one.measure, one.subject] += one.number
        sums[1, 0, one.measure, one.subject] += one.number
    await connection.execute(_CLEAR, commune)
    await connection.executemany(
        _KEEP,
        [
            (is_whole, commune, hamlet, measure, subject, count)
            for (is_whole, hamlet, measure, subject), count in sums.items()
            if count
        ],
    )
    await connection.execute(_COUNTED, commune, to_ms(now), to_ms(due_at))


_SUM = "SELECT measure, subject, CAST(SUM(count) AS BIGINT) FROM kept_count"
_BY = "GROUP BY measure, subject"
_SINCE = "SELECT MIN(counted_at) FROM counted_commune"


async def of(connection: Connection, places: Sequence[Place]) -> Placed:
    """The tally of these places together; none of them may lie in another."""
    if not places:
        return Placed(Tally(), None)
    where, args = _where(places)
    rows = await connection.fetch(f"{_SUM} WHERE {where} {_BY}", *args)
    communes = sorted({place.commune for place in places} - {""})
    if communes:
        marks = ", ".join(f"${at}" for at in range(1, len(communes) + 1))
        since = await connection.fetchval(f"{_SINCE} WHERE commune IN ({marks})", *communes)
    else:
        since = await connection.fetchval(_SINCE)
    return Placed(tally((row[0], row[1], row[2]) for row in rows), from_ms(since))


def _where(places: Sequence[Place]) -> tuple[str, list[object]]:
    if EVERYWHERE in places:
        return "is_whole = 1", []
    said, args = [], []
    for place in places:
        args += [place.commune, place.hamlet]
        said.append(
            f"(is_whole = {0 if place.hamlet else 1} "
            f"AND commune = ${len(args) - 1} AND hamlet_id = ${len(args)})"
        )
    return " OR ".join(said), list(args)


_COMMUNES = """
    SELECT commune, 0, measure, CAST(SUM(count) AS BIGINT) FROM kept_count
    WHERE is_whole = 1 AND measure IN ('people', 'active') GROUP BY commune, measure
"""
_HAMLETS = """
    SELECT commune, hamlet_id, measure, count FROM kept_count
    WHERE is_whole = 0 AND commune = $1 AND measure IN ('people', 'active')
"""


async def parts(connection: Connection, place: Place) -> dict[Place, Tally]:
    """Of everywhere the communes, of a commune its hamlets (and, as the commune itself, who
    belongs to none); people and active only. A hamlet has no parts.
    """
    if place.hamlet:
        return {}
    if place == EVERYWHERE:
        rows = await connection.fetch(_COMMUNES)
    else:
        rows = await connection.fetch(_HAMLETS, place.commune)
    found: defaultdict[Place, list[tuple[str, int]]] = defaultdict(list)
    for commune, hamlet, measure, count in rows:
        found[Place(commune, hamlet)].append((measure, count))
    return {
        part: Tally({measure: {"": count} for measure, count in counts})  # type: ignore[misc]
        for part, counts in found.items()
    }


# What counts people, not answers.
_OF_PEOPLE = (
    "measure NOT IN ('asked', 'right', 'reviewed', 'recalled', 'verdict', 'tried', 'stuck')"
)
_SIBLINGS = f"""
    SELECT commune, hamlet_id, measure, subject, count FROM kept_count
    WHERE is_whole = 0 AND commune = $1 AND {_OF_PEOPLE}
"""
_SIBLING_COMMUNES = f"""
    SELECT commune, 0, measure, subject, count FROM kept_count WHERE is_whole = 1 AND {_OF_PEOPLE}
"""


async def siblings(connection: Connection, whole: Place) -> dict[Place, Tally]:
    """The same parts, with everything of them that counts people."""
    if whole == EVERYWHERE:
        rows = await connection.fetch(_SIBLING_COMMUNES)
    else:
        rows = await connection.fetch(_SIBLINGS, whole.commune)
    found: defaultdict[Place, list[tuple[Measure, str, int]]] = defaultdict(list)
    for commune, hamlet, measure, subject, count in rows:
        found[Place(commune, hamlet)].append((measure, subject, count))
    return {part: tally(counts) for part, counts in found.items()}
